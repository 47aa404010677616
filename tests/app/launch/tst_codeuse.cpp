#include "launch/codeuse.h"

#include <QTest>

using namespace launch;
using namespace recipe;
using namespace Qt::StringLiterals;

class TestCodeUse : public QObject
{
    Q_OBJECT

    static RunConfig config()
    {
        RunConfig c;
        c.mounts = {{u"/home/me/ws/"_s, u"/workspace/"_s, false, false, {}},
            {u"/data"_s, u"/workspace/data"_s, true, false, {}}, {u"cache"_s, u"/workspace/cache"_s, false, false, {}}};
        return c;
    }

private Q_SLOTS:
    void findsTheHostFolder()
    {
        const auto host = [](const QString &inside) {
            const auto place = placeInContainer(config(), inside);
            return place ? place->hostFolder : QString();
        };
        QCOMPARE(host(u"/workspace"_s), u"/home/me/ws"_s);
        QCOMPARE(host(u"/workspace/repo/"_s), u"/home/me/ws/repo"_s);
        QCOMPARE(host(u"/workspace/data/x"_s), u"/data/x"_s);
        QVERIFY(placeInContainer(config(), u"/workspace/data/x"_s)->readOnly);
        QCOMPARE(host(u"/workspace2/repo"_s), QString());
        QCOMPARE(host(u"/workspace/cache/repo"_s), QString()); // a volume lies nowhere a person looks
        QCOMPARE(host(u"repo"_s), QString());
        RunConfig whole;
        whole.mounts = {{u"/"_s, u"/host"_s, false, false, {}}};
        QCOMPARE(placeInContainer(whole, u"/host/srv/r"_s)->hostFolder, u"/srv/r"_s);
        QCOMPARE(placeOnHost(whole, u"/srv/r"_s)->containerFolder, u"/host/srv/r"_s);
    }

    void findsTheContainerFolder()
    {
        const auto inside = [](const QString &host) {
            const auto place = placeOnHost(config(), host);
            return place ? place->containerFolder : QString();
        };
        QCOMPARE(inside(u"/home/me/ws/repo"_s), u"/workspace/repo"_s);
        QCOMPARE(inside(u"/home/me/ws"_s), u"/workspace"_s);
        QCOMPARE(inside(u"/home/me"_s), QString());
        QCOMPARE(inside(u"/home/me/ws/data/x"_s), QString()); // /data is mounted over it
        QCOMPARE(inside(u"/data"_s), u"/workspace/data"_s);
        RunConfig twice = config();
        twice.mounts += Mount{u"/data"_s, u"/rw"_s, false, false, {}};
        QCOMPARE(placeOnHost(twice, u"/data/r"_s)->containerFolder, u"/rw/r"_s);
    }

    void saysWhoElseUsesTheCode()
    {
        RunConfig mine = config();
        mine.code.folder = u"/workspace/repo"_s;
        mine.code.checkout = u"main"_s;
        const QString repo = u"/home/me/ws/repo"_s;
        QVERIFY(codeUse(u"a"_s, mine) == (CodeUse{u"a"_s, repo, u"main"_s}));
        const QList<CodeUse> running{{u"same"_s, repo, u"main"_s}, {u"other"_s, repo, u"dev"_s},
            {u"elsewhere"_s, repo + u"2"_s, u"dev"_s}, {u"whatever"_s, repo + u'/', QString()}};
        const auto names = [&running](const RunConfig &c) {
            QStringList list;
            for (const CodeUse &use : conflictingUses(running, c))
                list += use.container;
            return list;
        };
        QCOMPARE(names(mine), QStringList({u"other"_s, u"whatever"_s}));
        mine.code.commit = QString(40, u'a');
        QCOMPARE(names(mine), QStringList({u"same"_s, u"other"_s, u"whatever"_s}));
        mine.code = {u"/workspace/repo"_s, CodeStep::Update::None, {}, {}, {}, {}};
        QCOMPARE(names(mine), QStringList());
        mine.code.folder = u"/opt/repo"_s;
        QVERIFY(!codeUse(u"a"_s, mine));
    }
};

QTEST_GUILESS_MAIN(TestCodeUse)
#include "tst_codeuse.moc"
