#include "cli/launch.h"

#include "accounts/accounts.h"
#include "accounts/secretstore.h"
#include "cli/gpuchooser.h"
#include "cli/preflight.h"
#include "cli/progressline.h"
#include "cli/say.h"
#include "cli/secret.h"
#include "cli/wanted.h"
#include "code/commitfinder.h"
#include "common/errortext.h"
#include "docker/engine.h"
#include "hosts/host.h"
#include "launch/launchjob.h"
#include "runs/history.h"
#include "runs/recorder.h"

#include <QCoreApplication>
#include <QSocketNotifier>
#include <QTimer>
#include <csignal>
#include <cstdio>
#include <memory>
#include <sys/signalfd.h>
#include <unistd.h>

namespace cli {

using namespace Qt::StringLiterals;

namespace {

/** One launch on the terminal: output to output, errors to errors, the exit code at the end. */
class Launcher : public QObject
{
public:
    /** How it is launched. */
    struct Manner
    {
        bool detach = false;
        bool nextFreeName = false; ///< a docker run line is refused as Docker does
    };

    /** chooser: who chose its GPUs, if somebody had to. */
    Launcher(const hosts::Host &host, const runs::Launch &run, Manner manner, std::unique_ptr<GpuChooser> chooser)
        : m_engine(host.endpoint)
        , m_accounts(m_engine, m_secrets, m_settings)
        , m_transfers(m_engine, m_accounts.source())
        , m_commits(QProcessEnvironment::systemEnvironment(), host.url.startsWith("unix:"_L1))
        , m_recorder(m_history, m_engine, host.url)
        , m_progress(run.config.options.contains(recipe::Option{u"quiet"_s, u"true"_s}))
        , m_options(optionsFor(manner))
        , m_record(m_recorder.begin(run, m_options))
        , m_job(m_engine, run.config, m_options)
        , m_wantedName(run.config.name)
        , m_detach(manner.detach)
        , m_ownsRun(!run.config.detach)
        , m_chooser(std::move(chooser))
    {
        connect(&m_history, &runs::History::troubleChanged, this, &Launcher::tellHistoryTrouble);
        m_recorder.setCommitFinder([this](const recipe::RunConfig &config) { return m_commits.find(config); });
        m_recorder.follow(m_record, m_job);
        connect(&m_job, &launch::LaunchJob::progressed, &m_progress, &ProgressLine::tell);
        connect(&m_job, &launch::LaunchJob::finished, this, &Launcher::launched);
        watchSignals();
        m_job.start();
    }

private:
    /** Of a run that was not launched there is nothing to keep. */
    void tellHistoryTrouble() const
    {
        if (!m_id.isEmpty() && !m_history.trouble().isEmpty())
            complain(m_history.trouble());
    }

    launch::LaunchOptions optionsFor(Manner manner)
    {
        launch::LaunchOptions options;
        options.nextFreeName = manner.nextFreeName;
        options.transfers = &m_transfers;
        if (!manner.detach) {
            options.waitForEnd = true;
            options.output = [this](docker::Output from, const QByteArray &bytes) {
                m_progress.end();
                std::FILE *file = from == docker::Output::Stderr ? stderr : stdout;
                std::fwrite(bytes.constData(), 1, size_t(bytes.size()), file);
                std::fflush(file); // a progress bar has no line end
            };
        }
        return options;
    }

    void launched(const core::Result<launch::Launched> &result)
    {
        m_chooser.reset();
        m_progress.end();
        if (!result) {
            const common::ErrorText text = common::errorText(result.error(), u"launch"_s);
            // Why a sign-in that there is could not be used: a locked keyring, a helper that is not installed.
            const bool knowsWhy
                = result.error().kind == core::ErrorKind::Unauthorized && !result.error().detail.isEmpty();
            const QString advice = text.whatToDo.isEmpty() ? text.details : text.whatToDo;
            complain(QStringList{text.title, knowsWhy ? result.error().detail : advice}.join(u' ').simplified());
            QCoreApplication::exit(refused);
            return;
        }
        m_id = result->id;
        m_name = result->name;
        tellHistoryTrouble();
        if (!m_wantedName.isEmpty() && m_name != m_wantedName)
            complain(u"The name %1 is taken: this run is called %2."_s.arg(m_wantedName, m_name));
        for (const QString &warning : result->warnings)
            complain(warning);
        if (m_detach) {
            std::printf("%s\n", qPrintable(m_id));
            QCoreApplication::exit(0);
            return;
        }
        m_outputOpen = result->output != nullptr;
        if (m_outputOpen)
            connect(result->output, &docker::Stream::closed, this, [this] {
                m_outputOpen = false;
                finish();
            });
        m_job.end().then(this, [this](const core::Result<docker::WaitResult> &end) {
            if (!end) {
                complain(u"The connection to Docker was lost; %1 may still be running."_s.arg(m_name));
                QCoreApplication::exit(refused);
                return;
            }
            m_exitCode = end->statusCode;
            m_recorder.ended(m_record, *end).then(this, [this](const core::Result<void> &) {
                m_recorded = true;
                finish();
            });
            QTimer::singleShot(recordPatience, this, [this] {
                m_recorded = true;
                finish();
            });
        });
    }

    /** Its last words may come after the news of its end. */
    void finish()
    {
        if (m_exitCode && m_recorded && !m_outputOpen)
            QCoreApplication::exit(*m_exitCode);
    }

