#include "http/client.h"

#include "http/connection.h"

namespace http {

namespace {
constexpr qsizetype maxIdle = 2;
}

/** One request on its way to its answer, over one or (after a stale connection) two connections. */
struct Client::Exchange
{
    Request request;
    core::Promise<Response> promise;
    Response response;
    bool retried = false;
};

Client::Client(const Endpoint &endpoint, QObject *parent)
    : QObject(parent)
    , m_endpoint(endpoint)
{
}

Client::~Client() = default;

core::Pending<Response> Client::send(const Request &request)
{
    auto exchange = std::make_shared<Exchange>();
    exchange->request = request;
    Connection *connection = idleConnection();
    run(exchange, connection ? connection : newConnection());
    return exchange->promise.pending();
}

core::Pending<Response> Client::adopt(int descriptor, const Request &request)
{
    auto exchange = std::make_shared<Exchange>();
    exchange->request = request;
    Connection *connection = newConnection();
    watch(exchange, connection);
    if (!connection->adopt(descriptor, request)) {
        connection->deleteLater();
        return send(request);
    }
    return exchange->promise.pending();
}

ByteStream *Client::open(const Request &request, QObject *parent)
{
    return new ByteStream(new Connection(m_endpoint), request, parent);
}

Connection *Client::idleConnection()
{
    while (!m_idle.isEmpty()) {
        Connection *connection = m_idle.takeLast();
        connection->disconnect(this);
        if (connection->idle())
            return connection;
        connection->deleteLater();
    }
    return nullptr;
}

Connection *Client::newConnection() { return new Connection(m_endpoint, this); }

void Client::run(const std::shared_ptr<Exchange> &exchange, Connection *connection)
{
    watch(exchange, connection);
    connection->start(exchange->request);
}

void Client::watch(const std::shared_ptr<Exchange> &exchange, Connection *connection)
{
    exchange->response = {};
    connect(connection, &Connection::headArrived, this,
        [exchange](const ResponseHead &head) { exchange->response.head = head; });
    connect(connection, &Connection::bodyArrived, this,
        [exchange](const QByteArray &bytes) { exchange->response.body += bytes; });
    connect(connection, &Connection::finished, this, [this, exchange, connection](const core::Result<void> &result) {
        const bool stale = !result && result.error().kind == core::ErrorKind::Unreachable && connection->reused()
            && !connection->answerBegun();
        release(connection);
        if (stale && !exchange->retried && exchange->request.idempotent()) {
            exchange->retried = true;
            run(exchange, newConnection());
        } else if (result) {
            exchange->promise.answer(std::move(exchange->response));
        } else {
            exchange->promise.answer(result.error());
        }
    });
    exchange->promise.onAbort([this, guard = QPointer<Connection>(connection)] {
        if (guard) {
            guard->drop();
            release(guard);
        }
    });
}

void Client::release(Connection *connection)
{
    connection->disconnect(this);
    if (!connection->idle() || m_idle.size() >= maxIdle) {
        connection->deleteLater();
        return;
    }
    m_idle.append(connection);
    connect(connection, &Connection::lost, this, [this, connection] {
        m_idle.removeOne(connection);
        connection->deleteLater();
    });
}

} // namespace http
