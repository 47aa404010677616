#pragma once

#include <QString>

namespace http {

/** Where a server listens. Today a Unix socket; hosts turns ssh and tls addresses into one of these. */
struct Endpoint
{
    QString socketPath; ///< absolute path of a Unix stream socket

    bool operator==(const Endpoint &) const = default;
};

} // namespace http
