#include "http/bodysource.h"
#include "http/client.h"
#include "http/earlyrequest.h"
#include "support/await.h"
#include "support/fakedaemon.h"
#include "support/privatedaemon.h"

#include <QFile>
#include <QFileInfo>
#include <QLocalServer>
#include <QLocalSocket>
#include <QTemporaryDir>
#include <QTest>
#include <QtEndian>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

using core::ErrorKind;
using http::ByteStream;
using http::Client;
using http::Endpoint;
using http::Request;
using http::Response;
using support::await;
using support::FakeDaemon;
using support::FakeReply;
using namespace std::chrono_literals;

namespace {

Request get(const QByteArray &path, std::chrono::milliseconds deadline = 30s)
{
    Request request;
    request.path = path;
    request.deadline = deadline;
    return request;
}

Request post(const QByteArray &path, const QByteArray &body = {})
{
    Request request;
    request.method = "POST";
    request.path = path;
    request.body = body;
    return request;
}

/** A body of so many pieces, and perhaps a refusal after them. */
class Pieces : public http::BodySource
{
public:
    explicit Pieces(QList<QByteArray> pieces, QString refusal = {})
        : m_pieces(std::move(pieces))
        , m_refusal(std::move(refusal))
    {
    }
    core::Result<QByteArray> next() override
    {
        if (m_pieces.isEmpty() && !m_refusal.isEmpty())
            return core::Error{ErrorKind::Denied, 0, m_refusal, {}};
        return m_pieces.isEmpty() ? QByteArray() : m_pieces.takeFirst();
    }

private:
    QList<QByteArray> m_pieces;
    QString m_refusal;
};

/** What a stream says, from its beginning. */
struct Listener
{
    explicit Listener(ByteStream *s)
        : stream(s)
    {
        QObject::connect(s, &ByteStream::opened, s, [this](const http::ResponseHead &head) { status = head.status; });
        QObject::connect(s, &ByteStream::data, s, [this](const QByteArray &bytes) { data += bytes; });
        QObject::connect(s, &ByteStream::closed, s, [this](const core::Result<void> &result) {
            ++closed;
            if (!result)
                error = result.error();
        });
    }

    ByteStream *stream;
    int status = 0;
    QByteArray data;
    int closed = 0;
    std::optional<core::Error> error;
};

QByteArray recording(const QString &name)
{
    QFile file(QStringLiteral(SLIPWAY_SOURCE_DIR "/tests/support/recordings/http/") + name);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/** The payloads of a multiplexed stream (docker-api: ContainerAttach), read in the plainest way. */
QByteArray withoutFrames(QByteArray stream)
{
    QByteArray payload;
    while (stream.size() >= 8) {
        const auto size = qFromBigEndian<quint32>(stream.constData() + 4);
        payload += stream.mid(8, size);
        stream.remove(0, 8 + qsizetype(size));
    }
    return payload;
}

/** A socket file that nobody listens on any more. */
bool makeStaleSocket(const QString &path)
{
    const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    qstrncpy(address.sun_path, QFile::encodeName(path).constData(), sizeof address.sun_path);
    const bool bound = ::bind(fd, reinterpret_cast<sockaddr *>(&address), sizeof address) == 0;
    ::close(fd);
    return bound;
}

} // namespace

/** Requests and streams against a scripted daemon: what goes wrong is said, and nothing waits for ever. */
class ClientTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void noSocket()
    {
        QTemporaryDir folder;
        Client client({folder.filePath(QStringLiteral("missing.sock"))});
        const auto result = await(client.send(get("/_ping")));
        QVERIFY(!result);
        QCOMPARE(result.error().kind, ErrorKind::Unreachable);
        QVERIFY(result.error().message.contains(QStringLiteral("missing.sock")));
    }

