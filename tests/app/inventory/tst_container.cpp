#include "inventory/container.h"

#include <QTest>

using inventory::Action;
using inventory::Container;
using inventory::Phase;
using namespace Qt::StringLiterals;

/** What a list element means in the words people use. */
class ContainerTest : public QObject
{
    Q_OBJECT

    static constexpr qint64 now = 1'000'000;

    static Container of(const QString &state, const QString &status)
    {
        docker::ContainerSummary summary;
        summary.id = u"abc"_s;
        summary.state = state;
        summary.status = status;
        return inventory::fromSummary(summary, now);
    }

private Q_SLOTS:
    void words_data()
    {
        QTest::addColumn<QString>("state");
        QTest::addColumn<QString>("status");
        QTest::addColumn<QString>("words");
        QTest::newRow("created") << u"created"_s << u"Created"_s << u"Created"_s;
        QTest::newRow("running") << u"running"_s << u"Up 3 hours"_s << u"Running 3 h"_s;
        QTest::newRow("a moment") << u"running"_s << u"Up Less than a second"_s << u"Running 0 s"_s;
        QTest::newRow("about") << u"running"_s << u"Up About an hour"_s << u"Running 1 h"_s;
        QTest::newRow("healthy") << u"running"_s << u"Up 2 minutes (healthy)"_s << u"Running 2 min"_s;
        QTest::newRow("unhealthy") << u"running"_s << u"Up 2 minutes (unhealthy)"_s << u"Running 2 min, unhealthy"_s;
        QTest::newRow("health starting") << u"running"_s << u"Up 5 seconds (health: starting)"_s << u"Running 5 s"_s;
        QTest::newRow("paused") << u"paused"_s << u"Up 2 minutes (Paused)"_s << u"Paused"_s;
        QTest::newRow("finished") << u"exited"_s << u"Exited (0) 2 days ago"_s << u"Finished"_s;
        QTest::newRow("failed") << u"exited"_s << u"Exited (1) About a minute ago"_s << u"Failed (exit 1)"_s;
        QTest::newRow("signal 15") << u"exited"_s << u"Exited (143) 3 weeks ago"_s << u"Stopped by signal 15"_s;
        QTest::newRow("signal 9") << u"exited"_s << u"Exited (137) 2 seconds ago"_s << u"Stopped by signal 9"_s;
        QTest::newRow("255 is no signal") << u"exited"_s << u"Exited (255) 2 seconds ago"_s << u"Failed (exit 255)"_s;
        QTest::newRow("restarting") << u"restarting"_s << u"Restarting (1) 4 seconds ago"_s << u"Restarting (exit 1)"_s;
        QTest::newRow("dead") << u"dead"_s << u"Dead"_s << u"Dead"_s;
        QTest::newRow("unheard of") << u"frozen"_s << u"whatever"_s << u"Created"_s;
    }
    void words()
    {
        QFETCH(QString, state);
        QFETCH(QString, status);
        QTEST(inventory::stateText(of(state, status), now), "words");
    }

    void outOfMemoryIsKnownFromTheDetail()
    {
        Container container = of(u"exited"_s, u"Exited (137) 2 seconds ago"_s);
        docker::ContainerDetail detail;
        detail.oomKilled = true;
        detail.finishedAt = now - 2;
        inventory::addDetail(container, detail);
        QCOMPARE(inventory::stateText(container, now), u"Killed: out of memory"_s);
        QCOMPARE(container.finishedAt, now - 2);
        QVERIFY(container.detailed);
    }

    void busyIsSeen()
    {
        Container container = of(u"running"_s, u"Up 3 hours"_s);
        container.busy = Action::Stop;
        QCOMPARE(inventory::stateText(container, now), u"Stopping…"_s);
        QVERIFY(!container.allows(Action::Stop));
    }

    void whatIsAllowed()
    {
        const Container running = of(u"running"_s, u"Up 3 hours"_s);
        const Container exited = of(u"exited"_s, u"Exited (0) 3 hours ago"_s);
        const Container paused = of(u"paused"_s, u"Up 3 hours (Paused)"_s);
        QVERIFY(!running.allows(Action::Start) && running.allows(Action::Stop) && running.allows(Action::Pause)
            && !running.allows(Action::Unpause));
        QVERIFY(exited.allows(Action::Start) && !exited.allows(Action::Stop) && !exited.allows(Action::Kill)
            && exited.allows(Action::Remove));
        QVERIFY(paused.allows(Action::Unpause) && !paused.allows(Action::Pause) && paused.allows(Action::Stop));
    }

    void gpus()
    {
        docker::ContainerDetail detail;
        QCOMPARE(inventory::gpuRequest(detail).text(), QString());
        detail.env = {u"NVIDIA_VISIBLE_DEVICES=all"_s};
        QCOMPARE(inventory::gpuRequest(detail).text(), QString()); // every CUDA image says that
        detail.runtime = u"nvidia"_s;
        QCOMPARE(inventory::gpuRequest(detail).text(), u"all"_s);
        detail.deviceRequests = {{{}, 2, {}, {}}};
        QCOMPARE(inventory::gpuRequest(detail).text(), u"2 GPUs"_s);
        detail.deviceRequests = {{{}, 0, {u"0"_s, u"1"_s}, {}}};
        QCOMPARE(inventory::gpuRequest(detail).text(), u"0,1"_s);
        detail.deviceRequests = {{{}, -1, {}, {}}};
        QCOMPARE(inventory::gpuRequest(detail).text(), u"all"_s);
    }

    void ports()
    {
        QCOMPARE(inventory::portsText(
                     {{u"0.0.0.0"_s, 8888, 80, u"tcp"_s}, {u"::"_s, 8888, 80, u"tcp"_s}, {{}, 53, 0, u"udp"_s}}),
            u"80→8888, 53/udp"_s);
    }

    void durations()
    {
        QCOMPARE(inventory::humanDuration(u"About a minute"), 60);
        QCOMPARE(inventory::humanDuration(u"An hour"), 0); // Docker never writes that
        QCOMPARE(inventory::humanDuration(u"5 months"), 5 * 30 * 86400);
        QCOMPARE(inventory::humanDuration(u""), 0);
    }
};

QTEST_APPLESS_MAIN(ContainerTest)
#include "tst_container.moc"
