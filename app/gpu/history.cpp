#include "gpu/history.h"

namespace gpu {

void History::append(const Snapshot &snapshot)
{
    m_newest = snapshot.taken;
    for (const Gpu &gpu : snapshot.gpus) {
        Ring &ring = m_rings[gpu.uuid];
        const HistoryPoint point{snapshot.taken, gpu.utilisation, gpu.memoryUsed};
        if (ring.count < capacity) {
            ring.points.push_back(point);
            ++ring.count;
        } else {
            ring.points[size_t(ring.first)] = point;
            ring.first = (ring.first + 1) % capacity;
        }
    }
    // GPUs come and go (a box in a box, a MIG layout): those not seen for the whole span leave nothing behind.
    m_rings.removeIf([this](const auto &it) {
        const Ring &ring = it.value();
        return ring.points[size_t((ring.first + ring.count - 1) % capacity)].time <= m_newest - span;
    });
}

QList<HistoryPoint> History::points(const QString &uuid) const
{
    QList<HistoryPoint> list;
    forEach(uuid, [&list](const HistoryPoint &point) { list.append(point); });
    return list;
}

qint64 History::lastBusy(const QString &uuid) const
{
    qint64 time = 0;
    forEach(uuid, [&time](const HistoryPoint &point) {
        if (point.utilisation > 0)
            time = point.time;
    });
    return time;
}

} // namespace gpu
