#pragma once

#include "docker/types.h"
#include "inventory/proc.h"

#include <QHash>
#include <QObject>
#include <QSet>
#include <optional>

namespace docker {
class Engine;
}

namespace inventory {

class Inventory;

/** Whose a process is. */
struct Owner
{
    QString containerId; ///< empty: in none of the daemon's containers, or not known (yet)
    QString user;
    QString command;
    qint64 since = 0; ///< Unix seconds; 0: unknown

    bool operator==(const Owner &) const = default;
};

/**
 * Whose a process id is: by /proc where that is the daemon's machine's, else by the daemon's own process tables.
 * Remembers its answers by process id and start time. What may take long (a user's name from the network, the command
 * line of a process that is stuck) is read in the thread pool. Owned by a GpuState.
 */
class GpuWho : public QObject
{
    Q_OBJECT
public:
    GpuWho(Inventory &inventory, docker::Engine &engine, const QString &procRoot);

    /** These processes are on GPUs now: looks up the new ones and forgets the others. */
    void look(const QSet<qint64> &pids);
    Owner owner(qint64 pid) const;
    /** No answer is awaited. */
    bool settled() const { return !m_reading && m_tables.isEmpty(); }

Q_SIGNALS:
    /** owner() of some answers more than before, or nothing is awaited any more. */
    void found();

private:
    struct Known
    {
        quint64 start = 0; ///< ticks since boot; 0: not in our /proc
        QStringList ids; ///< of containers, by its control group
        Owner owner;
    };

    std::optional<bool> procIsTheirs() const;
    void judgeProc();
    void readWords();
    void askTables();
    void takeTable(const QString &id, const docker::ProcessTable &table);

    Inventory &m_inventory;
    docker::Engine &m_engine;
    Proc m_proc;
    bool m_theirs = true; ///< our /proc shows the daemon's machine
    int m_strange = 0; ///< looks in a row that found no container of theirs in our /proc
    QHash<qint64, Known> m_known;
    QSet<qint64> m_unread; ///< words() of them is still to be read
    bool m_reading = false;
    QSet<QString> m_tables; ///< containers whose process table is on its way
    QHash<QString, QSet<qint64>> m_asked; ///< container → processes that its table was asked for
};

} // namespace inventory
