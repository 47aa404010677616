#include "accounts/dockerconfig.h"

#include "accounts/registryname.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>

namespace accounts {

using namespace Qt::StringLiterals;
using core::Error;
using core::ErrorKind;
using docker::RegistryAuth;

namespace {

constexpr qint64 mostBytes = 4 << 20; // thousands of sign-ins; more is another file

/** "user:password" in base64, of which the client that wrote it may have left NULs behind. False: it is not that. */
bool decode(const QString &text, RegistryAuth &auth)
{
    const auto decoded = QByteArray::fromBase64Encoding(
        text.toLatin1(), QByteArray::Base64Encoding | QByteArray::AbortOnBase64DecodingErrors);
    const qsizetype colon = decoded ? decoded.decoded.indexOf(':') : -1;
    if (colon < 0)
        return false;
    QByteArray password = decoded.decoded.mid(colon + 1);
    while (password.endsWith('\0'))
        password.chop(1);
    auth.username = QString::fromUtf8(decoded.decoded.left(colon));
    auth.password = QString::fromUtf8(password);
    return true;
}

/** Unset: there is no secret in it, or none that can be read (then with trouble). */
std::optional<RegistryAuth> loginOf(const QString &server, const QJsonValue &value, QString &trouble)
{
    const QJsonObject entry = value.toObject();
    RegistryAuth auth;
    auth.server = server;
    auth.username = entry["username"_L1].toString();
    auth.password = entry["password"_L1].toString();
    auth.identityToken = entry["identitytoken"_L1].toString();
    const QString encoded = entry["auth"_L1].toString();
    if ((!encoded.isEmpty() && !decode(encoded, auth)) || (!value.isObject() && !value.isNull())) {
        if (trouble.isEmpty())
            trouble = u"The sign-in of %1 in Docker's config.json cannot be read: run `docker login %1` again."_s.arg(
                server);
        return {};
    }
    if (!auth.identityToken.isEmpty())
        auth.password.clear();
    if (auth.isEmpty())
        return {};
    return auth;
}

} // namespace

core::Result<DockerConfig> DockerConfig::parse(const QByteArray &json)
{
    DockerConfig config;
    if (json.trimmed().isEmpty())
        return config;
    QJsonParseError fault;
    const QJsonDocument document = QJsonDocument::fromJson(json, &fault);
    if (!document.isObject()) {
        const auto line = json.left(std::clamp<qsizetype>(fault.offset, 0, json.size())).count('\n') + 1;
        return Error{ErrorKind::Protocol, 0,
            u"Docker's config.json is broken in line %1, so no sign-in of Docker's is used: mend that line."_s.arg(
                line),
            fault.errorString()};
    }
    const QJsonObject root = document.object();
    const QJsonObject auths = root["auths"_L1].toObject();
    for (auto it = auths.begin(); it != auths.end(); ++it) {
        if (const auto login = loginOf(it.key(), it.value(), config.trouble))
            config.logins += *login;
    }
    config.store = root["credsStore"_L1].toString();
    const QJsonObject helpers = root["credHelpers"_L1].toObject();
    for (auto it = helpers.begin(); it != helpers.end(); ++it) {
        if (const QString name = it.value().toString(); !name.isEmpty())
            config.helpers[it.key()] = name;
    }
    return config;
}

core::Result<DockerConfig> DockerConfig::read(const QString &path)
{
    QFile file(path);
    if (!file.exists())
        return DockerConfig();
    if (!file.open(QIODevice::ReadOnly))
        return Error{ErrorKind::Denied, 0, u"Docker's %1 cannot be read: %2."_s.arg(path, file.errorString()), {}};
    if (file.size() > mostBytes)
        return Error{ErrorKind::Protocol, 0, u"Docker's %1 is too large to be what it should be."_s.arg(path), {}};
    return parse(file.read(mostBytes));
}

QString DockerConfig::path()
{
    const QString folder = qEnvironmentVariable("DOCKER_CONFIG");
    return (folder.isEmpty() ? QDir::homePath() + "/.docker"_L1 : folder) + "/config.json"_L1;
}

std::optional<RegistryAuth> DockerConfig::login(const QString &registry) const
{
    std::optional<RegistryAuth> found;
    for (const RegistryAuth &login : logins) {
        if (login.server == serverOf(registry))
            return login;
        if (!found && registryOf(login.server) == registry)
            found = login;
    }
    return found;
}

QString DockerConfig::keeper(const QString &registry) const
{
    for (auto it = helpers.begin(); it != helpers.end(); ++it) {
        if (registryOf(it.key()) == registry)
            return it.value();
    }
    return store;
}

} // namespace accounts
