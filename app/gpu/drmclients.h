#pragma once

#include "gpu/snapshot.h"
#include "gpu/source.h"
#include "gpu/sysfs.h"

#include <QHash>
#include <QMap>
#include <QSet>

namespace gpu {

/** What one open file of a GPU says of its user (the kernel's Documentation/gpu/drm-usage-stats.rst). */
struct DrmClient
{
    QString driver; ///< "amdgpu", "i915", "xe"
    QString pciBusId; ///< empty for GPUs that are not on PCI
    QString id; ///< the same file opened once and shared has one
    qint64 memory = unknown; ///< bytes of the GPU's own memory
    QHash<QString, qint64> busyNs; ///< by engine; since the file was opened, not always growing
    QHash<QString, qint64> cycles; ///< by engine, with xe
    QHash<QString, qint64> totalCycles; ///< by engine, with xe

    /** Reads the text of /proc/PID/fdinfo/FD; without a driver where that is no GPU's. */
    static DrmClient parse(const QString &text);
};

/**
 * Who has which GPU open, by /proc/PID/fdinfo, for drivers without a library that would tell. Sees other users'
 * processes only as root. Looks at each process once, and again at those that have a GPU open. Owned by a source.
 */
class DrmClients
{
public:
    explicit DrmClients(const Roots &roots)
        : m_roots(roots)
    {
    }

    /** Slow looks at every process anew, for GPUs opened since. */
    void refresh(Depth depth);

    QList<Process> processes(const QString &pciBusId) const { return m_processes.value(pciBusId); }
    /** Percent of the busiest kind of engine, all processes together; unknown before the second refresh. */
    int utilisation(const QString &pciBusId) const { return m_utilisation.value(pciBusId, unknown); }
    /** False when some processes could not be looked into: the figures are then too low. */
    bool sawAll() const { return m_sawAll; }

private:
    struct Seen
    {
        qint64 pid = 0;
        DrmClient client;
    };
    void readProcess(qint64 pid, QMap<QString, Seen> &clients);
    void account(const QMap<QString, Seen> &clients, qint64 ms);
    static QHash<QString, double> shares(const DrmClient &before, const DrmClient &now, qint64 ms);

    Roots m_roots;
    QSet<qint64> m_known; ///< pids looked at
    QSet<qint64> m_users; ///< pids with a GPU open
    QMap<QString, Seen> m_clients; ///< by GPU and client id
    qint64 m_read = 0; ///< monotonic ms
    bool m_sawAll = true;
    QHash<QString, QList<Process>> m_processes;
    QHash<QString, int> m_utilisation;
};

} // namespace gpu
