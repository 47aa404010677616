#pragma once

#include <QByteArray>
#include <QJsonDocument>
#include <QLocalServer>
#include <QObject>
#include <QTemporaryDir>
#include <functional>
#include <memory>
#include <vector>

class QLocalSocket;

namespace support {

/** A request as the fake daemon read it. */
struct FakeRequest
{
    QByteArray method;
    QByteArray path; ///< without the version ("/v1.41") and the query
    QByteArray version; ///< "/v1.41", or empty
    QByteArray query; ///< as it came, without "?"
    QByteArray head; ///< request line and header fields as they came
    QByteArray body;
};

/** What the fake daemon does with a request: bytes, cut as wished, and what comes after them. A value. */
struct FakeReply
{
    enum class After {
        KeepAlive, ///< the next request may come on this connection
        Close, ///< the connection ends
        Stall, ///< nothing more ever comes, and the connection stays
        Stream, ///< more comes through FakeDaemon::push(), in chunks
        Hijack, ///< more comes through push() as it is, and FakeDaemon::received() has what the client sends
    };

    QByteArray bytes; ///< raw, with status line and header
    qsizetype pieceSize = 0; ///< above 0: written in pieces of this size, one for each turn of the event loop
    After after = After::KeepAlive;

    /** These bytes, whatever they are. */
    static FakeReply raw(const QByteArray &bytes, After after = After::KeepAlive);
    static FakeReply json(const QByteArray &body, int status = 200);
    static FakeReply status(int status, const QByteArray &message = {});
    /** Never answers. */
    static FakeReply stall();
    /** A chunked answer whose chunks come through push() until end(). first is sent at once. */
    static FakeReply stream(const QByteArray &contentType = "application/json", const QByteArray &first = {});
    /** 101 and then what comes through push(); without upgraded the daemon answers 200 and the same bytes. */
    static FakeReply hijack(bool upgraded = true, const QByteArray &contentType = "application/vnd.docker.raw-stream");

    /** The first n bytes and then the end of the connection. */
    FakeReply cutAfter(qsizetype n) const;
    FakeReply inPieces(qsizetype size) const;
};

/** One frame of a multiplexed stream: stream 1 is stdout, 2 stderr. */
QByteArray frame(int stream, const QByteArray &payload);

/** The answer to GET /containers/json for n containers as dockerd 20.10 sends it: every third has stopped. */
QByteArray containerListJson(int n);

/**
 * A scripted daemon on a socket in a temporary folder, for what a real one will not do on demand. Routes are a method
 * and the beginning of a path (without the version); the longest that fits counts, of equals the newest; without a
 * route it answers 404. /_ping, /version, /info, /containers/json, /images/json and /events answer from the start like
 * an empty 20.10 daemon. Runs in the test's event loop; owned by the test.
 */
class FakeDaemon : public QObject
{
    Q_OBJECT
public:
    using Handler = std::function<FakeReply(const FakeRequest &)>;

    explicit FakeDaemon(QObject *parent = nullptr);
    ~FakeDaemon() override;

    QString socketPath() const { return m_folder.filePath(QStringLiteral("fake.sock")); }
    QString host() const { return QStringLiteral("unix://") + socketPath(); }

    void route(const QByteArray &method, const QByteArray &path, const FakeReply &reply);
    void route(const QByteArray &method, const QByteArray &path, Handler handler);

    /** Bytes to every open stream and hijacked connection whose path begins so. Returns how many there were. */
    int push(const QByteArray &path, const QByteArray &bytes);
    /** Ends those streams as HTTP describes (hijacked: the connection ends). */
    int end(const QByteArray &path);
    /** What the client sent on hijacked connections whose path begins so; with true once it closed its direction. */
    QByteArray received(const QByteArray &path, bool *closed = nullptr) const;

    /** Ends every connection, in mid-answer or not. */
    void dropConnections();
    /** Ends every connection and listens no more; the socket file goes too. */
    void shutDown();
    /** Listens again on the same path. */
    bool listen();

    const QList<FakeRequest> &requests() const { return m_requests; }
    /** How many requests with that method (empty: any) and beginning of a path came. */
    int count(const QByteArray &method, const QByteArray &path) const;
    void forgetRequests() { m_requests.clear(); }
    /** Connections made so far, and those open now. */
    int connectionsMade() const { return m_connectionsMade; }
    int connectionsOpen() const { return int(m_connections.size()); }

Q_SIGNALS:
    void requested(const support::FakeRequest &request);

private:
    struct Connection;
    struct Route
    {
        QByteArray method;
        QByteArray path;
        Handler handler;
    };

    void accept();
    void read(Connection &connection);
    void answer(Connection &connection, const FakeRequest &request);
    void write(Connection &connection, const FakeReply &reply);
    void writePiece(Connection &connection);
    void finished(Connection &connection);
    const Route *find(const FakeRequest &request) const;

    QTemporaryDir m_folder;
    QLocalServer m_server;
    std::vector<Route> m_routes;
    std::vector<std::shared_ptr<Connection>> m_connections;
    QList<std::pair<QByteArray, QByteArray>> m_received; ///< of hijacked connections that ended: path, bytes
    QList<FakeRequest> m_requests;
    int m_connectionsMade = 0;
};

} // namespace support
