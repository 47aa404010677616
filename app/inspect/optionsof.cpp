#include "inspect/optionsof.h"

#include "core/jsonplace.h"
#include "core/units.h"
#include "recipe/optiontable.h"
#include "recipe/values.h"

#include <QJsonArray>
#include <algorithm>
#include <array>

namespace inspect {

using namespace Qt::StringLiterals;
using namespace recipe;

namespace {

/** A value as it stands behind an option; empty where the field does not say it so. */
using Write = QString (*)(const QJsonValue &value);

QString plain(const QJsonValue &value)
{
    if (value.isBool())
        return value.toBool() ? u"true"_s : u"false"_s;
    return value.isDouble() ? QString::number(value.toInteger()) : value.toString();
}

QString size(const QJsonValue &value) { return core::dockerBytes(value.toInteger()); }

/** In the largest unit that divides it. */
QString duration(const QJsonValue &value)
{
    constexpr std::array units = {std::pair{Q_INT64_C(3600000000000), "h"_L1},
        std::pair{Q_INT64_C(60000000000), "m"_L1}, std::pair{Q_INT64_C(1000000000), "s"_L1},
        std::pair{Q_INT64_C(1000000), "ms"_L1}, std::pair{Q_INT64_C(1000), "us"_L1}, std::pair{Q_INT64_C(1), "ns"_L1}};
    const qint64 nanoseconds = value.toInteger();
    const auto unit = std::ranges::find_if(units, [=](const auto &pair) { return nanoseconds % pair.first == 0; });
    return QString::number(nanoseconds / unit->first) + unit->second;
}

QString capability(const QJsonValue &value)
{
    const QString name = value.toString();
    return name.startsWith("CAP_"_L1) ? name.sliced(4) : name;
}

/** "/dev/sda:10mb"; -bps wants its rate as a size, which a plain number is too. */
QString rate(const QJsonValue &value)
{
    return value["Path"_L1].toString() + u':' + QString::number(value["Rate"_L1].toInteger());
}

QString weight(const QJsonValue &value)
{
    return value["Path"_L1].toString() + u':' + QString::number(value["Weight"_L1].toInteger());
}

QString device(const QJsonValue &value)
{
    const QString outside = value["PathOnHost"_L1].toString();
    const QString inside = value["PathInContainer"_L1].toString();
    const QString permissions = value["CgroupPermissions"_L1].toString();
    if (outside.contains(u':') || inside.contains(u':') || inside.isEmpty() || permissions.isEmpty())
        return {};
    QString text = outside;
    if (inside != outside)
        text += u':' + inside;
    return permissions == "rwm"_L1 ? text : QString(text + u':' + permissions);
}

/** "/db:/run-1/alias" is how the daemon writes "db:alias". */
QString link(const QJsonValue &value)
{
    const auto [name, alias] = cut(value.toString(), u':');
    const QString container = name.section(u'/', -1);
    return alias ? QString(container + u':' + alias->section(u'/', -1)) : container;
}

/** One field of the answer: which option it comes from, and what it is when nobody gave that option. */
struct Field
{
    QLatin1String key;
    QLatin1String option; ///< empty: has fields in RunConfig, is filled in by the daemon, or read elsewhere
    Write write = plain; ///< of each entry, where the field is a list
    QLatin1String defaults = {}; ///< besides null, 0, "", [] and {}: apart by blanks
    bool zeroCounts = false; ///< 0 and false are choices, only null is none
};

constexpr std::array hostFields = {
    Field{"Binds"_L1, {}},
    Field{"Mounts"_L1, {}},
    Field{"NetworkMode"_L1, {}},
    Field{"PortBindings"_L1, {}},
    Field{"RestartPolicy"_L1, {}},
    Field{"AutoRemove"_L1, {}},
    Field{"IpcMode"_L1, {}},
    Field{"ShmSize"_L1, {}},
    Field{"Memory"_L1, {}},
    Field{"NanoCpus"_L1, {}},
    Field{"DeviceRequests"_L1, {}},
    Field{"Ulimits"_L1, {}},
    Field{"ConsoleSize"_L1, {}},
    Field{"ContainerIDFile"_L1, {}}, // what the client that created it was to write
    Field{"CgroupnsMode"_L1, {}},
    Field{"LogConfig"_L1, {}},
    Field{"MemorySwap"_L1, {}},
    Field{"SecurityOpt"_L1, {}},
    Field{"MaskedPaths"_L1, {}},
    Field{"ReadonlyPaths"_L1, {}},
    Field{"Annotations"_L1, "annotation"_L1},
    Field{"BlkioDeviceReadBps"_L1, "device-read-bps"_L1, rate},
    Field{"BlkioDeviceReadIOps"_L1, "device-read-iops"_L1, rate},
    Field{"BlkioDeviceWriteBps"_L1, "device-write-bps"_L1, rate},
    Field{"BlkioDeviceWriteIOps"_L1, "device-write-iops"_L1, rate},
    Field{"BlkioWeight"_L1, "blkio-weight"_L1},
    Field{"BlkioWeightDevice"_L1, "blkio-weight-device"_L1, weight},
    Field{"CapAdd"_L1, "cap-add"_L1, capability},
    Field{"CapDrop"_L1, "cap-drop"_L1, capability},
    Field{"CgroupParent"_L1, "cgroup-parent"_L1},
    Field{"CpuCount"_L1, "cpu-count"_L1},
    Field{"CpuPercent"_L1, "cpu-percent"_L1},
    Field{"CpuPeriod"_L1, "cpu-period"_L1},
    Field{"CpuQuota"_L1, "cpu-quota"_L1},
    Field{"CpuRealtimePeriod"_L1, "cpu-rt-period"_L1},
    Field{"CpuRealtimeRuntime"_L1, "cpu-rt-runtime"_L1},
    Field{"CpuShares"_L1, "cpu-shares"_L1},
    Field{"CpusetCpus"_L1, "cpuset-cpus"_L1},
    Field{"CpusetMems"_L1, "cpuset-mems"_L1},
    Field{"DeviceCgroupRules"_L1, "device-cgroup-rule"_L1},
    Field{"Devices"_L1, "device"_L1, device},
    Field{"Dns"_L1, "dns"_L1},
    Field{"DnsOptions"_L1, "dns-option"_L1},
    Field{"DnsSearch"_L1, "dns-search"_L1},
    Field{"ExtraHosts"_L1, "add-host"_L1},
    Field{"GroupAdd"_L1, "group-add"_L1},
    Field{"IOMaximumBandwidth"_L1, "io-maxbandwidth"_L1, size},
    Field{"IOMaximumIOps"_L1, "io-maxiops"_L1},
    Field{"Init"_L1, "init"_L1, plain, {}, true},
    Field{"Isolation"_L1, "isolation"_L1, plain, "default"_L1},
    Field{"KernelMemory"_L1, "kernel-memory"_L1, size},
    Field{"Links"_L1, "link"_L1, link},
    Field{"MemoryReservation"_L1, "memory-reservation"_L1, size},
    Field{"MemorySwappiness"_L1, "memory-swappiness"_L1, plain, "-1"_L1, true},
    Field{"OomKillDisable"_L1, "oom-kill-disable"_L1},
    Field{"OomScoreAdj"_L1, "oom-score-adj"_L1},
    Field{"PidMode"_L1, "pid"_L1, plain, "private"_L1},
    Field{"PidsLimit"_L1, "pids-limit"_L1},
    Field{"Privileged"_L1, "privileged"_L1},
    Field{"PublishAllPorts"_L1, "publish-all"_L1},
    Field{"ReadonlyRootfs"_L1, "read-only"_L1},
    Field{"Runtime"_L1, "runtime"_L1, plain, "runc io.containerd.runc.v2"_L1},
    Field{"StorageOpt"_L1, "storage-opt"_L1},
    Field{"Sysctls"_L1, "sysctl"_L1},
    Field{"Tmpfs"_L1, "tmpfs"_L1},
    Field{"UTSMode"_L1, "uts"_L1, plain, "private"_L1},
    Field{"UsernsMode"_L1, "userns"_L1},
    Field{"VolumeDriver"_L1, "volume-driver"_L1},
    Field{"VolumesFrom"_L1, "volumes-from"_L1},
};

constexpr std::array configFields = {
    Field{"Image"_L1, {}},
    Field{"Env"_L1, {}},
    Field{"Cmd"_L1, {}},
    Field{"Entrypoint"_L1, {}},
    Field{"WorkingDir"_L1, {}},
    Field{"User"_L1, {}},
    Field{"Labels"_L1, {}},
    Field{"Volumes"_L1, {}},
    Field{"Tty"_L1, {}},
    Field{"OpenStdin"_L1, {}},
    Field{"StdinOnce"_L1, {}}, // this and Attach…: what the client that created it was to see
    Field{"AttachStdin"_L1, {}},
    Field{"AttachStdout"_L1, {}},
    Field{"AttachStderr"_L1, {}},
    Field{"OnBuild"_L1, {}}, // this and the next two: of the image
    Field{"Shell"_L1, {}},
    Field{"ArgsEscaped"_L1, {}},
    Field{"Hostname"_L1, {}},
    Field{"ExposedPorts"_L1, {}},
    Field{"Healthcheck"_L1, {}},
    Field{"StopSignal"_L1, {}},
    Field{"Domainname"_L1, "domainname"_L1},
    Field{"MacAddress"_L1, "mac-address"_L1},
    Field{"StopTimeout"_L1, "stop-timeout"_L1, plain, {}, true},
};

constexpr std::array healthFields = {
    Field{"Interval"_L1, "health-interval"_L1, duration},
    Field{"Timeout"_L1, "health-timeout"_L1, duration},
    Field{"StartPeriod"_L1, "health-start-period"_L1, duration},
    Field{"StartInterval"_L1, "health-start-interval"_L1, duration},
    Field{"Retries"_L1, "health-retries"_L1},
};

bool isDefault(const Field &field, const QJsonValue &value)
{
    if (field.zeroCounts && (value.isDouble() || value.isBool()) && core::isNothing(value))
        return false;
    const QString text = plain(value); // of lists and objects: empty
    return core::isNothing(value) || (!text.isEmpty() && QString(field.defaults).split(u' ').contains(text));
}

/** Reads the options of one container. Lives for one call of takeOptions(). */
class OptionReader
{
public:
    OptionReader(InspectedConfig &into, const QJsonObject &container, const QJsonObject &imageConfig)
        : m_into(into)
        , m_container(container)
        , m_config(container["Config"_L1].toObject())
        , m_host(container["HostConfig"_L1].toObject())
        , m_image(imageConfig)
    {
    }

