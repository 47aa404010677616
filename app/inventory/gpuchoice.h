#pragma once

#include "core/result.h"
#include "inventory/gpuoffer.h"

namespace inventory {

/**
 * The GPUs for "any N with at least X free" (Kind::Any), as uuids: those that nobody was just given, nobody is on and
 * nobody asked for come first, among them whole GPUs before parts, then the one with the most free memory, then the
 * least busy. Several are whole ones, if there are so many. Not lost ones. Conflict with a sentence when there are not
 * enough.
 */
core::Result<QStringList> pickGpus(int count, qint64 minFree, const QList<GpuOffer> &offers);

/**
 * Remembers which GPUs were given to runs that are just starting, so that the next run is not given the same: until a
 * sample shows the GPU used by a process that was not there before, the run is over, or for 60 s. Pure: times are the
 * caller's. Owned by the LaunchDesk.
 */
class GpuPromises
{
public:
    static constexpr qint64 lifetime = 60'000; ///< ms

    using Run = int; ///< names a run that has no container yet

    /** A run was given these of `offers`, and will want `memory` bytes on each (0: not known). now: monotonic ms. */
    Run give(const QStringList &devices, qint64 memory, const QList<GpuOffer> &offers, qint64 now);
    /** The run has a container. */
    void becomes(Run run, const QString &container);
    /** The run did not start after all. */
    void takeBack(Run run);
    /** The container's process ended, or the container was removed: what was promised to it is free. */
    void ended(const QString &container);
    /** The offers with what was promised taken off; forgets promises that are kept or too old. */
    QList<GpuOffer> applied(QList<GpuOffer> offers, qint64 now);

private:
    void keep(const GpuOffer &offer);

    struct Promise
    {
        Run run = 0;
        QString container; ///< id; empty until there is one
        QString uuid;
        qint64 memory = 0; ///< bytes
        qint64 given = 0; ///< monotonic ms
        QList<qint64> pids; ///< that were on the GPU then, or have kept another promise since
    };

    QList<Promise> m_promises; ///< oldest first
    Run m_runs = 0; ///< given so far
};

} // namespace inventory
