#include "cleanup/diskspace.h"

#include <QTest>

using cleanup::DiskShares;
using namespace Qt::StringLiterals;

class DiskSpaceTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void shares()
    {
        QCOMPARE(cleanup::sharesOf(std::nullopt, {}), DiskShares());
        DiskShares shares = cleanup::sharesOf(std::nullopt, {u"/d"_s, 30, 100});
        QCOMPARE(shares.others, 70);
        QCOMPARE(shares.images, -1);
        docker::DiskUsage usage;
        usage.layersSize = 20;
        usage.containers = {{{}, {}, {}, {}, {}, {}, 3}, {{}, {}, {}, {}, {}, {}, -1}};
        docker::Volume volume, elsewhere;
        volume.size = 5;
        usage.volumes = {volume, elsewhere};
        docker::CacheRecord own, shared;
        own.size = 2;
        shared.size = 11;
        shared.shared = true; // counted with the images
        usage.buildCache = {own, shared};
        shares = cleanup::sharesOf(usage, {u"/d"_s, 30, 100});
        QCOMPARE(shares, (DiskShares{20, 3, 5, 2, 40, 30}));
        QCOMPARE(cleanup::sharesOf(usage, {}).others, -1);
        QCOMPARE(cleanup::sharesOf(usage, {u"/d"_s, 30, 40}).others, 0); // volumes may lie on another disk
        QCOMPARE(cleanup::sharedOf(usage).withCache, 11);
        QCOMPARE(cleanup::sharedOf(std::nullopt).imagesOnDisk, -1);
    }
};

QTEST_GUILESS_MAIN(DiskSpaceTest)
#include "tst_diskspace.moc"
