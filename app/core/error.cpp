#include "core/error.h"

namespace core {

const char *name(ErrorKind kind)
{
    switch (kind) {
    case ErrorKind::Unreachable:
        return "Unreachable";
    case ErrorKind::Denied:
        return "Denied";
    case ErrorKind::Timeout:
        return "Timeout";
    case ErrorKind::Aborted:
        return "Aborted";
    case ErrorKind::NotFound:
        return "NotFound";
    case ErrorKind::Conflict:
        return "Conflict";
    case ErrorKind::Unauthorized:
        return "Unauthorized";
    case ErrorKind::Daemon:
        return "Daemon";
    case ErrorKind::Protocol:
        return "Protocol";
    }
    return "?";
}

} // namespace core
