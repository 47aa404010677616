#pragma once

#include <QString>

namespace core {

/** What a caller can do about a failure, not where it came from. */
enum class ErrorKind {
    Unreachable, ///< nothing answers: no socket, stale socket, connection lost
    Denied, ///< no permission (not in group docker, HTTP 403)
    Timeout, ///< no progress within the deadline
    Aborted, ///< the caller took the request back
    NotFound, ///< HTTP 404
    Conflict, ///< HTTP 409: name taken, not running, in use
    Unauthorized, ///< HTTP 401
    Daemon, ///< any other refusal, in the daemon's own words
    Protocol, ///< the answer is not what the API describes
};

/**
 * A failure as a value. `message` is the daemon's (or the system's) own words; the plain sentence for
 * people is made in ui. `detail` helps a developer (a path, an offset) and never holds a secret.
 */
struct Error
{
    ErrorKind kind = ErrorKind::Daemon;
    int httpStatus = 0; ///< 0 where no HTTP answer was involved
    QString message;
    QString detail;

    bool operator==(const Error &) const = default;
};

/** The kind's name, for logs and tests. */
const char *name(ErrorKind kind);

} // namespace core
