#pragma once

#include "core/result.h"

#include <QByteArray>
#include <compare>

namespace docker {

/** A version of the Engine API, "1.41". */
struct ApiVersion
{
    int major = 0;
    int minor = 0;

    auto operator<=>(const ApiVersion &) const = default;

    /** Empty major when the text is no version. */
    static ApiVersion parse(QByteArrayView text);
    bool valid() const { return major > 0; }
    QByteArray text() const { return QByteArray::number(major) + '.' + QByteArray::number(minor); }
};

/** What we speak: Docker 20.10 up to the newest description we were written against. */
inline constexpr ApiVersion oldestApi{1, 41};
inline constexpr ApiVersion newestApi{1, 55};

/** The version to speak with a daemon whose newest is `offered` (its Api-Version header); Protocol if it is too old. */
core::Result<ApiVersion> negotiate(ApiVersion offered);

} // namespace docker
