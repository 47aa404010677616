#include "transfers/transfers.h"

#include "transfers/pulljob.h"
#include "transfers/pushjob.h"

#include <QDateTime>
#include <algorithm>

namespace transfers {

using namespace std::chrono_literals;

namespace {
constexpr auto betweenLooks = 5s;
}

Transfers::Transfers(docker::Engine &engine, docker::CredentialSource credentials, QObject *parent)
    : QObject(parent)
    , m_engine(engine)
    , m_credentials(std::move(credentials))
    , m_disk(engine)
{
    m_diskTimer.setInterval(betweenLooks);
    connect(&m_diskTimer, &QTimer::timeout, this, &Transfers::lookAtDisk);
}

Transfers::~Transfers() = default;

int Transfers::pull(const docker::ImageReference &image, const QString &platform)
{
    for (const Transfer &transfer : std::as_const(m_all)) {
        if (transfer.running() && transfer.what == Transfer::What::Pull && transfer.image == image
            && transfer.platform == platform) {
            ++m_wanted[transfer.id];
            return transfer.id;
        }
    }
    Transfer transfer;
    transfer.image = image;
    transfer.platform = platform;
    return add(std::move(transfer));
}

int Transfers::push(const QString &local, const docker::ImageReference &target)
{
    Transfer transfer;
    transfer.what = Transfer::What::Push;
    transfer.image = target;
    transfer.local = local;
    return add(std::move(transfer));
}

int Transfers::add(Transfer transfer)
{
    transfer.id = ++m_lastId;
    m_all.append(std::move(transfer));
    start(m_all.last());
    const int id = m_lastId;
    Q_EMIT added(id);
    Q_EMIT runningChanged(running());
    return id;
}

void Transfers::start(Transfer &transfer)
{
    const int id = transfer.id;
    transfer.state = Transfer::State::Running;
    transfer.startedAt = QDateTime::currentSecsSinceEpoch();
    m_wanted[id] = 1;
    TransferJob *job = nullptr;
    if (transfer.what == Transfer::What::Pull)
        job = new PullJob(m_engine, transfer.image, transfer.platform, m_credentials, this);
    else
        job = new PushJob(m_engine, transfer.local, transfer.image, m_credentials, this);
    m_jobs.insert(id, job);
    connect(job, &TransferJob::progressed, this, [this, id] { takeProgress(id); });
    connect(job, &TransferJob::finished, this, [this, id](const core::Result<Outcome> &result) { end(id, result); });
    job->start();
    if (transfer.what == Transfer::What::Pull) {
        m_diskTimer.start();
        lookAtDisk();
    }
}

Transfer *Transfers::at(int id)
{
    const auto found = std::ranges::find(m_all, id, &Transfer::id);
    return found == m_all.end() ? nullptr : &*found;
}

const Transfer *Transfers::find(int id) const
{
    const auto found = std::ranges::find(m_all, id, &Transfer::id);
    return found == m_all.end() ? nullptr : &*found;
}

int Transfers::running() const { return int(std::ranges::count_if(m_all, &Transfer::running)); }

core::Pending<QString> Transfers::account(const QString &registry) const
{
    if (!m_credentials)
        return core::Pending<QString>::ready(QString());
    return m_credentials(registry).map(
        [](const docker::RegistryAuth &auth) { return auth.isEmpty() ? QString() : auth.username; });
}

core::Pending<bool> Transfers::isHere(const QString &image)
{
    core::Promise<bool> promise;
    m_engine.inspectImage(image).then(this, [promise](const core::Result<docker::ImageDetail> &detail) {
        if (detail || detail.error().kind == core::ErrorKind::NotFound)
            promise.answer(detail.ok());
        else
            promise.answer(detail.error());
    });
    return promise.pending();
}

bool Transfers::pulling() const
{
    return std::ranges::any_of(
        m_all, [](const Transfer &transfer) { return transfer.running() && transfer.what == Transfer::What::Pull; });
}

void Transfers::takeProgress(int id)
{
    Transfer *transfer = at(id);
    const TransferJob *job = m_jobs.value(id);
    if (!transfer || !job)
        return;
    transfer->progress = job->progress();
    transfer->speed = job->speed();
    transfer->secondsLeft = job->secondsLeft();
    transfer->account = job->account();
    transfer->silentFor = job->stalled() ? int(job->silence().count()) : 0;
    Q_EMIT changed(id);
}

void Transfers::end(int id, const core::Result<Outcome> &result)
{
    TransferJob *job = m_jobs.take(id);
    Transfer *transfer = at(id);
    if (!job || !transfer)
        return;
    job->deleteLater();
    transfer->progress = job->progress();
    transfer->account = job->account();
    transfer->speed.reset();
    transfer->secondsLeft.reset();
    transfer->silentFor = 0;
    transfer->room = {};
    transfer->endedAt = QDateTime::currentSecsSinceEpoch();
    if (result) {
        transfer->state = Transfer::State::Done;
        transfer->digest = result->digest;
        transfer->upToDate = result->upToDate;
    } else {
        const bool cancelled = result.error().kind == core::ErrorKind::Aborted;
        transfer->state = cancelled ? Transfer::State::Cancelled : Transfer::State::Failed;
        transfer->error = result.error();
    }
    if (!pulling())
        m_diskTimer.stop();
    Q_EMIT changed(id);
    Q_EMIT runningChanged(running());
    Q_EMIT finished(id, result);
}

void Transfers::letGo(int id)
{
    const auto wanted = m_wanted.find(id);
    if (wanted == m_wanted.end() || --*wanted > 0)
        return;
    cancel(id);
}

void Transfers::cancel(int id)
{
    if (TransferJob *job = m_jobs.value(id))
        job->abort();
}

void Transfers::retry(int id)
{
    Transfer *transfer = at(id);
    if (!transfer || transfer->running() || transfer->state == Transfer::State::Done)
        return;
    Transfer fresh;
    fresh.id = transfer->id;
    fresh.what = transfer->what;
    fresh.image = transfer->image;
    fresh.platform = transfer->platform;
    fresh.local = transfer->local;
    *transfer = fresh;
    start(*transfer);
    Q_EMIT changed(id);
    Q_EMIT runningChanged(running());
}

void Transfers::remove(int id)
{
    const auto found = std::ranges::find(m_all, id, &Transfer::id);
    if (found == m_all.end() || found->running())
        return;
    const auto row = found - m_all.begin();
    Q_EMIT removing(id, int(row));
    m_all.removeAt(row);
    m_wanted.remove(id);
    Q_EMIT removed(id);
}

void Transfers::lookAtDisk()
{
    m_disk.ask().then(this, [this](const core::Result<Room> &room) {
        if (!room)
            return; // the pull itself says that nothing answers
        for (qsizetype i = 0; i < m_all.size(); ++i) {
            Transfer &transfer = m_all[i];
            if (!transfer.running() || transfer.what != Transfer::What::Pull || transfer.room == *room)
                continue;
            transfer.room = *room;
            Q_EMIT changed(transfer.id);
        }
    });
}

} // namespace transfers
