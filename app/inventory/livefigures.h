#pragma once

#include "docker/engine.h"

#include <QHash>
#include <QObject>
#include <QSet>
#include <QTimer>

namespace inventory {

/** What a running container takes right now. */
struct Figures
{
    double cpu = -1; ///< percent of one core, as `docker stats` counts; −1: not known yet
    qint64 memory = -1; ///< bytes; −1: not known

    bool operator==(const Figures &) const = default;
};

/**
 * CPU and memory of the running containers in sight: one stats stream each, opened when they come into sight, closed
 * when they leave it, and all new figures told on one tick a second. Nothing runs while nothing is watched. Owned by
 * the Application.
 */
class LiveFigures : public QObject
{
    Q_OBJECT
public:
    explicit LiveFigures(docker::Engine &engine, QObject *parent = nullptr);

    /** The containers to watch from now on; those beyond the first 24 are left out (0.2 % of a core each, at the
     * daemon). */
    void watch(const QStringList &ids);
    Figures figures(const QString &id) const { return m_figures.value(id); }

Q_SIGNALS:
    /** These got new figures, or lost theirs. */
    void ticked(const QSet<QString> &ids);

private:
    struct Watched
    {
        docker::StatsStream *stream = nullptr; ///< child
        std::optional<docker::Stats> previous;
    };
    void open(const QString &id);
    void close(const QString &id);
    void take(const QString &id, const docker::Stats &stats);
    void tick();

    docker::Engine &m_engine;
    QHash<QString, Watched> m_watched;
    QHash<QString, Figures> m_figures;
    QSet<QString> m_fresh; ///< since the last tick
    QTimer m_tick;
};

/** Percent of one core between two samples (docker/cli calculateCPUPercentUnix); −1 where they cannot tell. */
double cpuPercent(const docker::Stats &before, const docker::Stats &now);

} // namespace inventory
