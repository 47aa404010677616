#pragma once

#include "gpu/snapshot.h"
#include "inventory/gpuusers.h"

#include <functional>

namespace gpus {

/** What the strip says of one GPU. A value without widgets, so that it can be compared before anything is painted. */
struct GpuCell
{
    enum class State { Free, Used, Idle, Lost, Asleep };

    QString uuid;
    QString title; ///< "GPU 0"; "AMD 0" beside NVIDIA's
    QString number; ///< "0", where there is no room for more
    State state = State::Free;
    int utilisation = gpu::unknown; ///< percent
    qint64 memoryUsed = gpu::unknown; ///< bytes
    qint64 memoryTotal = gpu::unknown; ///< bytes
    QString who; ///< "resnet-7, vit-3", "free 80 GiB", "idle, held", "lost", "asleep"
    QString toolTip;

    bool operator==(const GpuCell &) const = default;

    /** "40/80 GiB"; empty when unknown. */
    QString memoryText() const;
    /** Everything in a line: "GPU 0: 97 %, 40/80 GiB, resnet-7". What screen readers say. */
    QString text() const;
};

/** In the snapshot's order. usersOf: who is on a GPU, by uuid, who holds most first. */
QList<GpuCell> gpuCells(
    const gpu::Snapshot &snapshot, const std::function<QList<inventory::GpuUser>(const QString &)> &usersOf);

} // namespace gpus
