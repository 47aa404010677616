#include "launch/lostoptions.h"

#include <QJsonArray>
#include <algorithm>
#include <array>

namespace launch {

using namespace Qt::StringLiterals;

namespace {

/** One field of the answer: which option it comes from, and what it is when nobody gave that option. */
struct Field
{
    QLatin1String key;
    QLatin1String option; ///< empty: said by a RunConfig, filled in by the daemon, or looked at below
    QLatin1String defaults = {}; ///< besides null, false, 0, "", [] and {}: apart by blanks
    bool zeroCounts = false; ///< 0 is a choice, only null is none
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
    Field{"CgroupnsMode"_L1, {}}, // host or private, as the machine's cgroups are
    Field{"ConsoleSize"_L1, {}},
    Field{"LogConfig"_L1, {}},
    Field{"MemorySwap"_L1, {}},
    Field{"SecurityOpt"_L1, {}},
    Field{"MaskedPaths"_L1, {}},
    Field{"ReadonlyPaths"_L1, {}},
    Field{"Annotations"_L1, "--annotation"_L1},
    Field{"BlkioDeviceReadBps"_L1, "--device-read-bps"_L1},
    Field{"BlkioDeviceReadIOps"_L1, "--device-read-iops"_L1},
    Field{"BlkioDeviceWriteBps"_L1, "--device-write-bps"_L1},
    Field{"BlkioDeviceWriteIOps"_L1, "--device-write-iops"_L1},
    Field{"BlkioWeight"_L1, "--blkio-weight"_L1},
    Field{"BlkioWeightDevice"_L1, "--blkio-weight-device"_L1},
    Field{"CapAdd"_L1, "--cap-add"_L1},
    Field{"CapDrop"_L1, "--cap-drop"_L1},
    Field{"CgroupParent"_L1, "--cgroup-parent"_L1},
    Field{"ContainerIDFile"_L1, "--cidfile"_L1},
    Field{"CpuCount"_L1, "--cpu-count"_L1},
    Field{"CpuPercent"_L1, "--cpu-percent"_L1},
    Field{"CpuPeriod"_L1, "--cpu-period"_L1},
    Field{"CpuQuota"_L1, "--cpu-quota"_L1},
    Field{"CpuRealtimePeriod"_L1, "--cpu-rt-period"_L1},
    Field{"CpuRealtimeRuntime"_L1, "--cpu-rt-runtime"_L1},
    Field{"CpuShares"_L1, "--cpu-shares"_L1},
    Field{"CpusetCpus"_L1, "--cpuset-cpus"_L1},
    Field{"CpusetMems"_L1, "--cpuset-mems"_L1},
    Field{"DeviceCgroupRules"_L1, "--device-cgroup-rule"_L1},
    Field{"Devices"_L1, "--device"_L1},
    Field{"Dns"_L1, "--dns"_L1},
    Field{"DnsOptions"_L1, "--dns-option"_L1},
    Field{"DnsSearch"_L1, "--dns-search"_L1},
    Field{"ExtraHosts"_L1, "--add-host"_L1},
    Field{"GroupAdd"_L1, "--group-add"_L1},
    Field{"IOMaximumBandwidth"_L1, "--io-maxbandwidth"_L1},
    Field{"IOMaximumIOps"_L1, "--io-maxiops"_L1},
    Field{"Init"_L1, "--init"_L1},
    Field{"Isolation"_L1, "--isolation"_L1, "default"_L1},
    Field{"KernelMemory"_L1, "--kernel-memory"_L1},
    Field{"KernelMemoryTCP"_L1, "--kernel-memory-tcp"_L1},
    Field{"Links"_L1, "--link"_L1},
    Field{"MemoryReservation"_L1, "--memory-reservation"_L1},
    Field{"MemorySwappiness"_L1, "--memory-swappiness"_L1, "-1"_L1, true},
    Field{"OomKillDisable"_L1, "--oom-kill-disable"_L1},
    Field{"OomScoreAdj"_L1, "--oom-score-adj"_L1},
    Field{"PidMode"_L1, "--pid"_L1, "private"_L1},
    Field{"PidsLimit"_L1, "--pids-limit"_L1, "-1"_L1},
    Field{"Privileged"_L1, "--privileged"_L1},
    Field{"PublishAllPorts"_L1, "--publish-all"_L1},
    Field{"ReadonlyRootfs"_L1, "--read-only"_L1},
    Field{"Runtime"_L1, "--runtime"_L1, "runc io.containerd.runc.v2"_L1},
    Field{"StorageOpt"_L1, "--storage-opt"_L1},
    Field{"Sysctls"_L1, "--sysctl"_L1},
    Field{"Tmpfs"_L1, "--tmpfs"_L1},
    Field{"UTSMode"_L1, "--uts"_L1, "private"_L1},
    Field{"UsernsMode"_L1, "--userns"_L1},
    Field{"VolumeDriver"_L1, "--volume-driver"_L1, "local"_L1},
    Field{"VolumesFrom"_L1, "--volumes-from"_L1},
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
    Field{"Domainname"_L1, "--domainname"_L1},
    Field{"MacAddress"_L1, "--mac-address"_L1},
    Field{"StopTimeout"_L1, "--stop-timeout"_L1, "10"_L1, true},
};

constexpr std::array healthFields = {
    Field{"Test"_L1, "--health-cmd"_L1},
    Field{"Interval"_L1, "--health-interval"_L1},
    Field{"Timeout"_L1, "--health-timeout"_L1},
    Field{"StartPeriod"_L1, "--health-start-period"_L1},
    Field{"StartInterval"_L1, "--health-start-interval"_L1},
    Field{"Retries"_L1, "--health-retries"_L1},
};

/** What "nothing asked for" looks like: daemons disagree between null, [], "" and 0. */
bool isNothing(const QJsonValue &value)
{
    switch (value.type()) {
    case QJsonValue::Bool:
        return !value.toBool();
    case QJsonValue::Double:
        return value.toDouble() == 0;
    case QJsonValue::String:
        return value.toString().isEmpty();
    case QJsonValue::Array:
        return value.toArray().isEmpty();
    case QJsonValue::Object:
        return value.toObject().isEmpty();
    default:
        return true;
    }
}

bool isDefault(const Field &field, const QJsonValue &value)
{
    if (field.zeroCounts && value.isDouble() && value.toDouble() == 0)
        return false;
    const QString text = value.toVariant().toString(); // of lists and objects: empty
    return isNothing(value) || (!text.isEmpty() && QString(field.defaults).split(u' ').contains(text));
}

/** Collects what is lost of one container. Lives for one call of lostOptions(). */
class Losses
{
public:
    Losses(const QJsonObject &container, const QJsonObject &imageConfig)
        : m_container(container)
        , m_config(container["Config"_L1].toObject())
        , m_host(container["HostConfig"_L1].toObject())
        , m_image(imageConfig)
        , m_network(m_host["NetworkMode"_L1].toString())
    {
    }

