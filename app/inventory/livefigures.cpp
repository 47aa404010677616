#include "inventory/livefigures.h"

namespace inventory {

namespace {
constexpr qsizetype mostWatched = 24;
}

double cpuPercent(const docker::Stats &before, const docker::Stats &now)
{
    if (now.systemCpu <= before.systemCpu || now.cpuTotal < before.cpuTotal)
        return -1;
    return double(now.cpuTotal - before.cpuTotal) / double(now.systemCpu - before.systemCpu) * now.onlineCpus * 100;
}

LiveFigures::LiveFigures(docker::Engine &engine, QObject *parent)
    : QObject(parent)
    , m_engine(engine)
{
    m_tick.setInterval(1000);
    connect(&m_tick, &QTimer::timeout, this, &LiveFigures::tick);
}

void LiveFigures::watch(const QStringList &ids)
{
    const QStringList first = ids.mid(0, mostWatched);
    const QSet<QString> wanted(first.begin(), first.end());
    const QStringList watched = m_watched.keys();
    for (const QString &id : watched) {
        if (!wanted.contains(id))
            close(id);
    }
    for (const QString &id : wanted) {
        if (!m_watched.contains(id))
            open(id);
    }
    if (m_watched.isEmpty()) {
        m_tick.stop();
        tick();
    } else if (!m_tick.isActive()) {
        m_tick.start();
    }
}

void LiveFigures::open(const QString &id)
{
    docker::StatsStream *stream = m_engine.stats(id, this);
    m_watched.insert(id, {stream, std::nullopt});
    connect(stream, &docker::StatsStream::sample, this, [this, id](const docker::Stats &stats) { take(id, stats); });
    connect(stream, &docker::Stream::closed, this, [this, id, stream] {
        stream->deleteLater();
        // Ended by itself: the container or the daemon stopped. It is opened again when it comes into sight again.
        if (const auto it = m_watched.constFind(id); it != m_watched.constEnd() && it->stream == stream)
            close(id);
    });
}

void LiveFigures::close(const QString &id)
{
    const Watched watched = m_watched.take(id);
    watched.stream->disconnect(this);
    watched.stream->stop();
    watched.stream->deleteLater();
    if (m_figures.remove(id))
        m_fresh.insert(id);
}

void LiveFigures::take(const QString &id, const docker::Stats &stats)
{
    const auto watched = m_watched.find(id);
    if (watched == m_watched.end())
        return;
    Figures figures{watched->previous ? cpuPercent(*watched->previous, stats) : -1, stats.memoryUsed};
    // The first answer of a stream holds no earlier sample; keep showing what was known.
    if (figures.cpu < 0)
        figures.cpu = m_figures.value(id).cpu;
    watched->previous = stats;
    m_figures.insert(id, figures);
    m_fresh.insert(id);
}

void LiveFigures::tick()
{
    if (!m_fresh.isEmpty())
        Q_EMIT ticked(std::exchange(m_fresh, {}));
}

} // namespace inventory
