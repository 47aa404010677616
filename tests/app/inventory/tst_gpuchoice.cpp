#include "inventory/gpuchoice.h"

#include <QTest>

using namespace inventory;
using namespace Qt::StringLiterals;

Q_DECLARE_METATYPE(QList<inventory::GpuOffer>)

namespace {

constexpr qint64 gib = qint64(1) << 30;

struct Wish
{
    int count = 1;
    qint64 minFree = 0;
};

GpuOffer offer(int number, qint64 freeGib, int utilisation = 0)
{
    GpuOffer offer;
    offer.uuid = u"GPU-%1aaaaaaa-bbbb"_s.arg(number);
    offer.place = QString::number(number);
    offer.memoryTotal = 80 * gib;
    offer.memoryFree = freeGib < 0 ? gpu::unknown : freeGib * gib;
    offer.utilisation = utilisation;
    return offer;
}

GpuOffer usedBy(GpuOffer offer, const QString &name, const QList<qint64> &pids = {1}, bool idle = false)
{
    GpuUser user;
    user.name = name;
    user.pids = pids;
    user.idle = idle;
    offer.users += user;
    return offer;
}

Wish any(int count, qint64 freeGib) { return {count, freeGib * gib}; }

/** The numbers of those picked, or the sentence why there are none. */
QString picked(const Wish &wish, const QList<GpuOffer> &offers)
{
    const auto result = pickGpus(wish.count, wish.minFree, offers);
    if (!result)
        return result.error().message;
    QStringList places;
    for (const QString &uuid : *result)
        places += findOffer(offers, uuid)->place;
    return places.join(u',');
}

} // namespace

Q_DECLARE_METATYPE(Wish)