    /** Ctrl+C ends a run in the foreground as `docker run` does; of a detached one it only ends the following. */
    void watchSignals()
    {
        sigset_t set;
        sigemptyset(&set);
        sigaddset(&set, SIGINT);
        sigaddset(&set, SIGTERM);
        ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
        auto *notifier
            = new QSocketNotifier(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK), QSocketNotifier::Read, this);
        connect(notifier, &QSocketNotifier::activated, this, [this](QSocketDescriptor descriptor) {
            signalfd_siginfo info{};
            if (::read(descriptor, &info, sizeof info) != ssize_t(sizeof info))
                return;
            if (m_id.isEmpty() && ++m_signals == 1) {
                m_job.abort(); // what was created is removed again
            } else if (m_id.isEmpty()) {
                QCoreApplication::exit(128 + int(info.ssi_signo)); // the daemon does not answer that
            } else if (m_ownsRun && ++m_signals < forceAfter) {
                m_engine.killContainer(m_id, QString::number(info.ssi_signo));
            } else {
                complain(u"%1 goes on running. See its log with: docker logs -f %1"_s.arg(m_name));
                QCoreApplication::exit(128 + int(info.ssi_signo));
            }
        });
    }

    /** A program that ignores the signal is left running at the third one, as `docker run` does. */
    static constexpr int forceAfter = 3;
    /** A daemon that does not say how the run ended keeps nobody waiting. */
    static constexpr std::chrono::seconds recordPatience{5};

    settings::Settings m_settings;
    accounts::SecretStore m_secrets;
    docker::Engine m_engine;
    accounts::Accounts m_accounts; ///< a missing image may be pulled with one of them
    transfers::Transfers m_transfers;
    runs::History m_history;
    code::CommitFinder m_commits;
    runs::Recorder m_recorder;
    ProgressLine m_progress;
    launch::LaunchOptions m_options;
    QString m_record;
    launch::LaunchJob m_job;
    QString m_wantedName;
    bool m_detach;
    bool m_ownsRun;
    std::unique_ptr<GpuChooser> m_chooser; ///< until the container has started
    QString m_id;
    QString m_name;
    bool m_outputOpen = false;
    bool m_recorded = false;
    int m_signals = 0;
    std::optional<int> m_exitCode;
};

/** What comes before a launch, one after the other: its secrets are found, GPUs that are known to be free chosen, and
 * it is checked. */
class Beginning : public QObject
{
public:
    Beginning(const hosts::Host &host, const runs::Launch &run, const Options &options)
        : m_host(host)
        , m_run(run)
        , m_options(options)
    {
    }

    void start()
    {
        m_secrets = std::make_unique<SecretAsker>(m_run.config, m_run.configName);
        connect(
            m_secrets.get(), &SecretAsker::finished, this,
            [this](const std::optional<recipe::RunConfig> &config) {
                if (!config) {
                    QCoreApplication::exit(wrongUsage);
                    return;
                }
                m_run.config = *config;
                choose();
            },
            Qt::QueuedConnection);
        m_secrets->start();
    }

private:
    void choose()
    {
        if (m_run.config.gpus.kind != recipe::GpuRequest::Kind::Any)
            return check();
        m_chooser = std::make_unique<GpuChooser>(m_host.endpoint, m_run.config.gpus);
        // Queued: the chooser goes to the launcher, outside of its own signal.
        connect(
            m_chooser.get(), &GpuChooser::finished, this,
            [this](const core::Result<QStringList> &uuids) {
                if (!uuids) {
                    complain(uuids.error().message);
                    QCoreApplication::exit(refused);
                    return;
                }
                m_run.config.gpus = {recipe::GpuRequest::Kind::Devices, 0, *uuids};
                check();
            },
            Qt::QueuedConnection);
        m_chooser->start();
    }

    void check()
    {
        const bool typed = !m_options.line.isEmpty();
        m_preflight = std::make_unique<Preflight>(m_host.endpoint, m_run.config,
            Preflight::Traits{.mends = !typed, .hostIsLocal = m_host.url.startsWith("unix:"_L1)});
        connect(
            m_preflight.get(), &Preflight::finished, this,
            [this, typed](const std::optional<recipe::RunConfig> &config) {
                if (!config) {
                    QCoreApplication::exit(wrongUsage);
                    return;
                }
                m_run.config = *config;
                m_launcher = std::make_unique<Launcher>(
                    m_host, m_run, Launcher::Manner{m_options.detach, !typed}, std::move(m_chooser));
            },
            Qt::QueuedConnection);
        m_preflight->start();
    }

    hosts::Host m_host;
    runs::Launch m_run;
    Options m_options;
    std::unique_ptr<SecretAsker> m_secrets;
    std::unique_ptr<GpuChooser> m_chooser;
    std::unique_ptr<Preflight> m_preflight;
    std::unique_ptr<Launcher> m_launcher;
};
} // namespace

int launch(int argc, char **argv, const Options &options)
{
    QCoreApplication application(argc, argv);
    nameApplication();
    const auto host = hosts::chooseHost(options.host);
    if (!host) {
        complain(host.error().message + u'.');
        return wrongUsage;
    }
    const auto run = wanted(options);
    if (!run)
        return wrongUsage;
    Beginning beginning(*host, *run, options);
    QTimer::singleShot(0, &beginning, [&beginning] { beginning.start(); });
    return QCoreApplication::exec();
}
} // namespace cli
