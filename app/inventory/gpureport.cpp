#include "inventory/gpureport.h"

#include "gpu/json.h"
#include "inventory/gpustate.h"
#include "inventory/inventory.h"

#include <QDateTime>
#include <QJsonArray>
#include <algorithm>

namespace inventory {

using namespace Qt::StringLiterals;

namespace {

QJsonValue orNull(const QString &text) { return text.isEmpty() ? QJsonValue() : QJsonValue(text); }
QJsonValue orNull(qint64 number) { return number < 0 ? QJsonValue() : QJsonValue(number); }

QJsonArray usedBy(const GpuState &state, const QString &uuid)
{
    QJsonArray list;
    for (const GpuUser &user : state.users(uuid)) {
        QJsonArray pids;
        for (const qint64 pid : user.pids)
            pids.append(pid);
        list.append(QJsonObject{{u"name"_s, user.name}, {u"container_id"_s, orNull(user.containerId)},
            {u"memory_bytes"_s, orNull(user.memory)}, {u"pids"_s, pids}});
    }
    return list;
}

QJsonArray withOwners(const GpuState &state, const QString &gpu, const QString &mig, QJsonArray processes)
{
    for (QJsonValueRef value : processes) {
        QJsonObject object = value.toObject();
        const qint64 pid = object.value("pid"_L1).toInteger();
        const auto &all = state.processes();
        const auto process = std::find_if(
            all.begin(), all.end(), [&](const GpuProcess &p) { return p.pid == pid && p.gpu == gpu && p.mig == mig; });
        if (process == all.end())
            continue;
        object.insert("container"_L1, orNull(process->containerName));
        object.insert("container_id"_L1, orNull(process->containerId));
        object.insert("user"_L1, orNull(process->user));
        object.insert("command"_L1, orNull(process->command));
        object.insert("since"_L1,
            process->since > 0
                ? QJsonValue(QDateTime::fromSecsSinceEpoch(process->since, Qt::UTC).toString(Qt::ISODate))
                : QJsonValue());
        value = object;
    }
    return processes;
}

/** gpu: uuid of the GPU that the object is, or in which it is a MIG device. */
QJsonObject withUsers(const GpuState &state, const QString &gpu, QJsonObject object)
{
    const QString uuid = object.value("uuid"_L1).toString();
    object.insert("used_by"_L1, usedBy(state, uuid));
    object.insert("asked_for_by"_L1, QJsonArray::fromStringList(state.waiting(uuid)));
    object.insert(
        "processes"_L1, withOwners(state, gpu, uuid == gpu ? QString() : uuid, object.value("processes"_L1).toArray()));
    return object;
}

QJsonArray containers(const GpuState &state, const Inventory &inventory)
{
    QJsonArray list;
    for (const Container &container : inventory.containers()) {
        const auto use = state.containers().constFind(container.id);
        if (use == state.containers().constEnd())
            continue;
        list.append(QJsonObject{{u"id"_s, container.id}, {u"name"_s, container.name}, {u"asked"_s, orNull(use->asked)},
            {u"asked_uuids"_s, QJsonArray::fromStringList(use->askedUuids)},
            {u"uuids"_s, QJsonArray::fromStringList(use->uuids)}, {u"memory_bytes"_s, orNull(use->memory)},
            {u"utilization_percent"_s, orNull(qint64(use->utilisation))}});
    }
    return list;
}

} // namespace

QJsonObject gpuReport(const GpuState &state, const Inventory &inventory)
{
    QJsonObject report = gpu::toJson(state.snapshot());
    QJsonArray gpus = report.value("gpus"_L1).toArray();
    for (QJsonValueRef value : gpus) {
        const QString uuid = value.toObject().value("uuid"_L1).toString();
        QJsonObject object = withUsers(state, uuid, value.toObject());
        QJsonArray devices = object.value("mig_devices"_L1).toArray();
        for (QJsonValueRef device : devices)
            device = withUsers(state, uuid, device.toObject());
        object.insert("mig_devices"_L1, devices);
        value = object;
    }
    report.insert("gpus"_L1, gpus);
    const bool known = inventory.link() == Inventory::Link::Live && inventory.containersKnown();
    report.insert("containers"_L1, known ? QJsonValue(containers(state, inventory)) : QJsonValue());
    return report;
}

} // namespace inventory
