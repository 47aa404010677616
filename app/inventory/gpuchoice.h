#pragma once

#include "core/result.h"
#include "inventory/gpuoffer.h"

namespace inventory {

/**
 * The GPUs for "any N with at least X free" (Kind::Any), as uuids: those that nobody was just given, nobody is on and
 * nobody asked for come first, among them the one with the most free memory, then the least busy. Not lost ones.
 * Conflict with a sentence when there are not enough.
 */
core::Result<QStringList> pickGpus(int count, qint64 minFree, const QList<GpuOffer> &offers);

/**
 * Remembers which GPUs were given to runs that are just starting, so that the next run is not given the same: until a
 * sample shows the GPU used by a process that was not there before, or for 60 s. Pure: times are the caller's. Owned by
 * the main window.
 */
class GpuPromises
{
public:
    static constexpr qint64 lifetime = 60'000; ///< ms

    /** The run was given these of `offers`, and will want `memory` bytes on each (0: not known). now: monotonic ms. */
    void give(const QStringList &uuids, qint64 memory, const QList<GpuOffer> &offers, qint64 now);
    /** The run did not start after all. */
    void takeBack(const QStringList &uuids);
    /** The offers with what was promised taken off; forgets promises that are kept or too old. */
    QList<GpuOffer> applied(QList<GpuOffer> offers, qint64 now);

private:
    void keep(const GpuOffer &offer);

    struct Promise
    {
        QString uuid;
        qint64 memory = 0; ///< bytes
        qint64 given = 0; ///< monotonic ms
        QList<qint64> pids; ///< that were on the GPU then, or have kept another promise since
    };

    QList<Promise> m_promises; ///< oldest first
};

} // namespace inventory
