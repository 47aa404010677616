#include "inventory/gpustate.h"

#include "docker/engine.h"
#include "inventory/inventory.h"

#include <QFileInfo>
#include <algorithm>

namespace inventory {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

/** The inventory tells one change per inspected container: they are joined once for all. */
constexpr auto collectTime = 100ms;
/** When nobody looked for this long (ms), nothing is known of how long a container has been idle. */
constexpr qint64 longestGap = 60 * 1000;

/** Sums where something is known; unknown plus unknown stays unknown. */
template <typename T> void add(T &sum, T value)
{
    if (value >= 0)
        sum = std::max<T>(sum, 0) + value;
}

/** "python3 train.py --lr 1e-3" out of "/opt/conda/bin/python3 /workspace/train.py --lr 1e-3", cut to a name's length.
 */
QString shortCommand(const QString &command)
{
    constexpr qsizetype longest = 32;
    QStringList words = command.split(u' ');
    for (QString &word : words) {
        if (word.startsWith(u'/') || word.startsWith("./"_L1))
            word = QFileInfo(word).fileName();
    }
    const QString text = words.join(u' ');
    return text.size() > longest ? text.left(longest - 1).trimmed() + u'…' : text;
}

QString outsiderName(const GpuProcess &process)
{
    const QString command
        = process.command.isEmpty() ? u"process %1"_s.arg(process.pid) : shortCommand(process.command);
    return process.user.isEmpty() ? command : process.user + u": "_s + command;
}

/** What a process computes, in percent: by the process where the driver tells them apart, else by its GPU. */
int activity(const gpu::Gpu &gpu, const gpu::Process &process)
{
    const bool toldApart = gpu.utilisation <= 0
        || std::any_of(gpu.processes.begin(), gpu.processes.end(), [](const auto &p) { return p.utilisation > 0; });
    return process.utilisation >= 0 && toldApart ? process.utilisation : gpu.utilisation;
}

} // namespace

GpuState::GpuState(
    gpu::Sampler &sampler, Inventory &inventory, docker::Engine &engine, QObject *parent, const QString &procRoot)
    : QObject(parent)
    , m_sampler(sampler)
    , m_inventory(inventory)
    , m_who(inventory, engine, procRoot)
{
    m_later.setSingleShot(true);
    m_later.setInterval(collectTime);
    const auto again = [this] {
        rebuild();
        Q_EMIT changed();
    };
    connect(&m_later, &QTimer::timeout, this, again);
    connect(&m_who, &GpuWho::found, this, again);
    connect(&sampler, &gpu::Sampler::sampled, this, &GpuState::take);
    connect(&sampler, &gpu::Sampler::stalled, this, &GpuState::stalled);
    connect(&inventory, &Inventory::containersChanged, this, [this] {
        if (!snapshot().gpus.isEmpty() && !m_later.isActive())
            m_later.start();
    });
    take(sampler.last());
}

GpuState::~GpuState() = default;

void GpuState::setIdleAfter(std::chrono::seconds time)
{
    m_idleAfter = time;
    rebuild();
    Q_EMIT changed();
}

bool GpuState::settled() const { return m_who.settled() && !m_later.isActive(); }

void GpuState::take(const gpu::Snapshot &snapshot)
{
    if (snapshot.taken - m_snapshot.taken > longestGap)
        m_quietSince.clear();
    takeFaults(snapshot);
    m_snapshot = snapshot;
    m_inventory.needRunning(!snapshot.gpus.isEmpty());
    rebuild();
    Q_EMIT changed();
}

/** Before the snapshot takes the last one's place: who caused a fault or suffered from it may be gone already. */
void GpuState::takeFaults(const gpu::Snapshot &snapshot)
{
    for (const gpu::Gpu &gpu : snapshot.gpus) {
        if (!gpu.xid || std::ranges::any_of(m_faults, [&](const GpuFault &fault) {
                return fault.uuid == gpu.uuid && fault.xid == *gpu.xid;
            }))
            continue;
        GpuFault fault{gpu.uuid, *gpu.xid, {}, {}};
        for (const GpuUser &user : users(gpu.uuid)) {
            if (!fault.names.contains(user.name))
                fault.names += user.name;
            if (fault.containerId.isEmpty())
                fault.containerId = user.containerId;
        }
        m_faults.removeIf([&](const GpuFault &old) { return old.uuid == gpu.uuid; });
        m_faults.append(fault);
    }
    std::ranges::stable_sort(m_faults, [](const GpuFault &a, const GpuFault &b) { return a.xid.time > b.xid.time; });
}

