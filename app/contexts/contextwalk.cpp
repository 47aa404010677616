#include "contexts/contextwalk.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <dirent.h>

namespace contexts {

using namespace Qt::StringLiterals;

ContextWalk::ContextWalk(const QByteArray &root, IgnoreFile rules)
    : m_root(root)
    , m_rules(std::move(rules))
{
    while (m_root.size() > 1 && m_root.endsWith('/'))
        m_root.chop(1);
    m_root += '/';
}

int ContextWalk::enter(const QByteArray &folder, const IgnoreFile::Matches &matches)
{
    DIR *stream = ::opendir(QByteArray(m_root + folder).constData());
    if (!stream)
        return errno;
    Level level{folder, {}, 0, matches};
    errno = 0;
    while (const dirent *entry = ::readdir(stream)) {
        const QByteArray name(entry->d_name);
        if (name != "." && name != "..")
            level.names.append(name);
    }
    const int fault = errno;
    ::closedir(stream);
    if (fault != 0)
        return fault;
    std::sort(level.names.begin(), level.names.end());
    m_levels.append(std::move(level));
    return 0;
}

core::Result<std::optional<ContextEntry>> ContextWalk::next()
{
    if (!std::exchange(m_begun, true)) {
        if (const int fault = enter({}, IgnoreFile::Matches(m_rules.rules().size(), false)))
            return core::Error{fault == EACCES ? core::ErrorKind::Denied : core::ErrorKind::NotFound, 0,
                u"%1: %2"_s.arg(QString::fromLocal8Bit(m_root), QString::fromLocal8Bit(std::strerror(fault))), {}};
    }
    while (!m_levels.isEmpty()) {
        Level &level = m_levels.last();
        if (level.at == level.names.size()) {
            m_levels.removeLast();
            continue;
        }
        ContextEntry entry{level.path + level.names[level.at++]};
        if (::lstat(QByteArray(m_root + entry.path).constData(), &entry.status) != 0)
            continue; // gone since it was listed
        IgnoreFile::Matches own;
        const QString path = QString::fromUtf8(entry.path);
        const bool excluded = m_rules.excludes(path, level.matches, own);
        if (S_ISDIR(entry.status.st_mode) && (!excluded || m_rules.mayKeepBelow(path))) {
            const int fault = enter(entry.path + '/', own);
            if (fault != 0 && fault != ENOENT && m_unreadable++ == 0)
                m_firstUnreadable = entry.path;
        }
        if (!excluded)
            return std::optional(std::move(entry));
    }
    return std::optional<ContextEntry>();
}

} // namespace contexts
