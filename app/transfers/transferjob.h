#pragma once

#include "core/pending.h"
#include "docker/engine.h"
#include "docker/imagereference.h"
#include "docker/pullprogress.h"
#include "docker/registryauth.h"
#include "transfers/speed.h"

#include <QElapsedTimer>
#include <QObject>
#include <QPointer>
#include <QTimer>
#include <chrono>

namespace transfers {

/** What a pull or a push has come to. */
struct Outcome
{
    QString digest; ///< "sha256:…"; empty where the daemon did not tell
    bool upToDate = false; ///< there was nothing to pull

    bool operator==(const Outcome &) const = default;
};

/**
 * Base of pull and push: asks for the registry's credentials, then reads the daemon's stream to its end, without any
 * deadline, and says when it has been silent for long. Aborting closes the connection, which ends it at the daemon; how
 * much of it that keeps is up to its store (dockerd 20.10 drops even complete layers). Refusals that another account
 * would lift are Unauthorized. Owned by whoever starts it; keep it until finished().
 */
class TransferJob : public QObject
{
    Q_OBJECT
public:
    /** Once. */
    void start();
    /** finished(Aborted) follows, never inside this call; after finished() it does nothing. */
    void abort();

    const docker::ImageReference &image() const { return m_image; }
    const docker::PullProgress &progress() const { return m_progress; }
    /** Bytes a second; unset within the first second. */
    std::optional<qint64> speed() const { return m_speed.bytesPerSecond(); }
    /** Until all bytes have come (unpacking not counted); unset where nobody can tell. */
    std::optional<qint64> secondsLeft() const;
    /** Nothing has been heard of it for so long. */
    bool stalled() const { return m_stalled; }
    /** Since the daemon last said something of it. */
    std::chrono::seconds silence() const;
    void setStalledAfter(std::chrono::milliseconds silence) { m_stallAfter = silence; }
    /** Who the registry is asked as; empty: nobody. */
    const QString &account() const { return m_account; }

Q_SIGNALS:
    /** Something of the above has changed; four times a second at most. */
    void progressed();
    /** Exactly once. */
    void finished(const core::Result<transfers::Outcome> &result);

protected:
    /** engine must outlive the job. */
    TransferJob(docker::Engine &engine, const docker::ImageReference &image, docker::CredentialSource credentials,
        QObject *parent);

    /** What has to be done before the stream. */
    virtual core::Pending<void> prepare();
    virtual docker::PullStream *open(const docker::RegistryAuth &auth) = 0;
    /** Asked where the stream ended well and has not said what it came to. */
    virtual core::Pending<void> verify() = 0;

    docker::Engine &engine() { return m_engine; }

private:
    enum class State { Fresh, Asking, Preparing, Streaming, Verifying, Done };

    void askCredentials();
    void stream(const docker::RegistryAuth &auth);
    void take(const docker::PullStep &step);
    void look();
    void ended(const core::Result<void> &result);
    void fail(core::Error error);
    void finish(const core::Result<Outcome> &result);

    docker::Engine &m_engine;
    docker::ImageReference m_image;
    docker::CredentialSource m_credentials;
    State m_state = State::Fresh;
    QString m_account;
    QString m_credentialTrouble;
    QPointer<docker::PullStream> m_stream; ///< child
    docker::PullProgress m_progress;
    Speed m_speed;
    QTimer m_tick; ///< while the stream is open
    QElapsedTimer m_clock;
    qint64 m_heardMs = 0; ///< when the daemon last said something
    qint64 m_lookedMs = 0;
    qint64 m_toldMs = 0;
    bool m_untold = false;
    bool m_stalled = false;
    std::chrono::milliseconds m_stallAfter{std::chrono::seconds(60)};
    core::Aborter m_step;
};

} // namespace transfers
