#pragma once

#include "core/result.h"
#include "http/message.h"

#include <QObject>

namespace http {

class Connection;

/**
 * The body of an answer as it comes, on a connection of its own; after a 101 also the way back (write()). An answer
 * that is no success ends the stream with an Error whose message is the body. Deadline until the header only.
 * Made by Client::open(); owned by whoever asked.
 */
class ByteStream : public QObject
{
    Q_OBJECT
public:
    ByteStream(Connection *connection, const Request &request, QObject *parent);
    ~ByteStream() override;

    void write(const QByteArray &bytes);
    void closeWrite();
    /** Ends it; closed(Aborted) follows, never inside this call. */
    void stop();

Q_SIGNALS:
    void opened(const http::ResponseHead &head);
    void data(const QByteArray &bytes);
    /** Exactly once. Success: the server ended it as HTTP describes. */
    void closed(const core::Result<void> &result);

private:
    void head(const ResponseHead &head);
    void body(const QByteArray &bytes);
    void finished(const core::Result<void> &result);
    void close(const core::Result<void> &result);

    Connection *m_connection; ///< child
    ResponseHead m_head;
    QByteArray m_refusal; ///< body of an answer that is no success, at most 64 KiB
    bool m_closed = false;
};

/** The Error that an answer without success stands for; its message is the body as text. */
core::Error errorOf(const ResponseHead &head, const QByteArray &body);

} // namespace http
