#include "inventory/gpurequest.h"

#include <algorithm>

namespace inventory {

using namespace Qt::StringLiterals;

namespace {

QString countText(int count)
{
    if (count < 0)
        return u"all"_s;
    return count == 1 ? u"1 GPU"_s : u"%1 GPUs"_s.arg(count);
}

QString vendorName(gpu::Vendor vendor)
{
    switch (vendor) {
    case gpu::Vendor::Nvidia:
        return u"NVIDIA"_s;
    case gpu::Vendor::Amd:
        return u"AMD"_s;
    case gpu::Vendor::Intel:
        return u"Intel"_s;
    }
    return {};
}

/** One word of a list of GPUs: a number, a uuid, "all", or a CDI name ("nvidia.com/gpu=0"). */
void addWord(GpuRequest &request, QString word)
{
    word = word.trimmed();
    if (const auto equals = word.indexOf(u'='); equals >= 0) {
        const QStringView kind = QStringView(word).left(equals);
        if (!kind.endsWith(u"/gpu") && !kind.startsWith(u"nvidia.com/"))
            return; // CDI names other devices as well
        if (kind.startsWith(u"amd."))
            request.vendor = gpu::Vendor::Amd;
        else if (kind.startsWith(u"intel."))
            request.vendor = gpu::Vendor::Intel;
        word = word.mid(equals + 1);
    }
    if (word == "all"_L1)
        request.count = -1;
    else if (!word.isEmpty() && word != "none"_L1 && word != "void"_L1)
        request.ids.append(word);
}

bool isForGpus(const docker::DeviceRequest &request)
{
    if (request.driver == "cdi"_L1 || request.capabilities.isEmpty())
        return true;
    return std::any_of(request.capabilities.begin(), request.capabilities.end(),
        [](const QStringList &all) { return all.contains(u"gpu"_s) || all.contains(u"nvidia"_s); });
}

GpuRequest fromDeviceRequests(const docker::ContainerDetail &detail)
{
    GpuRequest request;
    for (const docker::DeviceRequest &asked : detail.deviceRequests) {
        if (!isForGpus(asked))
            continue;
        if (asked.driver == "amd"_L1)
            request.vendor = gpu::Vendor::Amd;
        for (const QString &id : asked.deviceIds)
            addWord(request, id);
        if (asked.deviceIds.isEmpty() && request.count >= 0)
            request.count = asked.count < 0 ? -1 : std::max(request.count, asked.count);
    }
    return request;
}

GpuRequest fromRuntime(const docker::ContainerDetail &detail)
{
    GpuRequest request;
    const bool amd = detail.runtime == "amd"_L1;
    // Every CUDA image sets the variable; only the nvidia runtime reads it.
    if (!amd && detail.runtime != "nvidia"_L1)
        return request;
    request.vendor = amd ? gpu::Vendor::Amd : gpu::Vendor::Nvidia;
    const QLatin1String variable = amd ? "AMD_VISIBLE_DEVICES="_L1 : "NVIDIA_VISIBLE_DEVICES="_L1;
    for (const QString &entry : detail.env) {
        if (!entry.startsWith(variable))
            continue;
        const QStringList words = entry.mid(variable.size()).split(u',');
        for (const QString &word : words)
            addWord(request, word);
    }
    return request;
}

GpuRequest fromDevices(const QStringList &devices)
{
    GpuRequest request;
    for (const QString &device : devices) {
        if (device == "/dev/kfd"_L1) { // AMD's door to computing; /dev/dri says which cards
            request.vendor = gpu::Vendor::Amd;
            for (const QString &card : devices) {
                if (card.startsWith("/dev/dri/renderD"_L1))
                    request.ids.append(card.mid(9));
            }
            request.count = request.ids.isEmpty() ? -1 : 0;
            return request;
        }
        constexpr auto nvidia = "/dev/nvidia"_L1;
        const QString number = device.startsWith(nvidia) ? device.mid(nvidia.size()) : QString();
        // Not nvidiactl and nvidia-uvm, which all share.
        if (!number.isEmpty() && std::all_of(number.begin(), number.end(), [](QChar c) { return c.isDigit(); }))
            request.ids.append(number);
    }
    return request;
}

QStringList uuidsOf(const QString &id, const gpu::Snapshot &snapshot, const QList<const gpu::Gpu *> &gpus)
{
    for (const gpu::Gpu *gpu : gpus) {
        if (id == gpu->uuid || id == QString::number(gpu->index) || id == gpu->pciBusId)
            return {gpu->uuid};
        for (qsizetype i = 0; i < gpu->migDevices.size(); ++i) {
            if (id == gpu->migDevices[i].uuid || id == migPlace(snapshot, *gpu, i))
                return {gpu->migDevices[i].uuid};
        }
    }
    return {};
}

} // namespace

QString gpuPlace(const gpu::Snapshot &snapshot, const gpu::Gpu &gpu)
{
    // Each vendor counts its own from 0.
    const bool mixed = snapshot.gpus.first().vendor != snapshot.gpus.last().vendor;
    const QString number = QString::number(gpu.index);
    return mixed && gpu.vendor != gpu::Vendor::Nvidia ? vendorName(gpu.vendor) + u' ' + number : number;
}

QString migPlace(const gpu::Snapshot &snapshot, const gpu::Gpu &gpu, qsizetype device)
{
    return gpuPlace(snapshot, gpu) + u':' + QString::number(device);
}

QString GpuRequest::text() const
{
    if (count < 0 || ids.isEmpty())
        return count == 0 ? QString() : countText(count);
    return ids.join(u',');
}

QString GpuRequest::text(const gpu::Snapshot &snapshot) const
{
    GpuRequest shown = *this;
    for (QString &id : shown.ids) {
        for (const gpu::Gpu &gpu : snapshot.gpus) {
            if (id == gpu.uuid)
                id = gpuPlace(snapshot, gpu);
            for (qsizetype i = 0; i < gpu.migDevices.size(); ++i) {
                if (id == gpu.migDevices[i].uuid)
                    id = migPlace(snapshot, gpu, i);
            }
        }
    }
    return shown.text();
}

QStringList GpuRequest::uuids(const gpu::Snapshot &snapshot) const
{
    QList<const gpu::Gpu *> gpus;
    for (const gpu::Gpu &gpu : snapshot.gpus) {
        if (gpu.vendor == vendor)
            gpus.append(&gpu);
    }
    QStringList uuids;
    // `--gpus 2` always gives the first two.
    const qsizetype first = count < 0 ? gpus.size() : std::min<qsizetype>(count, gpus.size());
    for (qsizetype i = 0; i < first; ++i)
        uuids.append(gpus[i]->uuid);
    for (const QString &id : ids) {
        for (const QString &uuid : uuidsOf(id, snapshot, gpus)) {
            if (!uuids.contains(uuid))
                uuids.append(uuid);
        }
    }
    return uuids;
}

GpuRequest gpuRequest(const docker::ContainerDetail &detail)
{
    if (const GpuRequest request = fromDeviceRequests(detail); !request.empty())
        return request;
    if (const GpuRequest request = fromRuntime(detail); !request.empty())
        return request;
    return fromDevices(detail.devices);
}

} // namespace inventory
