#include "inventory/proc.h"

#include <QFile>
#include <QRegularExpression>
#include <array>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

namespace inventory {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 mostRead = 64 * 1024;
constexpr qsizetype longestCommand = 256;

QByteArray readFile(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.read(mostRead) : QByteArray();
}

QString userName(uid_t uid)
{
    std::array<char, 4096> buffer{};
    passwd entry{};
    passwd *found = nullptr;
    if (::getpwuid_r(uid, &entry, buffer.data(), buffer.size(), &found) == 0 && found)
        return QString::fromLocal8Bit(found->pw_name);
    return QString::number(uid);
}

} // namespace

QStringList containerIds(const QByteArray &cgroup)
{
    static const QRegularExpression form(
        u"(?:^|/)(?:docker-|libpod-|cri-containerd-|crio-)?([0-9a-f]{64})(?:\\.scope)?(?=/|$)"_s,
        QRegularExpression::MultilineOption);
    QStringList ids;
    for (auto match = form.globalMatch(QString::fromLatin1(cgroup)); match.hasNext();) {
        const QString id = match.next().captured(1);
        if (!ids.contains(id))
            ids.append(id);
    }
    return ids;
}

quint64 startTicks(const QByteArray &stat)
{
    // "PID (any name, with blanks and brackets) S ppid …": the start is field 22 of all, the 20th behind the name.
    constexpr qsizetype field = 19;
    const qsizetype bracket = stat.lastIndexOf(')');
    return bracket < 0 ? 0 : stat.mid(bracket + 2).simplified().split(' ').value(field).toULongLong();
}

QByteArray Proc::read(qint64 pid, const char *file) const
{
    if (m_root.isEmpty() || pid <= 0)
        return {};
    return readFile(m_root + u'/' + QString::number(pid) + u'/' + QLatin1String(file));
}

quint64 Proc::startTicks(qint64 pid) const { return inventory::startTicks(read(pid, "stat")); }

QByteArray Proc::cgroup(qint64 pid) const { return read(pid, "cgroup"); }

qint64 Proc::startTime(quint64 ticks) const
{
    const QByteArray stat = readFile(m_root + u"/stat"_s);
    const qsizetype at = stat.indexOf("\nbtime ");
    if (at < 0 || ticks == 0)
        return 0;
    const qint64 boot = stat.mid(at + 7, stat.indexOf('\n', at + 1) - at - 7).toLongLong();
    return boot + qint64(ticks / quint64(::sysconf(_SC_CLK_TCK)));
}

Proc::Words Proc::words(qint64 pid) const
{
    Words words;
    struct stat info
    {
    };
    const QString folder = m_root + u'/' + QString::number(pid);
    if (::stat(QFile::encodeName(folder).constData(), &info) != 0)
        return words;
    words.user = userName(info.st_uid);
    QByteArray line = read(pid, "cmdline");
    while (line.endsWith('\0'))
        line.chop(1);
    line.replace('\0', ' ');
    words.command = QString::fromLocal8Bit(line).simplified();
    if (words.command.isEmpty())
        words.command = u'[' + QString::fromLocal8Bit(read(pid, "comm")).trimmed() + u']';
    if (words.command.size() > longestCommand)
        words.command = words.command.left(longestCommand - 1) + u'…';
    return words;
}

} // namespace inventory
