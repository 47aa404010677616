#pragma once

#include "core/pending.h"
#include "docker/engine.h"
#include "recipe/runconfig.h"
#include "transfers/transfers.h"

#include <QObject>
#include <QPointer>
#include <functional>

namespace launch {

/** Gets what a container prints, piece by piece as it came, for as long as the stream it was made with lives. */
using OutputSink = std::function<void(docker::Output from, const QByteArray &bytes)>;

/**
 * Attaches to the created container in its own way (a log console reads in a thread of its own) and answers once the
 * daemon has accepted it: only then the container is started.
 */
using Attacher = std::function<core::Pending<void>(const QString &id, const QString &name, bool tty)>;

/** More labels for the container; asked once its image is there, and it is created when they come. An error ends the
 * launch. Asked again where the daemon then finds that the image has to be pulled after all. */
using Labeller = std::function<core::Pending<QList<QPair<QString, QString>>>()>;

/** What whoever launches wants to know of the container afterwards. */
struct LaunchOptions
{
    Labeller labels;
    /** Where a missing image is pulled, with its accounts and in sight; must outlive the job. Null: by the job itself,
     * as nobody. */
    transfers::Transfers *transfers = nullptr;
    /** Connected before the container starts, so it misses nothing. Either this or attach: without both nobody reads.
     */
    OutputSink output;
    Attacher attach;
    bool nextFreeName = false; ///< where the name is taken by then: the next free one, recipe::freeName()
    bool waitForEnd = false; ///< ask for the exit code before the start, so that a short run's is not missed: end()
};

/** A container that runs. */
struct Launched
{
    QString id;
    QString name;
    QStringList warnings; ///< the daemon's, from creating it
    /**
     * The container's live output; null when it has ended already. A child of the job: stop() it, or take it along with
     * setParent(). As long as it lives it must be read (the event loop runs), or the container stalls: FACTS.md 1.4.
     */
    docker::OutputStream *output = nullptr;
};

/**
 * Launches one run, the way `docker run` does: pulls a missing image (--pull says when), or makes the sample's, create,
 * attach, start. When a step fails or abort() is called, the container it has created is removed again (by its id,
 * nothing else) before finished() comes; an image stays, and of a pull what the daemon's store keeps. Owned by whoever
 * starts it; keep it until finished(), and as long as end() is of interest.
 */
class LaunchJob : public QObject
{
    Q_OBJECT
public:
    /** engine must outlive the job. check() the configuration first. */
    LaunchJob(docker::Engine &engine, recipe::RunConfig config, LaunchOptions options = {}, QObject *parent = nullptr);

    /** Once. */
    void start();
    /** finished(Aborted) follows, never inside this call; after finished() it does nothing. */
    void abort();

    /** The exit code, once it has ended. To be taken once, after success, if it was asked for. */
    core::Pending<docker::WaitResult> end() { return std::move(m_end); }

Q_SIGNALS:
    /** A short sentence on what it is doing now; of a pull a few in a second. */
    void progressed(const QString &text);
    /** Exactly once. NotFound with the daemon's "No such image: …" when there is no such image and none is pulled. */
    void finished(const core::Result<launch::Launched> &result);

private:
    enum class State { Fresh, Preparing, Creating, Attaching, Starting, Undoing, Done };

    enum class PullWhen { Always, Missing, Never };
    PullWhen pullWhen() const;
    void findImage();
    void makeSample();
    void pull();
    void tellPull();
    void pulled(const core::Result<void> &result);
    bool wantsPullAfter(const core::Error &refusal) const;
    void askLabels();
    void create(const QList<QPair<QString, QString>> &labels);
    void created(const core::Result<docker::Created> &answer);
    bool isNameTaken(const core::Error &refusal) const;
    void takeNextName(const core::Error &refusal);
    void askName();
    void attach();
    void openOutput();
    void attached();
    void run();
    void fail(const core::Error &error);
    void finish(const core::Result<Launched> &result);
    /** f(answer) in this state only: what comes later, after an abort, is of no interest. */
    template <typename T, typename F> void then(core::Pending<T> pending, F f);

    docker::Engine &m_engine;
    recipe::RunConfig m_config;
    LaunchOptions m_options;
    State m_state = State::Fresh;
    bool m_aborted = false;
    int m_missing = 0; ///< how many streams are not open yet
    bool m_hasPulled = false;
    QList<QPair<QString, QString>> m_labels;
    int m_namesTried = 0;
    int m_pull = 0; ///< the transfer that is waited for; 0: none
    Launched m_launched;
    QPointer<docker::OutputStream> m_output; ///< child
    core::Pending<docker::WaitResult> m_end;
    core::Aborter m_step; ///< of the request that runs now
};

} // namespace launch