/** Which GPUs a run gets that asks for any, that two runs in a row do not get the same. */
class GpuChoiceTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void picks_data()
    {
        QTest::addColumn<Wish>("wish");
        QTest::addColumn<QList<GpuOffer>>("offers");
        QTest::addColumn<QString>("expected");
        GpuOffer lost = offer(1, 80);
        lost.lost = true;
        GpuOffer asked = offer(0, 80);
        asked.askedBy = QStringList{u"vit-3"_s};
        GpuOffer given = offer(0, 80);
        given.justGiven = true;
        const auto part = [](GpuOffer offer) {
            offer.part = true;
            return offer;
        };
        const QList<GpuOffer> four{usedBy(offer(0, 40, 97), u"a"_s), offer(1, 79), offer(2, 80), offer(3, 62)};
        QTest::newRow("the emptiest") << any(1, 20) << four << u"2"_s;
        QTest::newRow("in the machine's order") << any(2, 20) << four << u"1,2"_s;
        QTest::newRow("all that fit") << any(4, 20) << four << u"0,1,2,3"_s;
        QTest::newRow("too few") << any(4, 41) << four << u"Only 3 GPUs have 41 GiB free now."_s;
        QTest::newRow("one") << any(2, 80) << four << u"Only 1 GPU has 80 GiB free now."_s;
        QTest::newRow("none") << any(1, 100) << four << u"No GPU has 100 GiB free now."_s;
        QTest::newRow("no GPUs") << any(1, 0) << QList<GpuOffer>() << u"There is no GPU to choose."_s;
        QTest::newRow("exactly enough") << any(1, 40) << QList{offer(0, 40)} << u"0"_s;
        QTest::newRow("nobody on it beats more memory")
            << any(1, 1) << QList{usedBy(offer(0, 79), u"a"_s), offer(1, 40)} << u"1"_s;
        QTest::newRow("the less busy") << any(1, 1) << QList{offer(0, 40, 90), offer(1, 40, 10)} << u"1"_s;
        QTest::newRow("not a lost one") << any(1, 0) << QList{offer(0, 1), lost} << u"0"_s;
        QTest::newRow("not one asked for") << any(1, 1) << QList{asked, offer(1, 20)} << u"1"_s;
        QTest::newRow("asked for beats used") << any(1, 1) << QList{asked, usedBy(offer(1, 80), u"a"_s)} << u"0"_s;
        QTest::newRow("not one just given") << any(1, 1) << QList{given, usedBy(offer(1, 20), u"a"_s)} << u"1"_s;
        QTest::newRow("a whole one before a part")
            << any(1, 1) << QList{part(offer(0, 40)), offer(1, 20), part(offer(2, 40))} << u"1"_s;
        QTest::newRow("a free part before a whole one in use")
            << any(1, 1) << QList{usedBy(offer(0, 80), u"a"_s), part(offer(1, 10))} << u"1"_s;
        QTest::newRow("several are whole ones, though in use")
            << any(2, 1) << QList{usedBy(offer(0, 60), u"a"_s), part(offer(1, 40)), offer(2, 80)} << u"0,2"_s;
        QTest::newRow("parts where there is nothing else")
            << any(2, 1) << QList{part(offer(0, 40)), offer(1, 80)} << u"0,1"_s;
        QTest::newRow("unknown memory does not fit") << any(1, 1) << QList{offer(0, -1), offer(1, 2)} << u"1"_s;
    }
    void picks()
    {
        QFETCH(Wish, wish);
        QFETCH(QList<GpuOffer>, offers);
        QTEST(picked(wish, offers), "expected");
    }

    void twoLaunchesDoNotGetTheSame()
    {
        QList<GpuOffer> sample{offer(0, 80), offer(1, 80)};
        GpuPromises promises;
        qint64 now = 1000;
        const auto launch = [&](qint64 freeGib) {
            const QList<GpuOffer> offers = promises.applied(sample, now);
            const auto result = pickGpus(1, freeGib * gib, offers);
            if (!result)
                return result.error().message;
            promises.give(*result, freeGib * gib, offers, now);
            return findOffer(offers, result->first())->place;
        };
        QCOMPARE(launch(30), u"0"_s);
        QCOMPARE(launch(30), u"1"_s);
        // Both are promised: the same again, with what is left of their memory.
        QCOMPARE(launch(30), u"0"_s);
        QCOMPARE(launch(60), u"No GPU has 60 GiB free now."_s);
        QCOMPARE(promises.applied(sample, now)[0].memoryFree, 20 * gib);

        // The first run is there: one promise of GPU 0 is kept, the other stays, and the sample counts its memory.
        sample[0] = usedBy(offer(0, 50), u"a"_s, {77});
        QCOMPARE(promises.applied(sample, now)[0].memoryFree, 20 * gib);
        QVERIFY(promises.applied(sample, now)[0].justGiven);
        now += GpuPromises::lifetime;
        QVERIFY(!promises.applied(sample, now)[0].justGiven);
        QVERIFY(!promises.applied(sample, now)[1].justGiven);
    }

    void aPromiseIsKeptByANewProcessOnly()
    {
        QList<GpuOffer> sample{usedBy(offer(0, 80), u"old"_s, {5})};
        GpuPromises promises;
        promises.give({u"0"_s}, gib, sample, 0);
        QVERIFY(promises.applied(sample, 1)[0].justGiven);
        sample[0].users[0].pids = {5, 6};
        QVERIFY(!promises.applied(sample, 2)[0].justGiven);
    }

    void aFailedLaunchGivesBack()
    {
        const QList<GpuOffer> sample{offer(0, 80), offer(1, 80)};
        GpuPromises promises;
        promises.give({u"1"_s}, gib, sample, 0);
        // By number and by uuid, as a person may name them.
        const auto failed = promises.give({u"0"_s, sample[1].uuid}, gib, sample, 0);
        QCOMPARE(promises.applied(sample, 1)[1].memoryFree, 78 * gib);
        promises.takeBack(failed);
        QCOMPARE(promises.applied(sample, 1)[0], sample[0]);
        QCOMPARE(promises.applied(sample, 1)[1].memoryFree, 79 * gib);
    }

    void aRunThatIsOverGivesBack()
    {
        const QList<GpuOffer> sample{offer(0, 80), offer(1, 80)};
        GpuPromises promises;
        promises.becomes(promises.give({u"0"_s}, gib, sample, 0), u"first"_s);
        promises.becomes(promises.give({u"1"_s}, gib, sample, 0), u"second"_s);
        promises.give({u"1"_s}, gib, sample, 0); // has no container yet
        promises.ended(u"another"_s);
        QVERIFY(promises.applied(sample, 1)[0].justGiven);
        promises.ended(u"first"_s);
        QCOMPARE(promises.applied(sample, 1)[0], sample[0]);
        QCOMPARE(promises.applied(sample, 1)[1].memoryFree, 78 * gib);
        promises.ended(u"second"_s);
        QCOMPARE(promises.applied(sample, 1)[1].memoryFree, 79 * gib);
        QVERIFY(promises.applied(sample, 1)[1].justGiven);
    }

    void saysThatTheDaemonLacksGpus()
    {
        docker::Info info;
        info.runtimes = QStringList{u"runc"_s};
        QVERIFY(!lacksGpus(info, {1, 41}));
        QVERIFY(lacksGpus(info, {1, 50}));
        info.discoveredDevices = QStringList{u"nvidia.com/gpu=0"_s};
        QVERIFY(!lacksGpus(info, {1, 50}));
        info.discoveredDevices.clear();
        info.runtimes += u"nvidia"_s;
        QVERIFY(!lacksGpus(info, {1, 51}));
    }

    void offersPartsInsteadOfASplitGpu()
    {
        gpu::Snapshot snapshot;
        gpu::Gpu whole;
        whole.uuid = u"GPU-0"_s;
        whole.name = u"H100"_s;
        whole.memoryTotal = 80 * gib;
        whole.memoryUsed = 20 * gib;
        gpu::Gpu split = whole;
        split.uuid = u"GPU-1"_s;
        split.index = 1;
        for (int i = 0; i < 2; ++i) {
            gpu::MigDevice part;
            part.uuid = u"MIG-%1"_s.arg(i);
            part.profile = u"1g.10gb"_s;
            part.memoryTotal = 10 * gib;
            part.memoryUsed = i * gib;
            split.migDevices += part;
        }
        gpu::Gpu amd = whole;
        amd.uuid = u"0000:03:00.0"_s;
        amd.vendor = gpu::Vendor::Amd;
        snapshot.gpus = {whole, split, amd};
        const auto offers = gpuOffers(
            snapshot,
            [](const QString &uuid) {
                GpuUser user;
                user.name = uuid;
                return QList{user};
            },
            [](const QString &uuid) { return QStringList{u"wants "_s + uuid}; });
        QStringList all;
        for (const GpuOffer &one : offers)
            all += one.place + u' ' + one.name + u' ' + QString::number(one.memoryFree / gib) + u' ' + one.usedBy();
        QCOMPARE(all.join(u'|'), u"0 H100 60 GPU-0|1:0 H100, MIG 1g.10gb 10 MIG-0|1:1 H100, MIG 1g.10gb 9 MIG-1"_s);
        QCOMPARE(offers[1].askedBy, QStringList{u"wants MIG-0"_s});
        QCOMPARE(findOffer(offers, u"1:1"_s)->uuid, u"MIG-1"_s);
        QVERIFY(!findOffer(offers, u"1"_s));
        QVERIFY(!findOffer(offers, u"GPU"_s));
    }
};

QTEST_GUILESS_MAIN(GpuChoiceTest)
#include "tst_gpuchoice.moc"
