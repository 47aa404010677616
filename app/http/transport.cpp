#include "http/transport.h"

#include <QMetaObject>
#include <array>
#include <sys/socket.h>
#include <utility>

namespace http {

Transport::Transport(const Endpoint &endpoint, QObject *parent)
    : QObject(parent)
    , m_endpoint(endpoint)
{
    connect(&m_socket, &QLocalSocket::connected, this, [this] {
        m_wasConnected = true;
        Q_EMIT connected();
    });
    connect(&m_socket, &QLocalSocket::readyRead, this, &Transport::readable);
    connect(&m_socket, &QLocalSocket::bytesWritten, this, [this] {
        shutDownWhenWritten();
        Q_EMIT written();
    });
    connect(&m_socket, &QLocalSocket::errorOccurred, this, &Transport::fail);
    connect(&m_socket, &QLocalSocket::disconnected, this, [this] { fail(QLocalSocket::PeerClosedError); });
}

Transport::~Transport() { drop(); }

void Transport::open()
{
    // Queued: QLocalSocket reports a missing socket inside connectToServer().
    QMetaObject::invokeMethod(
        this,
        [this] {
            if (!m_closed)
                m_socket.connectToServer(m_endpoint.socketPath);
        },
        Qt::QueuedConnection);
}

bool Transport::adopt(int descriptor)
{
    m_wasConnected = m_socket.setSocketDescriptor(descriptor);
    return m_wasConnected;
}

bool Transport::isOpen() const { return m_wasConnected && !m_closed; }

void Transport::write(const QByteArray &bytes) { m_socket.write(bytes); }

QByteArray Transport::readAll() { return m_socket.readAll() + std::exchange(m_lastWords, {}); }

void Transport::closeWrite()
{
    m_closeWrite = true;
    shutDownWhenWritten();
}

void Transport::shutDownWhenWritten()
{
    // QLocalSocket has no half-close of its own.
    if (m_closeWrite && m_socket.bytesToWrite() == 0)
        ::shutdown(int(m_socket.socketDescriptor()), SHUT_WR);
}

void Transport::drop()
{
    m_closed = true;
    m_socket.disconnect(this);
    m_socket.abort();
}

/**
 * A server that refuses a long body answers and closes while it is being sent: the write fails, and Qt drops the socket
 * with the answer unread.
 */
void Transport::saveLastWords()
{
    const int descriptor = int(m_socket.socketDescriptor());
    if (descriptor < 0)
        return;
    std::array<char, 16 * 1024> buffer{};
    for (ssize_t n = 1; n > 0;) {
        n = ::recv(descriptor, buffer.data(), buffer.size(), MSG_DONTWAIT);
        if (n > 0)
            m_lastWords.append(buffer.data(), qsizetype(n));
    }
}

void Transport::fail(QLocalSocket::LocalSocketError error)
{
    if (m_closed)
        return;
    if (m_wasConnected)
        saveLastWords();
    if (m_socket.bytesAvailable() > 0 || !m_lastWords.isEmpty())
        Q_EMIT readable();
    if (m_closed) // whoever read the last bytes had enough
        return;
    m_closed = true;
    using core::ErrorKind;
    const QString &path = m_endpoint.socketPath;
    core::Error e{ErrorKind::Unreachable, 0, m_socket.errorString(), path};
    if (m_wasConnected)
        e.message = QStringLiteral("the connection to the daemon was lost");
    else if (error == QLocalSocket::SocketAccessError)
        e = {ErrorKind::Denied, 0, QStringLiteral("permission denied for %1").arg(path), path};
    else if (error == QLocalSocket::ServerNotFoundError)
        e.message = QStringLiteral("no such socket: %1").arg(path);
    else if (error == QLocalSocket::ConnectionRefusedError)
        e.message = QStringLiteral("nobody listens on %1").arg(path);
    Q_EMIT closed(e);
}

} // namespace http
