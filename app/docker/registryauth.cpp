#include "docker/registryauth.h"

#include <QJsonDocument>
#include <QJsonObject>

namespace docker {

QByteArray RegistryAuth::header() const
{
    QJsonObject object;
    const auto put = [&object](const char *key, const QString &value) {
        if (!value.isEmpty())
            object[QLatin1String(key)] = value;
    };
    put("username", username);
    if (identityToken.isEmpty())
        put("password", password);
    put("identitytoken", identityToken);
    put("serveraddress", server);
    return QJsonDocument(object).toJson(QJsonDocument::Compact).toBase64(QByteArray::Base64UrlEncoding);
}

} // namespace docker
