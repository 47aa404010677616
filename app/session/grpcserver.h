#pragma once

#include "core/result.h"

#include <QByteArray>
#include <QList>
#include <QObject>
#include <functional>
#include <map>
#include <memory>

struct nghttp2_session;

namespace session {

/** The status codes of gRPC that we give. Source: gRPC's doc/statuscodes.md. */
enum class GrpcCode { Ok = 0, Unknown = 2, InvalidArgument = 3, NotFound = 5, Unimplemented = 12 };

/** How a call ends. */
struct GrpcStatus
{
    GrpcCode code = GrpcCode::Ok;
    QByteArray message{}; ///< ASCII
};

/** What came with a call: its lower-case header fields; a name may come several times. */
using Metadata = QList<QPair<QByteArray, QByteArray>>;

/** One call of the other side's, answered. Owned by the server, which deletes it when the call is over. */
class GrpcCall
{
public:
    /** What there is to send. */
    enum class Next {
        Message, ///< one was given
        Nothing, ///< until another message comes
        Later, ///< nothing yet: to be asked again soon, after what others have to say
        End, ///< no more: status() says how it ended
    };

    virtual ~GrpcCall() = default;
    /** A whole message came. */
    virtual void take(const QByteArray &message) = 0;
    /** Asked whenever there is room: a message, and only the next. */
    virtual Next next(QByteArray &message) = 0;
    virtual GrpcStatus status() const { return {}; }
};

/**
 * gRPC for the other end of one connection, which is the client: HTTP/2 by nghttp2, without TLS. Bytes come by take()
 * and go by sends(); never more than the client gives room for, so memory stays flat however much a call has to say.
 * Owned by a BuildSession; lives in one thread.
 */
class GrpcServer : public QObject
{
    Q_OBJECT
public:
    /** The call of this path ("/grpc.health.v1.Health/Check"), or none: it is answered as not implemented. */
    using Handler = std::function<std::unique_ptr<GrpcCall>(const QByteArray &path, const Metadata &metadata)>;

    explicit GrpcServer(Handler handler, QObject *parent = nullptr);
    ~GrpcServer() override;

    /** Says hello. */
    void start();
    /** Protocol for what is no HTTP/2; nothing more is to be given then. */
    core::Result<void> take(const QByteArray &bytes);

Q_SIGNALS:
    void sends(const QByteArray &bytes);

private:
    struct Stream;
    struct Callbacks;

    Stream *find(qint32 id);
    void begin(Stream &stream);
    void received(Stream &stream, QByteArrayView bytes);
    void refuse(Stream &stream, const GrpcStatus &status);
    /** How many bytes were put there; 0 with end: no more. −1: nothing for now. */
    qsizetype fill(Stream &stream, char *to, qsizetype room, bool &end);
    void flush();
    void resumeSoon(qint32 id);

    Handler m_handler;
    nghttp2_session *m_session = nullptr;
    std::map<qint32, std::unique_ptr<Stream>> m_streams;
};

} // namespace session
