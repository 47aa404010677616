#include "inventory/gpuwho.h"

#include "core/log.h"
#include "core/offload.h"
#include "docker/engine.h"
#include "inventory/inventory.h"

namespace inventory {

using namespace Qt::StringLiterals;

namespace {

/** The first of these titles; ps and Podman name the same columns differently. */
qsizetype column(const docker::ProcessTable &table, const QStringList &titles)
{
    for (const QString &title : titles) {
        if (const qsizetype at = table.titles.indexOf(title); at >= 0)
            return at;
    }
    return -1;
}

} // namespace

GpuWho::GpuWho(Inventory &inventory, docker::Engine &engine, const QString &procRoot)
    : m_inventory(inventory)
    , m_engine(engine)
    , m_proc(procRoot)
{
}

Owner GpuWho::owner(qint64 pid) const
{
    const auto known = m_known.constFind(pid);
    if (known == m_known.constEnd())
        return {};
    Owner owner = known->owner;
    // Asked each time: a container may become known after its process.
    for (const QString &id : known->ids) {
        if (owner.containerId.isEmpty() && m_inventory.container(id))
            owner.containerId = id;
    }
    return owner;
}

std::optional<bool> GpuWho::procIsTheirs() const
{
    constexpr int mostTried = 8;
    int tried = 0;
    for (const Container &container : m_inventory.containers()) {
        // After an event its process may be another one.
        if (container.pid <= 0 || !container.detailed || !container.running())
            continue;
        if (containerIds(m_proc.cgroup(container.pid)).contains(container.id))
            return true;
        if (++tried == mostTried)
            break;
    }
    return tried > 0 ? std::optional(false) : std::nullopt;
}

void GpuWho::judgeProc()
{
    // Once may be a container that has just ended.
    constexpr int enough = 2;
    const std::optional<bool> theirs = procIsTheirs();
    if (!theirs)
        return;
    m_strange = *theirs ? 0 : m_strange + 1;
    if (m_theirs == *theirs || (!*theirs && m_strange < enough))
        return;
    m_theirs = *theirs;
    m_known.clear();
}

void GpuWho::look(const QSet<qint64> &pids)
{
    m_known.removeIf([&](const auto &entry) { return !pids.contains(entry.key()); });
    m_unread.intersect(pids);
    for (QSet<qint64> &asked : m_asked)
        asked.intersect(pids);
    if (pids.isEmpty())
        return;
    judgeProc();
    for (const qint64 pid : pids) {
        const quint64 start = m_theirs ? m_proc.startTicks(pid) : 0;
        if (const auto known = m_known.constFind(pid); known != m_known.constEnd() && known->start == start)
            continue;
        Known known;
        known.start = start;
        if (start > 0) {
            known.ids = containerIds(m_proc.cgroup(pid));
            known.owner.since = m_proc.startTime(start);
            m_unread.insert(pid);
        }
        m_known.insert(pid, known);
        for (QSet<qint64> &asked : m_asked)
            asked.remove(pid); // the number may be another process's now
    }
    readWords();
    askTables();
}

void GpuWho::readWords()
{
    if (m_reading || m_unread.isEmpty())
        return;
    m_reading = true;
    using All = QHash<qint64, Proc::Words>;
    core::offload(this, [proc = m_proc, pids = std::exchange(m_unread, {})] {
        All all;
        for (const qint64 pid : pids)
            all.insert(pid, proc.words(pid));
        return core::Result<All>(all);
    }).then(this, [this](const core::Result<All> &all) {
        m_reading = false;
        for (auto it = all->begin(); it != all->end(); ++it) {
            if (const auto known = m_known.find(it.key()); known != m_known.end()) {
                known->owner.user = it->user;
                known->owner.command = it->command;
            }
        }
        readWords();
        Q_EMIT found();
    });
}

void GpuWho::askTables()
{
    QSet<qint64> missing;
    for (auto it = m_known.constBegin(); it != m_known.constEnd(); ++it) {
        if (it->start == 0 && it->owner.containerId.isEmpty())
            missing.insert(it.key());
    }
    m_asked.removeIf([this](const auto &entry) { return !m_inventory.container(entry.key()); });
    if (missing.isEmpty())
        return;
    for (const Container &container : m_inventory.containers()) {
        // The daemon forks ps for each table: only for those that can be on a GPU, and once a process.
        if (!container.running() || container.gpus.empty() || m_tables.contains(container.id))
            continue;
        QSet<qint64> &asked = m_asked[container.id];
        if (asked.contains(missing))
            continue;
        asked |= missing;
        m_tables.insert(container.id);
        m_engine.top(container.id)
            .then(this, [this, id = container.id](const core::Result<docker::ProcessTable> &table) {
                m_tables.remove(id);
                if (table)
                    takeTable(id, *table);
                else
                    qCInfo(core::lcInventory) << "processes of" << id << ":" << table.error().message;
                Q_EMIT found();
            });
    }
}

void GpuWho::takeTable(const QString &id, const docker::ProcessTable &table)
{
    const qsizetype pid = column(table, {u"HPID"_s, u"PID"_s});
    const qsizetype user = column(table, {u"UID"_s, u"USER"_s});
    const qsizetype command = column(table, {u"CMD"_s, u"COMMAND"_s});
    if (pid < 0)
        return;
    for (const QStringList &row : table.processes) {
        const auto known = m_known.find(row.value(pid).toLongLong());
        if (known != m_known.end() && known->start == 0)
            known->owner = {id, row.value(user), row.value(command), 0};
    }
}

} // namespace inventory
