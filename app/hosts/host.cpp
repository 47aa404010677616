#include "hosts/host.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>

namespace hosts {

using namespace Qt::StringLiterals;

namespace {

constexpr auto systemSocket = "/var/run/docker.sock"_L1;

core::Result<Host> hostOfUrl(const QString &url, const QString &name)
{
    static constexpr auto unixScheme = "unix://"_L1;
    if (url.startsWith(unixScheme))
        return Host{name, url, {url.mid(unixScheme.size())}};
    if (url.startsWith(u'/'))
        return Host{name, unixScheme + url, {url}};
    return core::Error{core::ErrorKind::Unreachable, 0,
        u"Slipway reaches daemons through a socket on this machine (unix:///path), and %1 is not one"_s.arg(url), url};
}

QJsonObject jsonFile(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? QJsonDocument::fromJson(file.readAll()).object() : QJsonObject();
}

QString configFolder(const Environment &environment)
{
    const QString set = environment.variable("DOCKER_CONFIG");
    return set.isEmpty() ? environment.home + "/.docker"_L1 : set;
}

/** A context's address, from contexts/meta/SHA256(name)/meta.json. */
core::Result<Host> hostOfContext(const QString &name, const QString &config)
{
    const QByteArray folder = QCryptographicHash::hash(name.toUtf8(), QCryptographicHash::Sha256).toHex();
    const QString path = u"%1/contexts/meta/%2/meta.json"_s.arg(config, QString::fromLatin1(folder));
    const QString url = jsonFile(path)["Endpoints"_L1]["docker"_L1]["Host"_L1].toString();
    if (url.isEmpty())
        return core::Error{core::ErrorKind::NotFound, 0, u"there is no Docker context named %1"_s.arg(name), path};
    return hostOfUrl(url, name);
}

Host firstLocal(const Environment &environment)
{
    const QString runtime = environment.variable("XDG_RUNTIME_DIR");
    QStringList candidates = {systemSocket, environment.home + "/.docker/desktop/docker.sock"_L1};
    if (!runtime.isEmpty())
        candidates << runtime + "/docker.sock"_L1 << runtime + "/podman/podman.sock"_L1;
    for (const QString &path : std::as_const(candidates)) {
        if (QFileInfo::exists(path))
            return {u"local"_s, "unix://"_L1 + path, {path}};
    }
    // None runs yet: the usual place is the one to watch.
    return {u"local"_s, "unix://"_L1 + systemSocket, {systemSocket}};
}

} // namespace

Environment Environment::system()
{
    return {[](const char *name) { return qEnvironmentVariable(name); }, QDir::homePath()};
}

core::Result<Host> chooseHost(const QString &option, const Environment &environment)
{
    if (!option.isEmpty())
        return hostOfUrl(option, option);
    if (const QString url = environment.variable("DOCKER_HOST"); !url.isEmpty())
        return hostOfUrl(url, url);
    const QString config = configFolder(environment);
    QString context = environment.variable("DOCKER_CONTEXT");
    if (context.isEmpty())
        context = jsonFile(config + "/config.json"_L1).value("currentContext"_L1).toString();
    if (!context.isEmpty() && context != "default"_L1)
        return hostOfContext(context, config);
    return firstLocal(environment);
}

} // namespace hosts
