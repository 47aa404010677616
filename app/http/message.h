#pragma once

#include <QByteArray>
#include <QList>
#include <QPair>
#include <QUrlQuery>
#include <chrono>
#include <memory>

namespace http {

class BodySource;

/** Header fields in order; names compare without case (RFC 9110 5.1). */
class Headers
{
public:
    void add(const QByteArray &name, const QByteArray &value) { m_fields.append({name, value}); }
    /** The first value of that name, empty where there is none. */
    QByteArray value(QByteArrayView name) const;
    const QList<QPair<QByteArray, QByteArray>> &fields() const { return m_fields; }

private:
    QList<QPair<QByteArray, QByteArray>> m_fields;
};

/** One request. `path` is sent as it is, so it must be percent-encoded already; so must `query`. */
struct Request
{
    QByteArray method = "GET";
    QByteArray path;
    QUrlQuery query{};
    QByteArray body{};
    std::shared_ptr<BodySource> bodySource{}; ///< instead of body: sent in chunks as it is made
    QByteArray contentType{}; ///< empty: no Content-Type field
    Headers headers{};
    /** Without any byte in or out for this long the answer is Timeout; 0: wait for ever. Streams wait for ever once
     * open. */
    std::chrono::milliseconds deadline = std::chrono::seconds(30);
    QByteArray upgrade{}; ///< ask for a hijacked connection that speaks this ("tcp", "h2c"), answered by 101

    bool idempotent() const { return method == "GET" || method == "HEAD"; }
    /** The bytes on the wire, HTTP/1.1 (RFC 9112). */
    QByteArray toWire() const;
};

/** Status line and header of an answer. */
struct ResponseHead
{
    int status = 0;
    Headers headers{};

    bool success() const { return status >= 200 && status < 300; }
    /** The media type alone, lower case, without parameters. */
    QByteArray contentType() const;
};

/** A whole answer. */
struct Response
{
    ResponseHead head;
    QByteArray body;
};

} // namespace http
