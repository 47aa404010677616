#include "git/git.h"

#include "git/failure.h"
#include "git/url.h"

#include <QProcess>
#include <QStandardPaths>
#include <QTimer>
#include <memory>
#include <signal.h>
#include <unistd.h>

namespace git {

using namespace Qt::StringLiterals;
using core::ErrorKind;

namespace {

constexpr qint64 mostOutput = qint64(256) << 20; // of the largest repositories a list of refs has 30 MB
constexpr std::chrono::seconds graceToEnd(2);

core::Error error(ErrorKind kind, const QString &message) { return {kind, 0, message, {}}; }

QString found(const QProcessEnvironment &environment)
{
    const QStringList path = environment.value(u"PATH"_s).split(u':', Qt::SkipEmptyParts);
    // Without a list Qt would look in the PATH of this program.
    return path.isEmpty() ? QString() : QStandardPaths::findExecutable(u"git"_s, path);
}

/** A secret for git's own configuration of one call, which only this user's processes can read. */
void addCredential(QProcessEnvironment &environment, const Url &url)
{
    // git splits the address's secret off itself too, but puts the whole address on the command line of its helpers.
    const QString port = url.port < 0 ? QString() : QString(u':' + QString::number(url.port));
    const QString key = "credential."_L1 + url.scheme + "://"_L1 + url.host + port + ".helper"_L1;
    const QString helper
        = uR"(!f() { test "$1" = get && printf 'username=%s\npassword=%s\n' "$SLIPWAY_GIT_USER" "$SLIPWAY_GIT_PASSWORD"; }; f)"_s;
    int count = environment.value(u"GIT_CONFIG_COUNT"_s).toInt();
    for (const QString &value : {QString(), helper}) { // the empty one silences those of the person
        environment.insert(u"GIT_CONFIG_KEY_%1"_s.arg(count), key);
        environment.insert(u"GIT_CONFIG_VALUE_%1"_s.arg(count), value);
        ++count;
    }
    environment.insert(u"GIT_CONFIG_COUNT"_s, QString::number(count));
    environment.insert(u"SLIPWAY_GIT_USER"_s, url.user);
    environment.insert(u"SLIPWAY_GIT_PASSWORD"_s, url.password);
}

/** One git that runs. Child of Git, until it and all that it started have ended. */
class Process : public QObject
{
public:
    Process(const core::Promise<Output> &promise, QObject *parent)
        : QObject(parent)
        , m_promise(promise)
    {
        connect(&m_process, &QProcess::readyReadStandardOutput, this, &Process::read);
        connect(&m_process, &QProcess::readyReadStandardError, this, &Process::read);
        connect(&m_process, &QProcess::finished, this, &Process::finish);
        connect(&m_process, &QProcess::errorOccurred, this, [this](QProcess::ProcessError what) {
            if (what == QProcess::FailedToStart)
                end(notStarted());
        });
        connect(&m_deadline, &QTimer::timeout, this, [this] {
            m_promise.answer(error(ErrorKind::Timeout,
                u"git did not come to an end in %1 s: check the network, or whether the disk answers, and try again."_s
                    .arg(m_deadline.interval() / 1000)));
            stop();
        });
        m_deadline.setSingleShot(true);
        m_promise.onAbort([self = QPointer(this)] {
            if (self)
                self->stop();
        });
    }
    ~Process() override
    {
        m_process.disconnect(this);
        signalAll(SIGKILL);
    }
    Q_DISABLE_COPY_MOVE(Process)

    void start(const QString &program, const QStringList &arguments, const QProcessEnvironment &environment,
        const QString &folder, std::chrono::milliseconds timeout)
    {
        m_process.setProcessEnvironment(environment);
        m_process.setWorkingDirectory(folder);
        m_process.setStandardInputFile(QProcess::nullDevice());
        // A session of its own: no terminal to ask at, and one number by which to end ssh and the helpers as well.
        m_process.setChildProcessModifier([] { ::setsid(); });
        m_deadline.start(timeout);
        m_process.start(program, arguments);
    }

private:
    /** The folder is entered by the child, which may hang there: nobody looks at it beforehand. */
    core::Error notStarted() const
    {
        const QString why = m_process.errorString();
        if (why.contains("chdir"_L1))
            return error(ErrorKind::NotFound,
                u"There is no folder %1: choose one that exists."_s.arg(m_process.workingDirectory()));
        return error(ErrorKind::Denied, u"git cannot be started: %1."_s.arg(why));
    }
    void signalAll(int number)
    {
        const auto id = pid_t(m_process.processId());
        if (id > 0 && ::kill(-id, number) != 0)
            ::kill(id, number); // it has no session yet
    }
    void stop()
    {
        m_deadline.stop();
        signalAll(SIGTERM); // so that it takes its locks away
        QTimer::singleShot(graceToEnd, this, [this] { signalAll(SIGKILL); });
    }
    void read()
    {
        m_output.out += m_process.readAllStandardOutput();
        m_output.err += m_process.readAllStandardError();
        if (m_output.out.size() + m_output.err.size() < mostOutput || m_promise.answered())
            return;
        m_promise.answer(error(ErrorKind::Protocol, u"git prints without an end: this is hardly a repository."_s));
        m_output = {};
        stop();
    }
    void finish(int exitCode, QProcess::ExitStatus status)
    {
        read();
        if (status == QProcess::CrashExit)
            return end(error(ErrorKind::Daemon, u"git was ended by somebody (signal %1): try again."_s.arg(exitCode)));
        m_output.exitCode = exitCode;
        end(std::move(m_output));
    }
    void end(core::Result<Output> result)
    {
        m_deadline.stop();
        m_promise.answer(std::move(result));
        deleteLater();
    }

