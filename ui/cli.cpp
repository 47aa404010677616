#include "cli.h"

#include "common/errortext.h"
#include "docker/engine.h"
#include "dockerline/dockerparser.h"
#include "gpu/sampler.h"
#include "hosts/host.h"
#include "inventory/gpureport.h"
#include "inventory/gpustate.h"
#include "inventory/inventory.h"
#include "launch/check.h"
#include "launch/launchjob.h"
#include "launch/sampletraining.h"
#include "models/gpusmodel.h"
#include "recipe/configfile.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>
#include <QSocketNotifier>
#include <QTimer>
#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <sys/signalfd.h>
#include <unistd.h>

namespace cli {

using namespace Qt::StringLiterals;

namespace {

constexpr auto usage
    = "Usage: slipway [--host URL]                       open the window\n"
      "       slipway launch [options] --sample          launch the sample training\n"
      "       slipway launch [options] FILE              launch a saved run configuration\n"
      "       slipway launch [options] -- docker run …   launch a docker run line\n"
      "       slipway gpus [--json]                      print the GPUs and who is on them, once\n"
      "\n"
      "launch follows the log on standard output and exits with the container's exit code.\n"
      "\n"
      "Options:\n"
      "  --host URL   the Docker daemon (unix:///path); else DOCKER_HOST, the current context, the local socket\n"
      "  --detach     launch: print the container's id and return\n"
      "  --json       gpus: print one JSON object instead of a table\n"
      "  --version    print the version\n"
      "  --help       print this text\n"
      "\n"
      "Exit codes: 0, the container's own code, 125 the daemon refused, 2 wrong usage, 1 the GPU driver does not "
      "answer.";

Options wrong(const QString &sentence)
{
    Options options;
    options.command = Command::Say;
    options.text = u"slipway: %1 Try slipway --help."_s.arg(sentence);
    options.exitCode = wrongUsage;
    return options;
}

Options say(const QString &text)
{
    Options options;
    options.command = Command::Say;
    options.text = text;
    return options;
}

void complain(const QString &sentence) { std::fprintf(stderr, "slipway: %s\n", qPrintable(sentence)); }

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
    Launcher(const hosts::Host &host, const recipe::RunConfig &config, bool detach)
        : m_engine(host.endpoint)
        , m_job(m_engine, config, optionsFor(detach))
        , m_detach(detach)
        , m_ownsRun(!config.detach)
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
    QString m_id;
    QString m_name;
    bool m_outputOpen = false;
    int m_signals = 0;
    std::optional<int> m_exitCode;
};

/** One sample of the GPUs, joined with the daemon's containers if it answers, printed. */
class GpuPrinter : public QObject
{
public:
    GpuPrinter(const hosts::Host &host, bool json)
        : m_engine(host.endpoint)
        , m_inventory(m_engine)
        , m_state(m_sampler, m_inventory, m_engine)
        , m_json(json)
    {
        connect(&m_state, &inventory::GpuState::changed, this, &GpuPrinter::look);
        connect(&m_state, &inventory::GpuState::stalled, this, [](int seconds) {
            if (seconds < driverPatience.count())
                return;
            complain(u"The GPU driver has not answered for %1 s."_s.arg(seconds));
            QCoreApplication::exit(noAnswer);
        });
        connect(&m_inventory, &inventory::Inventory::linkChanged, this, &GpuPrinter::look);
        connect(&m_inventory, &inventory::Inventory::containersChanged, this, &GpuPrinter::look);
        m_patience.setSingleShot(true);
        connect(&m_patience, &QTimer::timeout, this, &GpuPrinter::look);
        m_inventory.start();
        m_sampler.setPace(gpu::Pace::Shown);
    }

private:
    /** A GPU whose driver is not kept loaded takes seconds to wake. */
    static constexpr std::chrono::seconds driverPatience{30};
    static constexpr std::chrono::seconds daemonPatience{5};

    void look()
    {
        if (m_printed || m_state.snapshot().taken == 0)
            return;
        if (!std::exchange(m_sampled, true))
            m_patience.start(daemonPatience);
        const bool daemonKnown = m_inventory.link() == inventory::Inventory::Link::Lost || m_inventory.runningKnown();
        const bool complete = m_state.snapshot().gpus.isEmpty() || (daemonKnown && m_state.settled());
        if (!complete && m_patience.isActive())
            return;
        m_printed = true;
        print();
    }

    void print()
    {
        const gpu::Snapshot &snapshot = m_state.snapshot();
        if (snapshot.trouble)
            complain(snapshot.trouble->sentence);
        if (!snapshot.gpus.isEmpty() && m_inventory.link() != inventory::Inventory::Link::Live)
            complain(u"Docker does not answer, so it is not known which containers use the GPUs."_s);
        if (m_json)
            std::fputs(QJsonDocument(inventory::gpuReport(m_state, m_inventory)).toJson().constData(), stdout);
        else
            printTable();
        QCoreApplication::exit(0);
    }

