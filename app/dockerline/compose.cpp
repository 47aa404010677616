#include "dockerline/compose.h"

#include "core/jsonplace.h"
#include "dockerline/yaml.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <array>

namespace dockerline {

using namespace Qt::StringLiterals;
using namespace recipe;

namespace {

/** A field of the create body that compose says with the same value under another name. */
struct Same
{
    QLatin1String field;
    QLatin1String key;
};

constexpr std::array sameInBody = {Same{"Hostname"_L1, "hostname"_L1}, Same{"Domainname"_L1, "domainname"_L1},
    Same{"User"_L1, "user"_L1}, Same{"WorkingDir"_L1, "working_dir"_L1}, Same{"OpenStdin"_L1, "stdin_open"_L1},
    Same{"Tty"_L1, "tty"_L1}, Same{"Env"_L1, "environment"_L1}, Same{"Cmd"_L1, "command"_L1},
    Same{"Labels"_L1, "labels"_L1}, Same{"StopSignal"_L1, "stop_signal"_L1}, Same{"MacAddress"_L1, "mac_address"_L1}};

constexpr std::array sameInHost = {Same{"IpcMode"_L1, "ipc"_L1}, Same{"PidMode"_L1, "pid"_L1},
    Same{"UTSMode"_L1, "uts"_L1}, Same{"UsernsMode"_L1, "userns_mode"_L1}, Same{"CgroupnsMode"_L1, "cgroup"_L1},
    Same{"ShmSize"_L1, "shm_size"_L1}, Same{"Memory"_L1, "mem_limit"_L1},
    Same{"MemoryReservation"_L1, "mem_reservation"_L1}, Same{"MemorySwap"_L1, "memswap_limit"_L1},
    Same{"MemorySwappiness"_L1, "mem_swappiness"_L1}, Same{"OomKillDisable"_L1, "oom_kill_disable"_L1},
    Same{"OomScoreAdj"_L1, "oom_score_adj"_L1}, Same{"PidsLimit"_L1, "pids_limit"_L1},
    Same{"CpuShares"_L1, "cpu_shares"_L1}, Same{"CpuPeriod"_L1, "cpu_period"_L1}, Same{"CpuQuota"_L1, "cpu_quota"_L1},
    Same{"CpuRealtimePeriod"_L1, "cpu_rt_period"_L1}, Same{"CpuRealtimeRuntime"_L1, "cpu_rt_runtime"_L1},
    Same{"CpuCount"_L1, "cpu_count"_L1}, Same{"CpuPercent"_L1, "cpu_percent"_L1}, Same{"CpusetCpus"_L1, "cpuset"_L1},
    Same{"CapAdd"_L1, "cap_add"_L1}, Same{"CapDrop"_L1, "cap_drop"_L1}, Same{"Privileged"_L1, "privileged"_L1},
    Same{"Init"_L1, "init"_L1}, Same{"ReadonlyRootfs"_L1, "read_only"_L1}, Same{"Runtime"_L1, "runtime"_L1},
    Same{"Isolation"_L1, "isolation"_L1}, Same{"Dns"_L1, "dns"_L1}, Same{"DnsOptions"_L1, "dns_opt"_L1},
    Same{"DnsSearch"_L1, "dns_search"_L1}, Same{"ExtraHosts"_L1, "extra_hosts"_L1}, Same{"GroupAdd"_L1, "group_add"_L1},
    Same{"Links"_L1, "external_links"_L1}, Same{"CgroupParent"_L1, "cgroup_parent"_L1},
    Same{"DeviceCgroupRules"_L1, "device_cgroup_rules"_L1}, Same{"Sysctls"_L1, "sysctls"_L1},
    Same{"StorageOpt"_L1, "storage_opt"_L1}, Same{"Annotations"_L1, "annotations"_L1}};

QString compact(const QJsonValue &value)
{
    QString text = QString::fromUtf8(QJsonDocument(QJsonArray{value}).toJson(QJsonDocument::Compact));
    return text.sliced(1, text.size() - 2);
}

/** Nanoseconds as compose writes a duration. */
QString duration(qint64 nanoseconds)
{
    constexpr qint64 second = 1'000'000'000;
    if (nanoseconds % second == 0)
        return QString::number(nanoseconds / second) + u's';
    return QString::number(nanoseconds / 1000) + u"us";
}

/** Takes a create body apart, field by field; what nobody took in the end is what compose cannot say. */
class Service
{
public:
    explicit Service(const CreateRequest &request);

