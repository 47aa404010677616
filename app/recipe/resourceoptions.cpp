#include "recipe/resourceoptions.h"

#include "core/units.h"
#include "recipe/requestdraft.h"
#include "recipe/rules.h"
#include "recipe/values.h"

#include <QDir>
#include <QRegularExpression>
#include <QSet>
#include <algorithm>

namespace recipe {

using namespace Qt::StringLiterals;

namespace {

/** A device request as the body has it. */
struct GpuValue
{
    QString driver;
    qint64 count = 0;
    std::optional<QStringList> devices;
    std::optional<QStringList> capabilities;
    QJsonObject options;
};

QString readCount(const QString &text, qint64 &count)
{
    const auto number = text == "all"_L1 ? std::optional<qint64>(-1) : readDecimalNumber(text);
    if (!number)
        return u"--gpus wants all, a number, or device= and GPUs, not “%1”."_s.arg(text);
    count = *number;
    return {};
}

QString readGpuField(const QString &key, const QString &value, GpuValue &gpus)
{
    if (key == "count"_L1)
        return readCount(value, gpus.count);
    if (key == "driver"_L1) {
        gpus.driver = value;
    } else if (key == "device"_L1) {
        gpus.devices = value.split(u',');
    } else if (key == "capabilities"_L1) {
        gpus.capabilities = value.split(u',') << u"gpu"_s;
    } else if (key == "options"_L1) {
        const QStringList fields = csvFields(value);
        for (const QString &field : fields) {
            const auto [name, text] = cut(field, u'=');
            gpus.options[name] = text.value_or(QString());
        }
        if (fields.isEmpty())
            return u"The options= of --gpus are empty, or their quotes do not fit."_s;
    } else {
        return u"--gpus has no “%1”: it takes count, driver, device, capabilities and options."_s.arg(key);
    }
    return {};
}

QString readGpuValue(const QString &value, GpuValue &gpus)
{
    QSet<QString> seen;
    const QStringList fields = csvFields(value);
    if (fields.isEmpty())
        return value.isEmpty() ? u"--gpus wants all, a number, or device= and GPUs."_s
                               : u"The quotes in the value of --gpus do not fit."_s;
    for (const QString &field : fields) {
        const auto [key, text] = cut(field, u'=');
        if (seen.contains(key))
            return u"--gpus can have “%1” only once."_s.arg(key);
        seen += key;
        if (!text)
            seen += u"count"_s;
        const QString fault = text ? readGpuField(key, *text, gpus) : readCount(key, gpus.count);
        if (!fault.isEmpty())
            return fault;
    }
    if (!seen.contains(u"count"_s) && !gpus.devices)
        gpus.count = 1;
    return {};
}

/** The request in RunConfig's own terms; empty where these do not say everything. */
std::optional<GpuRequest> plainRequest(const GpuValue &gpus)
{
    using Kind = GpuRequest::Kind;
    if (!gpus.driver.isEmpty() || gpus.capabilities || !gpus.options.isEmpty())
        return std::nullopt;
    if (gpus.devices && gpus.count == 0 && !gpus.devices->contains(QString()))
        return GpuRequest{Kind::Devices, 0, *gpus.devices};
    if (gpus.devices || gpus.count < -1 || gpus.count > INT_MAX)
        return std::nullopt;
    return gpus.count == -1 ? GpuRequest{Kind::All, 0, {}} : GpuRequest{Kind::Count, int(gpus.count), {}};
}

bool hasOption(const RunConfig &config, QLatin1String name)
{
    return std::ranges::any_of(config.options, [name](const Option &option) { return option.name == name; });
}

bool isDeviceMode(const QString &text)
{
    static const QRegularExpression form(uR"(^(?!.*(.).*\1)[rwm]+\z)"_s);
    return form.match(text).hasMatch();
}

/** "nvidia.com/gpu=0". Source: tags.cncf.io/container-device-interface, parser. */
bool isCdiDevice(const QString &text)
{
    static const QRegularExpression form(
        uR"(^[A-Za-z](?:[A-Za-z0-9_.-]*[A-Za-z0-9])?/[A-Za-z](?:[A-Za-z0-9_.-]*[A-Za-z0-9])?=)"
        uR"([A-Za-z0-9](?:[A-Za-z0-9_.:-]*[A-Za-z0-9])?\z)"_s);
    return form.match(text).hasMatch();
}

QString cleaned(const QString &path) { return path.isEmpty() ? u"."_s : QDir::cleanPath(path); }

/** "/dev/sda:VALUE" in its two parts; the path is empty where it is none. */
std::pair<QString, QString> deviceAndValue(const QString &text)
{
    const auto [path, value] = cut(text, u':');
    return path.startsWith("/dev/"_L1) && value ? std::pair(path, *value) : std::pair<QString, QString>();
}

QString addThrottle(RequestDraft &draft, QLatin1String key, const QString &value, bool bytes)
{
    const auto [path, text] = deviceAndValue(value);
    std::optional<qint64> rate = bytes ? core::parseBytes(text) : readDecimalNumber(text);
    if (path.isEmpty() || !rate || *rate < 0 || text.startsWith(u'+'))
        return u"This limit wants /dev/DEVICE:%1, not “%2”."_s.arg(bytes ? u"10mb"_s : u"1000"_s, value);
    draft.append(key, QJsonObject{{u"Path"_s, path}, {u"Rate"_s, *rate}});
    return {};
}

} // namespace

QString readGpus(RunConfig &config, const QString &value, const ShellContext &)
{
    GpuValue gpus;
    if (const QString fault = readGpuValue(value, gpus); !fault.isEmpty())
        return fault;
    const auto plain = plainRequest(gpus);
    if (plain && config.gpus.kind == GpuRequest::Kind::None && !hasOption(config, "gpus"_L1))
        config.gpus = *plain;
    else // Docker keeps the order of several requests
        config.options += {u"gpus"_s, value};
    return {};
}

QString addGpus(RequestDraft &draft, const QString &value)
{
    GpuValue gpus;
    if (const QString fault = readGpuValue(value, gpus); !fault.isEmpty())
        return fault;
    draft.append("DeviceRequests"_L1,
        QJsonObject{{u"Driver"_s, gpus.driver}, {u"Count"_s, gpus.count},
            {u"DeviceIDs"_s, gpus.devices ? QJsonValue(QJsonArray::fromStringList(*gpus.devices)) : QJsonValue()},
            {u"Capabilities"_s,
                QJsonArray{QJsonArray::fromStringList(gpus.capabilities.value_or(QStringList{u"gpu"_s}))}},
            {u"Options"_s, gpus.options}});
    return {};
}

QString addDevice(RequestDraft &draft, const QString &value)
{
    if (isCdiDevice(value)) {
        draft.cdiDevices += value;
        return {};
    }
    QStringList parts = value.split(u':');
    if (parts.size() > 3 || parts[0].isEmpty())
        return u"--device wants /dev/DEVICE, with :/PATH and :rwm behind it if need be."_s;
    QString permissions = u"rwm"_s;
    if (parts.size() == 3)
        permissions = parts.takeLast();
    else if (parts.size() == 2 && isDeviceMode(parts[1]))
        permissions = parts.takeLast();
    if (!isDeviceMode(permissions))
        return u"“%1” is no permission: r, w and m, each once."_s.arg(permissions);
    const bool whole = value.count(u':') == 2; // there the client takes the path as it is
    QString inside = parts.last();
    if (!inside.startsWith(u'/'))
        return u"“%1” is no absolute path."_s.arg(inside);
    if (!whole)
        inside = cleaned(inside);
    draft.append("Devices"_L1,
        QJsonObject{{u"PathOnHost"_s, parts.size() == 1 ? inside : parts[0]}, {u"PathInContainer"_s, inside},
            {u"CgroupPermissions"_s, permissions}});
    return {};
}

QString addCgroupRule(RequestDraft &draft, const QString &value)
{
    static const QRegularExpression form(uR"(^[acb] ([0-9]+|\*):([0-9]+|\*) [rwm]{1,3}\z)"_s);
    if (!form.match(value).hasMatch())
        return u"--device-cgroup-rule wants “c 1:3 rwm”, not “%1”."_s.arg(value);
    draft.append("DeviceCgroupRules"_L1, value);
    return {};
}

QString readUlimit(RunConfig &config, const QString &value, const ShellContext &)
{
    static const QRegularExpression form(uR"(^([^=]*)=([+-]?\d{1,18})(?::([+-]?\d{1,18}))?\z)"_s);
    const auto match = form.match(value);
    if (!match.hasMatch())
        return u"--ulimit wants NAME=NUMBER or NAME=SOFT:HARD."_s;
    const qint64 soft = match.captured(2).toLongLong();
    const Ulimit ulimit{match.captured(1), soft, match.captured(3).isEmpty() ? soft : match.captured(3).toLongLong()};
    // Any negative number passes the client, and says no limit as -1 does.
    if (const auto fault = ulimitFault(ulimit.name, qMax(soft, qint64(-1)), qMax(ulimit.hard, qint64(-1))))
        return *fault;
    const auto same = std::ranges::find(config.ulimits, ulimit.name, &Ulimit::name);
    if (same != config.ulimits.end())
        *same = ulimit; // the last one counts
    else
        config.ulimits += ulimit;
    return {};
}

QString readCpus(RunConfig &config, const QString &value, const ShellContext &)
{
    const auto billionths = readBillionths(value);
    if (!billionths)
        return u"--cpus wants a number such as 4 or 2.5, not “%1”."_s.arg(value);
    config.options.removeIf([](const Option &option) { return option.name == "cpus"_L1; });
    config.cpus = qMax(0.0, double(*billionths) / 1e9);
    if (*billionths < 0) // taken by the client, not by the daemon
        config.options += {u"cpus"_s, value};
    return {};
}

QString setCpus(RequestDraft &draft, const QString &value)
{
    const auto billionths = readBillionths(value);
    if (!billionths)
        return u"--cpus wants a number such as 4 or 2.5, not “%1”."_s.arg(value);
    draft.host[u"NanoCpus"] = *billionths;
    return {};
}

QString setMemorySwap(RequestDraft &draft, const QString &value)
{
    const auto bytes = value == "-1"_L1 ? std::optional<qint64>(-1) : core::parseBytes(value);
    if (!bytes)
        return u"--memory-swap wants a size such as 16g, or -1 for no limit, not “%1”."_s.arg(value);
    draft.host[u"MemorySwap"] = *bytes;
    return {};
}

QString setKernelMemory(RequestDraft &draft, const QString &value)
{
    const auto bytes = core::parseBytes(value);
    if (!bytes)
        return u"--kernel-memory wants a size such as 512m, not “%1”."_s.arg(value);
    if (*bytes != 0 && draft.apiBelow(42)) // later daemons have none, and the client leaves it out
        draft.host[u"KernelMemory"] = *bytes;
    return {};
}

QString setSwappiness(RequestDraft &draft, const QString &value)
{
    const auto number = readWholeNumber(value);
    if (!number || *number < -1 || *number > 100)
        return u"--memory-swappiness wants a number from 0 to 100, not “%1”."_s.arg(value);
    draft.host[u"MemorySwappiness"] = *number;
    return {};
}

QString setBlkioWeight(RequestDraft &draft, const QString &value)
{
    const auto number = readWholeNumber(value);
    if (!number || *number < 0 || *number > 65535 || value.startsWith(u'+'))
        return u"--blkio-weight wants a number from 10 to 1000, not “%1”."_s.arg(value);
    draft.host[u"BlkioWeight"] = *number;
    return {};
}

QString addWeightDevice(RequestDraft &draft, const QString &value)
{
    const auto [path, text] = deviceAndValue(value);
    const auto weight = readDecimalNumber(text);
    if (path.isEmpty() || !weight || (*weight != 0 && (*weight < 10 || *weight > 1000)) || text.startsWith(u'+'))
        return u"--blkio-weight-device wants /dev/DEVICE:WEIGHT with a weight from 10 to 1000, not “%1”."_s.arg(value);
    draft.append("BlkioWeightDevice"_L1, QJsonObject{{u"Path"_s, path}, {u"Weight"_s, *weight}});
    return {};
}

QString addReadBps(RequestDraft &draft, const QString &value)
{
    return addThrottle(draft, "BlkioDeviceReadBps"_L1, value, true);
}

QString addWriteBps(RequestDraft &draft, const QString &value)
{
    return addThrottle(draft, "BlkioDeviceWriteBps"_L1, value, true);
}

QString addReadIops(RequestDraft &draft, const QString &value)
{
    return addThrottle(draft, "BlkioDeviceReadIOps"_L1, value, false);
}

QString addWriteIops(RequestDraft &draft, const QString &value)
{
    return addThrottle(draft, "BlkioDeviceWriteIOps"_L1, value, false);
}

} // namespace recipe
