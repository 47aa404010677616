#include "recipe/createbody.h"

#include "recipe/networkoptions.h"
#include "recipe/notation.h"
#include "recipe/portspec.h"
#include "recipe/requestdraft.h"
#include "recipe/startcommand.h"
#include "recipe/values.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <algorithm>
#include <cmath>
#include <variant>

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

/** The last one of a name counts (the client sends them in a random order). */
QStringList environmentList(const QList<EnvVar> &variables, const QProcessEnvironment &environment)
{
    QList<EnvVar> list;
    for (EnvVar variable : variables) {
        if (!variable.value && environment.contains(variable.name))
            variable.value = environment.value(variable.name);
        variable.secret = false; // this is for the daemon
        const auto same = std::ranges::find(list, variable.name, &EnvVar::name);
        same == list.end() ? void(list += variable) : void(*same = variable);
    }
    QStringList texts;
    for (const EnvVar &variable : std::as_const(list))
        texts += envValue(variable);
    return texts;
}

QJsonObject labels(QJsonObject object, const QList<QPair<QString, QString>> &list)
{
    for (const auto &[key, value] : list)
        object[key] = value;
    return object;
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

std::optional<OptionFault> putPorts(const QStringList &ports, QJsonObject &body, QJsonObject &host)
{
    QJsonObject exposed;
    QJsonObject bindings;
    for (const QString &port : ports) {
        const auto parsedPort = parsePort(port);
        if (!parsedPort)
            return OptionFault{u"publish"_s, u"“%1” is no port to publish."_s.arg(port)};
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
    return std::nullopt;
}

/** What the fields of RunConfig say. */
std::optional<OptionFault> putFields(const RunConfig &config, RequestDraft &draft)
{
    QJsonObject &body = draft.body;
    QJsonObject &host = draft.host;
    body[u"Image"] = config.image;
    body[u"User"] = config.user;
    body[u"WorkingDir"] = config.workingDir;
    body[u"Tty"] = config.tty;
    body[u"OpenStdin"] = config.interactive;
    body[u"Cmd"] = listOrNull(startCommand(config));
    body[u"Entrypoint"] = config.entrypoint ? QJsonValue(QJsonArray{*config.entrypoint}) : QJsonValue();
    host[u"RestartPolicy"] = restartPolicy(config.restart);
    host[u"AutoRemove"] = config.removeWhenFinished;
    host[u"IpcMode"] = config.ipc;
    host[u"ShmSize"] = config.shmSize;
    host[u"Memory"] = config.memory;
    host[u"NanoCpus"] = qint64(std::llround(config.cpus * 1e9));
    host[u"DeviceRequests"] = deviceRequests(config.gpus);
    host[u"Ulimits"] = ulimits(config.ulimits);
    putMounts(config.mounts, body, host);
    if (!config.network.isEmpty())
        draft.networks += NetworkAttachment{config.network, {}, {}, {}, {}, {}, 0};
    return putPorts(config.ports, body, host);
}

std::optional<OptionFault> putOptions(const RunConfig &config, RequestDraft &draft)
{
    for (const Option &option : config.options) {
        const DockerOption *known = dockerOption(option.name);
        if (!known)
            return OptionFault{option.name, u"Docker has no option --%1."_s.arg(option.name)};
        if (const QString fault = known->put(draft, option.value); !fault.isEmpty())
            return OptionFault{known->name, fault};
    }
    return std::nullopt;
}

/** Which streams the client would attach; without -a its own two, and standard input with -i. */
void putStreams(const RunConfig &config, RequestDraft &draft)
{
    const auto attached = [&](const QString &stream) {
        return draft.attach.isEmpty() ? !config.detach && stream != "stdin"_L1 : draft.attach.contains(stream);
    };
    const bool input = attached(u"stdin"_s) || (config.interactive && !config.detach);
    draft.body[u"AttachStdin"] = input;
    draft.body[u"StdinOnce"] = input && config.interactive;
    draft.body[u"AttachStdout"] = attached(u"stdout"_s);
    draft.body[u"AttachStderr"] = attached(u"stderr"_s);
}

/** What several options decide together. */
std::optional<OptionFault> finish(const RunConfig &config, RequestDraft &draft)
{
    const QString policy = draft.host["RestartPolicy"_L1]["Name"_L1].toString();
    if (config.removeWhenFinished && !policy.isEmpty() && policy != "no"_L1)
        return OptionFault{u"restart"_s, u"--rm and --restart do not go together."_s};
    if (config.detach && !draft.attach.isEmpty())
        return OptionFault{u"attach"_s, u"--attach and --detach do not go together."_s};
    if (draft.noHealth && !draft.health.isEmpty())
        return OptionFault{u"no-healthcheck"_s, u"--no-healthcheck and the --health options do not go together."_s};
    const QJsonValue log = draft.host["LogConfig"_L1];
    if (log["Type"_L1] == "none"_L1 && !log["Config"_L1].toObject().isEmpty())
        return OptionFault{u"log-opt"_s, u"The log driver “none” takes no --log-opt."_s};
    if (draft.noHealth)
        draft.health = {{u"Test"_s, QJsonArray{u"NONE"_s}}};
    if (!draft.health.isEmpty())
        draft.body[u"Healthcheck"] = draft.health;
    if (!draft.cdiDevices.isEmpty())
        draft.append("DeviceRequests"_L1,
            QJsonObject{{u"Driver"_s, u"cdi"_s}, {u"Count"_s, 0},
                {u"DeviceIDs"_s, QJsonArray::fromStringList(draft.cdiDevices)}, {u"Capabilities"_s, QJsonValue()},
                {u"Options"_s, QJsonValue()}});
    if (draft.apiSocket)
        draft.append("Mounts"_L1,
            QJsonObject{{u"Type"_s, u"bind"_s}, {u"Source"_s, draft.context.apiSocket},
                {u"Target"_s, u"/var/run/docker.sock"_s}, {u"BindOptions"_s, QJsonObject()}});
    draft.body[u"Env"] = listOrNull(draft.fileEnvironment + environmentList(config.env, draft.context.environment));
    draft.body[u"Labels"] = labels(draft.fileLabels, config.labels);
    putStreams(config, draft);
    return finishNetworks(draft);
}

std::variant<CreateRequest, OptionFault> compose(const RunConfig &config, const ShellContext &context)
{
    RequestDraft draft{context, parsed(defaultBody)};
    draft.host = draft.body.take("HostConfig"_L1).toObject();
    for (const auto step : {putFields, putOptions, finish}) {
        if (const auto fault = step(config, draft))
            return *fault;
    }
    draft.body[u"HostConfig"] = draft.host;
    return CreateRequest{draft.body, config.name, readPlatform(config.platform).value_or(config.platform)};
}

} // namespace

std::optional<OptionFault> optionFault(const RunConfig &config, const ShellContext &context)
{
    const auto composed = compose(config, context);
    const auto *fault = std::get_if<OptionFault>(&composed);
    return fault ? std::optional(*fault) : std::nullopt;
}

core::Result<CreateRequest> createRequest(const RunConfig &config, const ShellContext &context)
{
    const auto composed = compose(config, context);
    if (const auto *fault = std::get_if<OptionFault>(&composed))
        return core::Error{core::ErrorKind::Protocol, 0, fault->message, {}};
    return std::get<CreateRequest>(composed);
}

} // namespace recipe
