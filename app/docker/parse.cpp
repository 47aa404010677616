#include "docker/parse.h"

#include "docker/jsonreader.h"

#include <QJsonDocument>
#include <algorithm>

namespace docker {

using namespace Qt::StringLiterals;

namespace {

/** A stream of lines has begun with 200, so what goes wrong later is told in its last line. */
std::optional<core::Error> failureIn(const JsonReader &line)
{
    QString words = line.object("errorDetail"_L1).string("message"_L1);
    if (words.isEmpty())
        words = line.string("error"_L1);
    if (words.isEmpty())
        return std::nullopt;
    return core::Error{core::ErrorKind::Daemon, 0, words, {}};
}

QString withoutSlash(const QString &name) { return name.startsWith(u'/') ? name.mid(1) : name; }

ContainerSummary readContainer(const JsonReader &json)
{
    ContainerSummary c;
    c.id = json.string("Id"_L1);
    c.name = ownName(json.strings("Names"_L1));
    c.image = json.string("Image"_L1);
    c.imageId = json.string("ImageID"_L1);
    c.command = json.string("Command"_L1);
    c.state = json.string("State"_L1);
    c.status = json.string("Status"_L1);
    c.created = json.integer("Created"_L1);
    c.labels = json.stringMap("Labels"_L1);
    c.networkMode = json.object("HostConfig"_L1).string("NetworkMode"_L1);
    for (const JsonReader &port : json.objects("Ports"_L1)) {
        c.ports.append({port.string("IP"_L1), int(port.integer("PrivatePort"_L1)), int(port.integer("PublicPort"_L1)),
            port.string("Type"_L1)});
    }
    return c;
}

QList<DeviceRequest> readDeviceRequests(const JsonReader &hostConfig)
{
    QList<DeviceRequest> list;
    for (const JsonReader &json : hostConfig.objects("DeviceRequests"_L1)) {
        DeviceRequest request;
        request.driver = json.string("Driver"_L1);
        request.count = int(json.integer("Count"_L1));
        request.deviceIds = json.strings("DeviceIDs"_L1);
        for (const QJsonValue &all : json.array("Capabilities"_L1)) {
            QStringList capabilities;
            for (const QJsonValue &one : all.toArray())
                capabilities.append(one.toString());
            request.capabilities.append(capabilities);
        }
        list.append(request);
    }
    return list;
}

ContainerDetail readDetail(const JsonReader &json)
{
    ContainerDetail c;
    c.id = json.string("Id"_L1);
    c.name = withoutSlash(json.string("Name"_L1));
    c.imageId = json.string("Image"_L1);
    c.created = json.time("Created"_L1);
    c.restartCount = int(json.integer("RestartCount"_L1));

    const JsonReader state = json.object("State"_L1);
    c.status = state.string("Status"_L1);
    c.running = state.boolean("Running"_L1);
    c.oomKilled = state.boolean("OOMKilled"_L1);
    c.exitCode = int(state.integer("ExitCode"_L1));
    c.pid = state.integer("Pid"_L1);
    c.stateError = state.string("Error"_L1);
    c.startedAt = state.time("StartedAt"_L1);
    c.finishedAt = state.time("FinishedAt"_L1);

    const JsonReader config = json.object("Config"_L1);
    c.image = config.string("Image"_L1);
    c.tty = config.boolean("Tty"_L1);
    c.openStdin = config.boolean("OpenStdin"_L1);
    c.env = config.strings("Env"_L1);

    const JsonReader hostConfig = json.object("HostConfig"_L1);
    c.autoRemove = hostConfig.boolean("AutoRemove"_L1);
    c.logDriver = hostConfig.object("LogConfig"_L1).string("Type"_L1);
    c.runtime = hostConfig.string("Runtime"_L1);
    c.deviceRequests = readDeviceRequests(hostConfig);
    for (const JsonReader &device : hostConfig.objects("Devices"_L1))
        c.devices.append(device.string("PathOnHost"_L1));

    for (const JsonReader &mount : json.objects("Mounts"_L1)) {
        c.mounts.append({mount.string("Type"_L1), mount.string("Name"_L1), mount.string("Source"_L1),
            mount.string("Destination"_L1), mount.boolean("RW"_L1)});
    }
    c.raw = json.raw();
    return c;
}

ImageSummary readImage(const JsonReader &json)
{
    ImageSummary image;
    image.id = json.string("Id"_L1);
    image.repoTags = realNames(json.strings("RepoTags"_L1));
    image.repoDigests = realNames(json.strings("RepoDigests"_L1));
    image.created = json.integer("Created"_L1);
    image.size = json.integer("Size"_L1);
    image.labels = json.stringMap("Labels"_L1);
    return image;
}

/** memory used as `docker stats` counts it: without the page cache that can be dropped (docker/cli formatter_stats). */
qint64 memoryUsed(const JsonReader &memory)
{
    if (!memory.raw().contains("usage"_L1))
        return -1;
    const qint64 usage = memory.integer("usage"_L1);
    const JsonReader details = memory.object("stats"_L1);
    const QLatin1String cacheKey
        = details.raw().contains("total_inactive_file"_L1) ? "total_inactive_file"_L1 : "inactive_file"_L1;
    const qint64 cache = details.integer(cacheKey);
    return cache < usage ? usage - cache : usage;
}

} // namespace

QString ownName(const QStringList &names)
{
    const auto own
        = std::find_if(names.begin(), names.end(), [](const QString &name) { return name.lastIndexOf(u'/') <= 0; });
    return own == names.end() ? QString() : withoutSlash(*own);
}

QStringList realNames(QStringList names)
{
    names.removeIf([](const QString &name) { return name == "<none>:<none>"_L1 || name == "<none>@<none>"_L1; });
    return names;
}

core::Result<QList<ContainerSummary>> parseContainers(const QByteArray &json) { return readList(json, readContainer); }

core::Result<ContainerDetail> parseContainerDetail(const QByteArray &json) { return readObject(json, readDetail); }

core::Result<Created> parseCreated(const QByteArray &json)
{
    return readObject(json, [](const JsonReader &reader) {
        return Created{reader.string("Id"_L1), reader.strings("Warnings"_L1)};
    });
}

core::Result<WaitResult> parseWait(const QByteArray &json)
{
    return readObject(json, [](const JsonReader &reader) {
        return WaitResult{int(reader.integer("StatusCode"_L1)), reader.object("Error"_L1).string("Message"_L1)};
    });
}

core::Result<ProcessTable> parseTop(const QByteArray &json)
{
    return readObject(json, [](const JsonReader &reader) {
        ProcessTable table{reader.strings("Titles"_L1), {}};
        for (const QJsonValue &row : reader.array("Processes"_L1)) {
            QStringList cells;
            for (const QJsonValue &cell : row.toArray())
                cells.append(cell.toString());
            table.processes.append(cells);
        }
        return table;
    });
}

core::Result<QList<ImageSummary>> parseImages(const QByteArray &json) { return readList(json, readImage); }

core::Result<ImageDetail> parseImageDetail(const QByteArray &json)
{
    return readObject(json, [](const JsonReader &reader) {
        ImageDetail image;
        image.id = reader.string("Id"_L1);
        image.repoTags = reader.strings("RepoTags"_L1);
        image.architecture = reader.string("Architecture"_L1);
        image.os = reader.string("Os"_L1);
        image.size = reader.integer("Size"_L1);
        const JsonReader config = reader.object("Config"_L1);
        image.env = config.strings("Env"_L1);
        image.entrypoint = config.strings("Entrypoint"_L1);
        image.cmd = config.strings("Cmd"_L1);
        image.workingDir = config.string("WorkingDir"_L1);
        image.user = config.string("User"_L1);
        image.raw = reader.raw();
        return image;
    });
}

core::Result<QList<ImageDeletion>> parseImageDeletions(const QByteArray &json)
{
    return readList(json, [](const JsonReader &reader) {
        return ImageDeletion{reader.string("Untagged"_L1), reader.string("Deleted"_L1)};
    });
}

core::Result<Info> parseInfo(const QByteArray &json)
{
    return readObject(json, [](const JsonReader &reader) {
        Info info;
        info.name = reader.string("Name"_L1);
        info.serverVersion = reader.string("ServerVersion"_L1);
        info.operatingSystem = reader.string("OperatingSystem"_L1);
        info.cpus = int(reader.integer("NCPU"_L1));
        info.memory = reader.integer("MemTotal"_L1);
        info.runtimes = reader.object("Runtimes"_L1).raw().keys();
        for (const JsonReader &device : reader.objects("DiscoveredDevices"_L1))
            info.discoveredDevices.append(device.string("ID"_L1));
        info.dockerRootDir = reader.string("DockerRootDir"_L1);
        // "name=seccomp,profile=builtin", "name=rootless", "name=userns"
        for (const QString &option : reader.strings("SecurityOptions"_L1)) {
            const QString name = option.section(u',', 0, 0);
            info.rootless = info.rootless || name == "name=rootless"_L1;
            info.userNamespaces = info.userNamespaces || name == "name=userns"_L1;
        }
        info.cgroupVersion = reader.string("CgroupVersion"_L1) == "1"_L1 ? 1 : 2;
        return info;
    });
}

core::Result<Version> parseVersion(const QByteArray &json)
{
    return readObject(json, [](const JsonReader &reader) {
        return Version{reader.string("Version"_L1), reader.string("ApiVersion"_L1), reader.string("MinAPIVersion"_L1)};
    });
}

core::Result<Event> parseEvent(const QByteArray &json)
{
    return readObject(json, [](const JsonReader &reader) {
        const JsonReader actor = reader.object("Actor"_L1);
        return Event{reader.string("Type"_L1), reader.string("Action"_L1), actor.string("ID"_L1),
            actor.stringMap("Attributes"_L1), reader.integer("timeNano"_L1)};
    });
}

core::Result<Stats> parseStats(const QByteArray &json)
{
    return readObject(json, [](const JsonReader &reader) {
        const JsonReader cpu = reader.object("cpu_stats"_L1);
        const JsonReader usage = cpu.object("cpu_usage"_L1);
        Stats stats;
        stats.cpuTotal = quint64(usage.integer("total_usage"_L1));
        stats.systemCpu = quint64(cpu.integer("system_cpu_usage"_L1));
        stats.onlineCpus = int(cpu.integer("online_cpus"_L1));
        if (stats.onlineCpus == 0)
            stats.onlineCpus = int(usage.array("percpu_usage"_L1).size());
        const JsonReader memory = reader.object("memory_stats"_L1);
        stats.memoryUsed = memoryUsed(memory);
        stats.memoryLimit = memory.raw().contains("limit"_L1) ? memory.integer("limit"_L1) : -1;
        return stats;
    });
}

core::Result<PullStep> parsePullStep(const QByteArray &json)
{
    const auto failure = std::make_shared<core::Error>();
    auto step = readObject(json, [failure](const JsonReader &reader) {
        if (const auto told = failureIn(reader))
            *failure = *told;
        PullStep read{reader.string("id"_L1), reader.string("status"_L1)};
        const JsonReader detail = reader.object("progressDetail"_L1);
        const auto figure = [&](QLatin1String key) { return detail.raw().contains(key) ? detail.integer(key) : -1; };
        read.current = figure("current"_L1);
        if (detail.string("units"_L1).isEmpty())
            read.total = figure("total"_L1);
        return read;
    });
    if (!failure->message.isEmpty())
        return *failure;
    return step;
}

core::Result<QString> parseLoad(const QByteArray &jsonLines)
{
    QString last;
    for (const QByteArray &line : jsonLines.split('\n')) {
        if (line.trimmed().isEmpty())
            continue;
        const auto parsed = jsonDocument(line);
        if (!parsed)
            return parsed.error();
        const JsonReader reader(parsed->object());
        if (const auto failure = failureIn(reader))
            return *failure;
        if (const QString words = reader.string("stream"_L1).trimmed(); !words.isEmpty())
            last = words;
    }
    return last;
}

core::Error inDaemonsWords(core::Error error)
{
    if (error.httpStatus == 0)
        return error;
    const QJsonValue message = QJsonDocument::fromJson(error.message.toUtf8()).object().value("message"_L1);
    if (message.isString())
        error.message = message.toString();
    if (error.message.isEmpty())
        error.message = QStringLiteral("the daemon answered with status %1").arg(error.httpStatus);
    return error;
}

} // namespace docker
