#include "gpu/snapshot.h"

#include <algorithm>

namespace gpu {

qint64 Gpu::memoryFree() const
{
    if (memoryTotal < 0 || memoryUsed < 0)
        return unknown;
    return std::max<qint64>(0, memoryTotal - memoryUsed - std::max<qint64>(0, memoryReserved));
}

QList<Process> Gpu::allProcesses() const
{
    QList<Process> all = processes;
    for (const MigDevice &device : migDevices)
        all += device.processes;
    return all;
}

const Gpu *Snapshot::find(const QString &uuid) const
{
    const auto it = std::find_if(gpus.begin(), gpus.end(), [&](const Gpu &gpu) { return gpu.uuid == uuid; });
    return it == gpus.end() ? nullptr : &*it;
}

} // namespace gpu
