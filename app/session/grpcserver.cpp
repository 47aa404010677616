#include "session/grpcserver.h"

#include <QtEndian>
#include <cstring>
#include <nghttp2/nghttp2.h>
#include <vector>

namespace session {

namespace {

/** A message's prefix: whether it is compressed, and its length. */
constexpr qsizetype prefixSize = 5;
/** No message of BuildKit's is larger; grpc's own bound is 4 MiB. */
constexpr quint32 longestMessage = 16 * 1024 * 1024;
constexpr qsizetype flushSize = 256 * 1024;

nghttp2_nv field(const QByteArray &name, const QByteArray &value)
{
    const auto bytes
        = [](const QByteArray &text) { return reinterpret_cast<uint8_t *>(const_cast<char *>(text.data())); };
    return {bytes(name), bytes(value), size_t(name.size()), size_t(value.size()), NGHTTP2_NV_FLAG_NONE};
}

/** Of every answer: gRPC's failures are no failures of HTTP. */
std::vector<nghttp2_nv> answerFields()
{
    static const QByteArray status(":status");
    static const QByteArray ok("200");
    static const QByteArray type("content-type");
    static const QByteArray grpc("application/grpc");
    return {field(status, ok), field(type, grpc)};
}

/** The fields that say how a call ended. nghttp2 copies what the views show. */
struct StatusFields
{
    explicit StatusFields(const GrpcStatus &status)
        : code(QByteArray::number(int(status.code)))
        , message(status.message.toPercentEncoding(" !\"#$&'()*+,/:;<=>?@[\\]^`{|}"))
    {
    }
    std::vector<nghttp2_nv> fields() const
    {
        std::vector<nghttp2_nv> made{field(codeName, code)};
        if (!message.isEmpty())
            made.push_back(field(messageName, message));
        return made;
    }

    QByteArray code;
    QByteArray message;
    const QByteArray codeName = "grpc-status";
    const QByteArray messageName = "grpc-message";
};

} // namespace

/** A call and what of it is on its way. */
struct GrpcServer::Stream
{
    qint32 id = 0;
    QByteArray path;
    Metadata metadata;
    std::unique_ptr<GrpcCall> call; ///< none: refused
    QByteArray received; ///< of a message that is not whole
    QByteArray message; ///< to be sent, with its prefix
    qsizetype sent = 0; ///< of it
};

/** nghttp2's C callbacks; user is the server. */
struct GrpcServer::Callbacks
{
    static GrpcServer &server(void *user) { return *static_cast<GrpcServer *>(user); }

    static int beginHeaders(nghttp2_session *, const nghttp2_frame *frame, void *user)
    {
        if (frame->hd.type == NGHTTP2_HEADERS && frame->headers.cat == NGHTTP2_HCAT_REQUEST) {
            auto stream = std::make_unique<Stream>();
            stream->id = frame->hd.stream_id;
            server(user).m_streams[stream->id] = std::move(stream);
        }
        return 0;
    }
    static int header(nghttp2_session *, const nghttp2_frame *frame, const uint8_t *name, size_t nameSize,
        const uint8_t *value, size_t valueSize, uint8_t, void *user)
    {
        Stream *stream = server(user).find(frame->hd.stream_id);
        if (!stream)
            return 0;
        const QByteArray key(reinterpret_cast<const char *>(name), qsizetype(nameSize));
        const QByteArray text(reinterpret_cast<const char *>(value), qsizetype(valueSize));
        if (key == ":path")
            stream->path = text;
        else if (!key.startsWith(':'))
            stream->metadata.append({key, text});
        return 0;
    }
    static int frame(nghttp2_session *, const nghttp2_frame *frame, void *user)
    {
        if (frame->hd.type == NGHTTP2_HEADERS && frame->headers.cat == NGHTTP2_HCAT_REQUEST) {
            if (Stream *stream = server(user).find(frame->hd.stream_id))
                server(user).begin(*stream);
        }
        return 0;
    }
    static int data(nghttp2_session *, uint8_t, int32_t id, const uint8_t *bytes, size_t size, void *user)
    {
        if (Stream *stream = server(user).find(id))
            server(user).received(*stream, QByteArrayView(bytes, qsizetype(size)));
        return 0;
    }
    static int closed(nghttp2_session *, int32_t id, uint32_t, void *user)
    {
        server(user).m_streams.erase(id);
        return 0;
    }
    static ssize_t read(nghttp2_session *session, int32_t id, uint8_t *to, size_t room, uint32_t *flags,
        nghttp2_data_source *, void *user)
    {
        Stream *stream = server(user).find(id);
        if (!stream)
            return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
        bool end = false;
        const qsizetype size = server(user).fill(*stream, reinterpret_cast<char *>(to), qsizetype(room), end);
        if (size < 0)
            return NGHTTP2_ERR_DEFERRED;
        if (end) {
            *flags |= NGHTTP2_DATA_FLAG_EOF | NGHTTP2_DATA_FLAG_NO_END_STREAM;
            const StatusFields status(stream->call->status());
            const auto fields = status.fields();
            nghttp2_submit_trailer(session, id, fields.data(), fields.size());
        }
        return ssize_t(size);
    }
};

GrpcServer::GrpcServer(Handler handler, QObject *parent)
    : QObject(parent)
    , m_handler(std::move(handler))
{
    nghttp2_session_callbacks *callbacks = nullptr;
    nghttp2_session_callbacks_new(&callbacks);
    nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks, &Callbacks::beginHeaders);
    nghttp2_session_callbacks_set_on_header_callback(callbacks, &Callbacks::header);
    nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, &Callbacks::frame);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, &Callbacks::data);
    nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, &Callbacks::closed);
    nghttp2_session_server_new(&m_session, callbacks, this);
    nghttp2_session_callbacks_del(callbacks);
}

