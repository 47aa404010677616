#pragma once

#include <QByteArray>
#include <QString>
#include <QStringList>

namespace inventory {

/**
 * The 64-digit ids in the text of /proc/PID/cgroup, the outermost first and each once. The process is in the first one
 * that the daemon knows (for Docker in Docker the outer one is ours). Finds those of Docker, Podman and CRI in any
 * hierarchy, under any parent group, with either driver of control groups.
 */
QStringList containerIds(const QByteArray &cgroup);

/** When a process started, by the text of /proc/PID/stat: clock ticks since boot; 0 when that is none. */
quint64 startTicks(const QByteArray &stat);

/**
 * What /proc says of processes. A value. Reading start time and control group never waits for the process; words()
 * may (a process that is stuck in the kernel keeps its memory map locked, a user's name may come from the network).
 */
class Proc
{
public:
    explicit Proc(const QString &root = QStringLiteral("/proc"))
        : m_root(root)
    {
    }

    /** 0: there is no such process here. */
    quint64 startTicks(qint64 pid) const;
    /** Unix seconds of a start time; 0 where the time of boot cannot be read. */
    qint64 startTime(quint64 ticks) const;
    QByteArray cgroup(qint64 pid) const;

    struct Words
    {
        QString user; ///< its number where it has no name here
        QString command; ///< with arguments, one line, at most 256 characters; "[name]" of one without any
    };
    Words words(qint64 pid) const;

private:
    QByteArray read(qint64 pid, const char *file) const;

    QString m_root;
};

} // namespace inventory
