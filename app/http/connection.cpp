#include "http/connection.h"

#include "core/log.h"
#include "http/bodysource.h"

#include <QPointer>

namespace http {

namespace {
/** Enough for the socket to be busy while the next piece is made. */
constexpr qint64 maxUnsent = 512 * 1024;
} // namespace

Connection::Connection(const Endpoint &endpoint, QObject *parent)
    : QObject(parent)
    , m_transport(endpoint)
{
    m_deadline.setSingleShot(true);
    connect(&m_deadline, &QTimer::timeout, this, [this] {
        finish(core::Error{
            core::ErrorKind::Timeout, 0, QStringLiteral("no answer for %1 s").arg(m_deadline.interval() / 1000.0), {}});
    });
    connect(&m_transport, &Transport::connected, this, [this] {
        m_opening = false;
        if (m_request)
            send();
    });
    connect(&m_transport, &Transport::readable, this, &Connection::read);
    connect(&m_transport, &Transport::written, this, [this] {
        progress();
        feedBody();
    });
    connect(&m_transport, &Transport::closed, this, &Connection::ended);
}

bool Connection::idle() const { return !m_request && m_reusable && m_transport.isOpen(); }

void Connection::begin(const Request &request)
{
    Q_ASSERT(!m_request);
    m_request = request;
    m_parser.emplace(request.method == "HEAD");
    m_headSeen = false;
    m_answerBegun = false;
    m_bodySent = !request.bodySource;
    m_reusable = false;
    ++m_exchanges;
    setDeadline(request.deadline);
}

void Connection::setDeadline(std::chrono::milliseconds deadline)
{
    m_deadline.stop();
    if (deadline.count() > 0)
        m_deadline.start(deadline);
}

void Connection::start(const Request &request)
{
    begin(request);
    if (m_transport.isOpen()) {
        send();
    } else if (!m_opening) {
        m_opening = true;
        m_transport.open();
    }
}

bool Connection::adopt(int descriptor, const Request &request)
{
    if (!m_transport.adopt(descriptor))
        return false;
    begin(request);
    return true;
}

void Connection::send()
{
    qCDebug(core::lcHttp) << m_request->method << m_request->path;
    m_transport.write(m_request->toWire());
    feedBody();
}

void Connection::feedBody()
{
    while (m_request && !m_bodySent && m_transport.isOpen() && m_transport.bytesToWrite() < maxUnsent) {
        const core::Result<QByteArray> piece = m_request->bodySource->next();
        if (!piece)
            return finish(piece.error());
        m_bodySent = piece->isEmpty();
        m_transport.write(QByteArray::number(piece->size(), 16) + "\r\n" + *piece + "\r\n");
    }
}

void Connection::progress()
{
    if (m_deadline.isActive())
        m_deadline.start();
}

void Connection::read()
{
    const QByteArray bytes = m_transport.readAll();
    if (!m_request || bytes.isEmpty())
        return;
    progress();
    m_answerBegun = true;
    if (const auto fed = m_parser->feed(bytes); !fed) {
        finish(fed);
        return;
    }
    // A slot may delete this connection or drop the exchange.
    const QPointer<Connection> guard(this);
    if (!m_headSeen && m_parser->head()) {
        m_headSeen = true;
        const ResponseHead head = *m_parser->head();
        Q_EMIT headArrived(head);
        if (!guard || !m_request)
            return;
    }
    QByteArray body = m_parser->takeBody();
    if (m_headSeen && m_parser->head()->status == 101)
        body += m_parser->takeRest();
    if (!body.isEmpty()) {
        Q_EMIT bodyArrived(body);
        if (!guard || !m_request)
            return;
    }
    if (m_parser->complete()) {
        m_reusable = m_parser->keepAlive() && m_bodySent;
        finish({});
    }
}

void Connection::ended(const core::Error &error)
{
    if (!m_request) {
        Q_EMIT lost();
        return;
    }
    if (!m_headSeen) {
        finish(error);
        return;
    }
    finish(m_parser->finish());
}

void Connection::finish(const core::Result<void> &result)
{
    m_deadline.stop();
    m_request.reset();
    if (!m_reusable)
        m_transport.drop();
    Q_EMIT finished(result);
}

void Connection::drop()
{
    m_deadline.stop();
    m_request.reset();
    m_reusable = false;
    m_transport.drop();
}

} // namespace http
