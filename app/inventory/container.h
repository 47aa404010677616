#pragma once

#include "docker/types.h"
#include "inventory/gpurequest.h"
#include "inventory/listchange.h"

#include <optional>

namespace inventory {

/** What can be done to a container from its row. */
enum class Action { Start, Stop, Restart, Kill, Pause, Unpause, Rename, Remove };

/** A container's life in the terms people use. */
enum class Phase {
    Created,
    Running,
    Paused,
    Restarting,
    Removing,
    Finished, ///< exit 0
    Failed, ///< another exit code
    OutOfMemory, ///< killed by the kernel for its memory
    Signalled, ///< ended by a signal: exit 128 + n
    Dead,
};

/** One row of the containers table. A value; the Inventory keeps it fresh. */
struct Container
{
    QString id;
    QString name;
    QString image;
    QString imageId;
    QString command;
    Phase phase = Phase::Created;
    int exitCode = 0; ///< of an ended one
    QString health; ///< "healthy", "unhealthy", "starting", empty without a health check
    qint64 created = 0; ///< Unix seconds, as all times here; 0: unknown
    qint64 startedAt = 0; ///< of a running one; coarse until its details came
    qint64 finishedAt = 0;
    QList<docker::Port> ports;
    QMap<QString, QString> labels;

    // Known once it was inspected (rows in sight are).
    bool inspected = false; ///< what follows is known; fixed at creation
    bool detailed = false; ///< since its last event: startedAt, finishedAt and the phase are exact
    GpuRequest gpus; ///< what it asked for
    qint64 pid = 0; ///< of its first process, as the daemon's machine numbers it; 0: does not run
    bool tty = false;
    bool autoRemove = false;
    bool hasLogs = true; ///< false: log driver none
    int anonymousVolumes = 0;

    std::optional<Action> busy; ///< what is being done to it right now

    bool operator==(const Container &) const = default;

    QString key() const { return id; }
    ColumnMask changedColumns(const Container &now) const;

    bool running() const { return phase == Phase::Running || phase == Phase::Paused || phase == Phase::Restarting; }
    /** Whether the daemon would do that to it in its phase. */
    bool allows(Action action) const;
};

/** Columns of the containers table, in DESIGN.md's order. */
enum class ContainerColumn { Name, Image, State, Gpus, Cpu, Memory, GpuMemory, Ports, Created };
inline constexpr int containerColumnCount = 9;

/** The row a list element gives. `now`: Unix seconds, from which "Up 3 hours" is counted back. */
Container fromSummary(const docker::ContainerSummary &summary, qint64 now);
/** Neither ended nor started in between, as far as a list's coarse "Up 3 hours" can tell. now: Unix seconds. */
bool sameLife(const Container &before, const Container &after, qint64 now);
/** Adds what inspect tells to a row. */
void addDetail(Container &container, const docker::ContainerDetail &detail);

/** "Running 3 h", "Finished", "Failed (exit 1)", "Killed: out of memory", "Stopped by signal 15", or "Stopping…" while
 * busy. */
QString stateText(const Container &container, qint64 now);
/** The end alone, for the last line of a log: "Finished (exit 0)", "Stopped by signal 15 (exit 143)". */
QString exitText(Phase phase, int exitCode);
/** The phase of an ended container. */
Phase phaseOfExit(int exitCode, bool oomKilled);
/** "8888→80/tcp", as a cell. */
QString portsText(const QList<docker::Port> &ports);
/** A Go duration in words ("Up 3 hours" without the Up) as seconds; 0 when it is none. Source: docker/go-units
 * HumanDuration. */
qint64 humanDuration(QStringView words);

} // namespace inventory
