#include "cli/launch.h"

#include "cli/gpuchooser.h"
#include "cli/say.h"
#include "common/errortext.h"
#include "docker/engine.h"
#include "dockerline/dockerparser.h"
#include "hosts/host.h"
#include "launch/check.h"
#include "launch/launchjob.h"
#include "launch/sampletraining.h"
#include "recipe/configfile.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>
#include <QSocketNotifier>
#include <csignal>
#include <cstdio>
#include <memory>
#include <sys/signalfd.h>
#include <unistd.h>

namespace cli {

using namespace Qt::StringLiterals;

namespace {

/** What words on the command line, a file or the sample say to launch; complains and answers nothing otherwise. */
std::optional<recipe::RunConfig> configOf(const Options &options)
{
    if (options.sample)
        return launch::sampleTraining();
    if (!options.line.isEmpty()) {
        const auto parsed = dockerline::parseDockerRun(options.line);
        if (const auto *error = std::get_if<dockerline::ParseError>(&parsed)) {
            complain(error->message);
            return std::nullopt;
        }
        const auto &line = std::get<dockerline::ParsedLine>(parsed);
        for (const QString &warning : line.warnings)
            complain(warning);
        return line.config;
    }
    QFile file(options.file);
    if (!file.open(QIODevice::ReadOnly)) {
        complain(u"%1 cannot be read: %2."_s.arg(options.file, file.errorString()));
        return std::nullopt;
    }
    auto read = recipe::fromJson(file.readAll());
    if (!read) {
        complain(u"%1: %2"_s.arg(options.file, read.error().message));
        return std::nullopt;
    }
    for (const QString &warning : read->warnings)
        complain(u"%1: %2"_s.arg(options.file, warning));
    return read->config;
}

/** Errors end it, warnings are told. */
bool acceptable(const recipe::RunConfig &config)
{
    launch::CheckContext context;
    context.hostFolderExists = [](const QString &path) { return QFileInfo::exists(path); };
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
    Launcher(
        const hosts::Host &host, const recipe::RunConfig &config, bool detach, std::unique_ptr<GpuChooser> chooser = {})
        : m_engine(host.endpoint)
        , m_job(m_engine, config, optionsFor(detach))
        , m_detach(detach)
        , m_ownsRun(!config.detach)
        , m_chooser(std::move(chooser))
    {
        connect(&m_job, &launch::LaunchJob::finished, this, &Launcher::launched);
        watchSignals();
        m_job.start();
    }

private:
    static launch::LaunchOptions optionsFor(bool detach)
    {
        launch::LaunchOptions options;
        if (!detach) {
            options.waitForEnd = true;
            options.output = [](docker::Output from, const QByteArray &bytes) {
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
            finish();
        });
    }

    /** Its last words may come after the news of its end. */
    void finish()
    {
        if (m_exitCode && !m_outputOpen)
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

    docker::Engine m_engine;
    launch::LaunchJob m_job;
    bool m_detach;
    bool m_ownsRun;
    std::unique_ptr<GpuChooser> m_chooser; ///< until the container has started
    QString m_id;
    QString m_name;
    bool m_outputOpen = false;
    int m_signals = 0;
    std::optional<int> m_exitCode;
};

/** A launch whose GPUs are to be chosen first, when they are known to be free. */
class ChoosingLauncher : public QObject
{
public:
    ChoosingLauncher(const hosts::Host &host, const recipe::RunConfig &config, bool detach)
        : m_host(host)
        , m_config(config)
        , m_detach(detach)
        , m_chooser(std::make_unique<GpuChooser>(host.endpoint, config.gpus))
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
        m_config.gpus = {recipe::GpuRequest::Kind::Devices, 0, *uuids};
        if (!acceptable(m_config)) {
            QCoreApplication::exit(wrongUsage);
            return;
        }
        m_launcher = std::make_unique<Launcher>(m_host, m_config, m_detach, std::move(m_chooser));
    }

    hosts::Host m_host;
    recipe::RunConfig m_config;
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
    const auto config = configOf(options);
    if (!config)
        return wrongUsage;
    if (config->gpus.kind == recipe::GpuRequest::Kind::Any) {
        const ChoosingLauncher launcher(*host, *config, options.detach);
        return QCoreApplication::exec();
    }
    if (!acceptable(*config))
        return wrongUsage;
    Launcher launcher(*host, *config, options.detach);
    return QCoreApplication::exec();
}
} // namespace cli
