#include "inventory/gpuusers.h"

#include "core/units.h"

namespace inventory {

using namespace Qt::StringLiterals;

ColumnMask GpuProcess::changedColumns(const GpuProcess &now) const
{
    ColumnMask mask = 0;
    const auto mark = [&mask](bool changed, GpuProcessColumn column) {
        if (changed)
            mask |= ColumnMask(1) << int(column);
    };
    mark(place != now.place || gpu != now.gpu || kind != now.kind, GpuProcessColumn::Gpu);
    mark(pid != now.pid, GpuProcessColumn::Pid);
    mark(containerId != now.containerId || containerName != now.containerName || idle != now.idle,
        GpuProcessColumn::Container);
    mark(user != now.user, GpuProcessColumn::User);
    mark(command != now.command, GpuProcessColumn::Command);
    mark(memory != now.memory, GpuProcessColumn::Memory);
    mark(utilisation != now.utilisation, GpuProcessColumn::Utilisation);
    mark(since != now.since, GpuProcessColumn::Since);
    return mask;
}

QString GpuUser::text() const { return idle ? u"%1 (%2)"_s.arg(name, idleText(memory)) : name; }

int ContainerGpu::share() const
{
    return utilisation < 0 || indexes.isEmpty() ? int(gpu::unknown)
                                                : qRound(double(utilisation) / double(indexes.size()));
}

QString ContainerGpu::gpusText(bool running) const
{
    if (!indexes.isEmpty()) {
        const QString used = indexes.join(u',');
        return share() < 0 ? used : u"%1 · %2"_s.arg(used, core::percentText(share()));
    }
    return running && !asked.isEmpty() ? asked + u" (unused)"_s : asked;
}

QString ContainerGpu::memoryText() const
{
    if (idle)
        return idleText(memory);
    return memory < 0 ? QString() : core::bytesText(memory);
}

QString idleText(qint64 memory) { return memory > 0 ? u"idle, holds "_s + core::bytesText(memory) : u"idle"_s; }

} // namespace inventory
