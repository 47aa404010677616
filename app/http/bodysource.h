#pragma once

#include "core/result.h"

#include <QByteArray>

namespace http {

/**
 * A request's body that is made while it is sent, so that its size does not matter: a tar of a folder, a file. Asked
 * for the next piece, in the connection's thread, whenever the socket has taken most of the last ones; may block there
 * on a disk, so such requests belong to an Engine in a thread of its own. Owned by the Request.
 */
class BodySource
{
public:
    BodySource() = default;
    virtual ~BodySource() = default;
    Q_DISABLE_COPY_MOVE(BodySource)

    /** Some 64 to 256 KiB; empty at the end, and not asked again after it. An error ends the exchange with it. */
    virtual core::Result<QByteArray> next() = 0;
};

} // namespace http