    QStringList find()
    {
        byTable(m_host, hostFields);
        logs();
        memorySwap();
        security();
        byTable(m_config, configFields);
        hostName();
        exposedPorts();
        health();
        stopSignal();
        networks();
        m_lost.removeDuplicates();
        return m_lost;
    }

private:
    template <size_t size> void byTable(const QJsonObject &object, const std::array<Field, size> &fields)
    {
        for (auto it = object.begin(); it != object.end(); ++it) {
            const auto field = std::ranges::find(fields, it.key(), &Field::key);
            if (field == fields.end())
                lose(!isNothing(it.value()), it.key());
            else if (!field->option.isEmpty())
                lose(!isDefault(*field, it.value()), field->option);
        }
    }
    void lose(bool lost, const QString &option)
    {
        if (lost)
            m_lost += option;
    }

    void logs();
    void memorySwap();
    void security();
    void hostName();
    void exposedPorts();
    void health();
    void stopSignal();
    void networks();
    void endpoint(const QJsonObject &endpoint);

    const QJsonObject m_container;
    const QJsonObject m_config;
    const QJsonObject m_host;
    const QJsonObject m_image;
    const QString m_network;
    QStringList m_lost;
};

void Losses::logs()
{
    const QJsonObject log = m_host["LogConfig"_L1].toObject();
    const QString driver = log["Type"_L1].toString();
    lose(!driver.isEmpty() && driver != "json-file"_L1, u"--log-driver"_s);
    lose(!isNothing(log["Config"_L1]), u"--log-opt"_s);
}

void Losses::memorySwap()
{
    // With a limit on memory alone the daemon fills in twice that.
    const qint64 memory = m_host["Memory"_L1].toInteger();
    const qint64 swap = m_host["MemorySwap"_L1].toInteger();
    lose(swap != 0 && (memory == 0 || swap != 2 * memory), u"--memory-swap"_s);
}

void Losses::security()
{
    // The daemon turns SELinux's labels off, or takes the other container's, where it shares what they would part.
    const QString ipc = m_host["IpcMode"_L1].toString();
    const bool shares
        = ipc == "host"_L1 || m_host["PidMode"_L1].toString() == "host"_L1 || m_host["Privileged"_L1].toBool();
    const bool joins = ipc.startsWith("container:"_L1);
    for (const QJsonValue &value : m_host["SecurityOpt"_L1].toArray()) {
        const QString option = value.toString();
        const bool filledIn = (shares && option == "label=disable"_L1) || (joins && option.startsWith("label="_L1));
        lose(!filledIn, u"--security-opt"_s);
    }
    // An empty list is systempaths=unconfined; a privileged container has null.
    for (const auto key : {"MaskedPaths"_L1, "ReadonlyPaths"_L1}) {
        const QJsonValue paths = m_host[key];
        lose(paths.isArray() && paths.toArray().isEmpty(), u"--security-opt"_s);
    }
}

void Losses::hostName()
{
    // With these the daemon writes down the name of the host or of the other container.
    const bool shared = m_network == "host"_L1 || m_network.startsWith("container:"_L1)
        || m_host["UTSMode"_L1].toString() == "host"_L1;
    const QString name = m_config["Hostname"_L1].toString();
    lose(!shared && !name.isEmpty() && name != m_container["Id"_L1].toString().left(12), u"--hostname"_s);
}

void Losses::exposedPorts()
{
    const QJsonObject published = m_host["PortBindings"_L1].toObject();
    const QJsonObject ofImage = m_image["ExposedPorts"_L1].toObject();
    const QStringList ports = m_config["ExposedPorts"_L1].toObject().keys();
    for (const QString &port : ports)
        lose(!published.contains(port) && !ofImage.contains(port), u"--expose"_s);
}

void Losses::health()
{
    const QJsonObject ours = m_config["Healthcheck"_L1].toObject();
    const QJsonObject ofImage = m_image["Healthcheck"_L1].toObject();
    if (ours == ofImage)
        return;
    if (ours["Test"_L1].toArray().at(0).toString() == "NONE"_L1)
        return lose(true, u"--no-healthcheck"_s);
    for (const Field &field : healthFields)
        lose(!isNothing(ours[field.key]) && ours[field.key] != ofImage[field.key], field.option);
}

void Losses::stopSignal()
{
    // Older clients send SIGTERM where nobody asked for anything.
    const auto orDefault = [](const QString &signal) { return signal.isEmpty() ? u"SIGTERM"_s : signal; };
    lose(orDefault(m_config["StopSignal"_L1].toString()) != orDefault(m_image["StopSignal"_L1].toString()),
        u"--stop-signal"_s);
}

void Losses::networks()
{
    const bool standard = m_network.isEmpty() || m_network == "default"_L1;
    const QString own = standard ? u"bridge"_s : m_network;
    const QJsonObject networks = m_container["NetworkSettings"_L1].toObject()["Networks"_L1].toObject();
    for (auto it = networks.begin(); it != networks.end(); ++it) {
        // NetworkMode may be the network's id.
        const QString id = it.value().toObject()["NetworkID"_L1].toString();
        const bool first = networks.size() == 1 || it.key() == own || (!id.isEmpty() && id.startsWith(own));
        lose(!first, u"--network (a second one)"_s);
        if (first)
            endpoint(it.value().toObject());
    }
}

void Losses::endpoint(const QJsonObject &endpoint)
{
    const QJsonObject addresses = endpoint["IPAMConfig"_L1].toObject();
    lose(!isNothing(addresses["IPv4Address"_L1]), u"--ip"_s);
    lose(!isNothing(addresses["IPv6Address"_L1]), u"--ip6"_s);
    lose(!isNothing(addresses["LinkLocalIPs"_L1]), u"--link-local-ip"_s);
    lose(!isNothing(endpoint["Links"_L1]), u"--link"_s);
    lose(!isNothing(endpoint["DriverOpts"_L1]), u"--network (its driver-opt)"_s);
    const QString id = m_container["Id"_L1].toString().left(12); // daemons before 25 add it
    for (const QJsonValue &alias : endpoint["Aliases"_L1].toArray())
        lose(alias.toString() != id, u"--network-alias"_s);
}

} // namespace

QStringList lostOptions(const QJsonObject &container, const QJsonObject &imageConfig)
{
    return Losses(container, imageConfig).find();
}

} // namespace launch
