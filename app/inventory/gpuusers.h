#pragma once

#include "gpu/snapshot.h"
#include "inventory/listchange.h"

#include <QList>
#include <QString>
#include <QStringList>

/** What is known of who uses the GPUs, as plain values. Unknown numbers are gpu::unknown (−1), unknown texts empty. */
namespace inventory {

/** One process on one GPU, and whose it is. */
struct GpuProcess
{
    QString gpu; ///< uuid of the GPU, also of a process in one of its MIG devices
    QString mig; ///< uuid of the MIG device it runs in, or empty
    QString place; ///< "0", in a MIG device "0:1": as the first column of the GPU table
    qint64 pid = 0;
    qint64 memory = gpu::unknown; ///< bytes
    int utilisation = gpu::unknown; ///< percent of the GPU
    gpu::ProcessKind kind = gpu::ProcessKind::Compute;
    QString containerId; ///< empty: outside of the daemon's containers, or not known yet
    QString containerName;
    QString user;
    QString command; ///< with its arguments, at most 256 characters
    qint64 since = 0; ///< Unix seconds of its start; 0: unknown
    bool idle = false; ///< its container is

    bool operator==(const GpuProcess &) const = default;

    QString key() const { return (mig.isEmpty() ? gpu : mig) + u' ' + QString::number(pid); }
    ColumnMask changedColumns(const GpuProcess &now) const;
};

/** Columns of the GPU processes table. */
enum class GpuProcessColumn { Gpu, Pid, Container, User, Command, Memory, Utilisation, Since };
inline constexpr int gpuProcessColumnCount = 8;

/** One name in "Used by": a container with all its processes on a GPU, or a process outside of all containers. */
struct GpuUser
{
    QString containerId; ///< empty: no container
    QString name; ///< of the container, or "user: command"
    qint64 memory = gpu::unknown; ///< bytes it holds there
    bool idle = false; ///< see GpuState::setIdleAfter(); containers only
    QList<qint64> pids;

    bool operator==(const GpuUser &) const = default;

    /** "resnet-7", "resnet-7 (idle, holds 18 GiB)", "anna: python3". */
    QString text() const;
};

/** A container and GPUs. */
struct ContainerGpu
{
    QStringList uuids; ///< of the GPUs and MIG devices it uses, in their order
    QStringList indexes; ///< the same as numbers: "0", "1:0"
    qint64 memory = gpu::unknown; ///< bytes it holds on all of them
    int utilisation
        = gpu::unknown; ///< percent of one GPU, summed over its processes and GPUs; only where the driver tells
    QString asked; ///< what it asked for, as a cell: "0,1", "all", "2 GPUs"; empty: nothing
    QStringList askedUuids; ///< which of the GPUs of the snapshot that means; MIG devices' uuids as well
    bool idle = false; ///< holds GPU memory and computed nothing for longer than the limit
    qint64 idleFor = 0; ///< seconds it has computed nothing for while it held memory

    bool operator==(const ContainerGpu &) const = default;

    /** Percent of the GPUs it uses, of all together: two at 96 % are 96, one of them at rest 48. */
    int share() const;
    /** The cell of the GPUs column: what it uses ("0,1", "0,1 · 93 %" where the driver tells its share), or what it
     * asked for and does not use ("0,1 (unused)" while it runs); empty for neither. */
    QString gpusText(bool running) const;
    /** "18 GiB", "idle, holds 18 GiB"; empty when it uses no GPU. */
    QString memoryText() const;
};

/** A fault that the driver reported on a GPU, and who was on it then. */
struct GpuFault
{
    QString uuid;
    gpu::Xid xid;
    QStringList names; ///< as GpuUser::name; who held most comes first
    QString containerId; ///< of the first container among them, or empty

    bool operator==(const GpuFault &) const = default;
};

/** "idle, holds 18 GiB"; "idle" when it is not known how much. */
QString idleText(qint64 memory);

} // namespace inventory
