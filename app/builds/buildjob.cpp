#include "builds/buildjob.h"

#include "core/units.h"
#include "docker/imagereference.h"
#include "docker/registry.h"

#include <QSet>
#include <algorithm>

namespace builds {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {
constexpr std::chrono::milliseconds frame = 33ms;
constexpr std::chrono::milliseconds sendFrame = 150ms;
} // namespace

BuildJob::BuildJob(
    const http::Endpoint &endpoint, const BuildRequest &request, transfers::Transfers *transfers, QObject *parent)
    : QObject(parent)
    , m_request(request)
    , m_transfers(transfers)
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
        Q_EMIT progressed();
    });
    connect(m_worker, &BuildWorker::transferring, this, [this](bool on, bool partly) {
        m_sendsPart = partly;
        if (on && m_phase != Phase::Done)
            m_sendTimer.start();
        else
            m_sendTimer.stop();
        Q_EMIT progressed();
    });
    connect(m_worker, &BuildWorker::remarked, this, [this](const QString &remark) { m_remarks += remark; });
    connect(m_worker, &BuildWorker::finished, this, &BuildJob::finish);
}

BuildJob::~BuildJob()
{
    *m_cancelled = true;
    m_thread.quit();
    m_thread.wait(); // it looks at m_cancelled between any two files, or pauses
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
    delete m_pulls;
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
    if (!m_transfers || !m_transfers->credentials())
        registries.clear();
    m_asked = 1;
    for (const QString &registry : std::as_const(registries)) {
        ++m_asked;
        m_transfers->credentials()(registry).then(this,
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
    if (--m_asked == 0 && m_phase == Phase::Preparing && !*m_cancelled)
        pullBases();
}

void BuildJob::pullBases()
{
    const auto hasAccount = [this](const QString &base) {
        const auto name = docker::ImageReference::parse(base);
        return name && m_auths.contains(name->registry);
    };
    // What wants an account is fetched before, with it, among the transfers: there it can be watched, cancelled and
    // signed in for, and a BuildKit without sessions asks registries as nobody. Where newer bases are wanted then all
    // of them are, for BuildKit must not ask again.
    QStringList wanted;
    std::ranges::copy_if(m_bases, std::back_inserter(wanted), hasAccount);
    const bool all = m_request.pull && !wanted.isEmpty();
    if (all)
        wanted = m_bases;
    wanted.removeIf([](const QString &base) { return !docker::ImageReference::parse(base); });
    if (wanted.isEmpty())
        return build(false);
    m_pulls = new BasePulls(*m_transfers, this);
    connect(m_pulls, &BasePulls::told, this, &BuildJob::take);
    connect(m_pulls, &BasePulls::finished, this, [this, all](const core::Result<void> &result) {
        m_refused = m_pulls->refused();
        m_pulls->deleteLater();
        m_pulls.clear();
        if (result)
            build(all);
        else
            finish(result.error());
    });
    m_pulls->start(wanted, m_request.platform, all);
}

void BuildJob::build(bool basesAreNew)
{
    inWorker([auths = m_auths.values(), basesAreNew](BuildWorker &worker) { worker.build(auths, basesAreNew); });
}

void BuildJob::drain() { take(m_inbox->take()); }

void BuildJob::take(const QList<StepEvent> &events)
{
    QList<int> touched;
    QList<QPair<int, QByteArray>> logs;
    for (const StepEvent &event : events) {
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
    if (!m_sendsPart && *m_sent >= m_summary.bytes)
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
        if (m_pulls && !m_pulls->text().isEmpty())
            return m_pulls->text();
        return tr("Preparing…");
    case Phase::Building:
    case Phase::Done:
        break;
    }
    if (m_sendTimer.isActive()) {
        const QString words
            = m_sendsPart ? tr("Sending what is new: %1 of up to %2") : tr("Sending the folder: %1 of %2");
        return words.arg(core::bytesText(sent()), core::bytesText(m_summary.bytes));
    }
    if (m_progress.steps().isEmpty())
        return tr("Building…");
    return tr("Building: %1 of %2 steps").arg(m_progress.done()).arg(m_progress.steps().size());
}

QString BuildJob::refusedBase(const core::Error &failure) const
{
    if (!m_refused.isEmpty())
        return m_refused;
    const int failed = m_progress.failed();
    const QString step = failed < 0 ? QString() : m_progress.steps()[failed].name;
    // What a command prints may speak of another server's refusal.
    const bool ofCommand = failed >= 0 && m_progress.steps()[failed].number > 0 && !step.startsWith("FROM "_L1);
    // BuildKit of 20.10 would ask the client for an account, and there is none to be asked.
    const bool wantsAccount = docker::registryError(failure).kind == core::ErrorKind::Unauthorized
        || failure.message.contains("no active sessions"_L1);
    if (ofCommand || !wantsAccount)
        return {};
    // BuildKit names it only in the step ("[internal] load metadata for nvcr.io/team/base:1").
    const QString words = step + failure.message;
    const auto named = std::ranges::find_if(m_bases, [&](const QString &base) {
        const auto name = docker::ImageReference::parse(base);
        return name && words.contains(name->path);
    });
    return named == m_bases.end() ? m_bases.value(0) : *named;
}

void BuildJob::finish(const core::Result<QString> &result)
{
    if (m_phase == Phase::Done)
        return; // the pulls of its bases failed as it was cancelled
    m_drainTimer.stop();
    drain();
    m_sendTimer.stop();
    m_phase = Phase::Done;
    m_thread.quit();
    if (const QList<int> ended = m_progress.end(result.ok()); !ended.isEmpty())
        Q_EMIT stepsChanged(ended);
    Q_EMIT finished(result);
}

} // namespace builds
