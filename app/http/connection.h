#pragma once

#include "core/result.h"
#include "http/message.h"
#include "http/responseparser.h"
#include "http/transport.h"

#include <QTimer>
#include <optional>

namespace http {

/**
 * One connection carrying one exchange after another: start() a request, then headArrived(), bodyArrived() any
 * number of times and finished() exactly once. Not a pool and not a retry: the Client decides those. Owned by a
 * Client or a ByteStream.
 */
class Connection : public QObject
{
    Q_OBJECT
public:
    explicit Connection(const Endpoint &endpoint, QObject *parent = nullptr);

    /** Sends the request, connecting first if needed. Not while another exchange runs. */
    void start(const Request &request);
    /** Goes on with a connected socket on which the request was already written. */
    bool adopt(int descriptor, const Request &request);
    /** Ends the exchange and the connection without a signal. */
    void drop();

    /** After 101: bytes to the other side, and the end of them. */
    void write(const QByteArray &bytes) { m_transport.write(bytes); }
    void closeWrite() { m_transport.closeWrite(); }

    /** From now on the exchange may be silent for this long; 0: for ever. */
    void setDeadline(std::chrono::milliseconds deadline);

    /** Connected, no exchange running, and the last answer allows another one. */
    bool idle() const;
    /** True when the running exchange is not the connection's first: a lost connection may just have been stale. */
    bool reused() const { return m_exchanges > 1; }
    /** True once any byte of the running exchange's answer came. */
    bool answerBegun() const { return m_answerBegun; }

Q_SIGNALS:
    void headArrived(const http::ResponseHead &head);
    void bodyArrived(const QByteArray &bytes);
    void finished(const core::Result<void> &result);
    /** The server ended an idle connection. */
    void lost();

private:
    void begin(const Request &request);
    void send();
    void feedBody();
    void read();
    void progress();
    void ended(const core::Error &error);
    void finish(const core::Result<void> &result);

    Transport m_transport;
    QTimer m_deadline;
    std::optional<Request> m_request; ///< set while an exchange runs
    std::optional<ResponseParser> m_parser;
    int m_exchanges = 0;
    bool m_opening = false;
    bool m_headSeen = false;
    bool m_answerBegun = false;
    bool m_bodySent = false;
    bool m_reusable = false;
};

} // namespace http
