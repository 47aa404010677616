#include "http/earlyrequest.h"
#include "inventory/inventory.h"
#include "inventory/operations.h"
#include "support/fakedaemon.h"

#include <QRegularExpression>
#include <QSignalSpy>
#include <QTest>

using inventory::Inventory;
using support::FakeDaemon;
using support::FakeReply;
using namespace Qt::StringLiterals;

namespace {

QByteArray summary(const QByteArray &id, const QByteArray &state = "running", const QByteArray &status = "Up 3 hours")
{
    return R"({"Id":")" + id + R"(","Names":["/)" + id
        + R"("],"Image":"bb:1","ImageID":"sha256:1","Created":1795445168,"State":")" + state + R"(","Status":")"
        + status + R"("})";
}

QByteArray say(const QByteArray &action, const QByteArray &id, const QByteArray &attributes = {})
{
    return R"({"Type":"container","Action":")" + action + R"(","Actor":{"ID":")" + id + R"(","Attributes":{)"
        + attributes + "}}}\n";
}

} // namespace

/** State by events: what is asked of the daemon, and when. */
class InventoryTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void eventsAreOpenBeforeTheFirstList()
    {
        FakeDaemon daemon;
        daemon.route("GET", "/containers/json", FakeReply::json("[" + summary("a") + "]"));
        docker::Engine engine({daemon.socketPath()});
        Inventory inventory(engine);
        inventory.start();
        QTRY_COMPARE(inventory.containers().size(), 1);
        QCOMPARE(inventory.link(), Inventory::Link::Live);
        QList<QByteArray> paths;
        for (const auto &request : daemon.requests())
            paths.append(request.path);
        QVERIFY(paths.indexOf("/events") >= 0 && paths.indexOf("/events") < paths.indexOf("/containers/json"));
        for (const auto &request : daemon.requests()) {
            if (request.path != "/_ping")
                QCOMPARE(request.version, QByteArray("/v1.41"));
        }
    }

    void anEventFetchesOnlyWhatItNames()
    {
        FakeDaemon daemon;
        daemon.route("GET", "/containers/json", FakeReply::json("[" + summary("a") + "," + summary("b") + "]"));
        docker::Engine engine({daemon.socketPath()});
        Inventory inventory(engine);
        inventory.start();
        QTRY_COMPARE(inventory.containers().size(), 2);
        QTRY_VERIFY(inventory.imagesKnown());
        daemon.forgetRequests();
        daemon.route("GET", "/containers/json", [](const support::FakeRequest &request) {
            return FakeReply::json(request.query.contains("filters")
                    ? "[" + summary("a", "exited", "Exited (3) 1 second ago") + "]"
                    : QByteArray("[]"));
        });

        QSignalSpy ended(&inventory, &Inventory::containerEnded);
        QSignalSpy changed(&inventory, &Inventory::containersChanged);
        daemon.push("/events", say("die", "a", R"("exitCode":"3")"));
        QTRY_COMPARE(inventory.container(u"a"_s)->phase, inventory::Phase::Failed);
        QCOMPARE(inventory.container(u"a"_s)->exitCode, 3);
        QCOMPARE(ended.size(), 1);
        QCOMPARE(ended[0][1].toInt(), 3);
        QCOMPARE(inventory.containers().size(), 2);
        QCOMPARE(daemon.count("GET", ""), 1);
        const auto change = changed.last()[0].value<inventory::ListChange>();
        QCOMPARE(change.changed.size(), 1);
        QCOMPARE(change.changed[0].count, 1);
    }

    void aListThatIsLateIsAskedAgain()
    {
        // dockerd sends die before its own list knows.
        FakeDaemon daemon;
        daemon.route("GET", "/containers/json", FakeReply::json("[" + summary("a") + "]"));
        docker::Engine engine({daemon.socketPath()});
        Inventory inventory(engine);
        inventory.start();
        QTRY_COMPARE(inventory.containers().size(), 1);
        daemon.forgetRequests();
        daemon.push("/events", say("die", "a", R"("exitCode":"0")"));
        QTRY_VERIFY(daemon.count("GET", "/containers/json") >= 2);
        QVERIFY(inventory.container(u"a"_s)->running());
        daemon.route(
            "GET", "/containers/json", FakeReply::json("[" + summary("a", "exited", "Exited (0) 1 second ago") + "]"));
        QTRY_COMPARE(inventory.container(u"a"_s)->phase, inventory::Phase::Finished);
        // And then no more.
        QSignalSpy requested(&daemon, &FakeDaemon::requested);
        QVERIFY(!requested.wait(1000));
    }

    void aDestroyedContainerGoes()
    {
        FakeDaemon daemon;
        daemon.route("GET", "/containers/json", [](const support::FakeRequest &request) {
            return FakeReply::json(
                request.query.contains("filters") ? QByteArray("[]") : "[" + summary("a") + "," + summary("b") + "]");
        });
        docker::Engine engine({daemon.socketPath()});
        Inventory inventory(engine);
        inventory.start();
        QTRY_COMPARE(inventory.containers().size(), 2);
        daemon.push("/events", say("destroy", "a"));
        QTRY_COMPARE(inventory.containers().size(), 1);
        QVERIFY(!inventory.container(u"a"_s));
        QCOMPARE(inventory.container(u"b"_s)->name, u"b"_s);
    }

    void manyEventsAreOneList()
    {
        FakeDaemon daemon;
        daemon.route("GET", "/containers/json", FakeReply::json("[]"));
        docker::Engine engine({daemon.socketPath()});
        Inventory inventory(engine);
        inventory.start();
        QTRY_VERIFY(inventory.imagesKnown() && inventory.containersKnown());
        daemon.forgetRequests();
        daemon.route("GET", "/containers/json", FakeReply::json(support::containerListJson(200)));
        QByteArray burst;
        for (int i = 0; i < 200; ++i)
            burst += say("create", "new" + QByteArray::number(i));
        daemon.push("/events", burst);
        QTRY_COMPARE(inventory.containers().size(), 200);
        QCOMPARE(daemon.count("GET", "/containers/json"), 1);
    }

    void theDaemonGoesAndComesBack()
    {
        FakeDaemon daemon;
        daemon.route("GET", "/containers/json", FakeReply::json("[" + summary("a") + "]"));
        docker::Engine engine({daemon.socketPath()});
        Inventory inventory(engine);
        inventory.start();
        QTRY_COMPARE(inventory.containers().size(), 1);

        daemon.shutDown();
        QTRY_COMPARE(inventory.link(), Inventory::Link::Lost);
        QVERIFY(inventory.trouble()->kind == core::ErrorKind::Unreachable);
        QCOMPARE(inventory.containers().size(), 1);

        daemon.route("GET", "/containers/json",
            FakeReply::json("[" + summary("a", "exited", "Exited (137) 1 second ago") + "," + summary("c") + "]"));
        QSignalSpy ended(&inventory, &Inventory::containerEnded);
        QVERIFY(daemon.listen());
        QTRY_COMPARE(inventory.link(), Inventory::Link::Live);
        QTRY_COMPARE(inventory.containers().size(), 2);
        QCOMPARE(ended.size(), 1); // nobody else tells what happened in between
        QCOMPARE(ended[0][1].toInt(), 137);
        QVERIFY(!inventory.trouble());
        QCOMPARE(inventory.container(u"a"_s)->phase, inventory::Phase::Signalled);
    }

    /** A daemon that goes down takes its containers with it, and brings up again those with a restart policy. */
    void aRestartDuringALossIsTold_data()
    {
        QTest::addColumn<QByteArray>("lastWords");
        QTest::newRow("the end was told, but no list came any more") << say("die", "a", R"("exitCode":"137")");
        QTest::newRow("nothing was told") << QByteArray();
    }
    void aRestartDuringALossIsTold()
    {
        QFETCH(QByteArray, lastWords);
        FakeDaemon daemon;
        daemon.route("GET", "/containers/json", FakeReply::json("[" + summary("a") + "," + summary("b") + "]"));
        docker::Engine engine({daemon.socketPath()});
        Inventory inventory(engine);
        QSignalSpy started(&inventory, &Inventory::containerStarted);
        QSignalSpy ended(&inventory, &Inventory::containerEnded);
        inventory.start();
        QTRY_COMPARE(inventory.containers().size(), 2);

        daemon.route("GET", "/containers/json", FakeReply::status(500, "going down"));
        if (!lastWords.isEmpty()) {
            daemon.push("/events", lastWords);
            QTRY_COMPARE(ended.size(), 1);
        }
        daemon.shutDown();
        QTRY_COMPARE(inventory.link(), Inventory::Link::Lost);
        QVERIFY(inventory.container(u"a"_s)->running()); // no list has said otherwise

        daemon.route("GET", "/containers/json",
            FakeReply::json("[" + summary("a", "running", "Up 2 seconds") + "," + summary("b") + "]"));
        QVERIFY(daemon.listen());
        QTRY_COMPARE(inventory.link(), Inventory::Link::Live);
        QTRY_COMPARE(started.size(), 1); // "b" went on
        QCOMPARE(started[0][0].toString(), u"a"_s);
    }

    void noDaemonAtAllIsSaid()
    {
        docker::Engine engine({u"/nonexistent/docker.sock"_s});
        Inventory inventory(engine);
        QSignalSpy changed(&inventory, &Inventory::linkChanged);
        inventory.start();
        QTRY_COMPARE(inventory.link(), Inventory::Link::Lost);
        QVERIFY(inventory.trouble()->message.contains(u"/nonexistent/docker.sock"));
        QCOMPARE(changed.size(), 1);
    }

    void detailsOnlyForWhatIsInSight()
    {
        FakeDaemon daemon;
        daemon.route("GET", "/containers/json",
            FakeReply::json("[" + summary("a", "exited", "Exited (137) 1 second ago") + "," + summary("b") + "]"));
        daemon.route("GET", "/containers/a/json",
            FakeReply::json(
                R"({"Id":"a","State":{"Status":"exited","OOMKilled":true,"ExitCode":137},"Config":{"Tty":true}})"));
        docker::Engine engine({daemon.socketPath()});
        Inventory inventory(engine);
        inventory.start();
        QTRY_COMPARE(inventory.containers().size(), 2);
        inventory.setInSight({u"a"_s});
        QTRY_COMPARE(inventory.container(u"a"_s)->phase, inventory::Phase::OutOfMemory);
        QVERIFY(inventory.container(u"a"_s)->tty);
        QCOMPARE(daemon.count("GET", "/containers/b/json"), 0);
        // The next event about it fetches them again, and a whole list keeps them.
        inventory.refresh();
        QTRY_COMPARE(daemon.count("GET", "/containers/json"), 2);
        QTRY_VERIFY(inventory.container(u"a"_s)->phase == inventory::Phase::OutOfMemory);
        QCOMPARE(daemon.count("GET", "/containers/a/json"), 1);
        daemon.push("/events", say("update", "a"));
        QTRY_COMPARE(daemon.count("GET", "/containers/a/json"), 2);
    }

    void detailsOfAllRunningOnesWhenWanted()
    {
        FakeDaemon daemon;
        daemon.route("GET", "/containers/json",
            FakeReply::json("[" + summary("a") + "," + summary("b", "exited", "Exited (0) 1 second ago") + ","
                + summary("c") + "]"));
        daemon.route("GET", "/containers/a/json",
            FakeReply::json(R"({"Id":"a","State":{"Status":"running","Pid":7},"HostConfig":)"
                            R"({"DeviceRequests":[{"Count":-1,"Capabilities":[["gpu"]]}]}})"));
        docker::Engine engine({daemon.socketPath()});
        Inventory inventory(engine);
        inventory.start();
        QTRY_COMPARE(inventory.containers().size(), 3);
        QVERIFY(!inventory.runningKnown());
        inventory.needRunning(true);
        // c cannot be inspected: that is known too.
        QTRY_VERIFY(inventory.runningKnown());
        QCOMPARE(inventory.container(u"a"_s)->pid, 7);
        QCOMPARE(inventory.container(u"a"_s)->gpus.text(), u"all"_s);
        QCOMPARE(daemon.count("GET", "/containers/b/json"), 0);
        daemon.push("/events", say("update", "a"));
        QTRY_COMPARE(daemon.count("GET", "/containers/a/json"), 2);
    }

    void anEarlyListIsEnough()
    {
        FakeDaemon daemon;
        daemon.route("GET", "/containers/json", FakeReply::json("[" + summary("a") + "]"));
        const http::Endpoint endpoint{daemon.socketPath()};
        const int descriptor = http::sendEarly(endpoint, docker::Engine::earlyContainersRequest());
        QVERIFY(descriptor >= 0);
        docker::Engine engine(endpoint);
        Inventory inventory(engine);
        inventory.startEarly(descriptor, 1795445168123);
        QTRY_COMPARE(inventory.containers().size(), 1);
        QTRY_COMPARE(inventory.link(), Inventory::Link::Live);
        QTRY_VERIFY(inventory.imagesKnown());
        QCOMPARE(daemon.count("GET", "/containers/json"), 1);
        for (const auto &request : daemon.requests()) {
            if (request.path == "/events")
                QVERIFY(request.query.contains("since=1795445168.123"));
        }
    }

    void aLostEventIsMadeUpForWhileSomeoneLooks()
    {
        FakeDaemon daemon;
        daemon.route("GET", "/containers/json", FakeReply::json("[" + summary("a") + "]"));
        docker::Engine engine({daemon.socketPath()});
        Inventory inventory(engine);
        inventory.setSafetyInterval(std::chrono::milliseconds(50));
        inventory.start();
        QTRY_COMPARE(inventory.containers().size(), 1);
        daemon.route(
            "GET", "/containers/json", FakeReply::json("[" + summary("a", "exited", "Exited (0) 1 second ago") + "]"));
        QVERIFY(inventory.container(u"a"_s)->running()); // no event told, and nobody looks
        inventory.setInSight({u"a"_s});
        QTRY_COMPARE(inventory.container(u"a"_s)->phase, inventory::Phase::Finished);
    }

    void aListThatFailsIsAskedAgain()
    {
        FakeDaemon daemon;
        daemon.route("GET", "/containers/json", [asked = 0](const support::FakeRequest &) mutable {
            return ++asked < 3 ? FakeReply::json(R"({"message":"busy"})", 500)
                               : FakeReply::json("[" + summary("a") + "]");
        });
        docker::Engine engine({daemon.socketPath()});
        Inventory inventory(engine);
        QSignalSpy told(&inventory, &Inventory::listFailed);
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"list of containers:.*"_s));
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"list of containers:.*"_s));
        inventory.start();
        QTRY_COMPARE(inventory.containers().size(), 1);
        QCOMPARE(told.size(), 1); // once is no news
    }

    void aRefreshDuringAnotherListIsNotLost()
    {
        FakeDaemon daemon;
        daemon.route("GET", "/containers/json", FakeReply::json("[" + summary("a") + "," + summary("b") + "]"));
        docker::Engine engine({daemon.socketPath()});
        Inventory inventory(engine);
        inventory.start();
        QTRY_COMPARE(inventory.containers().size(), 2);
        daemon.route("GET", "/containers/json", [&inventory](const support::FakeRequest &request) {
            if (!request.query.contains("filters"))
                return FakeReply::json("[" + summary("a") + "]");
            inventory.refresh(); // while this one is on its way
            return FakeReply::json("[" + summary("a", "paused", "Up 1 hour (Paused)") + "]");
        });
        daemon.push("/events", say("pause", "a"));
        QTRY_COMPARE(inventory.containers().size(), 1);
    }

    void aStopCanBeCutShort()
    {
        FakeDaemon daemon;
        daemon.route("GET", "/containers/json", FakeReply::json("[" + summary("a") + "]"));
        daemon.route("POST", "/containers/a/stop", FakeReply::stall());
        daemon.route("POST", "/containers/a/kill", FakeReply::status(204));
        docker::Engine engine({daemon.socketPath()});
        Inventory inventory(engine);
        QTemporaryDir folder;
        settings::Settings settings(folder.filePath(u"slipway.conf"_s));
        settings::Protection protection(settings);
        inventory::Operations operations(engine, inventory, protection);
        inventory.start();
        QTRY_COMPARE(inventory.containers().size(), 1);
        operations.run(inventory::Action::Stop, {u"a"_s});
        QVERIFY(inventory.container(u"a"_s)->allows(inventory::Action::Kill));
        QVERIFY(!inventory.container(u"a"_s)->allows(inventory::Action::Pause));
        operations.run(inventory::Action::Kill, {u"a"_s});
        QTRY_COMPARE(daemon.count("POST", "/containers/a/kill"), 1);
    }

    void aNameThatMovedIsNotTheContainersAnyMore()
    {
        FakeDaemon daemon;
        const QByteArray list = "[" + summary("a") + "," + QByteArray(summary("b")).replace("bb:1", "bb") + "]";
        daemon.route("GET", "/containers/json", FakeReply::json(list)); // both are of sha256:1
        const auto images = [&daemon](const QByteArray &one, const QByteArray &latest) {
            daemon.route("GET", "/images/json",
                FakeReply::json(R"([{"Id":")" + one + R"(","RepoTags":["bb:1"],"Size":3},{"Id":")" + latest
                    + R"(","RepoTags":["bb:latest"],"Size":3}])"));
        };
        images("sha256:1", "sha256:1");
        docker::Engine engine({daemon.socketPath()});
        Inventory inventory(engine);
        inventory.start();
        QTRY_VERIFY(inventory.imagesKnown() && inventory.containers().size() == 2);
        QCOMPARE(inventory.container(u"a"_s)->image, u"bb:1"_s);
        QSignalSpy changed(&inventory, &Inventory::containersChanged);
        images("sha256:2", "sha256:1"); // built anew under its name
        daemon.push("/events",
            R"({"Type":"image","Action":"tag","Actor":{"ID":"sha256:2"}})"
            "\n");
        QTRY_COMPARE(inventory.container(u"a"_s)->image, u"sha256:1"_s);
        QCOMPARE(inventory.container(u"b"_s)->image, u"bb"_s);
        QCOMPARE(changed.size(), 1);
    }

    void aRenamedUserOfAnImageIsKnown()
    {
        FakeDaemon daemon;
        daemon.route("GET", "/containers/json", FakeReply::json("[" + summary("a") + "]"));
        daemon.route("GET", "/images/json", FakeReply::json(R"([{"Id":"sha256:1","RepoTags":["bb:1"]}])"));
        docker::Engine engine({daemon.socketPath()});
        Inventory inventory(engine);
        inventory.start();
        QTRY_COMPARE(inventory.images().value(0).usedBy, QStringList{u"a"_s});
        daemon.route("GET", "/containers/json",
            FakeReply::json(
                R"([{"Id":"a","Names":["/new"],"ImageID":"sha256:1","State":"running","Status":"Up 3 hours"}])"));
        daemon.push("/events", say("rename", "a"));
        QTRY_COMPARE(inventory.images().value(0).usedBy, QStringList{u"new"_s});
    }

    void silentWhileIdle()
    {
        FakeDaemon daemon;
        daemon.route("GET", "/containers/json", FakeReply::json("[" + summary("a") + "]"));
        docker::Engine engine({daemon.socketPath()});
        Inventory inventory(engine);
        inventory.start();
        QTRY_VERIFY(inventory.imagesKnown() && inventory.containersKnown());
        daemon.forgetRequests();
        // A second of nothing: any request at all is one too many.
        QSignalSpy requested(&daemon, &FakeDaemon::requested);
        QVERIFY(!requested.wait(1200));
    }

    void operationsShowInTheRowAndFailuresAreTold()
    {
        FakeDaemon daemon;
        daemon.route("GET", "/containers/json", FakeReply::json("[" + summary("a") + "," + summary("b") + "]"));
        daemon.route("POST", "/containers/a/stop", FakeReply::stall());
        daemon.route("POST", "/containers/b/stop", FakeReply::json(R"({"message":"cannot stop container: b"})", 500));
        docker::Engine engine({daemon.socketPath()});
        Inventory inventory(engine);
        QTemporaryDir folder;
        settings::Settings settings(folder.filePath(u"slipway.conf"_s));
        settings::Protection protection(settings);
        inventory::Operations operations(engine, inventory, protection);
        inventory.start();
        QTRY_COMPARE(inventory.containers().size(), 2);
        QSignalSpy failed(&operations, &inventory::Operations::failed);
        operations.run(inventory::Action::Stop, {u"a"_s, u"b"_s});
        QCOMPARE(inventory.container(u"a"_s)->busy, inventory::Action::Stop);
        QTRY_COMPARE(failed.size(), 1);
        QCOMPARE(failed[0][2].toString(), u"b"_s);
        QCOMPARE(failed[0][3].value<core::Error>().message, u"cannot stop container: b"_s);
        QVERIFY(!inventory.container(u"b"_s)->busy);
        QVERIFY(inventory.container(u"a"_s)->busy.has_value());
        // A container that already runs is not started.
        operations.run(inventory::Action::Start, {u"b"_s});
        QCOMPARE(daemon.count("POST", "/containers/b/start"), 0);
    }

    void fiveThousand()
    {
        FakeDaemon daemon;
        daemon.route("GET", "/containers/json", FakeReply::json(support::containerListJson(5000)));
        docker::Engine engine({daemon.socketPath()});
        Inventory inventory(engine);
        inventory.start();
        QTRY_COMPARE_WITH_TIMEOUT(inventory.containers().size(), 5000, 20000);
    }

    void garbageInTheListLosesNothing()
    {
        FakeDaemon daemon;
        daemon.route("GET", "/containers/json", FakeReply::json("[" + summary("a") + "]"));
        docker::Engine engine({daemon.socketPath()});
        Inventory inventory(engine);
        inventory.start();
        QTRY_COMPARE(inventory.containers().size(), 1);
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"list of containers:.*"_s));
        daemon.route("GET", "/containers/json", FakeReply::json("{\"what\":"));
        daemon.forgetRequests();
        inventory.refresh();
        QTRY_COMPARE(daemon.count("GET", "/containers/json"), 1);
        daemon.push("/events", "not json\n" + say("start", "a"));
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"event not understood:.*"_s));
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"list of containers:.*"_s));
        QTRY_VERIFY(daemon.count("GET", "/containers/json") >= 2);
        QCOMPARE(inventory.containers().size(), 1);
    }
};

QTEST_GUILESS_MAIN(InventoryTest)
#include "tst_inventory.moc"