    QString text() const;

private:
    QJsonValue take(const QString &field) { return m_body.take(field); }
    QJsonValue takeHost(const QString &field) { return m_host.take(field); }
    void add(const QString &key, const QJsonValue &value)
    {
        if (!core::isNothing(value))
            m_fields += {key, value};
    }
    void remark(const QString &sentence) { m_comments += sentence; }
    void process();
    void health();
    void gpus();
    void devices();
    void volumes();
    QJsonObject mount(QJsonObject mount);
    void ports();
    void networks();
    void limits();
    void blockDevices();
    void rest();

    QJsonObject m_body;
    QJsonObject m_host;
    QList<QPair<QString, QJsonValue>> m_fields; ///< of the service, in the order they are written
    QJsonObject m_volumes; ///< the file's own
    QJsonObject m_networks;
    QStringList m_comments;
    QJsonArray m_devices;
    QString m_name;
};

Service::Service(const CreateRequest &request)
    : m_body(request.body)
    , m_host(m_body.take(u"HostConfig"_s).toObject())
    , m_name(request.name.isEmpty() ? u"run"_s : request.name)
{
    add(u"image"_s, take(u"Image"_s));
    add(u"container_name"_s, request.name);
    add(u"platform"_s, request.platform);
    process();
    gpus();
    volumes();
    ports();
    networks();
    for (const Same &same : sameInHost) {
        if (same.field == "MemorySwappiness"_L1 && m_host.value(same.field).toInt() == -1)
            m_host.remove(same.field);
        add(same.key, m_host.take(same.field));
    }
    limits();
    blockDevices();
    devices();
    health();
    rest();
}

void Service::process()
{
    const bool background = !take(u"AttachStdout"_s).toBool();
    for (const Same &same : sameInBody)
        add(same.key, m_body.take(same.field));
    if (const QJsonValue entrypoint = take(u"Entrypoint"_s); entrypoint == QJsonArray{QString()})
        m_fields += {u"entrypoint"_s, QJsonArray()};
    else
        add(u"entrypoint"_s, entrypoint);
    if (const int seconds = take(u"StopTimeout"_s).toInt(-1); seconds >= 0)
        add(u"stop_grace_period"_s, QString(QString::number(seconds) + u's'));
    const QJsonObject restart = takeHost(u"RestartPolicy"_s).toObject();
    const int tries = restart.value("MaximumRetryCount"_L1).toInt();
    const QString policy = restart.value("Name"_L1).toString();
    if (policy != "no"_L1)
        add(u"restart"_s, tries > 0 ? QString(policy + u':' + QString::number(tries)) : policy);
    if (takeHost(u"AutoRemove"_s).toBool())
        remark(u"--rm: a service's container stays until “docker compose down”."_s);
    if (background)
        remark(u"-d: start it with “docker compose up -d”."_s);
    for (const QString &field : {u"AttachStdin"_s, u"AttachStderr"_s, u"StdinOnce"_s})
        m_body.remove(field);
    m_host.remove(u"ConsoleSize"_s);
}

void Service::health()
{
    const QJsonObject check = take(u"Healthcheck"_s).toObject();
    const QJsonArray test = check.value("Test"_L1).toArray();
    if (test == QJsonArray{u"NONE"_s})
        return add(u"healthcheck"_s, QJsonObject{{u"disable"_s, true}});
    QJsonObject object;
    if (!test.isEmpty())
        object[u"test"] = test;
    static constexpr std::array durations = {Same{"Interval"_L1, "interval"_L1}, Same{"Timeout"_L1, "timeout"_L1},
        Same{"StartPeriod"_L1, "start_period"_L1}, Same{"StartInterval"_L1, "start_interval"_L1}};
    for (const Same &same : durations) {
        if (const qint64 time = check.value(same.field).toInteger(); time > 0)
            object[same.key] = duration(time);
    }
    if (const int retries = check.value("Retries"_L1).toInt(); retries > 0)
        object[u"retries"] = retries;
    add(u"healthcheck"_s, object);
}

void Service::gpus()
{
    QJsonArray reserved;
    for (const QJsonValue &value : takeHost(u"DeviceRequests"_s).toArray()) {
        const QJsonObject request = value.toObject();
        const QJsonValue ids = request.value("DeviceIDs"_L1);
        const QString driver = request.value("Driver"_L1).toString();
        if (driver == "cdi"_L1) {
            for (const QJsonValue &id : ids.toArray())
                m_devices += id;
            continue;
        }
        QJsonObject device{{u"driver"_s, driver.isEmpty() ? u"nvidia"_s : driver}};
        const int count = request.value("Count"_L1).toInt();
        if (!core::isNothing(ids))
            device[u"device_ids"] = ids;
        else
            device[u"count"] = count == -1 ? QJsonValue(u"all"_s) : QJsonValue(count);
        device[u"capabilities"] = request.value("Capabilities"_L1).toArray().at(0);
        if (const QJsonValue options = request.value("Options"_L1); !core::isNothing(options))
            device[u"options"] = options;
        reserved += device;
    }
    if (!reserved.isEmpty())
        add(u"deploy"_s,
            QJsonObject{{u"resources"_s, QJsonObject{{u"reservations"_s, QJsonObject{{u"devices"_s, reserved}}}}}});
}

void Service::devices()
{
    for (const QJsonValue &value : takeHost(u"Devices"_s).toArray()) {
        const QJsonObject device = value.toObject();
        const QString rights = device.value("CgroupPermissions"_L1).toString();
        QString text = device.value("PathOnHost"_L1).toString() + u':' + device.value("PathInContainer"_L1).toString();
        if (!rights.isEmpty() && rights != "rwm"_L1)
            text += u':' + rights;
        m_devices += text;
    }
    add(u"devices"_s, m_devices);
}

void Service::volumes()
{
    QJsonArray list;
    for (const QJsonValue &bind : takeHost(u"Binds"_s).toArray()) {
        const QString name = bind.toString().section(u':', 0, 0);
        if (!name.startsWith(u'/'))
            m_volumes[name] = QJsonObject{{u"name"_s, name}};
        list += bind;
    }
    for (const QString &target : take(u"Volumes"_s).toObject().keys())
        list += target;
    for (const QJsonValue &value : takeHost(u"Mounts"_s).toArray())
        list += mount(value.toObject());
    add(u"volumes"_s, list);
    QJsonArray tmpfs;
    const QJsonObject folders = takeHost(u"Tmpfs"_s).toObject();
    for (auto it = folders.begin(); it != folders.end(); ++it)
        tmpfs += it->toString().isEmpty() ? it.key() : QString(it.key() + u':' + it->toString());
    add(u"tmpfs"_s, tmpfs);
    QJsonArray from;
    for (const QJsonValue &other : takeHost(u"VolumesFrom"_s).toArray())
        from += QString(u"container:"_s + other.toString());
    add(u"volumes_from"_s, from);
}

/** One of --mount, in compose's long form. */
QJsonObject Service::mount(QJsonObject mount)
{
    const QString type = mount.take("Type"_L1).toString();
    const QString source = mount.take("Source"_L1).toString();
    QJsonObject object{{u"type"_s, type}, {u"target"_s, mount.take("Target"_L1)}};
    if (!source.isEmpty())
        object[u"source"] = source;
    if (type == "volume"_L1 && !source.isEmpty())
        m_volumes[source] = QJsonObject{{u"name"_s, source}};
    if (mount.take("ReadOnly"_L1).toBool())
        object[u"read_only"] = true;
    QJsonObject bind = mount.take("BindOptions"_L1).toObject();
    QJsonObject volume = mount.take("VolumeOptions"_L1).toObject();
    QJsonObject tmpfs = mount.take("TmpfsOptions"_L1).toObject();
    if (type == "bind"_L1)
        object[u"bind"] = QJsonObject{{u"create_host_path"_s, bind.take("CreateMountpoint"_L1).toBool()}};
    const auto move = [&object](QJsonObject &from, QLatin1String field, QLatin1String part, QLatin1String key) {
        const QJsonValue value = from.take(field);
        if (core::isNothing(value))
            return;
        QJsonObject inner = object.value(part).toObject();
        inner[key] = value;
        object[part] = inner;
    };
    move(bind, "Propagation"_L1, "bind"_L1, "propagation"_L1);
    move(volume, "NoCopy"_L1, "volume"_L1, "nocopy"_L1);
    move(volume, "Subpath"_L1, "volume"_L1, "subpath"_L1);
    move(tmpfs, "SizeBytes"_L1, "tmpfs"_L1, "size"_L1);
    move(tmpfs, "Mode"_L1, "tmpfs"_L1, "mode"_L1);
    for (const QJsonObject &left : {mount, bind, volume, tmpfs}) {
        for (auto it = left.begin(); it != left.end(); ++it) {
            if (!core::isNothing(*it))
                remark(u"--mount: compose has no %1 here: %2"_s.arg(it.key(), compact(*it)));
        }
    }
    return object;
}

void Service::ports()
{
    QJsonArray published;
    QJsonObject exposed = take(u"ExposedPorts"_s).toObject();
    const QJsonObject bindings = takeHost(u"PortBindings"_s).toObject();
    for (auto it = bindings.begin(); it != bindings.end(); ++it) {
        exposed.remove(it.key());
        QString container = it.key();
        if (container.endsWith("/tcp"_L1))
            container.chop(4);
        for (const QJsonValue &value : it->toArray()) {
            QString ip = value.toObject().value("HostIp"_L1).toString();
            if (ip.contains(u':'))
                ip = u'[' + ip + u']';
            const QString port = value.toObject().value("HostPort"_L1).toString();
            QString text = container;
            if (!port.isEmpty() || !ip.isEmpty())
                text.prepend(port + u':');
            if (!ip.isEmpty())
                text.prepend(ip + u':');
            published += text;
        }
    }
    add(u"ports"_s, published);
    add(u"expose"_s, QJsonArray::fromStringList(exposed.keys()));
}

/** Without --network compose makes a network of its own, which nobody misses. */
void Service::networks()
{
    const QString mode = takeHost(u"NetworkMode"_s).toString();
    QJsonObject endpoints = take(u"NetworkingConfig"_s).toObject().value("EndpointsConfig"_L1).toObject();
    const bool own = mode == "host"_L1 || mode == "none"_L1 || mode == "bridge"_L1 || mode.startsWith("container:"_L1);
    if (own)
        add(u"network_mode"_s, mode);
    else if (mode != "default"_L1 && !mode.isEmpty() && !endpoints.contains(mode))
        endpoints.insert(mode, QJsonObject()); // Docker's client sends a network's name alone where it has no settings
    QJsonObject joined;
    for (auto it = endpoints.begin(); it != endpoints.end(); ++it) {
        QJsonObject endpoint = it->toObject();
        const QJsonObject addresses = endpoint.take(u"IPAMConfig"_s).toObject();
        QJsonObject settings;
        const auto put = [&settings](QLatin1String key, const QJsonValue &value) {
            if (!core::isNothing(value))
                settings[key] = value;
        };
        put("aliases"_L1, endpoint.take(u"Aliases"_s));
        put("ipv4_address"_L1, addresses.value("IPv4Address"_L1));
        put("ipv6_address"_L1, addresses.value("IPv6Address"_L1));
        put("link_local_ips"_L1, addresses.value("LinkLocalIPs"_L1));
        put("mac_address"_L1, endpoint.take(u"MacAddress"_s));
        put("driver_opts"_L1, endpoint.take(u"DriverOpts"_s));
        put("gw_priority"_L1, endpoint.take(u"GwPriority"_s));
        for (auto left = endpoint.begin(); left != endpoint.end(); ++left) {
            if (!core::isNothing(*left))
                remark(u"--network: compose has no %1 here: %2"_s.arg(left.key(), compact(*left)));
        }
        if (it.key() != "default"_L1 && !own) {
            joined[it.key()] = settings;
            m_networks[it.key()] = QJsonObject{{u"name"_s, it.key()}, {u"external"_s, true}};
        } else if (!settings.isEmpty()) {
            remark(u"--network %1: compose has no %2 here."_s.arg(it.key(), compact(settings)));
        }
    }
    add(u"networks"_s, joined);
}

void Service::limits()
{
    if (const qint64 nano = takeHost(u"NanoCpus"_s).toInteger(); nano > 0)
        add(u"cpus"_s, double(nano) / 1e9);
    QJsonObject limits;
    for (const QJsonValue &value : takeHost(u"Ulimits"_s).toArray()) {
        const QJsonObject limit = value.toObject();
        const QJsonValue soft = limit.value("Soft"_L1);
        const QJsonValue hard = limit.value("Hard"_L1);
        limits[limit.value("Name"_L1).toString()]
            = soft == hard ? soft : QJsonValue(QJsonObject{{u"soft"_s, soft}, {u"hard"_s, hard}});
    }
    add(u"ulimits"_s, limits);
    const QJsonObject log = takeHost(u"LogConfig"_s).toObject();
    QJsonObject logging;
    if (const QJsonValue type = log.value("Type"_L1); !core::isNothing(type))
        logging[u"driver"] = type;
    if (const QJsonValue options = log.value("Config"_L1); !core::isNothing(options))
        logging[u"options"] = options;
    add(u"logging"_s, logging);
    QJsonArray security;
    for (const QJsonValue &value : takeHost(u"SecurityOpt"_s).toArray()) {
        if (value.toString().startsWith("seccomp={"_L1) || value.toString().startsWith("seccomp:{"_L1))
            remark(u"--security-opt seccomp: compose wants the profile's file, “seccomp:FILE”."_s);
        else
            security += value;
    }
    add(u"security_opt"_s, security);
}

void Service::blockDevices()
{
    QJsonObject config;
    if (const int weight = takeHost(u"BlkioWeight"_s).toInt(); weight > 0)
        config[u"weight"] = weight;
    static constexpr std::array lists = {Same{"BlkioWeightDevice"_L1, "weight_device"_L1},
        Same{"BlkioDeviceReadBps"_L1, "device_read_bps"_L1}, Same{"BlkioDeviceWriteBps"_L1, "device_write_bps"_L1},
        Same{"BlkioDeviceReadIOps"_L1, "device_read_iops"_L1}, Same{"BlkioDeviceWriteIOps"_L1, "device_write_iops"_L1}};
    for (const Same &same : lists) {
        QJsonArray devices;
        for (const QJsonValue &value : m_host.take(same.field).toArray()) {
            const QJsonObject device = value.toObject();
            QJsonObject object{{u"path"_s, device.value("Path"_L1)}};
            if (device.contains("Weight"_L1))
                object[u"weight"] = device.value("Weight"_L1);
            else
                object[u"rate"] = device.value("Rate"_L1);
            devices += object;
        }
        if (!devices.isEmpty())
            config[same.key] = devices;
    }
    add(u"blkio_config"_s, config);
}

/** What is asked for and nobody took. */
void Service::rest()
{
    for (const QJsonObject &left : {m_body, m_host}) {
        for (auto it = left.begin(); it != left.end(); ++it) {
            const bool emptied = it.key() == "MaskedPaths"_L1 || it.key() == "ReadonlyPaths"_L1;
            if (!core::isNothing(*it) || (emptied && it->isArray()))
                remark(u"Compose has no %1: %2"_s.arg(it.key(), compact(*it)));
        }
    }
}

/** Compose puts variables in where a $ stands. */
QJsonValue withoutVariables(const QJsonValue &value)
{
    if (value.isString())
        return value.toString().replace(u'$', u"$$"_s);
    if (value.isArray()) {
        QJsonArray array;
        for (const QJsonValue &item : value.toArray())
            array += withoutVariables(item);
        return array;
    }
    if (!value.isObject())
        return value;
    QJsonObject object;
    const QJsonObject from = value.toObject();
    for (auto it = from.begin(); it != from.end(); ++it)
        object[it.key()] = withoutVariables(*it);
    return object;
}

QString Service::text() const
{
    QString text;
    for (QString comment : m_comments)
        text += u"# "_s + comment.replace(u'\n', u' ') + u'\n';
    text += u"services:\n"_s + yamlField(m_name, {}, 1);
    for (const auto &[key, value] : m_fields)
        text += yamlField(key, withoutVariables(value), 2);
    if (!m_volumes.isEmpty())
        text += yamlField(u"volumes"_s, withoutVariables(m_volumes), 0);
    if (!m_networks.isEmpty())
        text += yamlField(u"networks"_s, withoutVariables(m_networks), 0);
    return text;
}

} // namespace

QString composeFile(const CreateRequest &request) { return Service(request).text(); }

} // namespace dockerline
