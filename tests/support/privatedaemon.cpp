#include "support/privatedaemon.h"

#include <QDeadlineTimer>
#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QLocalSocket>
#include <QStandardPaths>
#include <algorithm>
#include <csignal>
#include <sys/prctl.h>
#include <unistd.h>

namespace support {

namespace {

constexpr int startTimeoutMs = 60000; // 0.4 s alone; much more when a compiler has the machine
constexpr int stopTimeoutMs = 30000; // dockerd itself gives its containers 10 s

/** Sbin folders are not in everybody's PATH. */
QString programPath(const QString &name)
{
    const QString found = QStandardPaths::findExecutable(name);
    return found.isEmpty() ? QStandardPaths::findExecutable(
               name, {QStringLiteral("/usr/sbin"), QStringLiteral("/sbin"), QStringLiteral("/usr/local/sbin")})
                           : found;
}

/** Where the socket's name surely fits into the 107 bytes the kernel has for it. */
QString folderTemplate()
{
    const QString temporary = QDir::tempPath().size() <= 40 ? QDir::tempPath() : QStringLiteral("/tmp");
    return temporary + QStringLiteral("/slipway-XXXXXX");
}

/** The child gets this signal when the test dies, however it dies. */
void endWithParent(QProcess &process, int signalNumber)
{
    process.setChildProcessModifier([signalNumber] { ::prctl(PR_SET_PDEATHSIG, signalNumber); });
}

/** Processes whose command line names something in the folder (a daemon's shims and containerd). */
QList<pid_t> processesOf(const QString &folder)
{
    QList<pid_t> found;
    const QByteArray needle = QFile::encodeName(folder) + '/';
    const QStringList entries = QDir(QStringLiteral("/proc")).entryList(QDir::Dirs | QDir::NoDotAndDotDot);
    for (const QString &entry : entries) {
        bool number = false;
        const int pid = entry.toInt(&number);
        QFile commandLine(QStringLiteral("/proc/%1/cmdline").arg(pid));
        if (number && pid != ::getpid() && commandLine.open(QIODevice::ReadOnly)
            && commandLine.readAll().contains(needle))
            found.append(pid);
    }
    return found;
}

QList<pid_t> childrenOf(pid_t pid)
{
    QList<pid_t> found;
    QFile children(QStringLiteral("/proc/%1/task/%1/children").arg(pid));
    if (children.open(QIODevice::ReadOnly)) {
        for (const QByteArray &child : children.readAll().split(' ')) {
            if (const int number = child.toInt())
                found.append(number);
        }
    }
    return found;
}

/** True when every thread of the process has stopped. */
bool stopped(qint64 pid)
{
    const QString tasks = QStringLiteral("/proc/%1/task").arg(pid);
    const QStringList threads = QDir(tasks).entryList(QDir::Dirs | QDir::NoDotAndDotDot);
    return std::all_of(threads.begin(), threads.end(), [&](const QString &thread) {
        QFile stat(tasks + u'/' + thread + QStringLiteral("/stat"));
        const QByteArray line = stat.open(QIODevice::ReadOnly) ? stat.readAll() : QByteArray();
        return line.isEmpty() || line.mid(line.lastIndexOf(')') + 2).startsWith('T');
    });
}

bool tryNamespaces()
{
    return runCommand(programPath(QStringLiteral("unshare")),
        {QStringLiteral("--net"), QStringLiteral("--mount"), QStringLiteral("true")})
        .ok();
}

} // namespace

CommandResult runCommand(const QString &program, const QStringList &arguments, const QByteArray &input, int timeoutMs)
{
    QProcess process;
    process.start(program, arguments);
    process.write(input);
    process.closeWriteChannel();
    CommandResult result;
    if (!process.waitForFinished(timeoutMs)) {
        result.err = process.errorString().toUtf8();
        process.kill();
        process.waitForFinished();
        return result;
    }
    result.exitCode = process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1;
    result.out = process.readAllStandardOutput();
    result.err = process.readAllStandardError();
    return result;
}

QString PrivateDaemon::skipReason()
{
    if (::geteuid() != 0)
        return QStringLiteral("a private dockerd needs root");
    for (const char *name : {"dockerd", "docker", "containerd", "runc", "unshare", "nsenter", "ip", "busybox"}) {
        if (programPath(QString::fromLatin1(name)).isEmpty())
            return QStringLiteral("there is no %1 here").arg(QString::fromLatin1(name));
    }
    static const bool possible = tryNamespaces();
    return possible ? QString() : QStringLiteral("unshare may not make a network and a mount namespace here");
}

PrivateDaemon::PrivateDaemon(const QStringList &options)
    : m_folder(folderTemplate())
    , m_options(options)
{
    QDir(folder()).mkpath(QStringLiteral("bin"));
    QDir(folder()).mkpath(QStringLiteral("shims"));
    QDir(folder()).mkpath(QStringLiteral("config"));
    // dockerd registers its "nvidia" device driver when it finds this name in PATH at start.
    QFile hook(m_folder.filePath(QStringLiteral("bin/nvidia-container-runtime-hook")));
    if (hook.open(QIODevice::WriteOnly)) {
        hook.write("#!/bin/sh\nexit 0\n");
        hook.setPermissions(hook.permissions() | QFile::ExeOwner | QFile::ExeUser);
    }
    QFile config(m_folder.filePath(QStringLiteral("daemon.json"))); // not the machine's own
    if (config.open(QIODevice::WriteOnly))
        config.write("{}\n");
}

PrivateDaemon::~PrivateDaemon()
{
    if (running()) {
        thaw();
        const QStringList containers
            = docker({QStringLiteral("ps"), QStringLiteral("-aq")}).text().split(u'\n', Qt::SkipEmptyParts);
        if (!containers.isEmpty())
            docker(QStringList{QStringLiteral("rm"), QStringLiteral("-f"), QStringLiteral("-v")} + containers);
        if (!stop())
            kill();
    }
    sweep();
}

bool PrivateDaemon::makeNamespaces()
{
    if (m_namespaces.state() == QProcess::Running)
        return true;
    // Shims keep their sockets in /run/containerd, where dockerd also looks for a containerd to use instead of its own:
    // here it finds an empty folder. Slave: what the test mounts is seen inside, nothing comes out.
    const QString script = QStringLiteral("ip link set lo up && mkdir -p /run/containerd && mount --bind \"$1\" "
                                          "/run/containerd && echo ready && exec cat");
    endWithParent(m_namespaces, SIGKILL);
    m_namespaces.start(programPath(QStringLiteral("unshare")),
        {QStringLiteral("--net"), QStringLiteral("--mount"), QStringLiteral("--propagation"), QStringLiteral("slave"),
            QStringLiteral("sh"), QStringLiteral("-c"), script, QStringLiteral("sh"),
            m_folder.filePath(QStringLiteral("shims"))});
    if (m_namespaces.waitForReadyRead(startTimeoutMs) && m_namespaces.readAllStandardOutput().trimmed() == "ready")
        return true;
    m_failure = QString::fromUtf8(m_namespaces.readAllStandardError()) + m_namespaces.errorString();
    return false;
}

QString PrivateDaemon::networkNamespace() const
{
    return QStringLiteral("/proc/%1/ns/net").arg(m_namespaces.processId());
}

bool PrivateDaemon::start()
{
    if (!m_folder.isValid() || !makeNamespaces())
        return false;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("PATH"),
        m_folder.filePath(QStringLiteral("bin")) + u':' + environment.value(QStringLiteral("PATH"))
            + QStringLiteral(":/usr/local/sbin:/usr/sbin:/sbin"));
    m_daemon.setProcessEnvironment(environment);
    const QString log = m_folder.filePath(QStringLiteral("log"));
    m_daemon.setStandardOutputFile(log, QIODevice::Append);
    m_daemon.setStandardErrorFile(log, QIODevice::Append);
    endWithParent(m_daemon, SIGTERM);
    const QString holder = QString::number(m_namespaces.processId());
    // nsenter becomes dockerd without a fork: the process id is dockerd's own.
    const QStringList arguments{QStringLiteral("--target"), holder, QStringLiteral("--net"), QStringLiteral("--mount"),
        QStringLiteral("--"), programPath(QStringLiteral("dockerd")), QStringLiteral("--config-file"),
        m_folder.filePath(QStringLiteral("daemon.json")), QStringLiteral("--data-root"),
        m_folder.filePath(QStringLiteral("data")), QStringLiteral("--exec-root"),
        m_folder.filePath(QStringLiteral("exec")), QStringLiteral("--pidfile"),
        m_folder.filePath(QStringLiteral("pid")), QStringLiteral("--host"), host(), QStringLiteral("--bridge=none"),
        QStringLiteral("--iptables=false"), QStringLiteral("--ip6tables=false"), QStringLiteral("--add-runtime"),
        QStringLiteral("nvidia=") + programPath(QStringLiteral("runc"))};
    // A killed daemon leaves these, and the numbers may live again, or still be those of zombies nobody has reaped.
    QFile::remove(m_folder.filePath(QStringLiteral("pid")));
    QFile::remove(m_folder.filePath(QStringLiteral("exec/containerd/containerd.pid")));
    m_daemon.start(programPath(QStringLiteral("nsenter")), arguments + m_options);
    const QDeadlineTimer deadline(startTimeoutMs);
    while (!answers()) {
        if (deadline.hasExpired() || m_daemon.waitForFinished(20) || m_daemon.state() == QProcess::NotRunning) {
            m_failure = QStringLiteral("dockerd did not start: %1").arg(m_daemon.errorString());
            return false;
        }
    }
    return true;
}

