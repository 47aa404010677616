#include "http/bytestream.h"

#include "http/connection.h"

#include <QMetaObject>

namespace http {

core::Error errorOf(const ResponseHead &head, const QByteArray &body)
{
    using core::ErrorKind;
    ErrorKind kind = ErrorKind::Daemon;
    switch (head.status) {
    case 401:
        kind = ErrorKind::Unauthorized;
        break;
    case 403:
        kind = ErrorKind::Denied;
        break;
    case 404:
        kind = ErrorKind::NotFound;
        break;
    case 409:
        kind = ErrorKind::Conflict;
        break;
    default:
        break;
    }
    return {kind, head.status, QString::fromUtf8(body).trimmed(), {}};
}

ByteStream::ByteStream(Connection *connection, const Request &request, QObject *parent)
    : QObject(parent)
    , m_connection(connection)
{
    m_connection->setParent(this);
    connect(m_connection, &Connection::headArrived, this, &ByteStream::head);
    connect(m_connection, &Connection::bodyArrived, this, &ByteStream::body);
    connect(m_connection, &Connection::finished, this, &ByteStream::finished);
    m_connection->start(request);
}

ByteStream::~ByteStream() = default;

void ByteStream::write(const QByteArray &bytes) { m_connection->write(bytes); }

void ByteStream::closeWrite() { m_connection->closeWrite(); }

void ByteStream::stop()
{
    m_connection->drop();
    QMetaObject::invokeMethod(
        this,
        [this] {
            close(core::Error{core::ErrorKind::Aborted, 0, QStringLiteral("stopped"), {}});
        },
        Qt::QueuedConnection);
}

void ByteStream::head(const ResponseHead &head)
{
    m_head = head;
    if (head.success() || head.status == 101) {
        m_connection->setDeadline(std::chrono::milliseconds(0));
        Q_EMIT opened(head);
    }
}

void ByteStream::body(const QByteArray &bytes)
{
    if (m_head.success() || m_head.status == 101)
        Q_EMIT data(bytes);
    else if (m_refusal.size() < 64 * 1024)
        m_refusal += bytes;
}

void ByteStream::finished(const core::Result<void> &result)
{
    if (result && !m_head.success() && m_head.status != 101)
        close(errorOf(m_head, m_refusal));
    else
        close(result);
}

void ByteStream::close(const core::Result<void> &result)
{
    if (m_closed)
        return;
    m_closed = true;
    Q_EMIT closed(result);
}

} // namespace http
