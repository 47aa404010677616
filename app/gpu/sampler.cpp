#include "gpu/sampler.h"

#include "gpu/combinedsource.h"

#include <QThread>
#include <algorithm>

namespace gpu {

namespace {

constexpr int farewell = 250; ///< ms
constexpr qint64 stallAfter = 3000; ///< ms
constexpr int troubleInterval = 30 * 1000; ///< ms: opening a driver that is not right can cost a second

} // namespace

/**
 * The sampler's other half: asks the source, on the sampler's thread. Owned by that thread, which may outlive the
 * Sampler, and so knows nothing of it.
 */
class SamplerWorker : public QObject
{
    Q_OBJECT
public:
    explicit SamplerWorker(SourceFactory makeSource)
        : m_makeSource(std::move(makeSource))
    {
    }

    void sample(Depth depth) { Q_EMIT sampled(take(depth)); }

Q_SIGNALS:
    void sampled(const gpu::Snapshot &snapshot);

private:
    Snapshot take(Depth depth)
    {
        if (!m_source)
            m_source = m_makeSource();
        if (!m_open) {
            if (const auto trouble = m_source->open()) {
                Snapshot snapshot;
                snapshot.trouble = trouble;
                snapshot.taken = monotonicMs();
                return snapshot;
            }
            m_open = true;
            depth = Depth::Slow;
        }
        Snapshot snapshot = m_source->sample(depth);
        m_open = !snapshot.trouble || !snapshot.gpus.isEmpty();
        return snapshot;
    }

    SourceFactory m_makeSource;
    std::unique_ptr<Source> m_source;
    bool m_open = false;
};

Sampler::Sampler(QObject *parent)
    : Sampler([] { return std::make_unique<CombinedSource>(); }, parent)
{
}

Sampler::Sampler(SourceFactory makeSource, QObject *parent)
    : QObject(parent)
    , m_makeSource(std::move(makeSource))
{
    qRegisterMetaType<gpu::Snapshot>();
    m_next.setSingleShot(true);
    connect(&m_next, &QTimer::timeout, this, &Sampler::ask);
    m_watch.setSingleShot(true);
    m_watch.setTimerType(Qt::PreciseTimer);
    connect(&m_watch, &QTimer::timeout, this, [this] {
        m_watch.start(1000);
        if (const int seconds = stalledFor())
            Q_EMIT stalled(seconds);
    });
}

Sampler::~Sampler()
{
    if (!m_thread)
        return;
    m_thread->quit();
    if (m_thread->wait(farewell))
        delete m_thread;
    else
        connect(m_thread, &QThread::finished, m_thread, &QObject::deleteLater);
}

void Sampler::setPace(Pace pace)
{
    if (pace == m_pace)
        return;
    m_pace = pace;
    if (pace == Pace::Off) {
        m_next.stop();
        return;
    }
    if (!m_thread) {
        m_thread = new QThread;
        m_thread->setObjectName(QStringLiteral("gpu"));
        m_worker = new SamplerWorker(m_makeSource);
        m_worker->moveToThread(m_thread);
        connect(m_thread, &QThread::finished, m_worker, &QObject::deleteLater);
        connect(m_worker, &SamplerWorker::sampled, this, &Sampler::take);
        m_thread->start();
    }
    schedule();
}

int Sampler::interval() const
{
    if (m_last.taken && m_last.gpus.isEmpty())
        return troubleInterval;
    return m_pace == Pace::Shown ? 1000 : 5000;
}

void Sampler::schedule()
{
    if (m_waiting || m_pace == Pace::Off)
        return;
    if (m_askedAt == 0) {
        ask();
        return;
    }
    // From question to question. Where answers are slow, the driver gets a quarter of the time to itself.
    const qint64 now = monotonicMs();
    const qint64 due = std::max(m_askedAt + interval(), m_last.taken + interval() / 4);
    m_next.start(int(std::max<qint64>(0, due - now)));
}

void Sampler::ask()
{
    m_waiting = true;
    m_askedAt = monotonicMs();
    const qint64 slowInterval = m_pace == Pace::Shown ? 10 * 1000 : 30 * 1000;
    const bool slow = m_slowAt == 0 || m_askedAt - m_slowAt >= slowInterval;
    if (slow)
        m_slowAt = m_askedAt;
    const Depth depth = slow ? Depth::Slow : Depth::Fast;
    QMetaObject::invokeMethod(
        m_worker, [worker = m_worker, depth] { worker->sample(depth); }, Qt::QueuedConnection);
    m_watch.start(int(stallAfter));
}

void Sampler::take(const Snapshot &snapshot)
{
    m_waiting = false;
    m_watch.stop();
    m_last = snapshot;
    m_history.append(snapshot);
    schedule();
    Q_EMIT sampled(m_last);
}

int Sampler::stalledFor() const
{
    const qint64 waited = m_waiting ? monotonicMs() - m_askedAt : 0;
    return waited + 100 >= stallAfter ? int((waited + 100) / 1000) : 0; // timers are a little early at times
}

} // namespace gpu

#include "sampler.moc"
