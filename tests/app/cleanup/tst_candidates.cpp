#include "cleanup/candidates.h"
#include "support/fakedaemon.h"

#include <QSignalSpy>
#include <QTest>

using cleanup::Candidates;
using support::FakeDaemon;
using support::FakeReply;
using namespace Qt::StringLiterals;

/** What it asks for, and when. */
class CandidatesTest : public QObject
{
    Q_OBJECT

    struct Program
    {
        QTemporaryDir folder;
        settings::Settings settings{folder.filePath(u"slipway.conf"_s)};
        settings::Protection protection{settings};
        docker::Engine engine;
        inventory::Inventory inventory{engine};
        runs::Library library{folder.filePath(u"runs"_s)};
        runs::History history{folder.filePath(u"history.sqlite"_s)};
        Candidates candidates{{engine, inventory, library, history, protection}};

        explicit Program(const QString &socket)
            : engine({socket})
        {
            inventory.start();
        }
        QStringList names() const
        {
            QStringList all;
            for (const cleanup::Candidate &item : candidates.list())
                all.append(item.name);
            return all;
        }
    };
    static void stock(FakeDaemon &daemon)
    {
        daemon.route("GET", "/images/json",
            FakeReply::json(
                R"([{"Id":"sha256:1","RepoTags":["a:1"],"Size":10},{"Id":"sha256:2","RepoTags":["b:1"],"Size":20}])"));
        daemon.route("GET", "/volumes", FakeReply::json(R"({"Volumes":[{"Name":"v"}]})"));
        daemon.route("GET", "/networks", FakeReply::json(R"([{"Id":"n","Name":"net"}])"));
        daemon.route("GET", "/system/df",
            FakeReply::json(
                R"({"LayersSize":30,"Images":[{"Id":"sha256:1","Size":10,"SharedSize":4}],"Volumes":[{"Name":"v","UsageData":{"Size":5}}],
                "BuildCache":[{"ID":"r","Description":"x","Size":7}]})"));
    }

private Q_SLOTS:
    void costsNothingUnseen()
    {
        FakeDaemon daemon;
        stock(daemon);
        Program program(daemon.socketPath());
        QTRY_VERIFY(program.inventory.imagesKnown() && program.inventory.containersKnown());
        daemon.forgetRequests();
        QSignalSpy requested(&daemon, &FakeDaemon::requested);
        QVERIFY(!requested.wait(600));
        program.candidates.setWatched(true);
        QTRY_COMPARE(program.names(), (QStringList{u"a:1"_s, u"b:1"_s, u"v"_s, u"net"_s}));
        QVERIFY(program.candidates.known());
        // And nothing while nothing happens; the sizes never by themselves.
        daemon.forgetRequests();
        QVERIFY(!requested.wait(600));
        QCOMPARE(daemon.count("GET", "/system/df"), 0);
        program.candidates.setWatched(false);
        daemon.push("/events",
            R"({"Type":"volume","Action":"create","Actor":{"ID":"w"}})"
            "\n");
        QVERIFY(!requested.wait(600));
    }

    void eventsKeepItFresh()
    {
        FakeDaemon daemon;
        stock(daemon);
        Program program(daemon.socketPath());
        program.candidates.setWatched(true);
        QTRY_COMPARE(program.names().size(), 4);
        daemon.route("GET", "/containers/json",
            FakeReply::json(
                R"([{"Id":"c","Names":["/c"],"ImageID":"sha256:1","State":"running","Status":"Up 1 second","Mounts":[{"Type":"volume","Name":"v"}]}])"));
        daemon.push("/events",
            R"({"Type":"container","Action":"create","Actor":{"ID":"c"}})"
            "\n");
        QTRY_COMPARE(program.names(), (QStringList{u"b:1"_s, u"net"_s}));
        daemon.route("GET", "/volumes", FakeReply::json(R"({"Volumes":[{"Name":"v"},{"Name":"w"}]})"));
        daemon.push("/events",
            R"({"Type":"volume","Action":"create","Actor":{"ID":"w"}})"
            "\n");
        QTRY_COMPARE(program.names(), (QStringList{u"b:1"_s, u"w"_s, u"net"_s}));
        QCOMPARE(daemon.count("GET", "/system/df"), 0);
    }

    void sizesOnRequestOneAtATime()
    {
        FakeDaemon daemon;
        stock(daemon);
        Program program(daemon.socketPath());
        program.candidates.setWatched(true);
        QTRY_VERIFY(program.candidates.known());
        QSignalSpy changed(&program.candidates, &Candidates::sizesChanged);
        program.candidates.computeSizes();
        program.candidates.computeSizes();
        QVERIFY(program.candidates.computing());
        QTRY_COMPARE(changed.size(), 1);
        QCOMPARE(daemon.count("GET", "/system/df"), 1);
        QVERIFY(program.candidates.sizesAt() > 0);
        QVERIFY(program.names().contains(u"x"_s)); // the build cache is told nowhere else
        QCOMPARE(program.candidates.list()[0].surelyFree, 6);
        // What was removed is not counted on.
        program.candidates.forget({program.candidates.list()[0], program.candidates.list().last()});
        QVERIFY(!program.names().contains(u"x"_s));
        QCOMPARE(program.candidates.usage()->layersSize, 24);
    }

    void sizesCanBeCancelledAndRefused()
    {
        FakeDaemon daemon;
        stock(daemon);
        daemon.route("GET", "/system/df", FakeReply::stall());
        Program program(daemon.socketPath());
        program.candidates.setWatched(true);
        QTRY_VERIFY(program.candidates.known());
        QSignalSpy failed(&program.candidates, &Candidates::sizesFailed);
        program.candidates.computeSizes();
        QTRY_COMPARE(daemon.count("GET", "/system/df"), 1);
        program.candidates.cancelSizes();
        QTRY_VERIFY(!program.candidates.computing());
        QVERIFY(failed.isEmpty()); // the person knows
        QCOMPARE(program.candidates.sizesAt(), 0);
        daemon.route(
            "GET", "/system/df", FakeReply::json(R"({"message":"a disk usage operation is already running"})", 500));
        program.candidates.computeSizes();
        QTRY_COMPARE(failed.size(), 1);
        QVERIFY(failed[0][0].value<core::Error>().message.contains(u"already running"_s));
        QVERIFY(!program.candidates.computing());
    }

    void aListThatFailsIsSaid()
    {
        FakeDaemon daemon;
        stock(daemon);
        daemon.route("GET", "/networks", FakeReply::json(R"({"message":"no"})", 500));
        Program program(daemon.socketPath());
        QSignalSpy failed(&program.candidates, &Candidates::failed);
        program.candidates.setWatched(true);
        QTRY_COMPARE(failed.size(), 1);
        QVERIFY(!program.candidates.known());
        daemon.route("GET", "/networks", FakeReply::json("null"));
        program.candidates.refresh();
        QTRY_VERIFY(program.candidates.known());
    }
};

QTEST_GUILESS_MAIN(CandidatesTest)
#include "tst_candidates.moc"