    void staleSocket()
    {
        QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("stale.sock"));
        QVERIFY(makeStaleSocket(path));
        Client client({path});
        const auto result = await(client.send(get("/_ping")));
        QVERIFY(!result);
        QCOMPARE(result.error().kind, ErrorKind::Unreachable);
    }

    void noSocketButAFile()
    {
        QTemporaryDir folder;
        QFile file(folder.filePath(QStringLiteral("file")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        Client client({file.fileName()});
        const auto result = await(client.send(get("/_ping")));
        QVERIFY(!result);
        QCOMPARE(result.error().kind, ErrorKind::Unreachable);
    }

    /** As a user who is not in group docker. A child process, since only root can become somebody else, and once. */
    void noPermission()
    {
        FakeDaemon daemon;
        QVERIFY(QFile::setPermissions(daemon.socketPath(), QFile::ReadOwner | QFile::WriteOwner));
        if (::geteuid() != 0)
            QSKIP("only root can try as somebody else");
        const QString folder = QFileInfo(daemon.socketPath()).path();
        QVERIFY(::chmod(QFile::encodeName(folder).constData(), 0755) == 0);
        const uid_t nobody = 65534;
        QVERIFY(::seteuid(nobody) == 0);
        Client client({daemon.socketPath()});
        const auto result = await(client.send(get("/_ping")));
        QVERIFY(::seteuid(0) == 0);
        QVERIFY(!result);
        QCOMPARE(result.error().kind, ErrorKind::Denied);
        QVERIFY(await(client.send(get("/_ping"))).ok());
    }

    void answers()
    {
        FakeDaemon daemon;
        daemon.route("GET", "/containers/json", FakeReply::json(support::containerListJson(5000)));
        Client client({daemon.socketPath()});
        const auto list = await(client.send(get("/v1.41/containers/json")));
        QVERIFY(list.ok());
        QCOMPARE(list->body, support::containerListJson(5000));
        const auto missing = await(client.send(get("/v1.41/nosuch")));
        QVERIFY(missing.ok()); // any status is an answer
        QCOMPARE(missing->head.status, 404);
        QCOMPARE(daemon.connectionsMade(), 1);
    }

    void sendsWhatItWasGiven()
    {
        FakeDaemon daemon;
        daemon.route("POST", "/containers/create", FakeReply::json(R"({"Id":"1"})", 201));
        Client client({daemon.socketPath()});
        Request request = post("/v1.41/containers/create", R"({"Image":"bb:1"})");
        request.query.addQueryItem(QStringLiteral("name"), QStringLiteral("a%26b"));
        request.contentType = "application/json";
        request.headers.add("X-Registry-Auth", "e30=");
        QVERIFY(await(client.send(request)).ok());
        QVERIFY(await(client.send(post("/containers/x/start"))).ok());
        const auto &requests = daemon.requests();
        QCOMPARE(requests[0].query, QByteArray("name=a%26b"));
        QCOMPARE(requests[0].body, request.body);
        QVERIFY(requests[0].head.contains("\r\nContent-Type: application/json\r\n"));
        QVERIFY(requests[0].head.contains("\r\nX-Registry-Auth: e30=\r\n"));
        QVERIFY(requests[0].head.contains("\r\nHost: "));
        QVERIFY(requests[1].head.contains("\r\nContent-Length: 0\r\n"));
    }

    void aStallIsATimeout()
    {
        FakeDaemon daemon;
        daemon.route("GET", "/stall", FakeReply::stall());
        daemon.route(
            "GET", "/half", FakeReply::raw(FakeReply::json("[1,2,3]").bytes.chopped(3), FakeReply::After::Stall));
        Client client({daemon.socketPath()});
        for (const char *path : {"/stall", "/half"}) {
            const auto result = await(client.send(get(path, 50ms)));
            QVERIFY(!result);
            QCOMPARE(result.error().kind, ErrorKind::Timeout);
        }
        QVERIFY(await(client.send(get("/_ping"))).ok());
    }

    /** A slow answer is none that stalls: the deadline counts from the last byte. */
    void aTrickleIsNoTimeout()
    {
        FakeDaemon daemon;
        daemon.route("GET", "/containers/json", FakeReply::json(support::containerListJson(20)).inPieces(7));
        Client client({daemon.socketPath()});
        const auto result = await(client.send(get("/containers/json", 1s)));
        QVERIFY(result.ok());
        QCOMPARE(result->body, support::containerListJson(20));
    }

    void garbage()
    {
        FakeDaemon daemon;
        daemon.route("GET", "/ssh", FakeReply::raw("SSH-2.0-OpenSSH_9.2\r\n", FakeReply::After::Stall));
        daemon.route("GET", "/pieces", FakeReply::raw(QByteArray(3000, '\xff'), FakeReply::After::Stall).inPieces(1));
        daemon.route("GET", "/more", FakeReply::raw(FakeReply::json("[]").bytes + "what is this"));
        Client client({daemon.socketPath()});
        for (const char *path : {"/ssh", "/pieces", "/more"}) {
            const auto result = await(client.send(get(path)));
            QVERIFY2(!result, path);
            QVERIFY2(result.error().kind == ErrorKind::Protocol, path);
        }
        QVERIFY(await(client.send(get("/_ping"))).ok());
    }

    void cutAnywhere_data()
    {
        QTest::addColumn<QString>("file");
        QTest::newRow("chunked") << QStringLiteral("list-chunked.http");
        QTest::newRow("length") << QStringLiteral("notfound.http");
        QTest::newRow("no body") << QStringLiteral("rename-204.http");
    }

    /** The recorded conversation ends after every byte: an Error each time, never a hang or half an answer. */
    void cutAnywhere()
    {
        QFETCH(QString, file);
        const QByteArray answer = recording(file);
        QVERIFY(!answer.isEmpty());
        FakeDaemon daemon;
        qsizetype cut = 0;
        daemon.route("GET", "/cut", [&](const support::FakeRequest &) { return FakeReply::raw(answer).cutAfter(cut); });
        Client client({daemon.socketPath()});
        for (; cut < answer.size(); ++cut) {
            const auto result = await(client.send(get("/cut")));
            QVERIFY2(!result, qPrintable(QStringLiteral("cut at %1").arg(cut)));
            QCOMPARE(result.error().kind, ErrorKind::Unreachable);
        }
        cut = answer.size();
        QVERIFY(await(client.send(get("/cut"))).ok());
    }

    void streamCutAnywhere()
    {
        const QByteArray answer = recording(QStringLiteral("logs.http"));
        FakeDaemon daemon;
        qsizetype cut = 0;
        daemon.route("GET", "/cut", [&](const support::FakeRequest &) { return FakeReply::raw(answer).cutAfter(cut); });
        Client client({daemon.socketPath()});
        for (; cut < answer.size(); ++cut) {
            QObject owner;
            Listener listener(client.open(get("/cut"), &owner));
            QVERIFY(support::awaitSignal(listener.stream, &ByteStream::closed));
            QCOMPARE(listener.closed, 1);
            QVERIFY2(listener.error && listener.error->kind == ErrorKind::Unreachable,
                qPrintable(QStringLiteral("cut at %1").arg(cut)));
            QVERIFY(QByteArray("\1\0\0\0\0\0\0\10epoch 1\n", 16).startsWith(listener.data));
        }
    }

    void keepsTheConnection()
    {
        FakeDaemon daemon;
        Client client({daemon.socketPath()});
        for (int i = 0; i < 10; ++i)
            QVERIFY(await(client.send(get("/_ping"))).ok());
        QCOMPARE(daemon.connectionsMade(), 1);
        // Two at once need two, five at once leave two.
        QObject context;
        int answered = 0;
        for (int i = 0; i < 5; ++i)
            client.send(get("/_ping")).then(&context, [&](const core::Result<Response> &r) { answered += r.ok(); });
        QTRY_COMPARE(answered, 5);
        QTRY_COMPARE(daemon.connectionsOpen(), 2);
    }

    /** The daemon ended a kept connection just when it was used again. */
    void staleConnection()
    {
        FakeDaemon daemon;
        Client client({daemon.socketPath()});
        // Answered on a connection's first request, dropped on its second.
        QHash<QByteArray, int> asked;
        daemon.route("", "/flaky", [&](const support::FakeRequest &request) {
            return ++asked[request.method] == 1 ? FakeReply::raw({}, FakeReply::After::Close) : FakeReply::json("[]");
        });
        QVERIFY(await(client.send(get("/_ping"))).ok());
        QVERIFY(await(client.send(get("/flaky"))).ok()); // a read is tried again
        QCOMPARE(asked["GET"], 2);

        const auto result = await(client.send(post("/flaky"))); // a write may have been done
        QVERIFY(!result);
        QCOMPARE(result.error().kind, ErrorKind::Unreachable);
        QCOMPARE(asked["POST"], 1);

        asked.clear(); // and once only: a new connection that ends is no stale one
        daemon.route("GET", "/never", FakeReply::raw({}, FakeReply::After::Close));
        QVERIFY(await(client.send(get("/_ping"))).ok());
        daemon.forgetRequests();
        QVERIFY(!await(client.send(get("/never"))));
        QCOMPARE(daemon.count("GET", "/never"), 2);
    }

    void idleConnectionThatEnds()
    {
        FakeDaemon daemon;
        Client client({daemon.socketPath()});
        QVERIFY(await(client.send(get("/_ping"))).ok());
        daemon.shutDown();
        QVERIFY(daemon.listen());
        QCoreApplication::processEvents();
        QVERIFY(await(client.send(post("/containers/x/start"))).ok());
    }

    void connectionCloseIsObeyed()
    {
        FakeDaemon daemon;
        daemon.route("GET", "/once",
            FakeReply::raw(
                "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nOK", FakeReply::After::Close));
        Client client({daemon.socketPath()});
        QVERIFY(await(client.send(get("/once"))).ok());
        QVERIFY(await(client.send(post("/containers/x/start"))).ok());
        QCOMPARE(daemon.connectionsMade(), 2);
    }

    void abort()
    {
        FakeDaemon daemon;
        daemon.route("GET", "/stall", FakeReply::stall());
        Client client({daemon.socketPath()});
        QObject context;
        std::optional<core::Error> error;
        const auto aborter
            = client.send(get("/stall")).then(&context, [&](const core::Result<Response> &r) { error = r.error(); });
        QTRY_COMPARE(daemon.count("GET", "/stall"), 1);
        aborter.abort();
        QTRY_VERIFY(error);
        QCOMPARE(error->kind, ErrorKind::Aborted);
        QTRY_COMPARE(daemon.connectionsOpen(), 0);
        aborter.abort(); // of nothing
        QVERIFY(await(client.send(get("/_ping"))).ok());
    }

    void clientDiesWhileAsked()
    {
        FakeDaemon daemon;
        daemon.route("GET", "/stall", FakeReply::stall());
        auto client = std::make_unique<Client>(Endpoint{daemon.socketPath()});
        QObject context;
        bool answered = false;
        const auto aborter
            = client->send(get("/stall")).then(&context, [&](const core::Result<Response> &) { answered = true; });
        QTRY_COMPARE(daemon.count("GET", "/stall"), 1);
        client.reset();
        QTRY_COMPARE(daemon.connectionsOpen(), 0);
        QVERIFY(!answered);
        aborter.abort();
    }

    void stream()
    {
        FakeDaemon daemon;
        Client client({daemon.socketPath()});
        QObject owner;
        Listener listener(client.open(get("/events", 50ms), &owner));
        QTRY_COMPARE(listener.status, 200);
        QTest::qWait(120); // longer than the deadline, which is for the header only
        QCOMPARE(listener.closed, 0);
        daemon.push("/events", "{\"a\":1}\n");
        QTRY_COMPARE(listener.data, QByteArray("{\"a\":1}\n"));
        daemon.end("/events");
        QTRY_COMPARE(listener.closed, 1);
        QVERIFY(!listener.error);
    }

    void streamThatStallsBeforeItsHeader()
    {
        FakeDaemon daemon;
        daemon.route("GET", "/events", FakeReply::stall());
        Client client({daemon.socketPath()});
        QObject owner;
        Listener listener(client.open(get("/events", 50ms), &owner));
        QTRY_COMPARE(listener.closed, 1);
        QCOMPARE(listener.error->kind, ErrorKind::Timeout);
    }

    void streamRefused()
    {
        FakeDaemon daemon;
        daemon.route("GET", "/logs", FakeReply::status(404, "No such container: x"));
        // As attach to a missing container: no length, so the body ends with the connection.
        daemon.route("POST", "/attach",
            FakeReply::raw(
                "HTTP/1.1 409 Conflict\r\nContent-Type: application/vnd.docker.raw-stream\r\n\r\nnot running\r\n",
                FakeReply::After::Close));
        Client client({daemon.socketPath()});
        QObject owner;
        Listener logs(client.open(get("/logs"), &owner));
        QTRY_COMPARE(logs.closed, 1);
        QCOMPARE(logs.error->kind, ErrorKind::NotFound);
        QVERIFY(logs.error->message.contains(QStringLiteral("No such container: x")));
        QVERIFY(logs.data.isEmpty());
        QCOMPARE(logs.status, 0);
        Listener attach(client.open(post("/attach"), &owner));
        QTRY_COMPARE(attach.closed, 1);
        QCOMPARE(attach.error->kind, ErrorKind::Conflict);
        QCOMPARE(attach.error->message, QStringLiteral("not running"));
    }

    void streamStopped()
    {
        FakeDaemon daemon;
        Client client({daemon.socketPath()});
        QObject owner;
        Listener listener(client.open(get("/events"), &owner));
        QTRY_COMPARE(listener.status, 200);
        listener.stream->stop();
        listener.stream->stop();
        QCOMPARE(listener.closed, 0); // never inside the call
        QTRY_COMPARE(listener.closed, 1);
        QCOMPARE(listener.error->kind, ErrorKind::Aborted);
        QTRY_COMPARE(daemon.connectionsOpen(), 0);
        QCOMPARE(listener.closed, 1);
    }

    void streamLost()
    {
        FakeDaemon daemon;
        Client client({daemon.socketPath()});
        QObject owner;
        Listener listener(client.open(get("/events"), &owner));
        QTRY_COMPARE(listener.status, 200);
        daemon.dropConnections();
        QTRY_COMPARE(listener.closed, 1);
        QCOMPARE(listener.error->kind, ErrorKind::Unreachable);
    }

    void streamDeletedInItsOwnSignal()
    {
        FakeDaemon daemon;
        daemon.route("GET", "/events", FakeReply::stream("application/json", "{}\n"));
        Client client({daemon.socketPath()});
        QPointer<ByteStream> stream = client.open(get("/events"), this);
        connect(stream, &ByteStream::data, this, [&] { delete stream.data(); });
        QTRY_VERIFY(!stream);
        QTRY_COMPARE(daemon.connectionsOpen(), 0);
    }

    void hijack_data()
    {
        QTest::addColumn<bool>("upgraded");
        QTest::newRow("101") << true;
        QTest::newRow("200, as without the upgrade") << false;
    }

    void hijack()
    {
        QFETCH(bool, upgraded);
        FakeDaemon daemon;
        daemon.route("POST", "/containers/x/attach", FakeReply::hijack(upgraded));
        Client client({daemon.socketPath()});
        QObject owner;
        Request request = post("/containers/x/attach");
        request.upgrade = "tcp";
        Listener listener(client.open(request, &owner));
        QTRY_COMPARE(listener.status, upgraded ? 101 : 200);
        QVERIFY(daemon.requests().last().head.contains("\r\nUpgrade: tcp\r\n"));
        listener.stream->write("to the container\n");
        QTRY_COMPARE(daemon.received("/containers/x"), QByteArray("to the container\n"));
        daemon.push("/containers/x", "from it");
        QTRY_COMPARE(listener.data, QByteArray("from it"));
        listener.stream->closeWrite();
        const auto closed = [&] {
            bool ended = false;
            daemon.received("/containers/x", &ended);
            return ended;
        };
        QTRY_VERIFY(closed());
        QTRY_COMPARE(listener.closed, 1);
        QVERIFY(!listener.error);
    }

    void earlyRequest()
    {
        FakeDaemon daemon;
        daemon.route("GET", "/containers/json", FakeReply::json(support::containerListJson(50)));
        const Endpoint endpoint{daemon.socketPath()};
        const int fd = http::sendEarly(endpoint, get("/containers/json"));
        QVERIFY(fd >= 0);
        Client client(endpoint);
        const auto result = await(client.adopt(fd, get("/containers/json")));
        QVERIFY(result.ok());
        QCOMPARE(result->body, support::containerListJson(50));
        QVERIFY(await(client.send(get("/_ping"))).ok()); // on the same connection
        QCOMPARE(daemon.connectionsMade(), 1);

        QCOMPARE(http::sendEarly({QStringLiteral("/nonexistent/docker.sock")}, get("/_ping")), -1);
        QVERIFY(await(client.adopt(-1, get("/_ping"))).ok()); // the ordinary way
    }

    void realDaemon()
    {
        if (const QString reason = support::PrivateDaemon::skipReason(); !reason.isEmpty())
            QSKIP(qPrintable(reason));
        support::PrivateDaemon daemon;
        QVERIFY2(daemon.start(), qPrintable(daemon.failure()));
        QVERIFY2(daemon.makeBusybox(), qPrintable(daemon.failure()));
        const QString id = daemon
                               .docker({QStringLiteral("create"), QStringLiteral("-i"),
                                   QStringLiteral("--network=none"), QStringLiteral("bb:1"), QStringLiteral("cat")})
                               .text();
        QVERIFY(!id.isEmpty());
        Client client({daemon.socketPath()});
        const auto ping = await(client.send(get("/_ping")));
        QVERIFY(ping.ok());
        QCOMPARE(ping->body, QByteArray("OK"));
        QVERIFY(!ping->head.headers.value("Api-Version").isEmpty());

        // Both directions, and the half-close that ends `cat`.
        QObject owner;
        const QByteArray path = "/containers/" + id.toLatin1();
        Request attach = post(path + "/attach?stream=1&stdin=1&stdout=1&stderr=1");
        attach.upgrade = "tcp";
        Listener listener(client.open(attach, &owner));
        QTRY_COMPARE(listener.status, 101);
        const auto started = await(client.send(post(path + "/start")));
        QVERIFY(started.ok());
        QCOMPARE(started->head.status, 204);
        const QByteArray much(1000000, 'x');
        listener.stream->write(much);
        listener.stream->closeWrite();
        QTRY_COMPARE_WITH_TIMEOUT(listener.closed, 1, 20000);
        QVERIFY(!listener.error);
        QVERIFY(withoutFrames(listener.data) == much);

        daemon.freeze();
        const auto frozen = await(client.send(get("/_ping", 200ms)));
        daemon.thaw();
        QVERIFY(!frozen);
        QCOMPARE(frozen.error().kind, ErrorKind::Timeout);
        QVERIFY(await(client.send(get("/_ping"))).ok());
        daemon.kill();
        const auto killed = await(client.send(get("/_ping")));
        QVERIFY(!killed);
        QCOMPARE(killed.error().kind, ErrorKind::Unreachable);
    }

    // ---- bodies made while they are sent

    void sendsABodyInChunks()
    {
        FakeDaemon daemon;
        daemon.route("POST", "/build", FakeReply::json("{}"));
        QList<QByteArray> pieces;
        for (int i = 0; i < 64; ++i)
            pieces += QByteArray(100000 + i, char('a' + i % 26));
        const QByteArray whole = pieces.join();
        Client client(Endpoint{daemon.socketPath()});
        Request request = post("/build");
        request.bodySource = std::make_shared<Pieces>(pieces);
        const auto answer = await(client.send(request));
        QVERIFY2(answer.ok(), answer ? "" : qPrintable(answer.error().message));
        QVERIFY(daemon.requests().last().head.contains("Transfer-Encoding: chunked"));
        QVERIFY(!daemon.requests().last().head.contains("Content-Length"));
        QVERIFY(daemon.requests().last().body == whole);
        // The connection is as good as new.
        QVERIFY(await(client.send(post("/build"))).ok());
        QCOMPARE(daemon.connectionsMade(), 1);
    }

    void aBodyThatCannotBeMadeEndsTheExchange()
    {
        FakeDaemon daemon;
        Client client(Endpoint{daemon.socketPath()});
        Request request = post("/build");
        request.bodySource = std::make_shared<Pieces>(QList<QByteArray>{"abc"}, QStringLiteral("data/x: denied"));
        const auto answer = await(client.send(request));
        QVERIFY(!answer);
        QCOMPARE(answer.error().message, QStringLiteral("data/x: denied"));
        QCOMPARE(daemon.count("POST", "/build"), 0);
    }

    /** A server that has seen enough says so and closes, while more is being written to it. */
    void hearsARefusalInTheMiddle()
    {
        QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("s"));
        QLocalServer server;
        QVERIFY(server.listen(path));
        connect(&server, &QLocalServer::newConnection, &server, [&server] {
            QLocalSocket *socket = server.nextPendingConnection();
            connect(socket, &QLocalSocket::readyRead, socket, [socket] {
                if (socket->readAll().size() == 0 || socket->property("answered").toBool())
                    return;
                socket->setProperty("answered", true);
                socket->write("HTTP/1.1 400 Bad Request\r\nContent-Length: 11\r\nConnection: close\r\n\r\nsyntax of X");
                socket->flush();
                ::close(int(socket->socketDescriptor()));
            });
        });
        Client client(Endpoint{path});
        Request request = post("/build");
        request.bodySource = std::make_shared<Pieces>(QList<QByteArray>(200, QByteArray(200000, 'x')));
        const auto answer = await(client.send(request));
        QVERIFY2(answer.ok(), answer ? "" : qPrintable(answer.error().message));
        QCOMPARE(answer->head.status, 400);
        QCOMPARE(answer->body, QByteArray("syntax of X"));
    }
};

QTEST_GUILESS_MAIN(ClientTest)
#include "tst_client.moc"
