#pragma once

#include "core/error.h"
#include "http/endpoint.h"

#include <QByteArray>
#include <QLocalSocket>
#include <QObject>

namespace http {

/**
 * A connected byte pipe to a server, over a QLocalSocket: turns Qt's socket errors into core::Error. Knows no HTTP.
 * Owned by one Connection.
 */
class Transport : public QObject
{
    Q_OBJECT
public:
    explicit Transport(const Endpoint &endpoint, QObject *parent = nullptr);
    ~Transport() override;

    /** Begins to connect; connected() or closed() follow, never inside this call. */
    void open();
    /** Takes over a connected socket (opened before there was an event loop). False: the descriptor is no socket. */
    bool adopt(int descriptor);

    bool isOpen() const;
    void write(const QByteArray &bytes);
    /** What the system has not taken yet. */
    qint64 bytesToWrite() const { return m_socket.bytesToWrite(); }
    QByteArray readAll();
    /** Ends the sending direction once all is written; the other side's bytes still come. */
    void closeWrite();
    /** Drops the connection without a signal. */
    void drop();

Q_SIGNALS:
    void connected();
    void readable();
    void written();
    /** Exactly once, when the other side ended the connection or it could not be made. All its bytes were readable
     * before. */
    void closed(const core::Error &error);

private:
    void fail(QLocalSocket::LocalSocketError error);
    void saveLastWords();
    void shutDownWhenWritten();

    Endpoint m_endpoint;
    QLocalSocket m_socket;
    QByteArray m_lastWords; ///< read past a socket that Qt gives up
    bool m_wasConnected = false;
    bool m_closed = false;
    bool m_closeWrite = false;
};

} // namespace http
