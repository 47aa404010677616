#pragma once

#include <QProcess>
#include <QString>
#include <QStringList>
#include <QTemporaryDir>
#include <memory>

namespace support {

/** What a program answered. */
struct CommandResult
{
    int exitCode = -1; ///< -1: it did not start or did not end in time
    QByteArray out;
    QByteArray err;

    bool ok() const { return exitCode == 0; }
    /** Standard output without white space around it, as text. */
    QString text() const { return QString::fromUtf8(out).trimmed(); }
};

/** Runs a program to its end, feeding it input. Blocks; for tests only. */
CommandResult runCommand(
    const QString &program, const QStringList &arguments, const QByteArray &input = {}, int timeoutMs = 60000);

/**
 * A real dockerd of one's own: everything it has lies in a temporary folder, and it lives in its own network and
 * mount namespace, so it sees neither the machine's daemon nor its containerd, and its mounts end with it. Needs root:
 * ask skipReason() first. A stub of the nvidia hook makes `--gpus` start for real without a GPU. Any number of them
 * may run at once. Blocks; owned by a test. The daemon also ends when the test dies.
 */
class PrivateDaemon
{
public:
    /** Why there can be none here, in a sentence; empty when there can. */
    static QString skipReason();

    /** options: more options for dockerd, as "--live-restore". */
    explicit PrivateDaemon(const QStringList &options = {});
    /** Removes its containers, the daemon, its mounts and its folder. */
    ~PrivateDaemon();
    PrivateDaemon(const PrivateDaemon &) = delete;
    PrivateDaemon &operator=(const PrivateDaemon &) = delete;

    /** Starts it and waits until it answers. False: failure() says why. */
    bool start();
    /** Ends it as a service manager would (SIGTERM), and waits for its end. Running containers are stopped by it. */
    bool stop();
    /** Kills it (SIGKILL). Its containers go on running until the next start, as they do in life. */
    void kill();
    /** stop() and start(): same socket, same images and containers. */
    bool restart() { return stop() && start(); }
    /** Neither answers nor closes anything (SIGSTOP) until thaw(). */
    void freeze();
    void thaw();

    bool running() const { return m_daemon.state() == QProcess::Running; }
    qint64 pid() const { return m_daemon.processId(); }
    /** The last lines of the daemon's own log, or why it was not started. */
    QString failure() const;

    /** Short enough for any Unix socket in it. */
    QString folder() const { return m_folder.path(); }
    QString socketPath() const { return m_folder.filePath(QStringLiteral("docker.sock")); }
    /** For DOCKER_HOST and --host: "unix:///…". */
    QString host() const { return QStringLiteral("unix://") + socketPath(); }
    /** The namespace its containers with --network=host are in, for `nsenter --net=`. */
    QString networkNamespace() const;

    /** The `docker` program on this daemon: a witness that is not Slipway. */
    CommandResult docker(const QStringList &arguments, const QByteArray &input = {}) const;
    /** Makes an image of the machine's static busybox, without a network. Its command is `sh`. */
    bool makeBusybox(const QString &name = QStringLiteral("bb:1"));

private:
    bool makeNamespaces();
    bool answers() const;
    void signal(int number) const;
    void sweep();

    QTemporaryDir m_folder;
    QStringList m_options;
    QProcess m_namespaces; ///< holds the namespaces open while daemons come and go
    QProcess m_daemon;
    QString m_failure;
};

} // namespace support
