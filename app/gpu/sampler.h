#pragma once

#include "gpu/history.h"
#include "gpu/source.h"

#include <QObject>
#include <QTimer>

class QThread;

namespace gpu {

class SamplerWorker;

/** Off: nothing is asked. Hidden: fast values every 5 s, slow ones every 30 s. Shown: every 1 s and every 10 s. */
enum class Pace { Off, Hidden, Shown };

/**
 * Asks a Source on a thread of its own, at most one question at a time, and tells the answers on the main thread.
 * Starts the thread and opens the source only when a pace other than Off is first set. Without any GPU it asks every 30
 * s. Owned by the Application. Who uses what of the GPUs is the inventory's.
 */
class Sampler : public QObject
{
    Q_OBJECT
public:
    /** Samples this machine (see CombinedSource). */
    explicit Sampler(QObject *parent = nullptr);
    explicit Sampler(SourceFactory makeSource, QObject *parent = nullptr);
    /**
     * Waits at most 250 ms for a call in flight. A driver that still does not answer keeps the thread, which is left
     * to itself with everything it uses: a blocked system call cannot be ended, and the window must close.
     */
    ~Sampler() override;

    void setPace(Pace pace);
    Pace pace() const { return m_pace; }

    /** The newest; empty (taken == 0) before the first. */
    const Snapshot &last() const { return m_last; }
    const History &history() const { return m_history; }
    /** Seconds that the source has not answered for, from 3 up; 0 while it answers. */
    int stalledFor() const;

Q_SIGNALS:
    void sampled(const gpu::Snapshot &snapshot);
    /** The source has not answered for this long: told at 3 s and each second from then on, until the next sampled().
     */
    void stalled(int seconds);

private:
    void ask();
    void take(const Snapshot &snapshot);
    void schedule();
    int interval() const;

    SourceFactory m_makeSource;
    QThread *m_thread = nullptr; ///< without parent: outlives this if a driver call never returns
    SamplerWorker *m_worker = nullptr; ///< lives on m_thread
    Pace m_pace = Pace::Off;
    Snapshot m_last;
    History m_history;
    QTimer m_next; ///< until the next question
    QTimer m_watch; ///< while a question is open
    bool m_waiting = false; ///< a question is open
    qint64 m_askedAt = 0; ///< monotonic ms of the last question
    qint64 m_slowAt = 0; ///< monotonic ms of the last slow one
};

} // namespace gpu