void GpuState::rebuild()
{
    QSet<qint64> pids;
    for (const gpu::Gpu &gpu : snapshot().gpus) {
        for (const gpu::Process &process : gpu.allProcesses())
            pids.insert(process.pid);
    }
    m_who.look(pids);
    m_processes.clear();
    m_containers.clear();
    m_busy.clear();
    for (const gpu::Gpu &gpu : snapshot().gpus)
        addProcesses(gpu);
    addRequests();
    markIdle();
}

void GpuState::addProcesses(const gpu::Gpu &gpu)
{
    const QString place = gpuPlace(snapshot(), gpu);
    for (const gpu::Process &process : gpu.processes)
        addProcess(gpu, process, {}, place);
    for (qsizetype i = 0; i < gpu.migDevices.size(); ++i) {
        const gpu::MigDevice &device = gpu.migDevices[i];
        for (const gpu::Process &process : device.processes)
            addProcess(gpu, process, device.uuid, migPlace(snapshot(), gpu, i));
    }
}

void GpuState::addProcess(const gpu::Gpu &gpu, const gpu::Process &process, const QString &mig, const QString &place)
{
    const Owner owner = m_who.owner(process.pid);
    const Container *container = owner.containerId.isEmpty() ? nullptr : m_inventory.container(owner.containerId);
    m_processes.append({gpu.uuid, mig, place, process.pid, process.memory, process.utilisation, process.kind,
        container ? container->id : QString(), container ? container->name : QString(), owner.user,
        owner.command.isEmpty() ? process.name : owner.command, owner.since, false});
    if (!container)
        return;
    ContainerGpu &use = m_containers[container->id];
    if (!use.indexes.contains(place)) {
        use.indexes.append(place);
        use.uuids.append(mig.isEmpty() ? gpu.uuid : mig);
    }
    add(use.memory, process.memory);
    add(use.utilisation, process.utilisation);
    if (activity(gpu, process) != 0)
        m_busy.insert(container->id);
}

void GpuState::addRequests()
{
    if (snapshot().gpus.isEmpty())
        return;
    for (const Container &container : m_inventory.containers()) {
        if (container.gpus.empty())
            continue;
        ContainerGpu &use = m_containers[container.id];
        use.asked = container.gpus.text(snapshot());
        use.askedUuids = container.gpus.uuids(snapshot());
    }
}

void GpuState::markIdle()
{
    const qint64 now = snapshot().taken;
    QHash<QString, qint64> quiet;
    for (auto it = m_containers.begin(); it != m_containers.end(); ++it) {
        // Memory that the driver does not tell counts as held: the process is there.
        if (it->uuids.isEmpty() || it->memory == 0 || m_busy.contains(it.key()))
            continue;
        const qint64 since = m_quietSince.value(it.key(), now);
        quiet.insert(it.key(), since);
        it->idleFor = (now - since) / 1000;
        it->idle = std::chrono::milliseconds(now - since) > m_idleAfter;
    }
    m_quietSince = std::move(quiet);
    for (GpuProcess &process : m_processes)
        process.idle = m_containers.value(process.containerId).idle;
}

QStringList GpuState::waiting(const QString &uuid) const
{
    QStringList names;
    for (auto it = m_containers.begin(); it != m_containers.end(); ++it) {
        const Container *container = m_inventory.container(it.key());
        if (container && container->running() && it->uuids.isEmpty() && it->askedUuids.contains(uuid))
            names.append(container->name);
    }
    names.sort();
    return names;
}

QList<GpuUser> GpuState::users(const QString &uuid) const
{
    QList<GpuUser> users;
    for (const GpuProcess &process : m_processes) {
        if (process.gpu != uuid && process.mig != uuid)
            continue;
        auto user = std::find_if(users.begin(), users.end(), [&](const GpuUser &other) {
            return !other.containerId.isEmpty() && other.containerId == process.containerId;
        });
        if (user == users.end()) {
            const bool inside = !process.containerId.isEmpty();
            users.append({process.containerId, inside ? process.containerName : outsiderName(process), gpu::unknown,
                process.idle, {}});
            user = users.end() - 1;
        }
        add(user->memory, process.memory);
        user->pids.append(process.pid);
    }
    std::stable_sort(
        users.begin(), users.end(), [](const GpuUser &a, const GpuUser &b) { return a.memory > b.memory; });
    return users;
}

} // namespace inventory