    void printTable() const
    {
        using models::GpuColumn;
        QList<QStringList> lines(1);
        for (int column = 0; column < models::gpuColumnCount; ++column)
            lines[0].append(models::gpuHeading(GpuColumn(column)));
        for (const models::GpuRow &row : models::gpuRows(m_state)) {
            QStringList cells;
            for (int column = 0; column < models::gpuColumnCount; ++column)
                cells.append(models::gpuCellText(row, GpuColumn(column)));
            lines.append(cells);
        }
        if (lines.size() == 1)
            return;
        std::array<qsizetype, models::gpuColumnCount> widths{};
        for (const QStringList &cells : std::as_const(lines)) {
            for (qsizetype i = 0; i < cells.size(); ++i)
                widths[size_t(i)] = std::max(widths[size_t(i)], cells[i].size());
        }
        for (const QStringList &cells : std::as_const(lines)) {
            QString line;
            for (qsizetype i = 0; i + 1 < cells.size(); ++i)
                line += cells[i].leftJustified(widths[size_t(i)] + 2);
            std::printf("%s\n", (line + cells.last()).toLocal8Bit().constData());
        }
    }

    docker::Engine m_engine;
    inventory::Inventory m_inventory;
    gpu::Sampler m_sampler;
    inventory::GpuState m_state;
    QTimer m_patience; ///< for the daemon, from the first sample on
    bool m_json;
    bool m_sampled = false;
    bool m_printed = false;
};

Options parseGpus(const QStringList &words, const QString &host)
{
    QCommandLineParser parser;
    parser.addOptions({{u"host"_s, {}, u"URL"_s, host}, {u"json"_s, {}}, {u"help"_s, {}}});
    if (!parser.parse(QStringList{u"slipway gpus"_s} + words))
        return wrong(parser.errorText() + u'.');
    if (parser.isSet(u"help"_s))
        return say(QString::fromUtf8(usage));
    if (!parser.positionalArguments().isEmpty())
        return wrong(u"gpus takes no \"%1\"."_s.arg(parser.positionalArguments().first()));
    Options options;
    options.command = Command::Gpus;
    options.host = parser.value(u"host"_s);
    options.json = parser.isSet(u"json"_s);
    return options;
}

Options parseLaunch(const QStringList &words, const QString &host)
{
    QCommandLineParser parser;
    parser.addOptions({{u"host"_s, {}, u"URL"_s, host}, {u"sample"_s, {}}, {u"detach"_s, {}}});
    // "--" and what follows is the docker line; Qt's parser would drop the dashes.
    const qsizetype dashes = words.indexOf(u"--"_s);
    const QStringList own = dashes < 0 ? words : words.first(dashes);
    if (!parser.parse(QStringList{u"slipway launch"_s} + own))
        return wrong(parser.errorText() + u'.');
    Options options;
    options.command = Command::Launch;
    options.host = parser.value(u"host"_s);
    options.sample = parser.isSet(u"sample"_s);
    options.detach = parser.isSet(u"detach"_s);
    if (dashes >= 0)
        options.line = words.mid(dashes + 1);
    const QStringList files = parser.positionalArguments();
    options.file = files.value(0);
    const int given = int(options.sample) + int(!options.line.isEmpty()) + int(files.size());
    if (given != 1)
        return wrong(u"launch takes one of: --sample, a FILE, or -- docker run …"_s);
    return options;
}

} // namespace

void nameApplication()
{
    QCoreApplication::setApplicationName(u"Slipway"_s);
    QCoreApplication::setApplicationVersion(QStringLiteral(SLIPWAY_VERSION));
}

Options parse(int argc, char **argv)
{
    QStringList words;
    for (int i = 1; i < argc; ++i)
        words.append(QString::fromLocal8Bit(argv[i]));
    Options options;
    for (qsizetype i = 0; i < words.size(); ++i) {
        const QString &word = words[i];
        if (word == "--version"_L1)
            return say(u"slipway "_s + QStringLiteral(SLIPWAY_VERSION));
        if (word == "--help"_L1 || word == "-h"_L1)
            return say(QString::fromUtf8(usage));
        if (word == "--host"_L1 || word == "-H"_L1) {
            if (++i == words.size())
                return wrong(u"--host needs an address."_s);
            options.host = words[i];
        } else if (word.startsWith("--host="_L1)) {
            options.host = word.mid(7);
        } else if (word == "launch"_L1) {
            if (words.mid(i + 1).contains(u"--help"_s) && !words.mid(i + 1).contains(u"--"_s))
                return say(QString::fromUtf8(usage));
            return parseLaunch(words.mid(i + 1), options.host);
        } else if (word == "gpus"_L1) {
            return parseGpus(words.mid(i + 1), options.host);
        } else {
            // Qt's own options (-platform, -style …) and their values are QApplication's to read.
            static const QStringList qtOptions = {u"-platform"_s, u"-style"_s, u"-display"_s};
            if (!qtOptions.contains(word))
                return wrong(u"\"%1\" is no command of Slipway."_s.arg(word));
            ++i;
        }
    }
    return options;
}

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
    if (!config || !acceptable(*config))
        return wrongUsage;
    Launcher launcher(*host, *config, options.detach);
    return QCoreApplication::exec();
}

int gpus(int argc, char **argv, const Options &options)
{
    QCoreApplication application(argc, argv);
    nameApplication();
    const auto host = hosts::chooseHost(options.host);
    if (!host) {
        complain(host.error().message + u'.');
        return wrongUsage;
    }
    GpuPrinter printer(*host, options.json);
    return QCoreApplication::exec();
}

} // namespace cli
