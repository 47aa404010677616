#include "cleanup/advice.h"
#include "cleanup/cleanupjob.h"

#include <QTemporaryDir>
#include <QTest>

using cleanup::Candidate;
using cleanup::Command;
using cleanup::Kind;
using cleanup::Stock;
using cleanup::Verdict;
using namespace Qt::StringLiterals;

/** What can go, and the words that say why. */
class AdviceTest : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    settings::Settings m_settings{m_folder.filePath(u"slipway.conf"_s)};
    settings::Protection m_protection{m_settings};

    static docker::ImageNode image(
        const QString &id, const QStringList &tags = {}, const QStringList &digests = {}, const QString &parent = {})
    {
        return {id, parent, tags, digests, 100, 1000, -1};
    }
    static inventory::Container container(const QString &id, inventory::Phase phase, const QString &imageId = {})
    {
        inventory::Container row;
        row.id = id;
        row.name = id;
        row.phase = phase;
        row.imageId = imageId;
        return row;
    }
    static runs::SavedConfig config(
        const QString &name, const QString &imageName, const QList<recipe::Parameter> &parameters = {})
    {
        runs::SavedConfig saved;
        saved.name = name;
        saved.file.config.image = imageName;
        saved.file.config.parameters = parameters;
        return saved;
    }
    QList<Candidate> of(const Stock &stock) const { return cleanup::candidates(stock, m_protection); }
    Candidate one(const Stock &stock) const { return of(stock).value(0); }

