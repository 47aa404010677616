#pragma once

#include "core/pending.h"
#include "http/bytestream.h"
#include "http/endpoint.h"
#include "http/message.h"

#include <QList>
#include <QObject>
#include <memory>

namespace http {

class Connection;

/**
 * Requests to one server: keeps up to two idle connections, opens more while answers are awaited, and tries a read
 * again once when a kept connection turns out stale. Streams get a connection of their own. Owned by an Engine; lives
 * in one thread.
 */
class Client : public QObject
{
    Q_OBJECT
public:
    explicit Client(const Endpoint &endpoint, QObject *parent = nullptr);
    ~Client() override;

    const Endpoint &endpoint() const { return m_endpoint; }

    /** The whole answer; any status is an answer, only its absence is an Error. */
    core::Pending<Response> send(const Request &request);
    /** The answer to a request that was written on this connected socket before the event loop ran. Takes the
     * descriptor. */
    core::Pending<Response> adopt(int descriptor, const Request &request);
    /** The answer's body as it comes. Begins at once; its signals come from the event loop. */
    ByteStream *open(const Request &request, QObject *parent);

private:
    struct Exchange;
    Connection *idleConnection();
    Connection *newConnection();
    void run(const std::shared_ptr<Exchange> &exchange, Connection *connection);
    void watch(const std::shared_ptr<Exchange> &exchange, Connection *connection);
    void release(Connection *connection);

    Endpoint m_endpoint;
    QList<Connection *> m_idle; ///< children
};

} // namespace http