    core::Promise<Output> m_promise;
    QProcess m_process;
    QTimer m_deadline;
    Output m_output;
};

/** The answers of runAll() that are there so far. Shared by its continuations. */
struct Gathering
{
    core::Promise<QList<Output>> promise;
    QList<Output> outputs;
    qsizetype missing = 0;
    QList<core::Aborter> aborters;

    void abort() const
    {
        for (const core::Aborter &aborter : aborters)
            aborter.abort();
    }
};

} // namespace

Git::Git(QProcessEnvironment environment, QObject *parent)
    : QObject(parent)
    , m_environment(std::move(environment))
{
    // Of a hook or a rebase that Slipway was started in, and what would mix into the messages.
    for (const auto &name : {"GIT_DIR"_L1, "GIT_WORK_TREE"_L1, "GIT_INDEX_FILE"_L1, "GIT_OBJECT_DIRECTORY"_L1,
             "GIT_ALTERNATE_OBJECT_DIRECTORIES"_L1, "GIT_COMMON_DIR"_L1, "GIT_NAMESPACE"_L1, "GIT_PREFIX"_L1,
             "GIT_CEILING_DIRECTORIES"_L1, "GIT_TRACE"_L1, "GIT_TRACE_CURL"_L1, "GIT_TRACE_PACKET"_L1,
             "GIT_CURL_VERBOSE"_L1})
        m_environment.remove(name);
    m_environment.insert(u"LC_ALL"_s, u"C"_s); // failure() reads git's words
    m_environment.insert(u"GIT_TERMINAL_PROMPT"_s, u"0"_s);
    m_environment.insert(u"GIT_OPTIONAL_LOCKS"_s, u"0"_s); // looking must not disturb a commit at the same time
}

Git::~Git() = default;

bool Git::personHasOwnSsh() const
{
    return m_environment.contains(u"GIT_SSH_COMMAND"_s) || m_environment.contains(u"GIT_SSH"_s);
}

QProcessEnvironment Git::environmentOf(const Command &command, bool quietSsh) const
{
    QProcessEnvironment environment = m_environment;
    if (quietSsh)
        environment.insert(u"GIT_SSH_COMMAND"_s, u"ssh -o BatchMode=yes -o ConnectTimeout=20"_s);
    if (const Url url = parseUrl(command.url); url.holdsSecret())
        addCredential(environment, url);
    return environment;
}

core::Pending<Output> Git::start(const Command &command, bool quietSsh)
{
    using Answer = core::Pending<Output>;
    const QString program = found(m_environment);
    if (program.isEmpty())
        return Answer::ready(error(
            ErrorKind::NotFound, u"git is not installed: install it with your package manager (package “git”)."_s));
    const QString folder = command.folder.isEmpty() ? u"/"_s : command.folder;
    QStringList arguments{u"-c"_s, u"i18n.logOutputEncoding=UTF-8"_s};
    arguments += command.arguments;
    if (const Url url = parseUrl(command.url); !command.url.isEmpty())
        arguments += url.holdsSecret() ? url.withoutSecret() : command.url;
    arguments += command.more;

    core::Promise<Output> promise;
    auto *process = new Process(promise, this);
    process->start(program, arguments, environmentOf(command, quietSsh), folder, command.timeout);
    return promise.pending();
}

core::Pending<Output> Git::run(const Command &command)
{
    if (!command.remote || personHasOwnSsh())
        return start(command, false);
    // GIT_SSH_COMMAND would go before what the person configured.
    core::Promise<Output> promise;
    const auto current = std::make_shared<core::Aborter>();
    promise.onAbort([current] { current->abort(); });
    Command question;
    question.arguments = QStringList{u"config"_s, u"--get"_s, u"core.sshCommand"_s};
    question.folder = command.folder;
    *current = start(question, false).then(this, [this, promise, current, command](core::Result<Output> own) {
        if (promise.answered())
            return;
        if (!own)
            return promise.answer(own.error());
        *current = start(command, own->exitCode != 0).then(this, [promise](core::Result<Output> result) {
            promise.answer(std::move(result));
        });
    });
    return promise.pending();
}

core::Pending<QList<Output>> Git::runAll(const QList<Command> &commands)
{
    const auto all = std::make_shared<Gathering>();
    all->outputs.resize(commands.size());
    all->missing = commands.size();
    for (qsizetype i = 0; i < commands.size(); ++i) {
        all->aborters += run(commands[i]).then(this, [all, i](core::Result<Output> result) {
            if (all->promise.answered())
                return;
            if (!result) {
                all->promise.answer(result.error());
                return all->abort();
            }
            all->outputs[i] = std::move(*result);
            if (--all->missing == 0)
                all->promise.answer(std::move(all->outputs));
        });
    }
    // The hook must not keep what keeps the hook.
    all->promise.onAbort([aborters = all->aborters] {
        for (const core::Aborter &aborter : aborters)
            aborter.abort();
    });
    return all->promise.pending();
}

core::Pending<QByteArray> Git::output(const Command &command)
{
    return run(command).map([](Output output) -> core::Result<QByteArray> {
        if (output.exitCode != 0)
            return failure(output.exitCode, output.err);
        return std::move(output.out);
    });
}

} // namespace git
