#include "session/buildsession.h"

#include "docker/engine.h"
#include "grpcclient.h"
#include "session/protobuf.h"
#include "support/await.h"
#include "support/fakedaemon.h"

#include <QTest>

using session::BuildSession;
using session::MessageWriter;
using session::Offer;
using support::FakeDaemon;
using support::FakeReply;
using namespace Qt::StringLiterals;

/** The session beside a build, with a test as the daemon. */
class BuildSessionTest : public QObject
{
    Q_OBJECT

    static Offer offer()
    {
        Offer made;
        made.name = u"my träin"_s;
        made.sharedKey = u"abc"_s;
        made.files = [](const session::FileRequest &request) -> core::Result<std::unique_ptr<session::FileSource>> {
            return core::Error{
                request.folder == "bad" ? core::ErrorKind::Protocol : core::ErrorKind::NotFound, 0, u"no folder"_s, {}};
        };
        made.auths = {{u"nvcr.io"_s, u"$oauthtoken"_s, u"k3y"_s, {}},
            {u"https://index.docker.io/v1/"_s, u"me"_s, {}, u"t0ken"_s}};
        return made;
    }

private Q_SLOTS:
    void aDaemonWithoutSessionsSaysSo()
    {
        FakeDaemon daemon;
        daemon.route("POST", "/session", FakeReply::status(404, "page not found"));
        docker::Engine engine({daemon.socketPath()});
        BuildSession session(engine, offer(), std::make_shared<std::atomic<qint64>>(0));
        const auto opened = support::await(session.open());
        QVERIFY(!opened.ok());
        QCOMPARE(opened.error().httpStatus, 404);
    }

    void saysWhoItIs()
    {
        FakeDaemon daemon;
        daemon.route("POST", "/session", FakeReply::hijack());
        docker::Engine engine({daemon.socketPath()});
        BuildSession session(engine, offer(), std::make_shared<std::atomic<qint64>>(0));
        QVERIFY(support::await(session.open()).ok());
        const QByteArray head = daemon.requests().last().head;
        QVERIFY(head.contains("Upgrade: h2c\r\n"));
        QVERIFY(head.contains(QByteArray("X-Docker-Expose-Session-Uuid: " + session.id().toLatin1() + "\r\n")));
        QVERIFY(head.contains("X-Docker-Expose-Session-Name: my%20tr%C3%A4in\r\n"));
        QVERIFY(head.contains("X-Docker-Expose-Session-Sharedkey: abc\r\n"));
        QVERIFY(head.contains("X-Docker-Expose-Session-Grpc-Method: /moby.filesync.v1.FileSync/DiffCopy\r\n"));
        QVERIFY(!head.contains("k3y"));
    }

    void answers_data()
    {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("request");
        QTest::addColumn<QByteArray>("status");
        QTest::addColumn<QByteArray>("answer");
        const QByteArray health = "/grpc.health.v1.Health/Check";
        const QByteArray who = "/moby.filesync.v1.Auth/Credentials";
        const auto host = [](const char *name) { return MessageWriter().bytes(1, name).wire(); };
        QTest::newRow("alive") << health << QByteArray() << QByteArray("0") << MessageWriter().number(1, 1).wire();
        QTest::newRow("an account") << who << host("nvcr.io") << QByteArray("0")
                                    << MessageWriter().bytes(1, "$oauthtoken").bytes(2, "k3y").wire();
        QTest::newRow("a token") << who << host("registry-1.docker.io") << QByteArray("0")
                                 << MessageWriter().bytes(2, "t0ken").wire();
        QTest::newRow("nobody") << who << host("ghcr.io") << QByteArray("0") << QByteArray();
        QTest::newRow("unknown") << QByteArray("/moby.filesync.v1.Auth/FetchToken") << QByteArray() << QByteArray("12")
                                 << QByteArray();
        QTest::newRow("no such folder") << QByteArray("/moby.filesync.v1.FileSync/DiffCopy") << QByteArray()
                                        << QByteArray("5") << QByteArray();
    }
    void answers()
    {
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, request);
        QFETCH(QByteArray, status);
        QFETCH(QByteArray, answer);
        FakeDaemon daemon;
        daemon.route("POST", "/session", FakeReply::hijack());
        docker::Engine engine({daemon.socketPath()});
        BuildSession session(engine, offer(), std::make_shared<std::atomic<qint64>>(0));
        QVERIFY(support::await(session.open()).ok());
        GrpcClient client([&daemon](const QByteArray &bytes) { daemon.push("/session", bytes); });
        qsizetype heard = 0;
        const auto listen = [&] {
            const QByteArray all = daemon.received("/session");
            if (all.size() > heard)
                client.take(all.mid(std::exchange(heard, all.size())));
            return client.headers.contains("grpc-status");
        };
        client.call(path.constData());
        client.send(framed(request));
        QVERIFY(QTest::qWaitFor(listen));
        QCOMPARE(client.headers.value("grpc-status"), status);
        QCOMPARE(client.body, status == "0" ? framed(answer) : QByteArray());
    }

    void whatIsNoHttp2EndsIt()
    {
        FakeDaemon daemon;
        daemon.route("POST", "/session", FakeReply::hijack());
        docker::Engine engine({daemon.socketPath()});
        BuildSession session(engine, offer(), std::make_shared<std::atomic<qint64>>(0));
        QVERIFY(support::await(session.open()).ok());
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"no HTTP/2"_s));
        daemon.push("/session", "HTTP/1.1 400 Bad Request\r\n\r\n");
        bool closed = false;
        QTRY_VERIFY((daemon.received("/session", &closed), closed));
    }
};

QTEST_GUILESS_MAIN(BuildSessionTest)
#include "tst_buildsession.moc"
