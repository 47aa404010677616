#include "recipe/optiontable.h"

#include "core/units.h"
#include "recipe/networkoptions.h"
#include "recipe/processoptions.h"
#include "recipe/requestdraft.h"
#include "recipe/resourceoptions.h"
#include "recipe/storageoptions.h"

#include <algorithm>
#include <array>
#include <numeric>

namespace recipe {

using namespace Qt::StringLiterals;

namespace {

template <qint64 RunConfig::*member> QString readSize(RunConfig &config, const QString &value, const ShellContext &)
{
    const auto bytes = core::parseBytes(value);
    if (!bytes)
        return u"This wants a size such as 512m or 16g, not “%1”."_s.arg(value);
    config.*member = *bytes;
    return {};
}

template <QString RunConfig::*member> QString readText(RunConfig &config, const QString &value, const ShellContext &)
{
    config.*member = value;
    return {};
}

template <bool RunConfig::*member> QString readFlag(RunConfig &config, const QString &value, const ShellContext &)
{
    config.*member = value == "true"_L1;
    return {};
}

using Kind = OptionKind;
using Group = OptionGroup;

/** Where an option's value goes: one or two of DockerOption's own. */
struct Goes
{
    QLatin1String key = {};
    DockerOption::Read typed = nullptr;
    DockerOption::Apply apply = nullptr;
};

constexpr DockerOption once(QLatin1String name, char shorthand, Kind kind, Group group, QLatin1String hint,
    QLatin1String about, Goes goes, int minApi = 41)
{
    return {name, shorthand, kind, false, group, hint, about, goes.key, minApi, goes.typed, goes.apply};
}

constexpr DockerOption many(QLatin1String name, char shorthand, Kind kind, Group group, QLatin1String hint,
    QLatin1String about, Goes goes, int minApi = 41)
{
    return {name, shorthand, kind, true, group, hint, about, goes.key, minApi, goes.typed, goes.apply};
}

constexpr auto options = std::to_array<DockerOption>({
    many("add-host"_L1, 0, Kind::Text, Group::Network, "HOST:IP"_L1, "Add a custom host-to-IP mapping (host:ip)"_L1,
        {.apply = addHost}),
    many("annotation"_L1, 0, Kind::Text, Group::Run, "KEY=VALUE"_L1,
        "Add an annotation to the container (passed through to the OCI runtime)"_L1, {.apply = addAnnotation}, 43),
    many("attach"_L1, 'a', Kind::Choice, Group::Client, "stdin|stdout|stderr"_L1,
        "Attach to STDIN, STDOUT or STDERR"_L1, {.apply = addAttach}),
    once("blkio-weight"_L1, 0, Kind::Number, Group::Resources, "10 to 1000"_L1,
        "Block IO (relative weight), between 10 and 1000, or 0 to disable"_L1, {.apply = setBlkioWeight}),
    many("blkio-weight-device"_L1, 0, Kind::Text, Group::Resources, "/dev/DEVICE:WEIGHT"_L1,
        "Block IO weight (relative device weight)"_L1, {.apply = addWeightDevice}),
    many("cap-add"_L1, 0, Kind::Text, Group::Security, "SYS_PTRACE"_L1, "Add Linux capabilities"_L1,
        {.apply = addCapability}),
    many("cap-drop"_L1, 0, Kind::Text, Group::Security, "ALL"_L1, "Drop Linux capabilities"_L1,
        {.apply = dropCapability}),
    once("cgroup-parent"_L1, 0, Kind::Text, Group::Resources, "/PATH"_L1, "Optional parent cgroup for the container"_L1,
        {.key = "HostConfig.CgroupParent"_L1}),
    once("cgroupns"_L1, 0, Kind::Choice, Group::Security, "host|private"_L1,
        "Cgroup namespace to use (host|private)"_L1, {.apply = setCgroupns}),
    once("cidfile"_L1, 0, Kind::Text, Group::Client, "FILE"_L1, "Write the container ID to the file"_L1,
        {.key = "HostConfig.ContainerIDFile"_L1}),
    once("cpu-count"_L1, 0, Kind::Number, Group::Windows, "N"_L1, "CPU count (Windows only)"_L1, {}),
    once("cpu-percent"_L1, 0, Kind::Number, Group::Windows, "N"_L1, "CPU percent (Windows only)"_L1, {}),
    once("cpu-period"_L1, 0, Kind::Number, Group::Resources, "MICROSECONDS"_L1,
        "Limit CPU CFS (Completely Fair Scheduler) period"_L1, {.key = "HostConfig.CpuPeriod"_L1}),
    once("cpu-quota"_L1, 0, Kind::Number, Group::Resources, "MICROSECONDS"_L1,
        "Limit CPU CFS (Completely Fair Scheduler) quota"_L1, {.key = "HostConfig.CpuQuota"_L1}),
    once("cpu-rt-period"_L1, 0, Kind::Number, Group::Resources, "MICROSECONDS"_L1,
        "Limit CPU real-time period in microseconds"_L1, {.key = "HostConfig.CpuRealtimePeriod"_L1}),
    once("cpu-rt-runtime"_L1, 0, Kind::Number, Group::Resources, "MICROSECONDS"_L1,
        "Limit CPU real-time runtime in microseconds"_L1, {.key = "HostConfig.CpuRealtimeRuntime"_L1}),
    once("cpu-shares"_L1, 'c', Kind::Number, Group::Resources, "WEIGHT"_L1, "CPU shares (relative weight)"_L1,
        {.key = "HostConfig.CpuShares"_L1}),
    once("cpus"_L1, 0, Kind::Decimal, Group::Resources, "2.5"_L1, "Number of CPUs"_L1,
        {.typed = readCpus, .apply = setCpus}),
    once("cpuset-cpus"_L1, 0, Kind::Text, Group::Resources, "0-3,8"_L1,
        "CPUs in which to allow execution (0-3, 0,1)"_L1, {.key = "HostConfig.CpusetCpus"_L1}),
    once("cpuset-mems"_L1, 0, Kind::Text, Group::Resources, "0,1"_L1, "MEMs in which to allow execution (0-3, 0,1)"_L1,
        {.key = "HostConfig.CpusetMems"_L1}),
    once("detach"_L1, 'd', Kind::Flag, Group::Run, ""_L1, "Run container in background and print container ID"_L1,
        {.typed = readFlag<&RunConfig::detach>}),
    once("detach-keys"_L1, 0, Kind::Text, Group::Client, "ctrl-p,ctrl-q"_L1,
        "Override the key sequence for detaching a container"_L1, {.apply = clientOnly}),
    many("device"_L1, 0, Kind::Text, Group::Gpus, "/dev/DEVICE[:/PATH][:rwm]"_L1,
        "Add a host device to the container"_L1, {.apply = addDevice}),
    many("device-cgroup-rule"_L1, 0, Kind::Text, Group::Security, "c 1:* rwm"_L1,
        "Add a rule to the cgroup allowed devices list"_L1, {.apply = addCgroupRule}),
    many("device-read-bps"_L1, 0, Kind::Text, Group::Resources, "/dev/DEVICE:10mb"_L1,
        "Limit read rate (bytes per second) from a device"_L1, {.apply = addReadBps}),
    many("device-read-iops"_L1, 0, Kind::Text, Group::Resources, "/dev/DEVICE:1000"_L1,
        "Limit read rate (IO per second) from a device"_L1, {.apply = addReadIops}),
    many("device-write-bps"_L1, 0, Kind::Text, Group::Resources, "/dev/DEVICE:10mb"_L1,
        "Limit write rate (bytes per second) to a device"_L1, {.apply = addWriteBps}),
    many("device-write-iops"_L1, 0, Kind::Text, Group::Resources, "/dev/DEVICE:1000"_L1,
        "Limit write rate (IO per second) to a device"_L1, {.apply = addWriteIops}),
    once("disable-content-trust"_L1, 0, Kind::Flag, Group::Client, ""_L1, "Skip image verification (default true)"_L1,
        {.apply = clientOnly}),
    many("dns"_L1, 0, Kind::Text, Group::Network, "IP"_L1, "Set custom DNS servers"_L1, {.apply = addDns}),
    many("dns-option"_L1, 0, Kind::Text, Group::Network, "ndots:2"_L1, "Set DNS options"_L1,
        {.key = "HostConfig.DnsOptions"_L1}),
    many("dns-search"_L1, 0, Kind::Text, Group::Network, "DOMAIN"_L1, "Set custom DNS search domains"_L1,
        {.apply = addDnsSearch}),
    once("domainname"_L1, 0, Kind::Text, Group::Network, "NAME"_L1, "Container NIS domain name"_L1,
        {.key = "Domainname"_L1}),
    once("entrypoint"_L1, 0, Kind::Text, Group::Process, "PROGRAM"_L1,
        "Overwrite the default ENTRYPOINT of the image"_L1, {.typed = readEntrypoint}),
    many(
        "env"_L1, 'e', Kind::Text, Group::Process, "NAME=VALUE"_L1, "Set environment variables"_L1, {.typed = readEnv}),
    many("env-file"_L1, 0, Kind::File, Group::Process, "FILE"_L1, "Read in a file of environment variables"_L1,
        {.apply = addEnvFile}),
    many("expose"_L1, 0, Kind::Text, Group::Network, "PORT[/udp]"_L1, "Expose a port or a range of ports"_L1,
        {.apply = expose}),
    many("gpus"_L1, 0, Kind::Text, Group::Gpus, "all"_L1,
        "GPU devices to add to the container ('all' to pass all GPUs)"_L1, {.typed = readGpus, .apply = addGpus}),
    many("group-add"_L1, 0, Kind::Text, Group::Security, "GROUP"_L1, "Add additional groups to join"_L1,
        {.key = "HostConfig.GroupAdd"_L1}),
    once("health-cmd"_L1, 0, Kind::Text, Group::Health, "COMMAND"_L1, "Command to run to check health"_L1,
        {.apply = setHealthCommand}),
    once("health-interval"_L1, 0, Kind::Duration, Group::Health, "30s"_L1,
        "Time between running the check (ms|s|m|h)"_L1, {.apply = setHealthInterval}),
    once("health-retries"_L1, 0, Kind::Number, Group::Health, "N"_L1,
        "Consecutive failures needed to report unhealthy"_L1, {.apply = setHealthRetries}),
    once("health-start-interval"_L1, 0, Kind::Duration, Group::Health, "5s"_L1,
        "Time between running the check during the start period (ms|s|m|h)"_L1, {.apply = setHealthStartInterval}, 44),
    once("health-start-period"_L1, 0, Kind::Duration, Group::Health, "1m30s"_L1,
        "Start period for the container to initialize before starting health-retries countdown (ms|s|m|h)"_L1,
        {.apply = setHealthStartPeriod}),
    once("health-timeout"_L1, 0, Kind::Duration, Group::Health, "30s"_L1,
        "Maximum time to allow one check to run (ms|s|m|h)"_L1, {.apply = setHealthTimeout}),
    once("hostname"_L1, 'h', Kind::Text, Group::Network, "NAME"_L1, "Container host name"_L1, {.key = "Hostname"_L1}),
    once("init"_L1, 0, Kind::Flag, Group::Process, ""_L1,
        "Run an init inside the container that forwards signals and reaps processes"_L1, {.key = "HostConfig.Init"_L1}),
    once("interactive"_L1, 'i', Kind::Flag, Group::Run, ""_L1, "Keep STDIN open even if not attached"_L1,
        {.typed = readFlag<&RunConfig::interactive>}),
    once("io-maxbandwidth"_L1, 0, Kind::Size, Group::Windows, "10mb"_L1,
        "Maximum IO bandwidth limit for the system drive (Windows only)"_L1, {}),
    once("io-maxiops"_L1, 0, Kind::Number, Group::Windows, "N"_L1,
        "Maximum IOps limit for the system drive (Windows only)"_L1, {}),
    once("ip"_L1, 0, Kind::Text, Group::Network, "IPV4"_L1, "IPv4 address (e.g., 172.30.100.104)"_L1, {.apply = setIp}),
    once("ip6"_L1, 0, Kind::Text, Group::Network, "IPV6"_L1, "IPv6 address (e.g., 2001:db8::33)"_L1, {.apply = setIp6}),
    once("ipc"_L1, 0, Kind::Text, Group::Resources, "host"_L1, "IPC mode to use"_L1,
        {.typed = readText<&RunConfig::ipc>}),
    once("isolation"_L1, 0, Kind::Text, Group::Security, "default"_L1, "Container isolation technology"_L1,
        {.key = "HostConfig.Isolation"_L1}),
    once("kernel-memory"_L1, 0, Kind::Size, Group::Resources, "512m"_L1, "Kernel memory limit"_L1,
        {.apply = setKernelMemory}),
    many("label"_L1, 'l', Kind::Text, Group::Run, "KEY=VALUE"_L1, "Set meta data on a container"_L1,
        {.typed = readLabel}),
    many("label-file"_L1, 0, Kind::File, Group::Run, "FILE"_L1, "Read in a line delimited file of labels"_L1,
        {.apply = addLabelFile}),
    many("link"_L1, 0, Kind::Text, Group::Network, "CONTAINER[:ALIAS]"_L1, "Add link to another container"_L1,
        {.apply = addLink}),
    many("link-local-ip"_L1, 0, Kind::Text, Group::Network, "IP"_L1, "Container IPv4/IPv6 link-local addresses"_L1,
        {.apply = addLinkLocalIp}),
    once("log-driver"_L1, 0, Kind::Text, Group::Logs, "json-file"_L1, "Logging driver for the container"_L1,
        {.apply = setLogDriver}),
    many("log-opt"_L1, 0, Kind::Text, Group::Logs, "max-size=10m"_L1, "Log driver options"_L1, {.apply = addLogOption}),
    once("mac-address"_L1, 0, Kind::Text, Group::Network, "92:d0:c6:0a:29:33"_L1,
        "Container MAC address (e.g., 92:d0:c6:0a:29:33)"_L1, {.apply = setMacAddress}),
    once("memory"_L1, 'm', Kind::Size, Group::Resources, "16g"_L1, "Memory limit"_L1,
        {.typed = readSize<&RunConfig::memory>}),
    once("memory-reservation"_L1, 0, Kind::Size, Group::Resources, "8g"_L1, "Memory soft limit"_L1,
        {.key = "HostConfig.MemoryReservation"_L1}),
    once("memory-swap"_L1, 0, Kind::Size, Group::Resources, "32g"_L1,
        "Swap limit equal to memory plus swap: '-1' to enable unlimited swap"_L1, {.apply = setMemorySwap}),
    once("memory-swappiness"_L1, 0, Kind::Number, Group::Resources, "0 to 100"_L1,
        "Tune container memory swappiness (0 to 100)"_L1, {.apply = setSwappiness}),
    many("mount"_L1, 0, Kind::Text, Group::Storage, "type=bind,source=/A,target=/B"_L1,
        "Attach a filesystem mount to the container"_L1, {.typed = readMount, .apply = addMount}),
    once("name"_L1, 0, Kind::Text, Group::Run, "NAME"_L1, "Assign a name to the container"_L1,
        {.typed = readText<&RunConfig::name>}),
    many("network"_L1, 0, Kind::Text, Group::Network, "NAME"_L1, "Connect a container to a network"_L1,
        {.typed = readNetwork, .apply = addNetwork}),
    many("network-alias"_L1, 0, Kind::Text, Group::Network, "NAME"_L1, "Add network-scoped alias for the container"_L1,
        {.apply = addNetworkAlias}),
    once("no-healthcheck"_L1, 0, Kind::Flag, Group::Health, ""_L1, "Disable any container-specified HEALTHCHECK"_L1,
        {.apply = setNoHealthcheck}),
    once("oom-kill-disable"_L1, 0, Kind::Flag, Group::Resources, ""_L1, "Disable OOM Killer"_L1,
        {.key = "HostConfig.OomKillDisable"_L1}),
    once("oom-score-adj"_L1, 0, Kind::Number, Group::Resources, "-1000 to 1000"_L1,
        "Tune host's OOM preferences (-1000 to 1000)"_L1, {.key = "HostConfig.OomScoreAdj"_L1}),
    once("pid"_L1, 0, Kind::Text, Group::Security, "host"_L1, "PID namespace to use"_L1, {.apply = setPid}),
    once("pids-limit"_L1, 0, Kind::Number, Group::Resources, "N"_L1,
        "Tune container pids limit (set -1 for unlimited)"_L1, {.key = "HostConfig.PidsLimit"_L1}),
    once("platform"_L1, 0, Kind::Text, Group::Run, "linux/amd64"_L1,
        "Set platform if server is multi-platform capable"_L1, {.typed = readPlatformOption}),
    once("privileged"_L1, 0, Kind::Flag, Group::Security, ""_L1, "Give extended privileges to this container"_L1,
        {.key = "HostConfig.Privileged"_L1}),
    many("publish"_L1, 'p', Kind::Text, Group::Network, "HOST-PORT:PORT"_L1,
        "Publish a container's port(s) to the host"_L1, {.typed = readPort}),
    once("publish-all"_L1, 'P', Kind::Flag, Group::Network, ""_L1, "Publish all exposed ports to random ports"_L1,
        {.key = "HostConfig.PublishAllPorts"_L1}),
    once("pull"_L1, 0, Kind::Choice, Group::Client, "always|missing|never"_L1,
        "Pull image before running (\"always\", \"missing\", \"never\") (default \"missing\")"_L1, {.apply = setPull}),
    once("quiet"_L1, 'q', Kind::Flag, Group::Client, ""_L1, "Suppress the pull output"_L1, {.apply = clientOnly}),
    once("read-only"_L1, 0, Kind::Flag, Group::Security, ""_L1, "Mount the container's root filesystem as read only"_L1,
        {.key = "HostConfig.ReadonlyRootfs"_L1}),
    once("restart"_L1, 0, Kind::Text, Group::Run, "unless-stopped"_L1,
        "Restart policy to apply when a container exits (default \"no\")"_L1,
        {.typed = readRestart, .apply = setRestart}),
    once("rm"_L1, 0, Kind::Flag, Group::Run, ""_L1,
        "Automatically remove the container and its associated anonymous volumes when it exits"_L1,
        {.typed = readFlag<&RunConfig::removeWhenFinished>}),
    once("runtime"_L1, 0, Kind::Text, Group::Gpus, "nvidia"_L1, "Runtime to use for this container"_L1,
        {.key = "HostConfig.Runtime"_L1}),
    many("security-opt"_L1, 0, Kind::Text, Group::Security, "seccomp=unconfined"_L1, "Security Options"_L1,
        {.apply = addSecurityOption}),
    once("shm-size"_L1, 0, Kind::Size, Group::Resources, "16g"_L1, "Size of /dev/shm"_L1,
        {.typed = readSize<&RunConfig::shmSize>}),
    once("sig-proxy"_L1, 0, Kind::Flag, Group::Client, ""_L1, "Proxy received signals to the process (default true)"_L1,
        {.apply = clientOnly}),
    once("stop-signal"_L1, 0, Kind::Text, Group::Process, "SIGINT"_L1, "Signal to stop the container"_L1,
        {.key = "StopSignal"_L1}),
    once("stop-timeout"_L1, 0, Kind::Number, Group::Process, "SECONDS"_L1,
        "Timeout (in seconds) to stop a container"_L1, {.key = "StopTimeout"_L1}),
    many("storage-opt"_L1, 0, Kind::Text, Group::Storage, "size=120G"_L1, "Storage driver options for the container"_L1,
        {.apply = addStorageOption}),
    many("sysctl"_L1, 0, Kind::Text, Group::Security, "net.core.somaxconn=1024"_L1, "Sysctl options"_L1,
        {.apply = addSysctl}),
    many("tmpfs"_L1, 0, Kind::Text, Group::Storage, "/PATH[:size=1g]"_L1, "Mount a tmpfs directory"_L1,
        {.apply = addTmpfs}),
    once(
        "tty"_L1, 't', Kind::Flag, Group::Run, ""_L1, "Allocate a pseudo-TTY"_L1, {.typed = readFlag<&RunConfig::tty>}),
    many("ulimit"_L1, 0, Kind::Text, Group::Resources, "memlock=-1"_L1, "Ulimit options"_L1, {.typed = readUlimit}),
    once("use-api-socket"_L1, 0, Kind::Flag, Group::Security, ""_L1,
        "Bind mount Docker API socket and required auth"_L1, {.apply = setUseApiSocket}),
    once("user"_L1, 'u', Kind::Text, Group::Process, "UID:GID"_L1,
        "Username or UID (format: <name|uid>[:<group|gid>])"_L1, {.typed = readText<&RunConfig::user>}),
    once("userns"_L1, 0, Kind::Choice, Group::Security, "host"_L1, "User namespace to use"_L1, {.apply = setUserns}),
    once("uts"_L1, 0, Kind::Choice, Group::Security, "host"_L1, "UTS namespace to use"_L1, {.apply = setUts}),
    many("volume"_L1, 'v', Kind::Text, Group::Storage, "/FOLDER:/FOLDER"_L1, "Bind mount a volume"_L1,
        {.typed = readVolume}),
    once("volume-driver"_L1, 0, Kind::Text, Group::Storage, "NAME"_L1, "Optional volume driver for the container"_L1,
        {.key = "HostConfig.VolumeDriver"_L1}),
    many("volumes-from"_L1, 0, Kind::Text, Group::Storage, "CONTAINER[:ro]"_L1,
        "Mount volumes from the specified container(s)"_L1, {.key = "HostConfig.VolumesFrom"_L1}),
    once("workdir"_L1, 'w', Kind::Text, Group::Process, "/PATH"_L1, "Working directory inside the container"_L1,
        {.typed = readText<&RunConfig::workingDir>}),
});

/** Names that Docker still understands. */
constexpr std::array olderNames = {
    std::pair{"net"_L1, "network"_L1},
    std::pair{"net-alias"_L1, "network-alias"_L1},
    std::pair{"dns-opt"_L1, "dns-option"_L1},
};

/** How many letters must be typed anew to make one of the other (Levenshtein). */
qsizetype distance(const QString &a, const QString &b)
{
    QList<qsizetype> row(b.size() + 1);
    std::iota(row.begin(), row.end(), 0);
    for (qsizetype i = 0; i < a.size(); ++i) {
        qsizetype diagonal = std::exchange(row[0], i + 1);
        for (qsizetype j = 0; j < b.size(); ++j) {
            const qsizetype changed = diagonal + (a[i] == b[j] ? 0 : 1);
            diagonal = std::exchange(row[j + 1], std::min({row[j] + 1, row[j + 1] + 1, changed}));
        }
    }
    return row.last();
}

} // namespace

QString groupTitle(OptionGroup group)
{
    switch (group) {
    case Group::Run:
        return u"Run"_s;
    case Group::Gpus:
        return u"GPUs and devices"_s;
    case Group::Storage:
        return u"Storage"_s;
    case Group::Network:
        return u"Network"_s;
    case Group::Process:
        return u"Process"_s;
    case Group::Resources:
        return u"Resources"_s;
    case Group::Security:
        return u"Security"_s;
    case Group::Health:
        return u"Health"_s;
    case Group::Logs:
        return u"Logs"_s;
    case Group::Client:
        return u"Docker's own program"_s;
    case Group::Windows:
        return u"Windows"_s;
    }
    return {};
}

QString DockerOption::read(RunConfig &config, const QString &value, const ShellContext &context) const
{
    if (typed)
        return typed(config, value, context);
    RequestDraft draft{context};
    if (const QString fault = put(draft, value); !fault.isEmpty())
        return fault;
    if (!list) // the last one counts
        config.options.removeIf([this](const Option &option) { return option.name == name; });
    config.options += {name, value};
    return {};
}

QString DockerOption::put(RequestDraft &draft, const QString &value) const
{
    if (group == OptionGroup::Windows)
        return u"--%1 is for daemons that run on Windows."_s.arg(name);
    if (draft.apiBelow(minApi))
        return u"--%1 needs a daemon with API 1.%2 or later; this one speaks %3.%4."_s.arg(name)
            .arg(minApi)
            .arg(draft.context.api.first)
            .arg(draft.context.api.second);
    return apply ? apply(draft, value) : draft.put(*this, value);
}

std::span<const DockerOption> dockerOptions() { return options; }

const DockerOption *dockerOption(QAnyStringView name)
{
    const auto older = std::ranges::find_if(olderNames, [name](const auto &pair) { return pair.first == name; });
    const QAnyStringView wanted = older == olderNames.end() ? name : QAnyStringView(older->second);
    const auto found
        = std::ranges::find_if(options, [wanted](const DockerOption &option) { return option.name == wanted; });
    return found == options.end() ? nullptr : &*found;
}

const DockerOption *dockerShorthand(QChar shorthand)
{
    const auto found = std::ranges::find_if(
        options, [shorthand](const DockerOption &o) { return o.shorthand && QLatin1Char(o.shorthand) == shorthand; });
    return found == options.end() ? nullptr : &*found;
}

const DockerOption *nearestOption(const QString &name)
{
    const DockerOption *nearest = nullptr;
    qsizetype least = qMax(1, name.size() / 3) + 1;
    for (const DockerOption &option : options) {
        if (qAbs(name.size() - option.name.size()) >= least) // spares the reckoning for whatever was pasted
            continue;
        const qsizetype far = distance(name, option.name);
        if (far < least) {
            least = far;
            nearest = &option;
        }
    }
    return nearest;
}

} // namespace recipe
