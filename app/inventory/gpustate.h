#pragma once

#include "gpu/sampler.h"
#include "inventory/gpurequest.h"
#include "inventory/gpuusers.h"
#include "inventory/gpuwho.h"

#include <QHash>
#include <QObject>
#include <QSet>
#include <QTimer>
#include <chrono>

namespace docker {
class Engine;
}

namespace inventory {

class Inventory;

/**
 * Who is on which GPU: joins each sample with the containers of one daemon. Asks for nothing by itself: samples and
 * the inventory's events drive it. Owned by the Application; owns neither sampler nor inventory.
 */
class GpuState : public QObject
{
    Q_OBJECT
public:
    /** procRoot: /proc of the machine that the sampler asks; empty where it cannot be read from here. */
    GpuState(gpu::Sampler &sampler, Inventory &inventory, docker::Engine &engine, QObject *parent = nullptr,
        const QString &procRoot = QStringLiteral("/proc"));
    ~GpuState() override;

    /** The newest sample; empty (taken == 0) before the first. */
    const gpu::Snapshot &snapshot() const { return m_snapshot; }
    const gpu::History &history() const { return m_sampler.history(); }
    /** Seconds that the driver has not answered for; 0 while it does. */
    int stalledFor() const { return m_sampler.stalledFor(); }

    /** By GPU, then in the driver's order. */
    const QList<GpuProcess> &processes() const { return m_processes; }
    /** Who is on a GPU (its MIG devices included) or on a MIG device, by uuid; who holds most comes first. */
    QList<GpuUser> users(const QString &uuid) const;
    /** Names of the running containers that asked for a GPU or MIG device, by uuid, and use none at all (yet). */
    QStringList waiting(const QString &uuid) const;
    /** The last fault of each GPU that had one since the program watches, the newest first. */
    const QList<GpuFault> &faults() const { return m_faults; }
    /** What a container uses and asked for; all empty for one that does neither. */
    ContainerGpu containerGpu(const QString &id) const { return m_containers.value(id); }
    /** All that use GPUs or asked for some, by id. */
    const QHash<QString, ContainerGpu> &containers() const { return m_containers; }

    /** A container that holds GPU memory and computes nothing for longer than this counts as idle. 15 minutes. */
    void setIdleAfter(std::chrono::seconds time);
    /** Nothing about the last sample is still being looked up or joined. */
    bool settled() const;

Q_SIGNALS:
    /** Once a sample, and once more when something about its processes or containers is learnt between two. */
    void changed();
    /** The driver has not answered for this long; told each second from 3 s on. */
    void stalled(int seconds);

private:
    void take(const gpu::Snapshot &snapshot);
    void takeFaults(const gpu::Snapshot &snapshot);
    void rebuild();
    void addProcesses(const gpu::Gpu &gpu);
    void addProcess(const gpu::Gpu &gpu, const gpu::Process &process, const QString &mig, const QString &place);
    void addRequests();
    void markIdle();

    gpu::Sampler &m_sampler;
    Inventory &m_inventory;
    GpuWho m_who;
    gpu::Snapshot m_snapshot;
    QTimer m_later; ///< collects the inventory's changes
    std::chrono::seconds m_idleAfter = std::chrono::minutes(15);
    QHash<QString, qint64> m_quietSince; ///< container → Snapshot::taken since when it computes nothing

    QList<GpuFault> m_faults;
    QList<GpuProcess> m_processes;
    QHash<QString, ContainerGpu> m_containers;
    QSet<QString> m_busy; ///< containers that compute, or may
};

} // namespace inventory
