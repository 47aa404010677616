#include "support/fakedaemon.h"
#include "support/privatedaemon.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QJsonArray>
#include <QLocalSocket>
#include <QTest>

using support::CommandResult;
using support::FakeDaemon;
using support::FakeReply;
using support::PrivateDaemon;

namespace {

/** What the fake daemon sends on one connection until it ends it, or until that many bytes came. */
QByteArray talk(QLocalSocket &socket, const QByteArray &request, qsizetype enough = 1 << 20)
{
    QByteArray got;
    socket.write(request);
    const auto more = [&] {
        got += socket.readAll();
        return got.size() >= enough || socket.state() != QLocalSocket::ConnectedState;
    };
    return QTest::qWaitFor(more, 5000) ? got + socket.readAll() : got;
}

bool mentioned(const QString &file, const QString &what)
{
    QFile f(file);
    return f.open(QIODevice::ReadOnly) && f.readAll().contains(what.toUtf8());
}

} // namespace

/** The helpers themselves: a private daemon that is real and leaves nothing, a fake one that does as it is told. */
class SupportTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void privateDaemonRunsContainers()
    {
        if (const QString reason = PrivateDaemon::skipReason(); !reason.isEmpty())
            QSKIP(qPrintable(reason));
        QString folder;
        {
            PrivateDaemon daemon;
            folder = daemon.folder();
            QVERIFY2(daemon.start(), qPrintable(daemon.failure()));
            QVERIFY2(daemon.makeBusybox(), qPrintable(daemon.failure()));
            const CommandResult run = daemon.docker({QStringLiteral("run"), QStringLiteral("--network=host"),
                QStringLiteral("--gpus=device=0"), QStringLiteral("bb:1"), QStringLiteral("sh"), QStringLiteral("-c"),
                QStringLiteral("echo GPU $NVIDIA_VISIBLE_DEVICES; exit 3")});
            QCOMPARE(run.exitCode, 3);
            QCOMPARE(run.text(), QStringLiteral("GPU 0"));
            // One that goes on, for the end to clean up.
            QVERIFY(daemon
                        .docker({QStringLiteral("run"), QStringLiteral("-d"), QStringLiteral("--network=none"),
                            QStringLiteral("bb:1"), QStringLiteral("sleep"), QStringLiteral("1000")})
                        .ok());
            QVERIFY(!mentioned(QStringLiteral("/proc/self/mounts"), folder));
        }
        QVERIFY(!QDir(folder).exists());
        QVERIFY(!mentioned(QStringLiteral("/proc/self/mounts"), folder));
    }

    void privateDaemonDiesAndComesBack()
    {
        if (const QString reason = PrivateDaemon::skipReason(); !reason.isEmpty())
            QSKIP(qPrintable(reason));
        QString folder;
        {
            PrivateDaemon daemon;
            PrivateDaemon other; // beside it
            folder = daemon.folder();
            QVERIFY2(daemon.start(), qPrintable(daemon.failure()));
            QVERIFY2(other.start(), qPrintable(other.failure()));
            QVERIFY2(daemon.makeBusybox(), qPrintable(daemon.failure()));
            const QString id = daemon
                                   .docker({QStringLiteral("run"), QStringLiteral("-d"),
                                       QStringLiteral("--stop-timeout=1"), QStringLiteral("--network=none"),
                                       QStringLiteral("bb:1"), QStringLiteral("sleep"), QStringLiteral("1000")})
                                   .text();
            QCOMPARE(id.size(), 64);
            QVERIFY(other.docker({QStringLiteral("ps"), QStringLiteral("-aq")}).text().isEmpty());

            daemon.kill();
            QVERIFY(!daemon.running());
            QVERIFY2(daemon.start(), qPrintable(daemon.failure()));
            QVERIFY(daemon.docker({QStringLiteral("ps"), QStringLiteral("-aq"), QStringLiteral("--no-trunc")})
                        .text()
                        .contains(id));
            QVERIFY(daemon.docker({QStringLiteral("start"), id}).ok());

            daemon.freeze();
            QLocalSocket socket;
            socket.connectToServer(daemon.socketPath());
            QVERIFY(socket.waitForConnected(1000));
            socket.write("GET /_ping HTTP/1.1\r\nHost: d\r\n\r\n");
            QVERIFY(!socket.waitForReadyRead(200));
            daemon.thaw();
            QVERIFY(socket.waitForReadyRead(5000));

            daemon.kill(); // and nobody starts it again: its container is still there to be swept
        }
        QVERIFY(!QDir(folder).exists());
    }

    void fakeDaemonFollowsItsScript()
    {
        FakeDaemon daemon;
        daemon.route("GET", "/containers/json", FakeReply::json(support::containerListJson(5000)));
        daemon.route("GET", "/cut", FakeReply::json("[1,2,3]").cutAfter(20));
        daemon.route("GET", "/pieces", FakeReply::json("[1,2,3]").inPieces(1));
        QLocalSocket socket;
        socket.connectToServer(daemon.socketPath());
        const QByteArray list = talk(socket, "GET /v1.41/containers/json?all=1 HTTP/1.1\r\nHost: d\r\n\r\n",
            FakeReply::json(support::containerListJson(5000)).bytes.size());
        QCOMPARE(QJsonDocument::fromJson(list.mid(list.indexOf("\r\n\r\n") + 4)).array().size(), 5000);
        QCOMPARE(daemon.requests().last().version, QByteArray("/v1.41"));
        QCOMPARE(daemon.requests().last().query, QByteArray("all=1"));

        const QByteArray pieces = FakeReply::json("[1,2,3]").bytes;
        QCOMPARE(talk(socket, "GET /pieces HTTP/1.1\r\n\r\n", pieces.size()), pieces);
        QCOMPARE(talk(socket, "GET /cut HTTP/1.1\r\n\r\n").size(), 20);
        QCOMPARE(daemon.connectionsMade(), 1);
    }

    void fakeDaemonStreamsAndHijacks()
    {
        FakeDaemon daemon;
        daemon.route("POST", "/containers/x/attach", FakeReply::hijack());
        QLocalSocket events;
        events.connectToServer(daemon.socketPath());
        events.write("GET /v1.41/events HTTP/1.1\r\n\r\n");
        QTRY_COMPARE(daemon.push("/events", "{}\n"), 1);
        QTRY_VERIFY(events.peek(1000).endsWith("3\r\n{}\n\r\n"));
        QCOMPARE(daemon.end("/events"), 1);
        QTRY_VERIFY(events.peek(1000).endsWith("\r\n0\r\n\r\n"));

        QLocalSocket attach;
        attach.connectToServer(daemon.socketPath());
        attach.write("POST /v1.41/containers/x/attach HTTP/1.1\r\nContent-Length: 0\r\n\r\nhello");
        QTRY_COMPARE(daemon.received("/containers/x"), QByteArray("hello"));
        daemon.push("/containers/x", support::frame(1, "out"));
        QTRY_VERIFY(attach.peek(1000).endsWith(QByteArray("\r\n\r\n\1\0\0\0\0\0\0\3out", 15)));
        daemon.shutDown();
        QTRY_VERIFY(attach.state() != QLocalSocket::ConnectedState);
        QVERIFY(daemon.listen());
    }
};

QTEST_GUILESS_MAIN(SupportTest)
#include "tst_support.moc"
