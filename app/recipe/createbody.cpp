#include "recipe/createbody.h"

#include "recipe/notation.h"
#include "recipe/portspec.h"
#include "recipe/startcommand.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <algorithm>
#include <cmath>

namespace recipe {

using namespace Qt::StringLiterals;

namespace {

/** Of `docker create IMAGE`, without its NetworkingConfig: what is sent when nothing is asked for. */
constexpr char defaultBody[] = R"({
"Hostname": "", "Domainname": "", "User": "", "AttachStdin": false, "AttachStdout": true, "AttachStderr": true,
"Tty": false, "OpenStdin": false, "StdinOnce": false, "Env": null, "Cmd": null, "Image": "", "Volumes": {},
"WorkingDir": "", "Entrypoint": null, "OnBuild": null, "Labels": {}, "HostConfig": {
"Binds": null, "ContainerIDFile": "", "LogConfig": {"Type": "", "Config": {}}, "NetworkMode": "default",
"PortBindings": {}, "RestartPolicy": {"Name": "no", "MaximumRetryCount": 0}, "AutoRemove": false, "VolumeDriver": "",
"VolumesFrom": null, "ConsoleSize": [0, 0], "CapAdd": null, "CapDrop": null, "CgroupnsMode": "", "Dns": [],
"DnsOptions": [], "DnsSearch": [], "ExtraHosts": null, "GroupAdd": null, "IpcMode": "", "Cgroup": "", "Links": null,
"OomScoreAdj": 0, "PidMode": "", "Privileged": false, "PublishAllPorts": false, "ReadonlyRootfs": false,
"SecurityOpt": null, "UTSMode": "", "UsernsMode": "", "ShmSize": 0, "Isolation": "", "CpuShares": 0, "Memory": 0,
"NanoCpus": 0, "CgroupParent": "", "BlkioWeight": 0, "BlkioWeightDevice": [], "BlkioDeviceReadBps": [],
"BlkioDeviceWriteBps": [], "BlkioDeviceReadIOps": [], "BlkioDeviceWriteIOps": [], "CpuPeriod": 0, "CpuQuota": 0,
"CpuRealtimePeriod": 0, "CpuRealtimeRuntime": 0, "CpusetCpus": "", "CpusetMems": "", "Devices": [],
"DeviceCgroupRules": null, "DeviceRequests": null, "MemoryReservation": 0, "MemorySwap": 0, "MemorySwappiness": -1,
"OomKillDisable": false, "PidsLimit": 0, "Ulimits": [], "CpuCount": 0, "CpuPercent": 0, "IOMaximumIOps": 0,
"IOMaximumBandwidth": 0, "MaskedPaths": null, "ReadonlyPaths": null}})";

constexpr char defaultEndpoint[] = R"({
"IPAMConfig": null, "Links": null, "Aliases": null, "MacAddress": "", "DriverOpts": null, "GwPriority": 0,
"NetworkID": "", "EndpointID": "", "Gateway": "", "IPAddress": "", "IPPrefixLen": 0, "IPv6Gateway": "",
"GlobalIPv6Address": "", "GlobalIPv6PrefixLen": 0, "DNSNames": null})";

QJsonObject parsed(const char *text) { return QJsonDocument::fromJson(text).object(); }

QJsonValue listOrNull(const QStringList &list)
{
    return list.isEmpty() ? QJsonValue() : QJsonValue(QJsonArray::fromStringList(list));
}

QJsonValue deviceRequests(const GpuRequest &gpus)
{
    if (gpus.kind == GpuRequest::Kind::None)
        return {};
    const bool devices = gpus.kind == GpuRequest::Kind::Devices;
    const int count = devices ? 0 : gpus.kind == GpuRequest::Kind::All ? -1 : gpus.count;
    return QJsonArray{QJsonObject{{u"Driver"_s, QString()}, {u"Count"_s, count},
        {u"DeviceIDs"_s, devices ? QJsonArray::fromStringList(gpus.devices) : QJsonValue()},
        {u"Capabilities"_s, QJsonArray{QJsonArray{u"gpu"_s}}}, {u"Options"_s, QJsonObject()}}};
}

QJsonArray ulimits(QList<Ulimit> list)
{
    std::ranges::sort(list, {}, &Ulimit::name);
    QJsonArray array;
    for (const Ulimit &ulimit : list)
        array += QJsonObject{{u"Name"_s, ulimit.name}, {u"Hard"_s, ulimit.hard}, {u"Soft"_s, ulimit.soft}};
    return array;
}

QJsonObject restartPolicy(const QString &restart)
{
    const QString name = restart.section(u':', 0, 0);
    return {
        {u"Name"_s, name.isEmpty() ? u"no"_s : name}, {u"MaximumRetryCount"_s, restart.section(u':', 1, 1).toInt()}};
}

