#include "cli/launch.h"

#include "cli/gpuchooser.h"
#include "cli/progressline.h"
#include "cli/say.h"
#include "cli/wanted.h"
#include "common/errortext.h"
#include "docker/engine.h"
#include "hosts/host.h"
#include "launch/check.h"
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

/** Errors end it, warnings are told. */
bool acceptable(const recipe::RunConfig &config)
{
    launch::CheckContext context;
    context.hostFolder = [](const QString &path) { return launch::lookUpFolder(path); };
    const auto problems = launch::check(config, context);
    for (const launch::Problem &problem : problems)
        complain(problem.text);
    return !launch::hasErrors(problems);
}

/** One launch on the terminal: output to output, errors to errors, the exit code at the end. */
class Launcher : public QObject
{
public:
    /** chooser: who chose its GPUs, if somebody had to. */
    Launcher(const hosts::Host &host, const runs::Launch &run, bool detach, std::unique_ptr<GpuChooser> chooser = {})
        : m_engine(host.endpoint)
        , m_recorder(m_history, m_engine, host.url)
        , m_progress(run.config.options.contains(recipe::Option{u"quiet"_s, u"true"_s}))
        , m_options(optionsFor(detach))
        , m_record(m_recorder.begin(run, m_options))
        , m_job(m_engine, run.config, m_options)
        , m_detach(detach)
        , m_ownsRun(!run.config.detach)
        , m_chooser(std::move(chooser))
    {
        connect(&m_history, &runs::History::troubleChanged, this, [this] { complain(m_history.trouble()); });
        m_recorder.follow(m_record, m_job);
        connect(&m_job, &launch::LaunchJob::progressed, &m_progress, &ProgressLine::tell);
        connect(&m_job, &launch::LaunchJob::finished, this, &Launcher::launched);
        watchSignals();
        m_job.start();
    }

private:
    launch::LaunchOptions optionsFor(bool detach)
    {
        launch::LaunchOptions options;
        if (!detach) {
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
            complain(QStringList{text.title, text.whatToDo.isEmpty() ? text.details : text.whatToDo}
                         .join(u' ')
                         .simplified());
            QCoreApplication::exit(refused);
            return;
        }
        m_id = result->id;
        m_name = result->name;
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

    docker::Engine m_engine;
    runs::History m_history;
    runs::Recorder m_recorder;
    ProgressLine m_progress;
    launch::LaunchOptions m_options;
    QString m_record;
    launch::LaunchJob m_job;
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

/** A launch whose GPUs are to be chosen first, when they are known to be free. */
class ChoosingLauncher : public QObject
{
public:
    ChoosingLauncher(const hosts::Host &host, const runs::Launch &run, bool detach)
        : m_host(host)
        , m_run(run)
        , m_detach(detach)
        , m_chooser(std::make_unique<GpuChooser>(host.endpoint, run.config.gpus))
    {
        // Queued: the chooser goes to the launcher, outside of its own signal.
        connect(m_chooser.get(), &GpuChooser::finished, this, &ChoosingLauncher::launch, Qt::QueuedConnection);
        m_chooser->start();
    }

private:
    void launch(const core::Result<QStringList> &uuids)
    {
        if (!uuids) {
            complain(uuids.error().message);
            QCoreApplication::exit(refused);
            return;
        }
        m_run.config.gpus = {recipe::GpuRequest::Kind::Devices, 0, *uuids};
        if (!acceptable(m_run.config)) {
            QCoreApplication::exit(wrongUsage);
            return;
        }
        m_launcher = std::make_unique<Launcher>(m_host, m_run, m_detach, std::move(m_chooser));
    }

    hosts::Host m_host;
    runs::Launch m_run;
    bool m_detach;
    std::unique_ptr<GpuChooser> m_chooser;
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
    if (run->config.gpus.kind == recipe::GpuRequest::Kind::Any) {
        const ChoosingLauncher launcher(*host, *run, options.detach);
        return QCoreApplication::exec();
    }
    if (!acceptable(run->config))
        return wrongUsage;
    Launcher launcher(*host, *run, options.detach);
    return QCoreApplication::exec();
}
} // namespace cli