    void read()
    {
        byTable(m_host, hostFields);
        cgroups();
        logs();
        memorySwap();
        security();
        byTable(m_config, configFields);
        hostName();
        exposedPorts();
        health();
        stopSignal();
    }

private:
    template <size_t size> void byTable(const QJsonObject &object, const std::array<Field, size> &fields)
    {
        for (auto it = object.begin(); it != object.end(); ++it) {
            const auto field = std::ranges::find(fields, it.key(), &Field::key);
            if (field == fields.end())
                m_into.lose(!core::isNothing(it.value()), it.key());
            else if (!field->option.isEmpty() && !isDefault(*field, it.value()))
                say(*field, it.value());
        }
    }
    void say(const Field &field, const QJsonValue &value);

    void cgroups();
    void logs();
    void memorySwap();
    void security();
    void hostName();
    void exposedPorts();
    void health();
    void stopSignal();

    InspectedConfig &m_into;
    const QJsonObject m_container;
    const QJsonObject m_config;
    const QJsonObject m_host;
    const QJsonObject m_image;
};

void OptionReader::say(const Field &field, const QJsonValue &value)
{
    if (value.isArray()) {
        for (const QJsonValue &entry : value.toArray())
            m_into.say(field.option, field.write(entry));
    } else if (value.isObject()) {
        const QJsonObject map = value.toObject();
        // A tmpfs has its options behind a colon; the others are NAME=VALUE.
        const QChar between = field.option == "tmpfs"_L1 ? u':' : u'=';
        for (auto it = map.begin(); it != map.end(); ++it) {
            const QString text = it.value().toString();
            const bool clear = !it.key().contains(between);
            m_into.lose(!clear, u"--"_s + field.option);
            if (clear)
                m_into.say(field.option, text.isEmpty() ? it.key() : QString(it.key() + between + text));
        }
    } else {
        m_into.say(field.option, field.write(value));
    }
}

/** Without an option a container shares the host's cgroups with cgroups 1, and else where it is privileged no more. */
void OptionReader::cgroups()
{
    const QString mode = m_host["CgroupnsMode"_L1].toString();
    const QString usual = m_into.daemon.cgroupVersion == 1 ? u"host"_s : u"private"_s;
    if (!mode.isEmpty() && mode != usual)
        m_into.say("cgroupns"_L1, mode);
}

void OptionReader::logs()
{
    const QJsonObject log = m_host["LogConfig"_L1].toObject();
    const QString driver = log["Type"_L1].toString();
    if (!driver.isEmpty() && driver != "json-file"_L1)
        m_into.say("log-driver"_L1, driver);
    if (!core::isNothing(log["Config"_L1]))
        say(Field{"Config"_L1, "log-opt"_L1}, log["Config"_L1]);
}

void OptionReader::memorySwap()
{
    // With a limit on memory alone the daemon fills in twice that.
    const qint64 memory = m_host["Memory"_L1].toInteger();
    const qint64 swap = m_host["MemorySwap"_L1].toInteger();
    if (swap != 0 && (memory == 0 || swap != 2 * memory))
        m_into.say("memory-swap"_L1, swap < 0 ? u"-1"_s : core::dockerBytes(swap));
}

void OptionReader::security()
{
    // The daemon turns SELinux's labels off, or takes the other container's, where it shares what they would part.
    const QString ipc = m_host["IpcMode"_L1].toString();
    const bool shares
        = ipc == "host"_L1 || m_host["PidMode"_L1].toString() == "host"_L1 || m_host["Privileged"_L1].toBool();
    const bool joins = ipc.startsWith("container:"_L1);
    for (const QJsonValue &value : m_host["SecurityOpt"_L1].toArray()) {
        const QString option = value.toString();
        const bool filledIn = (shares && option == "label=disable"_L1) || (joins && option.startsWith("label="_L1));
        if (option.startsWith("seccomp={"_L1)) // docker run takes a profile's file, the daemon has its text
            m_into.lose(true, u"--security-opt seccomp=…"_s);
        else if (!filledIn)
            m_into.say("security-opt"_L1, option);
    }
    // An empty list is systempaths=unconfined; a privileged container has null.
    const auto isOpen = [this](QLatin1String key) { return m_host[key].isArray() && m_host[key].toArray().isEmpty(); };
    if (isOpen("MaskedPaths"_L1) && isOpen("ReadonlyPaths"_L1))
        return m_into.say("security-opt"_L1, u"systempaths=unconfined"_s);
    for (const auto key : {"MaskedPaths"_L1, "ReadonlyPaths"_L1})
        m_into.lose(isOpen(key), key);
}

void OptionReader::hostName()
{
    // With these the daemon writes down the name of the host or of the other container.
    const QString network = m_host["NetworkMode"_L1].toString();
    const bool shared
        = network == "host"_L1 || network.startsWith("container:"_L1) || m_host["UTSMode"_L1].toString() == "host"_L1;
    const QString name = m_config["Hostname"_L1].toString();
    if (!shared && !name.isEmpty() && name != m_container["Id"_L1].toString().left(12))
        m_into.say("hostname"_L1, name);
}

void OptionReader::exposedPorts()
{
    const QJsonObject published = m_host["PortBindings"_L1].toObject();
    const QJsonObject ofImage = m_image["ExposedPorts"_L1].toObject();
    const QStringList ports = m_config["ExposedPorts"_L1].toObject().keys();
    for (const QString &port : ports) {
        if (!published.contains(port) && !ofImage.contains(port))
            m_into.say("expose"_L1, port.endsWith("/tcp"_L1) ? port.chopped(4) : port);
    }
}

void OptionReader::health()
{
    const QJsonObject ours = m_config["Healthcheck"_L1].toObject();
    const QJsonObject ofImage = m_image["Healthcheck"_L1].toObject();
    if (ours == ofImage)
        return;
    const QJsonArray test = ours["Test"_L1].toArray();
    if (test.at(0) == "NONE"_L1)
        return m_into.say("no-healthcheck"_L1, u"true"_s);
    if (!test.isEmpty() && test != ofImage["Test"_L1].toArray()) {
        const bool shell = test.size() == 2 && test[0] == "CMD-SHELL"_L1;
        m_into.lose(!shell, u"--health-cmd"_s);
        if (shell)
            m_into.say("health-cmd"_L1, test[1].toString());
    }
    for (const Field &field : healthFields) {
        if (!core::isNothing(ours[field.key]) && ours[field.key] != ofImage[field.key])
            say(field, ours[field.key]);
    }
}

void OptionReader::stopSignal()
{
    // Older clients send SIGTERM where nobody asked for anything.
    const auto orDefault = [](const QString &signal) { return signal.isEmpty() ? u"SIGTERM"_s : signal; };
    const QString ours = orDefault(m_config["StopSignal"_L1].toString());
    if (ours != orDefault(m_image["StopSignal"_L1].toString()))
        m_into.say("stop-signal"_L1, ours);
}

} // namespace

void takeOptions(InspectedConfig &into, const QJsonObject &container, const QJsonObject &imageConfig)
{
    OptionReader(into, container, imageConfig).read();
}

} // namespace inspect