GrpcServer::~GrpcServer() { nghttp2_session_del(m_session); }

void GrpcServer::start()
{
    const nghttp2_settings_entry streams{NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, 100};
    nghttp2_submit_settings(m_session, NGHTTP2_FLAG_NONE, &streams, 1);
    flush();
}

core::Result<void> GrpcServer::take(const QByteArray &bytes)
{
    const auto taken = nghttp2_session_mem_recv(
        m_session, reinterpret_cast<const uint8_t *>(bytes.constData()), size_t(bytes.size()));
    flush(); // also the last words to a client that broke the rules
    if (taken < 0)
        return core::Error{core::ErrorKind::Protocol, 0, QStringLiteral("the daemon's session is no HTTP/2"),
            QString::fromLatin1(nghttp2_strerror(int(taken)))};
    return {};
}

GrpcServer::Stream *GrpcServer::find(qint32 id)
{
    const auto it = m_streams.find(id);
    return it == m_streams.end() ? nullptr : it->second.get();
}

void GrpcServer::begin(Stream &stream)
{
    stream.call = m_handler(stream.path, stream.metadata);
    if (!stream.call)
        return refuse(stream, {GrpcCode::Unimplemented, "unknown method " + stream.path});
    const std::vector<nghttp2_nv> fields = answerFields();
    nghttp2_data_provider provider{};
    provider.read_callback = &Callbacks::read;
    nghttp2_submit_response(m_session, stream.id, fields.data(), fields.size(), &provider);
}

void GrpcServer::refuse(Stream &stream, const GrpcStatus &status)
{
    const StatusFields told(status);
    std::vector<nghttp2_nv> fields = answerFields();
    for (const nghttp2_nv &one : told.fields())
        fields.push_back(one);
    nghttp2_submit_response(m_session, stream.id, fields.data(), fields.size(), nullptr);
}

void GrpcServer::received(Stream &stream, QByteArrayView bytes)
{
    if (!stream.call)
        return;
    stream.received.append(bytes);
    qsizetype begin = 0;
    while (stream.received.size() - begin >= prefixSize) {
        const char *prefix = stream.received.constData() + begin;
        const auto size = qFromBigEndian<quint32>(prefix + 1);
        if (prefix[0] != 0 || size > longestMessage) { // nobody has agreed on a compression
            nghttp2_submit_rst_stream(m_session, NGHTTP2_FLAG_NONE, stream.id, NGHTTP2_PROTOCOL_ERROR);
            stream.received.clear();
            return;
        }
        if (stream.received.size() - begin - prefixSize < qsizetype(size))
            break;
        stream.call->take(stream.received.mid(begin + prefixSize, qsizetype(size)));
        begin += prefixSize + qsizetype(size);
    }
    stream.received.remove(0, begin);
    nghttp2_session_resume_data(m_session, stream.id); // an error says that it was not waiting
}

qsizetype GrpcServer::fill(Stream &stream, char *to, qsizetype room, bool &end)
{
    qsizetype filled = 0;
    while (filled < room) {
        if (stream.sent == stream.message.size()) {
            QByteArray message;
            const GrpcCall::Next next = stream.call->next(message);
            if (next == GrpcCall::Next::End)
                end = true;
            if (next == GrpcCall::Next::Later && filled == 0)
                resumeSoon(stream.id);
            if (next != GrpcCall::Next::Message)
                break;
            stream.message.resize(prefixSize);
            stream.message[0] = 0;
            qToBigEndian(quint32(message.size()), stream.message.data() + 1);
            stream.message += message;
            stream.sent = 0;
        }
        const qsizetype size = std::min(room - filled, stream.message.size() - stream.sent);
        std::memcpy(to + filled, stream.message.constData() + stream.sent, size_t(size));
        stream.sent += size;
        filled += size;
    }
    return filled == 0 && !end ? -1 : filled;
}

void GrpcServer::resumeSoon(qint32 id)
{
    QMetaObject::invokeMethod(
        this,
        [this, id] {
            if (find(id))
                nghttp2_session_resume_data(m_session, id);
            flush();
        },
        Qt::QueuedConnection);
}

void GrpcServer::flush()
{
    QByteArray bytes;
    for (;;) {
        const uint8_t *data = nullptr;
        const ssize_t size = nghttp2_session_mem_send(m_session, &data);
        if (size <= 0)
            break;
        bytes.append(reinterpret_cast<const char *>(data), qsizetype(size));
        if (bytes.size() >= flushSize)
            Q_EMIT sends(std::exchange(bytes, {}));
    }
    if (!bytes.isEmpty())
        Q_EMIT sends(bytes);
}

} // namespace session
