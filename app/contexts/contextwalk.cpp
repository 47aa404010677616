#include "contexts/contextwalk.h"

#include <QElapsedTimer>
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <dirent.h>

namespace contexts {

using namespace Qt::StringLiterals;

namespace {

/** What it holds; it holds nothing afterwards. */
std::optional<session::FileEntry> taken(std::optional<session::FileEntry> &entry)
{
    std::optional<session::FileEntry> was = std::move(entry);
    entry.reset();
    return was;
}

} // namespace

ContextWalk::ContextWalk(const QByteArray &root, IgnoreFile rules)
    : m_root(root)
    , m_rules(std::move(rules))
{
    while (m_root.size() > 1 && m_root.endsWith('/'))
        m_root.chop(1);
    m_root += '/';
}

ContextWalk::ContextWalk(const QByteArray &root, IgnoreFile rules, IgnoreFile includes)
    : ContextWalk(root, std::move(rules))
{
    m_includes = std::move(includes);
}

int ContextWalk::enter(Level level)
{
    DIR *stream = ::opendir(QByteArray(m_root + level.path).constData());
    if (!stream)
        return errno;
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

/** The outermost folder on the way that was not told. */
std::optional<session::FileEntry> ContextWalk::untoldFolder()
{
    for (Level &level : m_levels) {
        if (level.untold)
            return taken(level.untold);
    }
    return std::nullopt;
}

core::Result<std::optional<session::FileEntry>> ContextWalk::next()
{
    if (m_after) {
        auto folder = untoldFolder();
        return folder ? std::move(folder) : taken(m_after);
    }
    if (!std::exchange(m_begun, true)) {
        if (const int fault = enter({{}, {}, 0, {}, {}}))
            return core::Error{fault == EACCES ? core::ErrorKind::Denied : core::ErrorKind::NotFound, 0,
                u"%1: %2"_s.arg(QString::fromLocal8Bit(m_root), QString::fromLocal8Bit(std::strerror(fault))), {}};
    }
    QElapsedTimer spent;
    spent.start();
    for (m_pauses = false; !m_levels.isEmpty();) {
        if (m_patience && spent.elapsed() > m_patience->count()) {
            m_pauses = true;
            break;
        }
        Level &level = m_levels.last();
        if (level.at == level.names.size()) {
            m_levels.removeLast();
            continue;
        }
        session::FileEntry entry{level.path + level.names[level.at++]};
        if (::lstat(QByteArray(m_root + entry.path).constData(), &entry.status) != 0)
            continue; // gone since it was listed
        Level below{entry.path + '/', {}, 0, {}, {}};
        const QString path = QString::fromUtf8(entry.path);
        const bool excluded = m_rules.excludes(path, level.matches, below.matches);
        const bool included = !m_includes || m_includes->excludes(path, level.included, below.included);
        const bool sent = included && !excluded;
        if (S_ISDIR(entry.status.st_mode) && (!excluded || m_rules.mayKeepBelow(path))
            && (included || m_includes->mayMatchBelow(path))) {
            if (m_includes && !sent)
                below.untold = entry;
            const int fault = enter(std::move(below));
            const bool matters = sent || fault != EACCES; // else nothing in it is known to be wanted
            if (fault != 0 && fault != ENOENT && matters && m_unreadable++ == 0)
                m_firstUnreadable = entry.path;
        }
        if (!sent)
            continue;
        if (auto folder = untoldFolder()) {
            m_after = std::move(entry);
            return folder;
        }
        return std::optional(std::move(entry));
    }
    return std::optional<session::FileEntry>();
}

std::optional<core::Error> ContextWalk::fault() const
{
    if (m_unreadable == 0)
        return std::nullopt;
    return core::Error{
        core::ErrorKind::Denied, 0, u"%1: cannot be read"_s.arg(QString::fromLocal8Bit(m_firstUnreadable)), {}};
}

} // namespace contexts
