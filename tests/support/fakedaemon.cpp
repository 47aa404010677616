#include "support/fakedaemon.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QLocalSocket>
#include <QPointer>
#include <QTimer>

namespace support {

using After = FakeReply::After;

namespace {

QByteArray statusLine(int status)
{
    const char *reason = "Status";
    switch (status) {
    case 200:
        reason = "OK";
        break;
    case 201:
        reason = "Created";
        break;
    case 204:
        reason = "No Content";
        break;
    case 304:
        reason = "Not Modified";
        break;
    case 404:
        reason = "Not Found";
        break;
    case 409:
        reason = "Conflict";
        break;
    case 500:
        reason = "Internal Server Error";
        break;
    default:
        break;
    }
    return "HTTP/1.1 " + QByteArray::number(status) + ' ' + reason
        + "\r\nApi-Version: 1.41\r\nOstype: linux\r\nServer: Docker/20.10.24 (linux)\r\n";
}

/** The body that begins at `begin`, chunked or of a known length. Where it ends; unset: not all is there yet. */
std::optional<qsizetype> readBody(const QByteArray &input, qsizetype begin, FakeRequest &request)
{
    qsizetype length = 0;
    bool chunked = false;
    for (const QByteArray &line : request.head.toLower().split('\n')) {
        if (line.startsWith("content-length:"))
            length = line.mid(15).trimmed().toLongLong();
        chunked = chunked || line.startsWith("transfer-encoding: chunked");
    }
    if (!chunked) {
        if (input.size() < begin + length)
            return std::nullopt;
        request.body = input.mid(begin, length);
        return begin + length;
    }
    request.body.clear();
    for (qsizetype at = begin;;) {
        const qsizetype lineEnd = input.indexOf("\r\n", at);
        if (lineEnd < 0)
            return std::nullopt;
        const qsizetype size = input.mid(at, lineEnd - at).toLongLong(nullptr, 16);
        at = lineEnd + 2 + size + 2;
        if (input.size() < at)
            return std::nullopt;
        if (size == 0)
            return at;
        request.body += input.mid(lineEnd + 2, size);
    }
}

QByteArray chunk(const QByteArray &bytes) { return QByteArray::number(bytes.size(), 16) + "\r\n" + bytes + "\r\n"; }

} // namespace

FakeReply FakeReply::raw(const QByteArray &bytes, After after) { return {bytes, 0, after}; }

FakeReply FakeReply::json(const QByteArray &body, int status)
{
    return {statusLine(status) + "Content-Type: application/json\r\nContent-Length: " + QByteArray::number(body.size())
            + "\r\n\r\n" + body,
        0, After::KeepAlive};
}

FakeReply FakeReply::status(int status, const QByteArray &message)
{
    if (status == 204 || status == 304)
        return {statusLine(status) + "\r\n", 0, After::KeepAlive};
    return json(QJsonDocument(QJsonObject{{QStringLiteral("message"), QString::fromUtf8(message)}})
                    .toJson(QJsonDocument::Compact),
        status);
}

FakeReply FakeReply::stall() { return {{}, 0, After::Stall}; }

FakeReply FakeReply::stream(const QByteArray &contentType, const QByteArray &first)
{
    QByteArray bytes = statusLine(200)
        + (contentType.isEmpty() ? QByteArray() : "Content-Type: " + contentType + "\r\n")
        + "Transfer-Encoding: chunked\r\n\r\n";
    if (!first.isEmpty())
        bytes += chunk(first);
    return {bytes, 0, After::Stream};
}

FakeReply FakeReply::hijack(bool upgraded, const QByteArray &contentType)
{
    const QByteArray line
        = upgraded ? "HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n" : "HTTP/1.1 200 OK\r\n";
    return {line + "Content-Type: " + contentType + "\r\n\r\n", 0, After::Hijack};
}

FakeReply FakeReply::cutAfter(qsizetype n) const { return {bytes.left(n), pieceSize, After::Close}; }

FakeReply FakeReply::inPieces(qsizetype size) const { return {bytes, size, after}; }

QByteArray frame(int stream, const QByteArray &payload)
{
    QByteArray head(8, '\0');
    head[0] = char(stream);
    for (int i = 0; i < 4; ++i)
        head[4 + i] = char((quint32(payload.size()) >> (8 * (3 - i))) & 0xff);
    return head + payload;
}

QByteArray containerListJson(int n)
{
    QJsonArray list;
    for (int i = 0; i < n; ++i) {
        const bool running = i % 3 != 2;
        const QString id = QStringLiteral("%1").arg(i + 1, 64, 16, QLatin1Char('0'));
        const QString name = QStringLiteral("/run-%1").arg(i, 5, 10, QLatin1Char('0'));
        QJsonObject ports{{QStringLiteral("IP"), QStringLiteral("0.0.0.0")}, {QStringLiteral("PrivatePort"), 6006},
            {QStringLiteral("PublicPort"), 10000 + i}, {QStringLiteral("Type"), QStringLiteral("tcp")}};
        list.append(QJsonObject{{QStringLiteral("Id"), id}, {QStringLiteral("Names"), QJsonArray{name}},
            {QStringLiteral("Image"), QStringLiteral("pytorch:24.05")},
            {QStringLiteral("ImageID"), QString(QStringLiteral("sha256:") + id)},
            {QStringLiteral("Command"), QStringLiteral("python3 train.py --fold %1").arg(i)},
            {QStringLiteral("Created"), 1795000000 - i},
            {QStringLiteral("Ports"), i % 10 == 0 && running ? QJsonArray{ports} : QJsonArray()},
            {QStringLiteral("Labels"), QJsonObject{{QStringLiteral("owner"), QStringLiteral("me")}}},
            {QStringLiteral("State"), running ? QStringLiteral("running") : QStringLiteral("exited")},
            {QStringLiteral("Status"),
                running ? QStringLiteral("Up 3 hours") : QStringLiteral("Exited (%1) 2 hours ago").arg(i % 2)},
            {QStringLiteral("HostConfig"), QJsonObject{{QStringLiteral("NetworkMode"), QStringLiteral("host")}}},
            {QStringLiteral("NetworkSettings"),
                QJsonObject{{QStringLiteral("Networks"), QJsonObject{{QStringLiteral("host"), QJsonObject()}}}}},
            {QStringLiteral("Mounts"), QJsonArray()}});
    }
    return QJsonDocument(list).toJson(QJsonDocument::Compact);
}

/** One client. Kept alive by whoever works on it: a handler may drop all connections. */
struct FakeDaemon::Connection
{
    QLocalSocket *socket = nullptr; // owned: deleted later
    QByteArray input;
    QByteArray output; ///< not yet written of an answer in pieces
    qsizetype pieceSize = 0;
    After after = After::KeepAlive;
    bool answering = false;
    bool streaming = false;
    bool hijacked = false;
    QByteArray path;
};

FakeDaemon::FakeDaemon(QObject *parent)
    : QObject(parent)
{
    connect(&m_server, &QLocalServer::newConnection, this, &FakeDaemon::accept);
    route("", "/_ping",
        FakeReply::raw(statusLine(200) + "Content-Type: text/plain; charset=utf-8\r\nContent-Length: 2\r\n\r\nOK"));
    route("HEAD", "/_ping",
        FakeReply::raw(statusLine(200) + "Content-Type: text/plain; charset=utf-8\r\nContent-Length: 0\r\n\r\n"));
    route("GET", "/version",
        FakeReply::json(
            R"({"Version":"20.10.24","ApiVersion":"1.41","MinAPIVersion":"1.12","Os":"linux","Arch":"amd64"})"));
    route("GET", "/info",
        FakeReply::json(
            R"({"ID":"FAKE","Containers":0,"Images":0,"Name":"fake","NCPU":8,"MemTotal":68719476736,"CgroupVersion":"1","ServerVersion":"20.10.24"})"));
    route("GET", "/containers/json", FakeReply::json("[]"));
    route("GET", "/images/json", FakeReply::json("[]"));
    route("GET", "/events", FakeReply::stream());
    listen();
}

FakeDaemon::~FakeDaemon()
{
    m_server.disconnect(this);
    shutDown();
}

bool FakeDaemon::listen()
{
    QLocalServer::removeServer(socketPath());
    return m_server.isListening() || m_server.listen(socketPath());
}

void FakeDaemon::shutDown()
{
    m_server.close();
    dropConnections();
}

void FakeDaemon::dropConnections()
{
    const auto connections = std::exchange(m_connections, {});
    for (const auto &connection : connections) {
        connection->socket->disconnect(this);
        connection->socket->abort();
        connection->socket->deleteLater();
        connection->answering = true; // nothing more is read from it
    }
}

void FakeDaemon::route(const QByteArray &method, const QByteArray &path, const FakeReply &reply)
{
    route(method, path, [reply](const FakeRequest &) { return reply; });
}

void FakeDaemon::route(const QByteArray &method, const QByteArray &path, Handler handler)
{
    m_routes.push_back({method, path, std::move(handler)});
}

const FakeDaemon::Route *FakeDaemon::find(const FakeRequest &request) const
{
    const Route *best = nullptr;
    for (const Route &route : m_routes) {
        const bool fits
            = (route.method.isEmpty() || route.method == request.method) && request.path.startsWith(route.path);
        if (fits && (!best || route.path.size() >= best->path.size()))
            best = &route;
    }
    return best;
}

void FakeDaemon::accept()
{
    while (QLocalSocket *socket = m_server.nextPendingConnection()) {
        ++m_connectionsMade;
        auto connection = std::make_shared<Connection>();
        connection->socket = socket;
        m_connections.push_back(connection);
        connect(socket, &QLocalSocket::readyRead, this, [this, weak = std::weak_ptr(connection)] {
            if (const auto c = weak.lock())
                read(*c);
        });
        connect(socket, &QLocalSocket::disconnected, this, [this, weak = std::weak_ptr(connection)] {
            const auto c = weak.lock();
            if (!c)
                return;
            read(*c);
            if (c->hijacked)
                m_received.append({c->path, c->input});
            std::erase(m_connections, c);
            c->socket->deleteLater();
        });
        read(*connection);
    }
}

void FakeDaemon::read(Connection &connection)
{
    if (connection.socket->bytesAvailable() > 0)
        connection.input += connection.socket->readAll();
    const QPointer<QLocalSocket> alive(connection.socket);
    while (alive && !connection.answering && !connection.hijacked) {
        const auto headEnd = connection.input.indexOf("\r\n\r\n");
        if (headEnd < 0)
            return;
        FakeRequest request;
        request.head = connection.input.left(headEnd + 2);
        const std::optional<qsizetype> end = readBody(connection.input, headEnd + 4, request);
        if (!end)
            return;
        connection.input.remove(0, *end);
        const QList<QByteArray> words = request.head.left(request.head.indexOf('\r')).split(' ');
        request.method = words.value(0);
        request.path = words.value(1);
        if (const auto mark = request.path.indexOf('?'); mark >= 0) {
            request.query = request.path.mid(mark + 1);
            request.path.truncate(mark);
        }
        if (request.path.startsWith("/v1.")) {
            const auto slash = request.path.indexOf('/', 1);
            request.version = request.path.left(slash);
            request.path.remove(0, request.version.size());
        }
        m_requests.append(request);
        answer(connection, request);
    }
}

void FakeDaemon::answer(Connection &connection, const FakeRequest &request)
{
    connection.path = request.path;
    connection.answering = true;
    const QPointer<QLocalSocket> alive(connection.socket);
    Q_EMIT requested(request);
    const Route *route = find(request);
    const FakeReply reply = route ? route->handler(request) : FakeReply::status(404, "page not found");
    if (alive && connection.socket->state() == QLocalSocket::ConnectedState)
        write(connection, reply);
}

void FakeDaemon::write(Connection &connection, const FakeReply &reply)
{
    connection.after = reply.after;
    connection.pieceSize = reply.pieceSize;
    connection.output = reply.bytes;
    if (reply.pieceSize > 0) {
        writePiece(connection);
        return;
    }
    connection.socket->write(std::exchange(connection.output, {}));
    finished(connection);
}

void FakeDaemon::writePiece(Connection &connection)
{
    connection.socket->write(connection.output.left(connection.pieceSize));
    connection.socket->flush();
    connection.output.remove(0, connection.pieceSize);
    if (connection.output.isEmpty()) {
        finished(connection);
        return;
    }
    // The socket is the timer's context, and the connection lives as long as its socket.
    QTimer::singleShot(0, connection.socket, [this, socket = connection.socket] {
        for (const auto &c : m_connections) {
            if (c->socket == socket) {
                writePiece(*std::shared_ptr(c));
                return;
            }
        }
    });
}

void FakeDaemon::finished(Connection &connection)
{
    switch (connection.after) {
    case After::KeepAlive:
        connection.answering = false;
        break;
    case After::Close:
        connection.socket->disconnectFromServer(); // once all is written
        break;
    case After::Stall:
        break;
    case After::Stream:
        connection.streaming = true;
        break;
    case After::Hijack:
        connection.hijacked = true;
        break;
    }
}

int FakeDaemon::push(const QByteArray &path, const QByteArray &bytes)
{
    int count = 0;
    for (const auto &connection : m_connections) {
        if (!connection->path.startsWith(path) || !(connection->streaming || connection->hijacked))
            continue;
        connection->socket->write(connection->hijacked ? bytes : chunk(bytes));
        ++count;
    }
    return count;
}

int FakeDaemon::end(const QByteArray &path)
{
    int count = 0;
    const auto connections = m_connections; // a socket that ends removes itself
    for (const auto &connection : connections) {
        if (!connection->path.startsWith(path) || !(connection->streaming || connection->hijacked))
            continue;
        ++count;
        if (connection->hijacked) {
            connection->socket->disconnectFromServer();
        } else {
            connection->socket->write("0\r\n\r\n");
            connection->streaming = connection->answering = false;
        }
    }
    return count;
}

QByteArray FakeDaemon::received(const QByteArray &path, bool *closed) const
{
    QByteArray bytes;
    bool ended = false;
    for (const auto &[itsPath, itsBytes] : m_received) {
        if (itsPath.startsWith(path)) {
            bytes += itsBytes;
            ended = true;
        }
    }
    for (const auto &connection : m_connections) {
        if (connection->hijacked && connection->path.startsWith(path))
            bytes += connection->input;
    }
    if (closed)
        *closed = ended;
    return bytes;
}

int FakeDaemon::count(const QByteArray &method, const QByteArray &path) const
{
    return int(std::count_if(m_requests.begin(), m_requests.end(), [&](const FakeRequest &request) {
        return (method.isEmpty() || request.method == method) && request.path.startsWith(path);
    }));
}

} // namespace support
