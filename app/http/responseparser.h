#pragma once

#include "core/result.h"
#include "http/message.h"

#include <memory>
#include <optional>
#include <utility>

namespace http {

/**
 * Reads one HTTP/1.x answer from bytes cut anywhere: feed() what came, then take head(), takeBody() and complete().
 * Body lengths by Content-Length, chunks or end of connection. Not for requests. The only place that knows Boost.Beast.
 */
class ResponseParser
{
public:
    /** headOnly: the answer to HEAD, which has no body whatever its header says. */
    explicit ResponseParser(bool headOnly = false);
    ~ResponseParser();

    /** Takes the bytes; Protocol error when they are not HTTP, or when the header exceeds 64 KiB. */
    core::Result<void> feed(QByteArrayView bytes);
    /** The connection ended: fine where the body ends with it, else Unreachable (cut in mid-answer). */
    core::Result<void> finish();

    /** Set once the whole header was read. */
    const std::optional<ResponseHead> &head() const;
    /** Body bytes decoded since the last call. */
    QByteArray takeBody();
    bool complete() const;
    /** True when the connection may carry another request after this answer. */
    bool keepAlive() const;
    /** After a 101: the bytes that followed the header, which are not HTTP any more. */
    QByteArray takeRest();

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace http
