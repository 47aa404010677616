#include "builds/buildjob.h"

#include "core/units.h"
#include "docker/imagereference.h"

#include <QSet>

namespace builds {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {
constexpr std::chrono::milliseconds frame = 33ms;
constexpr std::chrono::milliseconds sendFrame = 150ms;
} // namespace

BuildJob::BuildJob(const http::Endpoint &endpoint, const BuildRequest &request,
    const docker::CredentialSource &credentials, QObject *parent)
    : QObject(parent)
    , m_request(request)
    , m_credentials(credentials)
    , m_cancelled(std::make_shared<std::atomic<bool>>(false))
    , m_sent(std::make_shared<std::atomic<qint64>>(0))
{
    // The worker never outlives this: its thread is waited for.
    m_inbox = std::make_shared<StepInbox>([this] {
        QMetaObject::invokeMethod(
            this,
            [this] {
                if (!m_drainTimer.isActive())
                    m_drainTimer.start();
            },
            Qt::QueuedConnection);
    });
    m_drainTimer.setSingleShot(true);
    m_drainTimer.setInterval(frame);
    connect(&m_drainTimer, &QTimer::timeout, this, &BuildJob::drain);
    m_sendTimer.setInterval(sendFrame);
    connect(&m_sendTimer, &QTimer::timeout, this, &BuildJob::tell);
    m_worker = new BuildWorker(endpoint, m_request, m_inbox, m_cancelled, m_sent);
    m_worker->moveToThread(&m_thread);
    connect(&m_thread, &QThread::finished, m_worker, &QObject::deleteLater);
    connect(m_worker, &BuildWorker::counted, this, [this](qint64, qint64 bytes) {
        m_counted = bytes;
        Q_EMIT progressed();
    });
    connect(m_worker, &BuildWorker::prepared, this, &BuildJob::prepared);
    connect(m_worker, &BuildWorker::sending, this, [this] {
        m_phase = Phase::Building;
        m_sendTimer.start();
        Q_EMIT progressed();
    });
    connect(m_worker, &BuildWorker::remarked, this, [this](const QString &remark) { m_remarks += remark; });
    connect(m_worker, &BuildWorker::finished, this, &BuildJob::finish);
}

BuildJob::~BuildJob()
{
    *m_cancelled = true;
    m_thread.quit();
    m_thread.wait(); // it looks at m_cancelled between any two files
}

template <typename F> void BuildJob::inWorker(F f)
{
    QMetaObject::invokeMethod(
        m_worker, [worker = m_worker, f] { f(*worker); }, Qt::QueuedConnection);
}

void BuildJob::start()
{
    if (m_phase != Phase::Fresh)
        return;
    m_phase = Phase::Counting;
    m_thread.setObjectName(u"build"_s);
    m_thread.start();
    inWorker([](BuildWorker &worker) { worker.prepare(); });
}

void BuildJob::abort()
{
    if (m_phase == Phase::Done || m_phase == Phase::Fresh || m_cancelled->exchange(true))
        return;
    inWorker([](BuildWorker &worker) { worker.cancel(); });
    Q_EMIT progressed();
}

void BuildJob::prepared(const core::Result<PreparedBuild> &result)
{
    m_summary = result->summary;
    m_bases = result->bases;
    m_progress.setDockerfile(result->dockerfile);
    m_phase = Phase::Preparing;
    Q_EMIT progressed();
    askAccounts();
}

void BuildJob::askAccounts()
{
    QSet<QString> registries;
    for (const QString &base : std::as_const(m_bases)) {
        if (const auto name = docker::ImageReference::parse(base))
            registries.insert(name->registry);
    }
    if (!m_credentials)
        registries.clear();
    m_asked = 1;
    for (const QString &registry : std::as_const(registries)) {
        ++m_asked;
        m_credentials(registry).then(this,
            [this, registry](const core::Result<docker::RegistryAuth> &auth) { accountAnswered(registry, auth); });
    }
    accountAnswered({}, docker::RegistryAuth{});
}

void BuildJob::accountAnswered(const QString &registry, const core::Result<docker::RegistryAuth> &auth)
{
    if (!auth)
        m_remarks += tr("Who you are at %1 could not be found out: %2").arg(registry, auth.error().message);
    else if (!auth->isEmpty())
        m_auths.insert(registry, *auth);
    if (--m_asked > 0)
        return;
    inWorker([bases = m_bases, auths = m_auths](BuildWorker &worker) { worker.build(bases, auths); });
}

void BuildJob::drain()
{
    QList<int> touched;
    QList<QPair<int, QByteArray>> logs;
    for (const StepEvent &event : m_inbox->take()) {
        const int index = m_progress.take(event);
        if (index < 0)
            continue;
        if (!touched.contains(index))
            touched.append(index);
        if (event.kind == StepEvent::Kind::Log)
            logs.append({index, event.log});
    }
    if (touched.isEmpty())
        return;
    Q_EMIT stepsChanged(touched);
    for (const auto &[index, bytes] : std::as_const(logs))
        Q_EMIT logAppended(index, bytes);
    Q_EMIT progressed();
}

void BuildJob::tell()
{
    if (*m_sent >= m_summary.bytes)
        m_sendTimer.stop();
    Q_EMIT progressed();
}

QString BuildJob::statusText() const
{
    if (m_phase == Phase::Done)
        return {};
    if (*m_cancelled)
        return tr("Cancelling…");
    switch (m_phase) {
    case Phase::Fresh:
    case Phase::Counting:
        return m_counted > 0 ? tr("Looking through the folder: %1…").arg(core::bytesText(m_counted))
                             : tr("Looking through the folder…");
    case Phase::Preparing:
        return tr("Preparing…");
    case Phase::Building:
    case Phase::Done:
        break;
    }
    if (sent() < m_summary.bytes)
        return tr("Sending the folder: %1 of %2").arg(core::bytesText(sent()), core::bytesText(m_summary.bytes));
    if (m_progress.steps().isEmpty())
        return tr("Building…");
    return tr("Building: %1 of %2 steps").arg(m_progress.done()).arg(m_progress.steps().size());
}

void BuildJob::finish(const core::Result<QString> &result)
{
    m_drainTimer.stop();
    drain();
    m_sendTimer.stop();
    m_phase = Phase::Done;
    m_thread.quit();
    if (const QList<int> ended = m_progress.end(); !ended.isEmpty())
        Q_EMIT stepsChanged(ended);
    Q_EMIT finished(result);
}

} // namespace builds