private Q_SLOTS:
    void cleanup()
    {
        m_protection.unprotect(settings::Lockable::Image, {u"a:1"_s, u"sha256:1"_s});
        m_protection.unprotect(settings::Lockable::Container, {u"c"_s});
        m_protection.unprotect(settings::Lockable::Volume, {u"v"_s});
    }

    void containers_data()
    {
        QTest::addColumn<int>("phase");
        QTest::addColumn<bool>("listed");
        QTest::addColumn<int>("verdict");
        QTest::addColumn<QString>("reason");
        using inventory::Phase;
        const auto row
            = [](const char *name, Phase phase, bool listed, Verdict verdict = {}, const QString &reason = {}) {
                  QTest::newRow(name) << int(phase) << listed << int(verdict) << reason;
              };
        row("running", Phase::Running, false);
        row("paused", Phase::Paused, false);
        row("restarting", Phase::Restarting, false);
        row("being removed", Phase::Removing, false);
        row("never started", Phase::Created, true, Verdict::Safe, u"never started"_s);
        row("finished", Phase::Finished, true, Verdict::Careful, u"Finished (exit 0); its log goes with it"_s);
    }
    void containers()
    {
        QFETCH(int, phase);
        QFETCH(bool, listed);
        Stock stock;
        stock.containers = {container(u"c"_s, inventory::Phase(phase))};
        QCOMPARE(of(stock).size(), listed ? 1 : 0);
        if (!listed)
            return;
        QTEST(int(one(stock).verdict), "verdict");
        QTEST(one(stock).reason, "reason");
    }

    void aLogThatIsKeptIsSafe()
    {
        Stock stock;
        stock.containers = {container(u"c"_s, inventory::Phase::Finished)};
        runs::Record record;
        record.containerId = u"c"_s;
        record.logFile = u"/logs/c.log"_s;
        stock.records = {record};
        QCOMPARE(one(stock).verdict, Verdict::Safe);
        QVERIFY(one(stock).reason.endsWith(u"its log is kept in /logs/c.log"_s));
        // But not what was written inside it.
        stock.usage.emplace();
        stock.usage->containers = {{u"c"_s, {}, {}, {}, {}, {}, 5 * 1024 * 1024}};
        QCOMPARE(one(stock).verdict, Verdict::Careful);
        QVERIFY(one(stock).reason.contains(u"5 MiB written in it go too"_s));
        m_protection.protect(settings::Lockable::Container, {u"c"_s});
        QCOMPARE(one(stock).verdict, Verdict::Protected);
        QVERIFY(one(stock).reason.startsWith(u"protected: "_s));
    }

    void images_data()
    {
        QTest::addColumn<QStringList>("tags");
        QTest::addColumn<QStringList>("digests");
        QTest::addColumn<int>("kind");
        QTest::addColumn<int>("verdict");
        QTest::addColumn<QString>("reason");
        const auto row = [](const char *name, const QStringList &tags, const QStringList &digests, Kind kind,
                             Verdict verdict, const QString &reason) {
            QTest::newRow(name) << tags << digests << int(kind) << int(verdict) << reason;
        };
        row("built here", {u"a:1"_s}, {}, Kind::UnusedImage, Verdict::Careful,
            u"may be the only copy: not known to be in a registry"_s);
        row("pulled", {u"nvcr.io/a:1"_s}, {u"nvcr.io/a@sha256:f"_s}, Kind::UnusedImage, Verdict::Safe,
            u"can be pulled again: nvcr.io/a"_s);
        row("dangling", {}, {}, Kind::DanglingImage, Verdict::Safe,
            u"lost its name to a newer build; not known to be in a registry"_s);
        row("by digest", {}, {u"a@sha256:f"_s}, Kind::DanglingImage, Verdict::Safe,
            u"has no tag; can be pulled again by its digest"_s);
    }
    void images()
    {
        QFETCH(QStringList, tags);
        QFETCH(QStringList, digests);
        Stock stock;
        stock.images = {image(u"sha256:1"_s, tags, digests)};
        QCOMPARE(of(stock).size(), 1);
        QTEST(int(one(stock).kind), "kind");
        QTEST(int(one(stock).verdict), "verdict");
        QTEST(one(stock).reason, "reason");
        QCOMPARE(one(stock).references, tags + digests);
    }

    void aContainerHoldsItsImage()
    {
        Stock stock;
        stock.images = {image(u"sha256:1"_s, {u"a:1"_s}), image(u"sha256:2"_s)};
        stock.containers = {container(u"c"_s, inventory::Phase::Running, u"sha256:1"_s)};
        QCOMPARE(of(stock).size(), 1);
        QCOMPARE(one(stock).id, u"sha256:2"_s);
        // What is known only of the list of uses counts too, unless its container is gone.
        stock.containers = {container(u"d"_s, inventory::Phase::Running)};
        docker::ContainerUse use;
        use.id = u"d"_s;
        use.imageId = u"sha256:2"_s;
        stock.uses = {use};
        QCOMPARE(one(stock).id, u"sha256:1"_s);
        stock.containers.clear();
        QCOMPARE(of(stock).size(), 2);
    }

    void configurations_data()
    {
        QTest::addColumn<QString>("wanted");
        QTest::addColumn<bool>("used");
        QTest::newRow("its name") << u"pytorch/pytorch:2.4"_s << true;
        QTest::newRow("in full") << u"docker.io/pytorch/pytorch:2.4"_s << true;
        QTest::newRow("its id") << u"sha256:1"_s << true;
        QTest::newRow("its digest") << u"pytorch/pytorch@sha256:%1"_s.arg(QString(64, u'f')) << true;
        QTest::newRow("another tag") << u"pytorch/pytorch:2.5"_s << false;
        QTest::newRow("latest") << u"pytorch/pytorch"_s << false;
        QTest::newRow("a parameter with a value") << u"pytorch/pytorch:${TAG}"_s << true;
        QTest::newRow("a parameter with another value") << u"pytorch/pytorch:${OLD}"_s << false;
        QTest::newRow("a blank") << u"pytorch/pytorch:${ASK}"_s << true;
        QTest::newRow("a blank elsewhere") << u"nvcr.io/pytorch:${ASK}"_s << false;
        QTest::newRow("nothing but a blank") << u"${ASK}"_s << false;
        QTest::newRow("none") << u""_s << false;
    }
    void configurations()
    {
        QFETCH(QString, wanted);
        QFETCH(bool, used);
        Stock stock;
        stock.images = {
            image(u"sha256:1"_s, {u"pytorch/pytorch:2.4"_s}, {u"pytorch/pytorch@sha256:%1"_s.arg(QString(64, u'f'))})};
        stock.configs = {config(
            u"resnet"_s, wanted, {{u"TAG"_s, u"2.4"_s, {}}, {u"OLD"_s, u"1.0"_s, {}}, {u"ASK"_s, std::nullopt, {}}})};
        QCOMPARE(one(stock).reason.contains(u"used by configuration resnet"_s), used);
        QCOMPARE(one(stock).verdict, used ? Verdict::Careful : Verdict::Safe);
    }

    void lastUseComesFromTheRuns()
    {
        Stock stock;
        stock.images = {image(u"sha256:1"_s, {u"a:1"_s})};
        runs::Record early, late;
        early.imageId = late.imageId = u"sha256:1"_s;
        early.finished = 500;
        late.started = 900; // still open
        stock.records = {late, early};
        QCOMPARE(one(stock).lastUse, 900);
    }

    void stepsOfAClassicBuild()
    {
        Stock stock;
        stock.images = {image(u"base"_s, {u"base:1"_s}), image(u"s1"_s, {}, {}, u"base"_s),
            image(u"s2"_s, {}, {}, u"s1"_s), image(u"top"_s, {u"top:1"_s}, {}, u"s2"_s)};
        const QList<Candidate> list = of(stock);
        QCOMPARE(list.size(), 2); // steps are no things of their own
        QCOMPARE(list[0].name, u"base:1"_s);
        QVERIFY(list[0].steps.isEmpty());
        QVERIFY(list[0].reason.startsWith(u"top:1 is built on it and has to go first"_s));
        QCOMPARE(list[1].steps, (QStringList{u"s2"_s, u"s1"_s}));
        QVERIFY(list[1].reason.endsWith(u"2 untagged images, steps of its build, go with it"_s));
        QCOMPARE(cleanup::inOrder(list)[0].name, u"top:1"_s);
        // A step that another image needs too, or a container, stays.
        stock.images.append(image(u"other"_s, {u"other:1"_s}, {}, u"s1"_s));
        for (const Candidate &item : of(stock)) {
            if (item.name == u"top:1"_s)
                QCOMPARE(item.steps, QStringList{u"s2"_s});
        }
        stock.containers = {container(u"c"_s, inventory::Phase::Running, u"s2"_s)};
        for (const Candidate &item : of(stock)) {
            if (item.name == u"top:1"_s)
                QVERIFY(item.steps.isEmpty());
        }
    }

    void imagesInACircleEndNothing()
    {
        Stock stock; // garbage that no daemon should send
        stock.images
            = {image(u"a"_s, {}, {}, u"b"_s), image(u"b"_s, {}, {}, u"a"_s), image(u"c"_s, {u"c:1"_s}, {}, u"c"_s)};
        QCOMPARE(of(stock).size(), 1);
    }

    void volumes()
    {
        Stock stock;
        docker::Volume named, anonymous;
        named.name = u"v"_s;
        anonymous.name = QString(64, u'0');
        stock.volumes = {named, anonymous};
        QList<Candidate> list = of(stock);
        QVERIFY(list[0].stern && !list[1].stern);
        QCOMPARE(list[0].reason, u"named volume: may hold data"_s);
        QCOMPARE(list[1].reason, u"anonymous volume: no container uses it"_s);
        QCOMPARE(list[1].verdict, Verdict::Careful);
        stock.usage.emplace();
        named.size = anonymous.size = 20 * 1024 * 1024;
        stock.usage->volumes = {named, anonymous};
        QCOMPARE(of(stock)[0].reason, u"named volume: holds 20 MiB"_s);
        QCOMPARE(of(stock)[1].reason, u"anonymous volume: holds 20 MiB, no container uses it"_s);
        named.size = anonymous.size = 0;
        stock.usage->volumes = {named, anonymous};
        list = of(stock);
        QCOMPARE(list[0].verdict, Verdict::Careful); // somebody made it for something
        QCOMPARE(list[1].verdict, Verdict::Safe);
        docker::ContainerUse use;
        use.id = u"c"_s;
        use.volumes = {u"v"_s};
        stock.uses = {use};
        stock.containers = {container(u"c"_s, inventory::Phase::Created)};
        QCOMPARE(of(stock).size(), 2); // the container, and the volume it does not hold
        stock.containers.clear();
        m_protection.protect(settings::Lockable::Volume, {u"v"_s});
        QCOMPARE(of(stock)[0].verdict, Verdict::Protected);
    }

    void networks()
    {
        Stock stock;
        docker::Network bridge, mine, held;
        bridge.name = u"bridge"_s;
        mine.id = u"m"_s;
        mine.name = u"mine"_s;
        mine.labels = {{u"com.docker.compose.project"_s, u"web"_s}};
        held.id = u"h"_s;
        held.name = u"held"_s;
        stock.networks = {bridge, mine, held};
        docker::ContainerUse use; // never started: the daemon knows the network's name alone
        use.id = u"c"_s;
        use.networks = {u"held"_s};
        stock.uses = {use};
        stock.containers = {container(u"c"_s, inventory::Phase::Running)};
        QCOMPARE(of(stock).size(), 1);
        QCOMPARE(one(stock).name, u"mine"_s);
        QCOMPARE(one(stock).reason, u"of the compose project web, which makes it again"_s);
    }

    void theBuildCache()
    {
        Stock stock;
        QVERIFY(of(stock).isEmpty());
        docker::CacheRecord used, own, shared;
        used.inUse = true;
        own.id = u"o"_s;
        own.size = 7;
        own.description = u"mount / from exec /bin/sh -c make"_s;
        shared.id = u"s"_s;
        shared.size = 9;
        shared.shared = true;
        shared.parents = {u"o"_s};
        stock.usage.emplace();
        stock.usage->buildCache = {used, own, shared};
        const QList<Candidate> list = of(stock);
        QCOMPARE(list.size(), 2);
        QCOMPARE(list[0].name, u"RUN /bin/sh -c make"_s);
        QCOMPARE(list[1].surelyFree, 0);
        QCOMPARE(cleanup::inOrder(list)[0].id, u"s"_s); // built on the other
    }

    void commands()
    {
        const auto item = [](Kind kind, bool stern = false, Verdict verdict = Verdict::Careful, qint64 surelyFree = 5) {
            Candidate candidate;
            candidate.kind = kind;
            candidate.stern = stern;
            candidate.verdict = verdict;
            candidate.surelyFree = surelyFree;
            return candidate;
        };
        using cleanup::wouldRemove;
        QVERIFY(wouldRemove(Command::ContainerPrune, item(Kind::StoppedContainer)));
        QVERIFY(!wouldRemove(Command::ContainerPrune, item(Kind::DanglingImage)));
        QVERIFY(wouldRemove(Command::ImagePrune, item(Kind::DanglingImage)));
        QVERIFY(!wouldRemove(Command::ImagePrune, item(Kind::UnusedImage)));
        QVERIFY(wouldRemove(Command::ImagePruneAll, item(Kind::UnusedImage)));
        QVERIFY(wouldRemove(Command::ImagePruneAll, item(Kind::DanglingImage)));
        QVERIFY(!wouldRemove(Command::ImagePruneAll, item(Kind::UnusedImage, false, Verdict::Protected)));
        QVERIFY(wouldRemove(Command::BuilderPrune, item(Kind::BuildCache)));
        QVERIFY(!wouldRemove(Command::BuilderPrune, item(Kind::BuildCache, false, Verdict::Safe, 0)));
        QVERIFY(wouldRemove(Command::VolumePrune, item(Kind::UnusedVolume)));
        QVERIFY(!wouldRemove(Command::VolumePrune, item(Kind::UnusedVolume, true)));
        for (int i = 0; i < cleanup::commandCount; ++i) {
            QVERIFY(cleanup::commandHint(Command(i)).contains(cleanup::commandText(Command(i))));
            QVERIFY(!wouldRemove(Command(i), item(Kind::UnusedNetwork)));
        }
    }

    void totals_data()
    {
        QTest::addColumn<QList<Candidate>>("items");
        QTest::addColumn<qint64>("onDisk");
        QTest::addColumn<qint64>("withCache");
        QTest::addColumn<QString>("text");
        const auto item = [](Kind kind, qint64 size, qint64 surelyFree = -1) {
            Candidate candidate;
            candidate.kind = kind;
            candidate.size = size;
            candidate.surelyFree = surelyFree;
            return candidate;
        };
        constexpr qint64 gib = qint64(1) << 30;
        const auto row = [](const char *name, const QList<Candidate> &items, const QString &text, qint64 onDisk = -1,
                             qint64 withCache = 0) { QTest::newRow(name) << items << onDisk << withCache << text; };
        row("nothing is known", {item(Kind::StoppedContainer, -1), item(Kind::UnusedVolume, -1)}, u"Remove 2 items…"_s);
        row("a network has no size", {item(Kind::UnusedNetwork, -1)}, u"Remove 1 item, 0 B…"_s);
        row("exact", {item(Kind::StoppedContainer, gib), item(Kind::UnusedVolume, gib)}, u"Remove 2 items, 2 GiB…"_s);
        row("some is unknown", {item(Kind::StoppedContainer, gib), item(Kind::UnusedVolume, -1)},
            u"Remove 2 items, at least 1 GiB…"_s);
        row("images before sizes", {item(Kind::UnusedImage, 2 * gib), item(Kind::UnusedImage, 2 * gib)},
            u"Remove 2 items, up to 4 GiB…"_s);
        row("images that share", {item(Kind::UnusedImage, 2 * gib, gib), item(Kind::UnusedImage, 2 * gib, gib)},
            u"Remove 2 items, at least 2 GiB, up to 3 GiB…"_s, 3 * gib);
        row("images that the cache holds", {item(Kind::UnusedImage, 2 * gib, 2 * gib)},
            u"Remove 1 item, at least 1 GiB, up to 2 GiB…"_s, 5 * gib, gib);
        row("with that cache", {item(Kind::UnusedImage, 2 * gib, 2 * gib), item(Kind::BuildCache, gib, 0)},
            u"Remove 2 items, 2 GiB…"_s, 5 * gib, gib);
        row("a cache that images hold", {item(Kind::BuildCache, gib, 0), item(Kind::BuildCache, gib, gib)},
            u"Remove 2 items, 1 GiB…"_s);
    }
    void totals()
    {
        QFETCH(QList<Candidate>, items);
        QFETCH(qint64, onDisk);
        QFETCH(qint64, withCache);
        QTEST(cleanup::removeText(cleanup::totalOf(items, {onDisk, withCache})), "text");
    }

    void manyAreQuick()
    {
        Stock stock;
        for (int i = 0; i < 5000; ++i)
            stock.containers.append(container(u"c%1"_s.arg(i), inventory::Phase::Finished, u"used"_s));
        for (int i = 0; i < 1000; ++i)
            stock.images.append(image(u"sha256:%1"_s.arg(i), {u"team/image:%1"_s.arg(i)}));
        for (int i = 0; i < 200; ++i)
            stock.configs.append(
                config(u"config %1"_s.arg(i), i % 2 ? u"team/image:%1"_s.arg(i) : u"nvcr.io/x%1:${TAG}"_s.arg(i)));
        QElapsedTimer timer;
        timer.start();
        QCOMPARE(of(stock).size(), 6000);
        qInfo() << "6000 candidates in" << timer.elapsed() << "ms";
        QVERIFY(timer.elapsed() < 2000); // with sanitizers, on a busy machine; in the window a tenth of it
    }
};

QTEST_GUILESS_MAIN(AdviceTest)
#include "tst_advice.moc"
