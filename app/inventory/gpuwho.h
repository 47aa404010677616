#pragma once

#include "inventory/proc.h"

#include <QHash>
#include <QObject>
#include <QSet>

namespace docker {
class Engine;
}

namespace inventory {

class Inventory;

/** Whose process it is. */
struct Owner
{
    QString containerId; ///< empty: of none of the daemon's containers, or not known (yet)
    QString user;
    QString command;
    qint64 since = 0; ///< Unix seconds; 0: unknown

    bool operator==(const Owner &) const = default;
};

/**
 * Whose a process id is: by /proc where it is the daemon's machine's, else by the daemon's own process tables.
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
    Owner owner(qint64 pid) const { return m_known.value(pid).owner; }
    bool settled() const { return !m_reading && m_tables.isEmpty(); }

Q_SIGNALS:
    /** owner() of some answers more than before. */
    void found();

private:
    struct Known
    {
        quint64 start = 0; ///< ticks; 0: not in our /proc
        Owner owner;
        QByteArray cgroup;
        quint64 asked = 0; ///< the inventory's generation it was looked up in
    };

    bool procIsTheirs() const;
    QString containerOf(const QByteArray &cgroup) const;
    void readWords(const QList<qint64> &pids);
    void askTables(const QSet<qint64> &pids);
    void takeTable(const QString &id, const QStringList &titles, const QList<QStringList> &rows);

    Inventory &m_inventory;
    docker::Engine &m_engine;
    Proc m_proc;
    QHash<qint64, Known> m_known;
    bool m_reading = false;
    QSet<QString> m_tables; ///< containers whose process table is on its way
};

} // namespace inventory
