#include "dockerline/variables.h"

#include <QDir>
#include <QRegularExpression>
#include <QSysInfo>
#include <QThread>
#include <pwd.h>
#include <unistd.h>

namespace dockerline {

using namespace Qt::StringLiterals;

namespace {

QString userName()
{
    const passwd *entry = ::getpwuid(::getuid());
    return entry ? QString::fromLocal8Bit(entry->pw_name) : QString::number(::getuid());
}

} // namespace

Variables::Variables(const recipe::ShellContext &context)
    : m_environment(context.environment)
    , m_folder(context.folder.isEmpty() ? QDir::currentPath() : context.folder)
{
}

std::optional<QString> Variables::value(const QString &name) const
{
    if (name == "PWD"_L1)
        return m_folder;
    if (const auto assigned = m_assigned.find(name); assigned != m_assigned.end())
        return *assigned;
    if (m_environment.contains(name))
        return m_environment.value(name);
    if (name == "HOME"_L1)
        return QDir::homePath();
    if (name == "USER"_L1 || name == "LOGNAME"_L1)
        return userName();
    if (name == "UID"_L1 || name == "EUID"_L1) // bash does not export these
        return QString::number(name == "UID"_L1 ? ::getuid() : ::geteuid());
    if (name == "HOSTNAME"_L1)
        return QSysInfo::machineHostName();
    return std::nullopt;
}

void Variables::assign(const QString &name, const QString &value)
{
    m_assigned.insert(name, value);
    if (m_handed.contains(name))
        m_handed.insert(name, value);
}

void Variables::changeFolder(const QString &path) { m_folder = QDir::cleanPath(QDir(m_folder).filePath(path)); }

QString Variables::home() const { return value(u"HOME"_s).value_or(QString()); }

std::optional<QString> Variables::output(const QString &command) const
{
    const QString text = command.simplified();
    static const QRegularExpression me(uR"(^(.*) ("?)(\$USER|\$\{USER\}|\$\(whoami\))\2$)"_s);
    const auto asked = me.match(text);
    const QString program = asked.hasMatch() ? asked.captured(1) : text;
    if (program == "id -u"_L1)
        return QString::number(::getuid());
    if (program == "id -g"_L1)
        return QString::number(::getgid());
    if (program == "id -un"_L1 || program == "id -u -n"_L1)
        return userName();
    if (asked.hasMatch())
        return std::nullopt;
    if (text == "pwd"_L1 || text == "pwd -P"_L1 || text == "realpath ."_L1 || text == "readlink -f ."_L1)
        return m_folder;
    if (text == "whoami"_L1 || text == "logname"_L1)
        return userName();
    if (text == "hostname"_L1)
        return QSysInfo::machineHostName();
    if (text == "nproc"_L1)
        return QString::number(QThread::idealThreadCount());
    return std::nullopt;
}

} // namespace dockerline
