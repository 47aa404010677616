#include "docker/apiversion.h"

#include <algorithm>

namespace docker {

ApiVersion ApiVersion::parse(QByteArrayView text)
{
    const qsizetype dot = text.indexOf('.');
    bool majorOk = false;
    bool minorOk = false;
    const ApiVersion version{
        text.first(std::max<qsizetype>(dot, 0)).toInt(&majorOk), text.sliced(dot + 1).toInt(&minorOk)};
    if (dot <= 0 || !majorOk || !minorOk || version.major <= 0 || version.minor < 0)
        return {};
    return version;
}

core::Result<ApiVersion> negotiate(ApiVersion offered)
{
    if (!offered.valid())
        return core::Error{core::ErrorKind::Protocol, 0,
            QStringLiteral("this is no Docker daemon: it does not tell its API version"), {}};
    if (offered < oldestApi) {
        return core::Error{core::ErrorKind::Protocol, 0,
            QStringLiteral("the daemon speaks API %1; Slipway needs %2 (Docker 20.10) or newer")
                .arg(QString::fromLatin1(offered.text()), QString::fromLatin1(oldestApi.text())),
            {}};
    }
    return std::min(offered, newestApi);
}

} // namespace docker
