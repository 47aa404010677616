#pragma once

#include "docker/apiversion.h"
#include "docker/types.h"
#include "gpu/snapshot.h"
#include "inventory/gpuusers.h"

#include <QList>
#include <functional>

namespace inventory {

/** One NVIDIA GPU, or one part of it (MIG), as a new run could be given it. A value, as of one sample. */
struct GpuOffer
{
    QString uuid; ///< what `--gpus device=` takes
    QString place; ///< its number as `nvidia-smi -L` has it, "0"; of a MIG part "0:1", which `device=` takes too
    QString name; ///< "NVIDIA H100 80GB HBM3", with a MIG part's profile
    qint64 memoryTotal = gpu::unknown; ///< bytes
    qint64 memoryFree = gpu::unknown; ///< bytes, without what was promised to runs that are just starting
    int utilisation = gpu::unknown; ///< percent; not measured for MIG parts
    bool part = false; ///< of a split GPU (MIG)
    bool lost = false; ///< the driver cannot reach it
    bool justGiven = false; ///< to a run that does not use it yet, see GpuPromises
    QList<GpuUser> users;
    QStringList askedBy; ///< running containers that asked for it and use no GPU yet

    bool operator==(const GpuOffer &) const = default;

    bool busy() const { return !users.isEmpty(); }
    /** "resnet-7, anna: python3", "resnet-7 (idle, holds 18 GiB)", "lost"; empty when nobody is on it. */
    QString usedBy() const;
    /** Its users' names alone: what does not change with every sample. */
    QString userNames() const;
    /** What stands against giving it to a run, in a sentence without figures, which stands still while they move; empty
     * when nothing does. */
    QString objection() const;
};

/** Who is on a GPU or a MIG part, by uuid. */
using UsersOf = std::function<QList<GpuUser>(const QString &uuid)>;

/** Names of the running containers that asked for it and use no GPU yet, by uuid. */
using WaitingFor = std::function<QStringList(const QString &uuid)>;

/**
 * What Docker's --gpus could hand out of a snapshot: NVIDIA's GPUs in their order, and in place of a GPU that is split
 * its MIG parts.
 */
QList<GpuOffer> gpuOffers(const gpu::Snapshot &snapshot, const UsersOf &usersOf, const WaitingFor &waitingFor);

/** The one that a device of --gpus means, by number or (part of a) UUID; null when none does. */
const GpuOffer *findOffer(const QList<GpuOffer> &offers, const QString &device);

/**
 * Whether a daemon says that it knows neither an NVIDIA runtime nor a GPU by CDI. Before API 1.50 none says so, and a
 * hook in the daemon's PATH none ever names: then a start may go well all the same.
 */
bool lacksGpus(const docker::Info &info, const docker::ApiVersion &version);

} // namespace inventory
