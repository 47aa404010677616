#pragma once

#include <QByteArray>
#include <QHash>
#include <QTest>
#include <QtEndian>
#include <cstring>
#include <functional>
#include <nghttp2/nghttp2.h>

/** A message with gRPC's prefix. */
inline QByteArray framed(const QByteArray &message)
{
    QByteArray made(5, '\0');
    qToBigEndian(quint32(message.size()), made.data() + 1);
    return made + message;
}

/** The other end of a GrpcServer: a client by nghttp2 itself, for one call. Owned by its test. */
class GrpcClient
{
public:
    /** deliver: takes what it says to the server. */
    explicit GrpcClient(std::function<void(const QByteArray &)> deliver)
        : m_deliver(std::move(deliver))
    {
        nghttp2_session_callbacks *callbacks = nullptr;
        nghttp2_session_callbacks_new(&callbacks);
        nghttp2_session_callbacks_set_on_header_callback(callbacks,
            [](nghttp2_session *, const nghttp2_frame *, const uint8_t *name, size_t nameSize, const uint8_t *value,
                size_t valueSize, uint8_t, void *user) {
                static_cast<GrpcClient *>(user)->headers.insert(
                    QByteArray(reinterpret_cast<const char *>(name), qsizetype(nameSize)),
                    QByteArray(reinterpret_cast<const char *>(value), qsizetype(valueSize)));
                return 0;
            });
        nghttp2_session_callbacks_set_on_data_chunk_recv_callback(
            callbacks, [](nghttp2_session *, uint8_t, int32_t, const uint8_t *bytes, size_t size, void *user) {
                static_cast<GrpcClient *>(user)->body.append(reinterpret_cast<const char *>(bytes), qsizetype(size));
                return 0;
            });
        nghttp2_session_callbacks_set_on_stream_close_callback(
            callbacks, [](nghttp2_session *, int32_t, uint32_t, void *user) {
                static_cast<GrpcClient *>(user)->closed = true;
                return 0;
            });
        nghttp2_session_client_new(&m_session, callbacks, this);
        nghttp2_session_callbacks_del(callbacks);
        nghttp2_submit_settings(m_session, NGHTTP2_FLAG_NONE, nullptr, 0);
    }
    ~GrpcClient() { nghttp2_session_del(m_session); }

    void call(const char *path)
    {
        nghttp2_data_provider provider{{0},
            [](nghttp2_session *, int32_t, uint8_t *to, size_t room, uint32_t *, nghttp2_data_source *,
                void *user) -> ssize_t {
                auto *self = static_cast<GrpcClient *>(user);
                if (self->m_toSend.isEmpty())
                    return NGHTTP2_ERR_DEFERRED;
                const auto size = std::min<qsizetype>(qsizetype(room), self->m_toSend.size());
                std::memcpy(to, self->m_toSend.constData(), size_t(size));
                self->m_toSend.remove(0, size);
                return ssize_t(size);
            }};
        const auto nv = [](const char *name, const char *value) {
            return nghttp2_nv{reinterpret_cast<uint8_t *>(const_cast<char *>(name)),
                reinterpret_cast<uint8_t *>(const_cast<char *>(value)), qstrlen(name), qstrlen(value),
                NGHTTP2_NV_FLAG_NONE};
        };
        const nghttp2_nv fields[]{nv(":method", "POST"), nv(":scheme", "http"), nv(":authority", "localhost"),
            nv(":path", path), nv("te", "trailers"), nv("dir-name", "context")};
        m_stream = nghttp2_submit_request(m_session, nullptr, fields, std::size(fields), &provider, nullptr);
        flush();
    }
    void send(const QByteArray &bytes)
    {
        m_toSend += bytes;
        nghttp2_session_resume_data(m_session, m_stream);
        flush();
    }
    void take(const QByteArray &bytes)
    {
        QCOMPARE(nghttp2_session_mem_recv(
                     m_session, reinterpret_cast<const uint8_t *>(bytes.constData()), size_t(bytes.size())),
            ssize_t(bytes.size()));
        flush();
    }

    QHash<QByteArray, QByteArray> headers;
    QByteArray body;
    bool closed = false;

private:
    void flush()
    {
        const uint8_t *data = nullptr;
        for (ssize_t size = 0; (size = nghttp2_session_mem_send(m_session, &data)) > 0;)
            m_deliver(QByteArray(reinterpret_cast<const char *>(data), qsizetype(size)));
    }

    std::function<void(const QByteArray &)> m_deliver;
    nghttp2_session *m_session = nullptr;
    int32_t m_stream = 0;
    QByteArray m_toSend;
};