bool PrivateDaemon::answers() const
{
    QLocalSocket socket;
    socket.connectToServer(socketPath());
    if (!socket.waitForConnected(1000))
        return false;
    socket.write("GET /_ping HTTP/1.1\r\nHost: d\r\nConnection: close\r\n\r\n");
    QByteArray answer;
    while (!answer.contains("\r\n") && socket.waitForReadyRead(5000))
        answer += socket.readAll();
    return answer.startsWith("HTTP/1.1 200");
}

bool PrivateDaemon::stop()
{
    if (!running())
        return true;
    m_daemon.terminate();
    if (m_daemon.waitForFinished(stopTimeoutMs))
        return true;
    m_failure = QStringLiteral("dockerd did not end after SIGTERM");
    return false;
}

void PrivateDaemon::kill()
{
    m_daemon.kill();
    m_daemon.waitForFinished(stopTimeoutMs);
    // Its containerd has the same wish about its parent, but not at the same instant: a restart must not meet the old
    // one.
    const QDeadlineTimer deadline(stopTimeoutMs);
    const auto containerdLives = [this] {
        for (const pid_t pid : processesOf(folder())) {
            QFile name(QStringLiteral("/proc/%1/comm").arg(pid));
            if (name.open(QIODevice::ReadOnly) && name.readAll().trimmed() == "containerd")
                return true;
        }
        return false;
    };
    while (containerdLives() && !deadline.hasExpired())
        ::usleep(2000);
}

