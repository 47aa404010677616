#include "gpu/json.h"

#include <QDateTime>
#include <QJsonArray>

namespace gpu {

namespace {

QJsonValue number(qint64 value) { return value < 0 ? QJsonValue() : QJsonValue(value); }
QJsonValue number(double value) { return value < 0 ? QJsonValue() : QJsonValue(value); }
QJsonValue number(int value) { return number(qint64(value)); }
QJsonValue text(const QString &value) { return value.isEmpty() ? QJsonValue() : QJsonValue(value); }

QString word(ProcessKind kind)
{
    switch (kind) {
    case ProcessKind::Compute:
        return QStringLiteral("compute");
    case ProcessKind::Graphics:
        return QStringLiteral("graphics");
    case ProcessKind::Both:
        break;
    }
    return QStringLiteral("both");
}

QString word(Vendor vendor)
{
    switch (vendor) {
    case Vendor::Nvidia:
        return QStringLiteral("nvidia");
    case Vendor::Amd:
        return QStringLiteral("amd");
    case Vendor::Intel:
        break;
    }
    return QStringLiteral("intel");
}

QString word(TroubleKind kind)
{
    switch (kind) {
    case TroubleKind::NoGpu:
        return QStringLiteral("no-gpu");
    case TroubleKind::NoDriver:
        return QStringLiteral("no-driver");
    case TroubleKind::Mismatch:
        return QStringLiteral("mismatch");
    case TroubleKind::Denied:
        return QStringLiteral("denied");
    case TroubleKind::Broken:
        break;
    }
    return QStringLiteral("broken");
}

QJsonValue migMode(MigMode mode)
{
    if (mode == MigMode::None)
        return {};
    return mode == MigMode::On ? QStringLiteral("on") : QStringLiteral("off");
}

QJsonArray processes(const QList<Process> &list)
{
    QJsonArray array;
    for (const Process &process : list) {
        array.append(QJsonObject{
            {QStringLiteral("pid"), process.pid},
            {QStringLiteral("memory_bytes"), number(process.memory)},
            {QStringLiteral("utilization_percent"), number(process.utilisation)},
            {QStringLiteral("kind"), word(process.kind)},
            {QStringLiteral("name"), text(process.name)},
            {QStringLiteral("gpu_instance"), number(process.gpuInstance)},
            {QStringLiteral("compute_instance"), number(process.computeInstance)},
        });
    }
    return array;
}

QJsonArray migDevices(const QList<MigDevice> &list)
{
    QJsonArray array;
    for (const MigDevice &device : list) {
        array.append(QJsonObject{
            {QStringLiteral("uuid"), device.uuid},
            {QStringLiteral("gpu_instance"), number(device.gpuInstance)},
            {QStringLiteral("compute_instance"), number(device.computeInstance)},
            {QStringLiteral("profile"), text(device.profile)},
            {QStringLiteral("memory_total_bytes"), number(device.memoryTotal)},
            {QStringLiteral("memory_used_bytes"), number(device.memoryUsed)},
            {QStringLiteral("processes"), processes(device.processes)},
        });
    }
    return array;
}

QJsonValue xid(const std::optional<Xid> &xid)
{
    if (!xid)
        return {};
    return QJsonObject{
        {QStringLiteral("code"), xid->code},
        {QStringLiteral("time"), QDateTime::fromMSecsSinceEpoch(xid->time, Qt::UTC).toString(Qt::ISODateWithMs)},
    };
}

QJsonObject one(const Gpu &gpu)
{
    return {
        {QStringLiteral("index"), gpu.index},
        {QStringLiteral("uuid"), gpu.uuid},
        {QStringLiteral("name"), text(gpu.name)},
        {QStringLiteral("vendor"), word(gpu.vendor)},
        {QStringLiteral("pci_bus_id"), text(gpu.pciBusId)},
        {QStringLiteral("utilization_percent"), number(gpu.utilisation)},
        {QStringLiteral("memory_utilization_percent"), number(gpu.memoryUtilisation)},
        {QStringLiteral("memory_total_bytes"), number(gpu.memoryTotal)},
        {QStringLiteral("memory_used_bytes"), number(gpu.memoryUsed)},
        {QStringLiteral("memory_reserved_bytes"), number(gpu.memoryReserved)},
        {QStringLiteral("memory_free_bytes"), number(gpu.memoryFree())},
        {QStringLiteral("unified_memory"), gpu.unifiedMemory},
        {QStringLiteral("temperature_celsius"), number(gpu.temperature)},
        {QStringLiteral("power_watts"), number(gpu.power)},
        {QStringLiteral("power_limit_watts"), number(gpu.powerLimit)},
        {QStringLiteral("clock_mhz"), number(gpu.clock)},
        {QStringLiteral("clock_max_mhz"), number(gpu.clockMax)},
        {QStringLiteral("memory_clock_mhz"), number(gpu.memoryClock)},
        {QStringLiteral("fan_percent"), number(gpu.fan)},
        {QStringLiteral("throttled"), QJsonArray::fromStringList(gpu.throttled)},
        {QStringLiteral("mig_mode"), migMode(gpu.migMode)},
        {QStringLiteral("asleep"), gpu.asleep},
        {QStringLiteral("lost"), gpu.lost},
        {QStringLiteral("error"), text(gpu.error)},
        {QStringLiteral("xid"), xid(gpu.xid)},
        {QStringLiteral("processes"), processes(gpu.processes)},
        {QStringLiteral("mig_devices"), migDevices(gpu.migDevices)},
    };
}

} // namespace

QJsonObject toJson(const Snapshot &snapshot)
{
    QJsonArray gpus;
    for (const Gpu &gpu : snapshot.gpus)
        gpus.append(one(gpu));
    QJsonValue trouble;
    if (snapshot.trouble) {
        trouble = QJsonObject{
            {QStringLiteral("kind"), word(snapshot.trouble->kind)},
            {QStringLiteral("message"), snapshot.trouble->sentence},
            {QStringLiteral("detail"), text(snapshot.trouble->detail)},
        };
    }
    return {
        {QStringLiteral("source"), text(snapshot.source)},
        {QStringLiteral("driver_version"), text(snapshot.driverVersion)},
        {QStringLiteral("cuda_version"), text(snapshot.cudaVersion)},
        {QStringLiteral("trouble"), trouble},
        {QStringLiteral("gpus"), gpus},
    };
}

} // namespace gpu
