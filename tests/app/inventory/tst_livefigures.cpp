#include "inventory/livefigures.h"
#include "support/fakedaemon.h"

#include <QSignalSpy>
#include <QTest>

using inventory::LiveFigures;
using support::FakeDaemon;
using support::FakeReply;
using namespace Qt::StringLiterals;

namespace {

QByteArray sample(int cpu, int system, int memory)
{
    return R"({"cpu_stats":{"cpu_usage":{"total_usage":)" + QByteArray::number(cpu) + R"(},"system_cpu_usage":)"
        + QByteArray::number(system) + R"(,"online_cpus":4},"memory_stats":{"usage":)" + QByteArray::number(memory)
        + "}}\n";
}

} // namespace

/** CPU and memory: only of what is watched, on one tick. */
class LiveFiguresTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void percent()
    {
        docker::Stats before;
        before.cpuTotal = 100;
        before.systemCpu = 1000;
        docker::Stats now = before;
        now.onlineCpus = 4;
        QCOMPARE(inventory::cpuPercent(before, now), -1.0);
        now.systemCpu = 1400;
        now.cpuTotal = 200;
        QCOMPARE(inventory::cpuPercent(before, now), 100.0);
        now.cpuTotal = 0; // restarted
        QCOMPARE(inventory::cpuPercent(before, now), -1.0);
    }

    void streamsComeAndGoWithWhatIsWatched()
    {
        FakeDaemon daemon;
        daemon.route("GET", "/containers/a/stats", FakeReply::stream("application/json", sample(100, 1000, 7)));
        daemon.route("GET", "/containers/b/stats", FakeReply::stream());
        docker::Engine engine({daemon.socketPath()});
        LiveFigures figures(engine);
        QSignalSpy ticked(&figures, &LiveFigures::ticked);
        figures.watch({u"a"_s, u"b"_s});
        QTRY_COMPARE(daemon.count("GET", "/containers/"), 2);
        QTRY_COMPARE(daemon.push("/containers/a/stats", sample(150, 1100, 8)), 1);
        QTRY_VERIFY(figures.figures(u"a"_s).cpu > 0);
        QCOMPARE(figures.figures(u"a"_s).cpu, 200.0);
        QCOMPARE(figures.figures(u"a"_s).memory, 8);
        QTRY_VERIFY(!ticked.isEmpty());
        QCOMPARE(ticked[0][0].value<QSet<QString>>(), QSet<QString>{u"a"_s});

        figures.watch({u"b"_s});
        QCOMPARE(figures.figures(u"a"_s).cpu, -1.0);
        QTRY_COMPARE(daemon.push("/containers/a/stats", sample(1, 1, 1)), 0);
        QCOMPARE(daemon.count("GET", "/containers/b/stats"), 1);
        figures.watch({});
        QTRY_COMPARE(daemon.push("/containers/b/stats", {}), 0);
    }

    void noMoreThanAScreenful()
    {
        FakeDaemon daemon;
        daemon.route("GET", "/containers/", FakeReply::stream());
        docker::Engine engine({daemon.socketPath()});
        LiveFigures figures(engine);
        QStringList ids;
        for (int i = 0; i < 100; ++i)
            ids.append(u"c%1"_s.arg(i));
        figures.watch(ids);
        QTRY_COMPARE(daemon.count("GET", "/containers/"), 24);
        QSignalSpy requested(&daemon, &FakeDaemon::requested);
        QVERIFY(!requested.wait(100));
    }
};

QTEST_GUILESS_MAIN(LiveFiguresTest)
#include "tst_livefigures.moc"