void PrivateDaemon::freeze()
{
    signal(SIGSTOP);
    // Its threads stop one by one, soon.
    const QDeadlineTimer deadline(stopTimeoutMs);
    while (running() && !stopped(pid()) && !deadline.hasExpired())
        ::usleep(1000);
}

void PrivateDaemon::thaw() { signal(SIGCONT); }

void PrivateDaemon::signal(int number) const
{
    if (running())
        ::kill(pid_t(pid()), number);
}

QString PrivateDaemon::failure() const
{
    QFile log(m_folder.filePath(QStringLiteral("log")));
    QStringList lines;
    if (log.open(QIODevice::ReadOnly))
        lines = QString::fromUtf8(log.readAll()).split(u'\n', Qt::SkipEmptyParts);
    return m_failure + u'\n' + lines.mid(qMax(qsizetype(0), lines.size() - 8)).join(u'\n');
}

CommandResult PrivateDaemon::docker(const QStringList &arguments, const QByteArray &input) const
{
    // Not the user's contexts, credentials or plug-ins.
    return runCommand(programPath(QStringLiteral("docker")),
        QStringList{
            QStringLiteral("--config"), m_folder.filePath(QStringLiteral("config")), QStringLiteral("--host"), host()}
            + arguments,
        input, 120000);
}

bool PrivateDaemon::makeBusybox(const QString &name)
{
    const QString busybox = programPath(QStringLiteral("busybox"));
    const QDir root(m_folder.filePath(QStringLiteral("busybox")));
    for (const char *folder : {"bin", "etc", "tmp", "root", "workspace"})
        root.mkpath(QString::fromLatin1(folder));
    QFile::copy(QFileInfo(busybox).canonicalFilePath(), root.filePath(QStringLiteral("bin/busybox")));
    const QStringList applets = runCommand(busybox, {QStringLiteral("--list")}).text().split(u'\n');
    for (const QString &applet : applets) {
        if (applet != u"busybox")
            QFile::link(QStringLiteral("busybox"), root.filePath(QStringLiteral("bin/") + applet));
    }
    QFile passwd(root.filePath(QStringLiteral("etc/passwd")));
    if (passwd.open(QIODevice::WriteOnly))
        passwd.write("root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n");
    passwd.close();
    const CommandResult tar = runCommand(
        QStringLiteral("tar"), {QStringLiteral("-C"), root.path(), QStringLiteral("-c"), QStringLiteral(".")});
    const CommandResult imported = docker({QStringLiteral("import"), QStringLiteral("--change"),
                                              QStringLiteral("CMD [\"sh\"]"), QStringLiteral("-"), name},
        tar.out);
    if (!imported.ok())
        m_failure = QString::fromUtf8(tar.err + imported.err);
    return imported.ok();
}

void PrivateDaemon::sweep()
{
    // Only a daemon that was killed, or did not obey, leaves anything here: shims and their containers.
    for (const pid_t pid : processesOf(folder())) {
        for (const pid_t child : childrenOf(pid))
            ::kill(child, SIGKILL);
        ::kill(pid, SIGKILL);
    }
    const QDeadlineTimer deadline(stopTimeoutMs);
    while (!processesOf(folder()).isEmpty() && !deadline.hasExpired())
        ::usleep(2000);
    // The mounts go with the last process of the namespace.
    m_namespaces.closeWriteChannel();
    if (!m_namespaces.waitForFinished(stopTimeoutMs))
        m_namespaces.kill();
    // The kernel's groups of containers that nobody removed.
    const QStringList containers
        = QDir(m_folder.filePath(QStringLiteral("data/containers"))).entryList(QDir::Dirs | QDir::NoDotAndDotDot);
    QStringList hierarchies = QDir(QStringLiteral("/sys/fs/cgroup")).entryList(QDir::Dirs | QDir::NoDotAndDotDot);
    hierarchies.append(QStringLiteral(".")); // cgroup v2 has one only
    for (const QString &hierarchy : std::as_const(hierarchies)) {
        for (const QString &id : containers)
            ::rmdir(QFile::encodeName(QStringLiteral("/sys/fs/cgroup/%1/docker/%2").arg(hierarchy, id)).constData());
    }
    m_folder.remove();
}

} // namespace support
