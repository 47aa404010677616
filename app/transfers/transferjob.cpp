#include "transfers/transferjob.h"

#include "core/log.h"
#include "docker/registry.h"

namespace transfers {

using namespace Qt::StringLiterals;

namespace {
constexpr std::chrono::milliseconds betweenTold{250};
} // namespace

TransferJob::TransferJob(
    docker::Engine &engine, const docker::ImageReference &image, docker::CredentialSource credentials, QObject *parent)
    : QObject(parent)
    , m_engine(engine)
    , m_image(image)
    , m_credentials(std::move(credentials))
{
    m_tick.setInterval(betweenTold);
    connect(&m_tick, &QTimer::timeout, this, &TransferJob::look);
}

void TransferJob::start()
{
    if (m_state != State::Fresh)
        return;
    askCredentials();
}

void TransferJob::askCredentials()
{
    m_state = State::Asking;
    const auto prepared = [this](const docker::RegistryAuth &auth) {
        m_account = auth.isEmpty() ? QString() : auth.username;
        m_state = State::Preparing;
        m_step = prepare().then(this, [this, auth](const core::Result<void> &result) {
            if (m_state != State::Preparing)
                return;
            if (!result)
                return fail(result.error());
            stream(auth);
        });
    };
    if (!m_credentials)
        return prepared({});
    m_step = m_credentials(m_image.registry).then(this, [this, prepared](core::Result<docker::RegistryAuth> auth) {
        if (m_state != State::Asking)
            return;
        if (!auth) // many images need no account: it is said only where this one does
            m_credentialTrouble = auth.error().message;
        prepared(auth ? *auth : docker::RegistryAuth());
    });
}

core::Pending<void> TransferJob::prepare() { return core::Pending<void>::ready({}); }

void TransferJob::stream(const docker::RegistryAuth &auth)
{
    m_state = State::Streaming;
    m_stream = open(auth);
    connect(m_stream, &docker::PullStream::step, this, &TransferJob::take);
    connect(m_stream, &docker::Stream::closed, this, &TransferJob::ended);
    m_clock.start();
    m_lookedMs = -betweenTold.count();
    m_speed.sample(0, 0);
    m_tick.start();
}

void TransferJob::take(const docker::PullStep &step)
{
    m_progress.take(step);
    m_untold = true;
    m_heardMs = m_clock.elapsed();
    if (m_heardMs - m_lookedMs >= betweenTold.count()) {
        m_tick.start(); // counts from here
        look();
    }
}

void TransferJob::look()
{
    const std::optional<qint64> before = speed();
    const qint64 now = m_lookedMs = m_clock.elapsed();
    m_speed.sample(m_progress.bytes(), now);
    const bool stalled = now - m_heardMs >= m_stallAfter.count();
    const bool turned = stalled != std::exchange(m_stalled, stalled);
    // How long it has been silent is told once a second.
    if (!m_untold && !turned && speed() == before && !(stalled && now - m_toldMs >= 1000))
        return;
    m_untold = false;
    m_toldMs = now;
    Q_EMIT progressed();
}

std::chrono::seconds TransferJob::silence() const
{
    return std::chrono::seconds(m_clock.isValid() ? (m_clock.elapsed() - m_heardMs) / 1000 : 0);
}

std::optional<qint64> TransferJob::secondsLeft() const
{
    const std::optional<qint64> total = m_progress.bytesTotal();
    if (!total || m_progress.retrying() || m_progress.layers().isEmpty())
        return std::nullopt;
    const qint64 bytes = *total - m_progress.bytes();
    return bytes > 0 ? m_speed.secondsFor(bytes) : std::nullopt; // how long unpacking takes nobody tells
}

void TransferJob::ended(const core::Result<void> &result)
{
    m_tick.stop();
    m_stream->deleteLater();
    m_stream.clear();
    if (m_state != State::Streaming)
        return; // aborted
    if (!result)
        return fail(result.error());
    if (m_progress.concluded())
        return finish(Outcome{m_progress.digest(), m_progress.upToDate()});
    m_state = State::Verifying;
    m_step = verify().then(this, [this](const core::Result<void> &there) {
        if (m_state != State::Verifying)
            return;
        if (!there)
            return fail(there.error());
        finish(Outcome{m_progress.digest(), m_progress.upToDate()});
    });
}

void TransferJob::abort()
{
    if (m_state == State::Done)
        return;
    m_step.abort();
    if (m_stream)
        m_stream->stop();
    m_tick.stop();
    m_state = State::Done;
    QMetaObject::invokeMethod(
        this,
        [this] {
            Q_EMIT finished(core::Error{core::ErrorKind::Aborted, 0, u"aborted"_s, {}});
        },
        Qt::QueuedConnection);
}

void TransferJob::fail(core::Error error)
{
    error = docker::registryError(error);
    if (error.kind == core::ErrorKind::Unauthorized && !m_credentialTrouble.isEmpty())
        error.detail = m_credentialTrouble;
    finish(error);
}

void TransferJob::finish(const core::Result<Outcome> &result)
{
    m_state = State::Done;
    Q_EMIT finished(result);
}

} // namespace transfers
