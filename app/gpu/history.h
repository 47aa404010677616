#pragma once

#include "gpu/snapshot.h"

#include <QHash>
#include <vector>

namespace gpu {

/** One GPU at one moment, as plots need it. */
struct HistoryPoint
{
    qint64 time = 0; ///< Snapshot::taken: monotonic milliseconds
    int utilisation = unknown; ///< percent
    qint64 memoryUsed = unknown; ///< bytes

    bool operator==(const HistoryPoint &) const = default;
};

/**
 * The last 30 minutes of each GPU, by uuid: a ring of at most 1,800 points each, 24 bytes a point. A GPU that was not
 * seen for 30 minutes is forgotten. Lost GPUs and unknown figures are kept as unknown, so that a plot shows a gap.
 * Main thread; owned by the Sampler, and not fed by anyone else.
 */
class History
{
public:
    static constexpr qint64 span = 30 * 60 * 1000; ///< milliseconds
    static constexpr int capacity = 1800; ///< points: one a second

    void append(const Snapshot &snapshot);

    /** Oldest first, none older than `span` before the newest snapshot; empty for a GPU never seen. */
    QList<HistoryPoint> points(const QString &uuid) const;
    /** Walks the same points without copying them: f(const HistoryPoint &), oldest first. */
    template <typename F> void forEach(const QString &uuid, F f) const
    {
        const auto it = m_rings.constFind(uuid);
        if (it == m_rings.constEnd())
            return;
        for (int i = 0; i < it->count; ++i) {
            const HistoryPoint &point = it->points[size_t((it->first + i) % capacity)];
            if (point.time > m_newest - span)
                f(point);
        }
    }
    /** The newest point with utilisation above 0, as monotonic ms; 0 when there is none in the last 30 minutes. */
    qint64 lastBusy(const QString &uuid) const;

private:
    struct Ring
    {
        std::vector<HistoryPoint> points; ///< grows to `capacity`, then the oldest is written over
        int first = 0;
        int count = 0;
    };
    QHash<QString, Ring> m_rings;
    qint64 m_newest = 0;
};

} // namespace gpu