QStringList environmentList(const QList<EnvVar> &variables, const QProcessEnvironment &environment)
{
    QStringList list;
    for (EnvVar variable : variables) {
        if (!variable.value && environment.contains(variable.name))
            variable.value = environment.value(variable.name);
        variable.secret = false; // this is for the daemon
        list += envValue(variable);
    }
    return list;
}

QJsonObject labels(const QList<QPair<QString, QString>> &list)
{
    QJsonObject object;
    for (const auto &[key, value] : list)
        object[key] = value;
    return object;
}

/** No endpoint where the container gets no network of its own. */
QJsonObject endpoints(const QString &network)
{
    if (network == "host"_L1 || network == "none"_L1 || network.startsWith("container:"_L1))
        return {};
    return {{network, parsed(defaultEndpoint)}};
}

void putMounts(const QList<Mount> &mounts, QJsonObject &body, QJsonObject &host)
{
    QStringList binds;
    QJsonObject nameless;
    QJsonArray strict;
    for (const Mount &mount : mounts) {
        if (mount.mustExist) {
            QJsonObject object{{u"Type"_s, u"bind"_s}, {u"Source"_s, mount.source}, {u"Target"_s, mount.target}};
            if (mount.readOnly)
                object[u"ReadOnly"] = true;
            strict += object;
        } else if (mount.source.isEmpty()) {
            nameless[mount.target] = QJsonObject();
        } else {
            binds += volumeValue(mount);
        }
    }
    host[u"Binds"] = listOrNull(binds);
    body[u"Volumes"] = nameless;
    if (!strict.isEmpty())
        host[u"Mounts"] = strict;
}

void putPorts(const QStringList &ports, QJsonObject &body, QJsonObject &host)
{
    QJsonObject exposed;
    QJsonObject bindings;
    for (const QString &port : ports) {
        const auto parsedPort = parsePort(port);
        if (!parsedPort)
            continue; // check() says so
        for (const PortBinding &binding : *parsedPort) {
            exposed[binding.container] = QJsonObject();
            QJsonArray list = bindings[binding.container].toArray();
            list += QJsonObject{{u"HostIp"_s, binding.hostIp}, {u"HostPort"_s, binding.hostPort}};
            bindings[binding.container] = list;
        }
    }
    host[u"PortBindings"] = bindings;
    if (!exposed.isEmpty())
        body[u"ExposedPorts"] = exposed;
}

QJsonObject hostConfig(const RunConfig &config, const QString &network, QJsonObject host)
{
    host[u"NetworkMode"] = network;
    host[u"RestartPolicy"] = restartPolicy(config.restart);
    host[u"AutoRemove"] = config.removeWhenFinished;
    host[u"IpcMode"] = config.ipc;
    host[u"ShmSize"] = config.shmSize;
    host[u"Memory"] = config.memory;
    host[u"NanoCpus"] = qint64(std::llround(config.cpus * 1e9));
    host[u"DeviceRequests"] = deviceRequests(config.gpus);
    host[u"Ulimits"] = ulimits(config.ulimits);
    return host;
}

} // namespace

CreateRequest createRequest(const RunConfig &config, const QProcessEnvironment &environment)
{
    QJsonObject body = parsed(defaultBody);
    const QString network = config.network.isEmpty() ? u"default"_s : config.network;
    QJsonObject host = hostConfig(config, network, body.value("HostConfig"_L1).toObject());
    const bool foreground = !config.detach;
    body[u"Image"] = config.image;
    body[u"User"] = config.user;
    body[u"WorkingDir"] = config.workingDir;
    body[u"Tty"] = config.tty;
    body[u"OpenStdin"] = config.interactive;
    body[u"AttachStdin"] = config.interactive && foreground;
    body[u"StdinOnce"] = config.interactive && foreground;
    body[u"AttachStdout"] = foreground;
    body[u"AttachStderr"] = foreground;
    body[u"Env"] = listOrNull(environmentList(config.env, environment));
    body[u"Cmd"] = listOrNull(startCommand(config));
    body[u"Entrypoint"] = config.entrypoint ? QJsonValue(QJsonArray{*config.entrypoint}) : QJsonValue();
    body[u"Labels"] = labels(config.labels);
    body[u"NetworkingConfig"] = QJsonObject{{u"EndpointsConfig"_s, endpoints(network)}};
    putMounts(config.mounts, body, host);
    putPorts(config.ports, body, host);
    body[u"HostConfig"] = host;
    return {body, config.name, config.platform};
}

} // namespace recipe
