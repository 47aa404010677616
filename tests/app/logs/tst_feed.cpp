#include "logs/ansi.h"
#include "logs/feed.h"
#include "support/await.h"
#include "support/fakedaemon.h"
#include "support/privatedaemon.h"

#include <QDir>
#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTest>
#include <QTimer>

using logs::Feed;
using support::FakeDaemon;
using support::FakeReply;

namespace {

QStringList shown(Feed &feed)
{
    QStringList lines;
    for (qint64 n = feed.document().firstLine(); n < feed.document().endLine(); ++n)
        lines += logs::decode(feed.document().line(n).bytes).text;
    return lines;
}

QStringList list(std::initializer_list<const char *> lines)
{
    QStringList all;
    for (const char *line : lines)
        all += QString::fromUtf8(line);
    return all;
}

QByteArray stamped(int second, const QByteArray &text, int stream = 1)
{
    return support::frame(stream,
        QByteArray("2026-11-23T14:46:" + QByteArray::number(second).rightJustified(2, '0') + ".000000000Z " + text));
}

/** Of this process. */
int readerThreads()
{
    int count = 0;
    const QDir tasks(QStringLiteral("/proc/self/task"));
    for (const QString &task : tasks.entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
        QFile name(tasks.filePath(task + QStringLiteral("/comm")));
        if (name.open(QIODevice::ReadOnly) && name.readAll().trimmed() == "log-reader")
            ++count;
    }
    return count;
}

const QByteArray logsPath = "/containers/x/logs";
const QByteArray attachPath = "/containers/x/attach";

} // namespace

/** A container's log in one document: against a scripted daemon for what goes wrong, and a real one for what is true.
 */
class FeedTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        m_skip = support::PrivateDaemon::skipReason();
        if (!m_skip.isEmpty())
            return;
        QVERIFY2(m_real.start(), qPrintable(m_real.failure()));
        QVERIFY(m_real.makeBusybox());
    }

    // ---- scripted

    void finishedLinesFromLogsAndTheOpenOneFromAttach()
    {
        FakeDaemon daemon;
        daemon.route("GET", logsPath, FakeReply::stream({}, stamped(1, "one\n")));
        daemon.route("POST", attachPath, FakeReply::hijack());
        Feed feed(endpoint(daemon), QStringLiteral("x"), false);
        feed.open(true);
        QTRY_COMPARE(shown(feed), list({"one"}));
        QTRY_COMPARE(daemon.push(attachPath, {}), 1);
        daemon.push(attachPath, support::frame(2, "\r 10%"));
        QTRY_COMPARE(shown(feed), list({"one", " 10%"}));
        daemon.push(attachPath, support::frame(2, "\r 20%"));
        QTRY_COMPARE(shown(feed), list({"one", " 20%"}));
        daemon.push(attachPath, support::frame(2, "\r100%\n"));
        daemon.push(logsPath, stamped(2, "\r 10%\r 20%\r100%\n", 2));
        QTRY_COMPARE(shown(feed), list({"one", "100%"}));
        feed.setEnded(QStringLiteral("Finished"));
        daemon.end(logsPath);
        QTRY_COMPARE(shown(feed), list({"one", "100%", "Finished"}));
        QCOMPARE(feed.state(), Feed::State::Ended);
    }

    void goesOnWithoutLossOrDoubles()
    {
        FakeDaemon daemon;
        daemon.route("GET", logsPath, FakeReply::stream({}, stamped(1, "one\n") + stamped(2, "tw")));
        daemon.route("POST", attachPath, FakeReply::hijack());
        Feed feed(endpoint(daemon), QStringLiteral("x"), false);
        feed.open(true);
        QTRY_COMPARE(shown(feed), list({"one", "tw"}));
        daemon.shutDown();
        QTRY_COMPARE(feed.state(), Feed::State::Lost);
        QCOMPARE(shown(feed), list({"one", "Connection to Docker lost"}));
        daemon.route(
            "GET", logsPath, FakeReply::stream({}, stamped(1, "one\n") + stamped(2, "two\n") + stamped(3, "three\n")));
        QVERIFY(daemon.listen());
        QTRY_COMPARE(shown(feed), list({"one", "Connection to Docker lost", "Connected again", "two", "three"}));
        QCOMPARE(feed.state(), Feed::State::Live);
        const QByteArray query
            = daemon.requests().last().path == logsPath ? daemon.requests().last().query : lastQuery(daemon);
        QVERIFY2(query.contains("since=1795445159"), query.constData()); // two seconds before the last one seen
        QVERIFY2(query.contains("tail="), query.constData());
    }

    void anAttachedLogGoesOnByCounting()
    {
        FakeDaemon daemon;
        daemon.route("POST", attachPath, FakeReply::hijack());
        Feed feed(endpoint(daemon), QStringLiteral("x"), false);
        QVERIFY(support::await(feed.attach()).ok());
        daemon.push(attachPath, support::frame(1, "same\nsame\nsa"));
        QTRY_COMPARE(shown(feed), list({"same", "same", "sa"}));
        daemon.shutDown();
        QTRY_COMPARE(feed.state(), Feed::State::Lost);
        daemon.route(
            "GET", logsPath, FakeReply::stream({}, stamped(1, "same\n") + stamped(2, "same\n") + stamped(3, "same\n")));
        QVERIFY(daemon.listen());
        QTRY_COMPARE(shown(feed), list({"same", "same", "Connection to Docker lost", "Connected again", "same"}));
    }

    void startedAgainContinues()
    {
        FakeDaemon daemon;
        daemon.route("POST", attachPath, FakeReply::hijack());
        daemon.route("GET", "/containers/x/json", FakeReply::json(R"({"Id":"x","State":{"Running":false}})"));
        Feed feed(endpoint(daemon), QStringLiteral("x"), false);
        QVERIFY(support::await(feed.attach()).ok());
        feed.containerStarted();
        daemon.push(attachPath, support::frame(1, "first\nno line feed"));
        QTRY_COMPARE(shown(feed), list({"first", "no line feed"}));
        feed.setEnded(QStringLiteral("Failed (exit 3)"));
        daemon.end(attachPath);
        QTRY_COMPARE(shown(feed), list({"first", "no line feed", "Failed (exit 3)"}));
        daemon.route("GET", logsPath,
            FakeReply::stream({}, stamped(1, "first\n") + stamped(2, "no line feed") + stamped(3, "second\n")));
        feed.containerStarted();
        QTRY_COMPARE(shown(feed), list({"first", "no line feed", "Failed (exit 3)", "Started again", "second"}));
        // And once more, now by stamps.
        feed.setEnded(QStringLiteral("Finished"));
        daemon.end(logsPath);
        QTRY_COMPARE(feed.state(), Feed::State::Ended);
        daemon.route("GET", logsPath, FakeReply::stream({}, stamped(3, "second\n") + stamped(4, "third\n")));
        feed.containerStarted();
        QTRY_COMPARE(shown(feed).mid(4), list({"second", "Finished", "Started again", "third"}));
    }

    void earlierRunsAreToldApart()
    {
        FakeDaemon daemon;
        daemon.route("POST", attachPath, FakeReply::hijack());
        daemon.route("GET", logsPath, FakeReply::stream({}, stamped(1, "old\n") + stamped(2, "cut")));
        Feed feed(endpoint(daemon), QStringLiteral("x"), false);
        feed.open(true, QStringLiteral("2026-11-23T14:46:03.000000001Z"));
        QTRY_COMPARE(shown(feed), list({"old", "cut"}));
        QVERIFY(feed.document().runBegin() > feed.document().endLine()); // the new run has said nothing yet
        daemon.push(logsPath, stamped(3, "new\n")); // stamped a little before the daemon's time of the start
        QTRY_COMPARE(shown(feed), list({"old", "cut", "Started again", "new"}));
        QCOMPARE(feed.document().runBegin(), 2);
        // Of one run alone all counts.
        FakeDaemon other;
        other.route("POST", attachPath, FakeReply::hijack());
        other.route("GET", logsPath, FakeReply::stream({}, stamped(3, "new\n")));
        Feed first(endpoint(other), QStringLiteral("x"), false);
        first.open(true, QStringLiteral("2026-11-23T14:46:03.000000001Z"));
        QTRY_COMPARE(shown(first), list({"new"}));
        QCOMPARE(first.document().runBegin(), 0);
    }

    void aContainerWithoutALog()
    {
        FakeDaemon daemon;
        daemon.route("GET", logsPath, FakeReply::status(501, "configured logging driver does not support reading"));
        daemon.route("POST", attachPath, FakeReply::hijack());
        Feed feed(endpoint(daemon), QStringLiteral("x"), false);
        feed.open(true);
        QTRY_COMPARE(feed.state(), Feed::State::Live);
        QCOMPARE(shown(feed).size(), 1);
        QVERIFY(shown(feed)[0].contains(QStringLiteral("keeps no log")));
        QCOMPARE(daemon.push(attachPath, support::frame(1, "now\n")), 1);
        QTRY_COMPARE(shown(feed).mid(1), list({"now"}));
    }

    void aContainerThatIsNotThere()
    {
        FakeDaemon daemon;
        daemon.route("GET", logsPath, FakeReply::status(404, "No such container: x"));
        Feed feed(endpoint(daemon), QStringLiteral("x"), false);
        feed.open(true);
        QTRY_COMPARE(feed.state(), Feed::State::Failed);
        QCOMPARE(feed.error().message, QStringLiteral("No such container: x"));
    }

    void attachIsRefused()
    {
        FakeDaemon daemon;
        daemon.route("POST", attachPath, FakeReply::status(404, "No such container: x"));
        Feed feed(endpoint(daemon), QStringLiteral("x"), false);
        const auto result = support::await(feed.attach());
        QVERIFY(!result.ok());
        QCOMPARE(result.error().kind, core::ErrorKind::NotFound);
    }

    void aStreamThatDoesNotEndIsNotWaitedForLong()
    {
        FakeDaemon daemon;
        daemon.route("GET", logsPath, FakeReply::stream({}, stamped(1, "one\n")));
        daemon.route("POST", attachPath, FakeReply::hijack());
        Feed feed(endpoint(daemon), QStringLiteral("x"), false);
        feed.open(true);
        QTRY_COMPARE(feed.state(), Feed::State::Live);
        feed.setEnded(QStringLiteral("Finished"));
        QTRY_COMPARE(shown(feed), list({"one", "Finished"}));
    }

    void whatStillComesIsWaitedFor()
    {
        FakeDaemon daemon;
        daemon.route("GET", logsPath, FakeReply::stream({}, stamped(0, "0\n")));
        daemon.route("POST", attachPath, FakeReply::hijack());
        Feed feed(endpoint(daemon), QStringLiteral("x"), false);
        feed.open(true);
        QTRY_COMPARE(feed.state(), Feed::State::Live);
        feed.setEnded(QStringLiteral("Failed (exit 1)"));
        int pushed = 0;
        QTimer timer;
        connect(&timer, &QTimer::timeout, &timer, [&] {
            ++pushed;
            daemon.push(logsPath, stamped(pushed, QByteArray::number(pushed) + '\n'));
            if (pushed < 6)
                return;
            timer.stop();
            daemon.end(logsPath);
        });
        timer.start(500); // the last one comes 3 s after the container's end
        QTRY_COMPARE(feed.state(), Feed::State::Ended);
        QCOMPARE(shown(feed), list({"0", "1", "2", "3", "4", "5", "6", "Failed (exit 1)"}));
    }

    /** The daemon still answers, but badly, while it goes down. */
    void aDaemonThatShutsDownIsAskedAgain()
    {
        FakeDaemon daemon;
        int asked = 0;
        daemon.route("GET", logsPath, [&asked](const support::FakeRequest &) {
            return ++asked < 3 ? FakeReply::status(asked == 1 ? 500 : 503, "shutting down")
                               : FakeReply::stream({}, stamped(1, "one\n"));
        });
        daemon.route("POST", attachPath, FakeReply::hijack());
        Feed feed(endpoint(daemon), QStringLiteral("x"), false);
        feed.open(true);
        QTRY_COMPARE(feed.state(), Feed::State::Lost);
        QCOMPARE(feed.error().message, QStringLiteral("shutting down"));
        QTRY_COMPARE(shown(feed).value(shown(feed).size() - 1), QStringLiteral("one"));
        QCOMPARE(feed.state(), Feed::State::Live);
    }

    void aRefusedLogOpensWithTheNextRun()
    {
        FakeDaemon daemon;
        daemon.route("GET", logsPath, FakeReply::status(400, "bad parameter"));
        daemon.route("POST", attachPath, FakeReply::hijack());
        Feed feed(endpoint(daemon), QStringLiteral("x"), false);
        feed.open(false);
        QTRY_COMPARE(feed.state(), Feed::State::Failed);
        daemon.route("GET", logsPath, FakeReply::stream({}, stamped(1, "one\n")));
        feed.containerStarted();
        QTRY_COMPARE(feed.state(), Feed::State::Live);
        QTRY_VERIFY(shown(feed).contains(QStringLiteral("one")));
    }

    void theDaemonTellsWhetherThereIsATerminal_data()
    {
        QTest::addColumn<bool>("guess");
        QTest::addColumn<QByteArray>("type");
        QTest::addColumn<QByteArray>("api");
        QTest::addColumn<QByteArray>("bytes");
        const QByteArray text = "2026-11-23T14:46:01.000000000Z one\n";
        const QByteArray raw = "application/vnd.docker.raw-stream";
        const QByteArray frames = "application/vnd.docker.multiplexed-stream";
        QTest::newRow("terminal") << false << raw << QByteArray("1.42") << text;
        QTest::newRow("no terminal") << true << frames << QByteArray("1.45") << support::frame(1, text);
        QTest::newRow("before 1.42 all is called raw") << false << raw << QByteArray("1.41") << support::frame(1, text);
        QTest::newRow("untold") << true << QByteArray() << QByteArray("1.42") << text;
    }

    void theDaemonTellsWhetherThereIsATerminal()
    {
        QFETCH(bool, guess);
        QFETCH(QByteArray, type);
        QFETCH(QByteArray, api);
        QFETCH(QByteArray, bytes);
        FakeDaemon daemon;
        const QByteArray head = "HTTP/1.1 200 OK\r\nApi-Version: " + api + "\r\n"
            + (type.isEmpty() ? QByteArray() : "Content-Type: " + type + "\r\n");
        daemon.route("HEAD", "/_ping",
            FakeReply::raw("HTTP/1.1 200 OK\r\nApi-Version: " + api + "\r\nContent-Length: 0\r\n\r\n"));
        daemon.route("GET", logsPath,
            FakeReply::raw(head + "Content-Length: " + QByteArray::number(bytes.size()) + "\r\n\r\n" + bytes));
        Feed feed(endpoint(daemon), QStringLiteral("x"), guess);
        feed.open(false);
        QTRY_COMPARE(feed.state(), Feed::State::Ended);
        QCOMPARE(shown(feed), list({"one"}));
    }

    void anEndedLogHoldsNothing()
    {
        FakeDaemon daemon;
        daemon.route("POST", attachPath, FakeReply::hijack());
        daemon.route("GET", "/containers/x/json", FakeReply::json(R"({"Id":"x","State":{"Running":false}})"));
        Feed feed(endpoint(daemon), QStringLiteral("x"), false);
        QVERIFY(support::await(feed.attach()).ok());
        feed.containerStarted();
        QCOMPARE(readerThreads(), 1);
        daemon.push(attachPath, support::frame(1, "first\nsecond\n"));
        QTRY_COMPARE(shown(feed).size(), 2);
        daemon.end(attachPath);
        QTRY_COMPARE(feed.state(), Feed::State::Ended);
        QTRY_COMPARE(readerThreads(), 0);
        QTRY_COMPARE(daemon.connectionsOpen(), 0);
        // The lines that were counted are still known.
        daemon.route("GET", logsPath,
            FakeReply::stream({}, stamped(1, "first\n") + stamped(2, "second\n") + stamped(3, "third\n")));
        feed.containerStarted();
        QTRY_COMPARE(shown(feed), list({"first", "second", "Started again", "third"}));
        QCOMPARE(readerThreads(), 1);
    }

    void linesThatWereNotKeptLeaveANote()
    {
        FakeDaemon daemon;
        daemon.route("GET", logsPath, FakeReply::stream({}, stamped(1, "one\n") + stamped(2, "two\n", 2)));
        daemon.route("POST", attachPath, FakeReply::hijack());
        Feed feed(endpoint(daemon), QStringLiteral("x"), false);
        feed.open(true);
        QTRY_COMPARE(shown(feed), list({"one", "two"}));
        daemon.shutDown();
        QTRY_COMPARE(feed.state(), Feed::State::Lost);
        daemon.route("GET", logsPath, FakeReply::stream({}, stamped(7, "seven\n") + stamped(8, "eight\n")));
        QVERIFY(daemon.listen());
        QTRY_COMPARE(shown(feed),
            list({"one", "two", "Connection to Docker lost", "Connected again", "… some lines were not kept", "seven",
                "eight"}));
    }

    /** The end of a killed container is told only after an answer about it: a restart is faster. */
    void aLateEndLeavesTheNewRunAlone()
    {
        FakeDaemon daemon;
        daemon.route("GET", logsPath, FakeReply::stream({}, stamped(1, "one\n")));
        daemon.route("POST", attachPath, FakeReply::hijack());
        Feed feed(endpoint(daemon), QStringLiteral("x"), false);
        feed.open(true);
        QTRY_COMPARE(shown(feed), list({"one"}));
        const int firstRun = feed.run();
        daemon.end(logsPath);
        QTRY_COMPARE(feed.state(), Feed::State::Ended);
        daemon.route("GET", logsPath, FakeReply::stream({}, stamped(1, "one\n")));
        feed.containerStarted();
        QTRY_COMPARE(feed.state(), Feed::State::Live);
        feed.setEnded(QStringLiteral("Killed"), firstRun); // the new run shows nothing yet
        QTRY_COMPARE(shown(feed), list({"one", "Killed"}));
        daemon.push(logsPath, stamped(2, "two\n"));
        QTRY_COMPARE(shown(feed), list({"one", "Killed", "Started again", "two"}));
        feed.setEnded(QStringLiteral("Killed"), firstRun); // too late to be shown
        QTimer::singleShot(2500, &daemon, [&] { daemon.push(logsPath, stamped(3, "three\n")); });
        QTRY_COMPARE(shown(feed), list({"one", "Killed", "Started again", "two", "three"}));
        QCOMPARE(feed.state(), Feed::State::Live);
    }

    void aStreamThatGoesOverToTheNewRun()
    {
        FakeDaemon daemon;
        daemon.route("GET", logsPath, FakeReply::stream({}, stamped(1, "one\n")));
        daemon.route("POST", attachPath, FakeReply::hijack());
        Feed feed(endpoint(daemon), QStringLiteral("x"), false);
        feed.open(true);
        QTRY_COMPARE(shown(feed), list({"one"}));
        feed.setEnded(QStringLiteral("Stopped"));
        feed.containerStarted();
        daemon.push(logsPath, stamped(2, "tw"));
        QTRY_COMPARE(shown(feed), list({"one", "tw"}));
        QTimer::singleShot(2500, &daemon, [&] { daemon.push(logsPath, support::frame(1, "o\n")); });
        QTRY_COMPARE(shown(feed), list({"one", "two"}));
    }

    void whatWasCutBeforeTheFirstLineIsTold_data()
    {
        QTest::addColumn<int>("old");
        QTest::addColumn<int>("following");
        QTest::addColumn<bool>("told");
        QTest::newRow("cut") << 1000 << 0 << true;
        QTest::newRow("whole") << 999 << 0 << false;
        QTest::newRow("whole, and much follows") << 10 << 2000 << false;
    }

    void whatWasCutBeforeTheFirstLineIsTold()
    {
        QFETCH(int, old);
        QFETCH(int, following);
        QFETCH(bool, told);
        const QByteArray before = support::frame(1, "2020-01-01T00:00:00.000000000Z x\n").repeated(old);
        const QByteArray after = support::frame(1, "2199-01-01T00:00:00.000000000Z y\n").repeated(following);
        FakeDaemon daemon;
        daemon.route("GET", logsPath, FakeReply::stream({}, before + after));
        daemon.route("POST", attachPath, FakeReply::hijack());
        Feed feed(endpoint(daemon), QStringLiteral("x"), false);
        feed.open(true);
        QTRY_COMPARE(feed.document().finishedEnd(), old + following);
        QCOMPARE(shown(feed).size(), old + following + int(told));
        QCOMPARE(shown(feed).first().contains(QStringLiteral("not loaded")), told);
    }

    void deletedAtAnyMoment()
    {
        FakeDaemon daemon;
        daemon.route("GET", logsPath, FakeReply::stream({}, stamped(1, "one\n")));
        daemon.route("POST", attachPath, FakeReply::hijack());
        for (int turns = 0; turns < 20; ++turns) {
            auto feed = std::make_unique<Feed>(endpoint(daemon), QStringLiteral("x"), false);
            feed->open(true);
            for (int i = 0; i < turns; ++i)
                QTest::qWait(1);
            feed.reset();
            QCoreApplication::processEvents();
        }
    }

    // ---- real

    void launched()
    {
        if (!m_skip.isEmpty())
            QSKIP(qPrintable(m_skip));
        const QString id = create({QStringLiteral("--rm")}, "echo out; echo err >&2; printf 'no line feed'; exit 3");
        Feed feed(endpoint(), id, false);
        const auto attached = support::await(feed.attach());
        QVERIFY2(attached.ok(), attached ? "" : qPrintable(attached.error().message));
        QVERIFY(m_real.docker({QStringLiteral("start"), id}).ok());
        feed.containerStarted();
        QTRY_COMPARE(feed.state(), Feed::State::Ended);
        feed.setEnded(QStringLiteral("Failed (exit 3)"));
        QStringList lines = shown(feed);
        QCOMPARE(lines.takeLast(), QStringLiteral("Failed (exit 3)"));
        lines.sort(); // the daemon may mix two outputs in any order
        QCOMPARE(lines, list({"err", "no line feed", "out"}));
    }

    void aBarMovesAtOnce()
    {
        if (!m_skip.isEmpty())
            QSKIP(qPrintable(m_skip));
        const QString id
            = run("i=0; while [ $i -lt 1000 ]; do printf '\\r%4d/1000 ##########' $i; i=$((i+1)); usleep 100000; done");
        Feed feed(endpoint(), id, false);
        feed.open(true);
        QTRY_VERIFY(!shown(feed).isEmpty());
        for (int i = 0; i < 5; ++i) {
            const QStringList before = shown(feed);
            QElapsedTimer timer;
            timer.start();
            QTRY_VERIFY_WITH_TIMEOUT(shown(feed) != before, 2000);
            QVERIFY2(timer.elapsed() < 400, QByteArray::number(timer.elapsed()).constData());
            QCOMPARE(shown(feed).size(), 1);
        }
        remove(id);
    }

    void historyOfAStoppedContainer()
    {
        if (!m_skip.isEmpty())
            QSKIP(qPrintable(m_skip));
        const QString id = create({}, "seq 1 3000");
        QVERIFY(m_real.docker({QStringLiteral("start"), QStringLiteral("-a"), id}).ok());
        Feed feed(endpoint(), id, false);
        feed.setEnded(QStringLiteral("Finished"));
        feed.open(false);
        QTRY_COMPARE(feed.state(), Feed::State::Ended);
        const QStringList lines = shown(feed);
        QCOMPARE(lines.size(), 1002);
        QVERIFY(lines.first().endsWith(QStringLiteral("earlier lines are not loaded")));
        QCOMPARE(lines[1], QStringLiteral("2001"));
        QCOMPARE(lines[1000], QStringLiteral("3000"));
        remove(id);
    }

    /** A program prints before the daemon takes the time of its start. */
    void theLastRunOfAReopenedLog()
    {
        if (!m_skip.isEmpty())
            QSKIP(qPrintable(m_skip));
        const QString id = create({}, "echo run; exit 1");
        for (int runs = 1; runs <= 5; ++runs) {
            QVERIFY(m_real.docker({QStringLiteral("start"), QStringLiteral("-a"), id}).exitCode == 1);
            const QString startedAt = m_real
                                          .docker({QStringLiteral("inspect"), QStringLiteral("-f"),
                                              QStringLiteral("{{.State.StartedAt}}"), id})
                                          .text();
            Feed feed(endpoint(), id, false);
            feed.open(false, startedAt);
            QTRY_COMPARE(feed.state(), Feed::State::Ended);
            QStringList expected(runs, QStringLiteral("run"));
            if (runs > 1)
                expected.insert(runs - 1, QStringLiteral("Started again"));
            QCOMPARE(shown(feed), expected);
            QCOMPARE(feed.document().runBegin(), runs - 1);
        }
        remove(id);
    }

    void aTerminal()
    {
        if (!m_skip.isEmpty())
            QSKIP(qPrintable(m_skip));
        const QString id = create(
            {QStringLiteral("-t")}, "echo one; printf '\\033[31mred\\033[0m\\n'; printf ' 5%%\\r10%%'; sleep 600");
        Feed feed(endpoint(), id, true);
        QVERIFY(support::await(feed.attach()).ok());
        QVERIFY(m_real.docker({QStringLiteral("start"), id}).ok());
        QTRY_COMPARE(shown(feed), list({"one", "red", "10%"}));
        remove(id);
    }

    /** The reader drains while the window is blocked: the container finishes its megabytes meanwhile. */
    void aBlockedWindowDoesNotHoldTheContainer()
    {
        if (!m_skip.isEmpty())
            QSKIP(qPrintable(m_skip));
        const QString id
            = create({}, "dd if=/dev/zero bs=1000000 count=20 2>/dev/null | tr '\\0' 'x' | fold -w 99; echo done >&2");
        Feed feed(endpoint(), id, false);
        QVERIFY(support::await(feed.attach()).ok());
        // No event of ours is handled while docker waits for the container's end.
        QVERIFY(m_real.docker({QStringLiteral("start"), id}).ok());
        QCOMPARE(m_real.docker({QStringLiteral("wait"), id}).text(), QStringLiteral("0"));
        QTRY_COMPARE_WITH_TIMEOUT(feed.state(), Feed::State::Ended, 20000);
        QVERIFY(feed.document().finishedEnd() > 200'000);
        QVERIFY(shown(feed).contains(QStringLiteral("done")));
        remove(id);
    }

    void theDaemonIsKilledInMidLog_data()
    {
        QTest::addColumn<bool>("attached");
        QTest::newRow("opened") << false;
        QTest::newRow("launched") << true;
    }

    void theDaemonIsKilledInMidLog()
    {
        if (!m_skip.isEmpty())
            QSKIP(qPrintable(m_skip));
        QFETCH(bool, attached);
        const QString id = create({}, "trap 'exit 0' TERM; i=0; while true; do i=$((i+1)); echo $i; usleep 2000; done");
        Feed feed(endpoint(), id, false);
        if (attached)
            QVERIFY(support::await(feed.attach()).ok());
        QVERIFY(m_real.docker({QStringLiteral("start"), id}).ok());
        if (!attached)
            feed.open(true);
        QTRY_VERIFY(feed.document().finishedEnd() > 100);
        m_real.kill();
        QTRY_COMPARE(feed.state(), Feed::State::Lost);
        QVERIFY(m_real.start());
        QTRY_COMPARE_WITH_TIMEOUT(feed.state(), Feed::State::Ended, 20000);
        int next = 1;
        for (const QString &line : shown(feed))
            if (line.toInt() > 0)
                QCOMPARE(line.toInt(), next++);
        const QString truth = m_real.docker({QStringLiteral("logs"), QStringLiteral("--tail=1"), id}).text();
        QCOMPARE(next - 1, truth.toInt());
        remove(id);
    }

    void aRestartContinues()
    {
        if (!m_skip.isEmpty())
            QSKIP(qPrintable(m_skip));
        const QString id = create({},
            "trap 'exit 0' TERM; echo run; [ -e /again ] || printf 'at work'; touch /again; while true; do usleep "
            "10000; done");
        Feed feed(endpoint(), id, false);
        QVERIFY(support::await(feed.attach()).ok());
        QVERIFY(m_real.docker({QStringLiteral("start"), id}).ok());
        feed.containerStarted();
        QTRY_COMPARE(shown(feed), list({"run", "at work"}));
        QStringList expected = list({"run", "at work"});
        for (int i = 0; i < 2; ++i) { // first by counting lines, then by stamps
            QVERIFY(m_real.docker({QStringLiteral("restart"), id}).ok());
            feed.setEnded(QStringLiteral("Stopped"));
            feed.containerStarted();
            expected += list({"Stopped", "Started again", "run"});
            QTRY_COMPARE(shown(feed), expected);
        }
        remove(id);
    }

    /** With live-restore the container runs on under a new daemon: so does its log. */
    void theContainerOutlivesItsDaemon_data() { theDaemonIsKilledInMidLog_data(); }

    void theContainerOutlivesItsDaemon()
    {
        if (!m_skip.isEmpty())
            QSKIP(qPrintable(m_skip));
        QFETCH(bool, attached);
        support::PrivateDaemon live({QStringLiteral("--live-restore")});
        QVERIFY2(live.start(), qPrintable(live.failure()));
        QVERIFY(live.makeBusybox());
        const QString id
            = live.docker({QStringLiteral("create"), QStringLiteral("--network=none"), QStringLiteral("bb:1"),
                              QStringLiteral("sh"), QStringLiteral("-c"),
                              QStringLiteral("i=0; while true; do i=$((i+1)); echo $i; usleep 2000; done")})
                  .text();
        Feed feed({live.socketPath()}, id, false);
        if (attached)
            QVERIFY(support::await(feed.attach()).ok());
        QVERIFY(live.docker({QStringLiteral("start"), id}).ok());
        if (!attached)
            feed.open(true);
        QTRY_VERIFY(feed.document().finishedEnd() > 100);
        live.kill();
        QTRY_COMPARE(feed.state(), Feed::State::Lost);
        QVERIFY(live.start());
        QTRY_COMPARE_WITH_TIMEOUT(feed.state(), Feed::State::Live, 20000);
        const qint64 before = feed.document().finishedEnd();
        QTRY_VERIFY(feed.document().finishedEnd() > before + 100);
        int next = 1;
        for (const QString &line : shown(feed))
            if (line.toInt() > 0)
                QCOMPARE(line.toInt(), next++);
        live.docker({QStringLiteral("rm"), QStringLiteral("-f"), id});
    }

private:
    static http::Endpoint endpoint(const FakeDaemon &daemon) { return {daemon.socketPath()}; }
    http::Endpoint endpoint() const { return {m_real.socketPath()}; }

    static QByteArray lastQuery(const FakeDaemon &daemon)
    {
        QByteArray query;
        for (const auto &request : daemon.requests())
            if (request.path == logsPath)
                query = request.query;
        return query;
    }

    QString create(const QStringList &options, const char *script)
    {
        const auto made
            = m_real.docker(QStringList{QStringLiteral("create"), QStringLiteral("--network=none")} + options
                + QStringList{
                    QStringLiteral("bb:1"), QStringLiteral("sh"), QStringLiteral("-c"), QString::fromUtf8(script)});
        return made.text();
    }

    QString run(const char *script)
    {
        const QString id = create({}, script);
        m_real.docker({QStringLiteral("start"), id});
        return id;
    }

    void remove(const QString &id) { m_real.docker({QStringLiteral("rm"), QStringLiteral("-f"), id}); }

    support::PrivateDaemon m_real;
    QString m_skip;
};

QTEST_GUILESS_MAIN(FeedTest)
#include "tst_feed.moc"
