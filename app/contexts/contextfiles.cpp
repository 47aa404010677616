#include "contexts/contextfiles.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <algorithm>
#include <climits>
#include <unistd.h>

namespace contexts {

using namespace Qt::StringLiterals;

namespace {

/** The daemon asks whether we live, and the person may cancel. */
constexpr std::chrono::milliseconds patience{50};
constexpr int mostLinks = 255; ///< as Docker has it: also the end of a circle

/** Cut into its parts; ".." never leads out. */
QStringList partsOf(const QString &path)
{
    QStringList parts = QDir::cleanPath(u'/' + path).split(u'/', Qt::SkipEmptyParts);
    while (!parts.isEmpty() && parts.first() == ".."_L1) // cleanPath() leaves these at the root
        parts.removeFirst();
    return parts;
}

/** Finds what links lead to. On the stack of withLinksFollowed(). */
class Follower
{
public:
    explicit Follower(const QByteArray &root)
        : m_root(QFile::decodeName(root))
    {
    }

    /** Below here, which was looked at already; told: a pattern for it is there already. */
    void follow(QString here, const QStringList &parts, bool told)
    {
        for (qsizetype i = 0; i < parts.size(); ++i) {
            const QStringList rest = parts.mid(i + 1);
            if (hasWildcards(parts[i])) {
                if (!told)
                    add(escaped(here) + parts.mid(i).join(u'/'));
                return followMatches(here, parts[i], rest);
            }
            const QFileInfo info(m_root + here + parts[i]);
            if (info.isSymLink())
                return followLink(here, parts[i], rest);
            here += parts[i] + u'/';
        }
        if (!told)
            add(here.isEmpty() ? u"**"_s : escaped(here.chopped(1)));
    }

    QStringList found() const { return m_found; }

private:
    void followMatches(const QString &here, const QString &pattern, const QStringList &rest)
    {
        const auto rule = IgnoreFile::fromPatterns({pattern});
        if (!rule)
            return; // matches nothing, here as there
        const auto all = QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot;
        for (const QFileInfo &info : QDir(m_root + here).entryInfoList(all)) {
            if (!rule->excludes(info.fileName()))
                continue;
            if (info.isSymLink())
                followLink(here, info.fileName(), rest);
            else if (info.isDir() && !rest.isEmpty())
                follow(here + info.fileName() + u'/', rest, true);
        }
    }

    void followLink(const QString &here, const QString &name, const QStringList &rest)
    {
        add(escaped(here + name));
        if (m_links++ >= mostLinks)
            return;
        const QString target = linkText(m_root + here + name);
        QStringList parts = partsOf(target.startsWith(u'/') ? target : here + target);
        for (QString &part : parts)
            part = ignoreLine(part); // a name, whatever is in it
        follow({}, parts + rest, false);
    }

    /** As it is written: QFileInfo makes it absolute. */
    static QString linkText(const QString &path)
    {
        QByteArray text(PATH_MAX, Qt::Uninitialized);
        const ssize_t size = ::readlink(QFile::encodeName(path).constData(), text.data(), size_t(text.size()));
        text.truncate(std::max<ssize_t>(size, 0));
        return QFile::decodeName(text);
    }

    static QString escaped(const QString &path) { return path.isEmpty() ? path : ignoreLine(path); }

    void add(const QString &pattern)
    {
        if (!m_found.contains(pattern))
            m_found.append(pattern);
    }

    QString m_root; ///< with its '/'
    QStringList m_found;
    int m_links = 0;
};

} // namespace

core::Result<std::unique_ptr<session::FileSource>> ContextFiles::make(
    const QByteArray &root, const session::FileRequest &request)
{
    const auto excludes = IgnoreFile::fromPatterns(request.excludes);
    if (!excludes)
        return excludes.error();
    QStringList wanted = request.includes;
    if (!request.follows.isEmpty())
        wanted += withLinksFollowed(root, request.follows);
    const auto includes = IgnoreFile::fromPatterns(wanted.isEmpty() ? QStringList{u"**"_s} : wanted);
    if (!includes)
        return includes.error();
    return std::unique_ptr<session::FileSource>(new ContextFiles(ContextWalk(root, *excludes, *includes)));
}

ContextFiles::ContextFiles(ContextWalk walk)
    : m_walk(std::move(walk))
{
    m_walk.setPatience(patience);
}

core::Result<std::optional<session::FileEntry>> ContextFiles::next()
{
    auto entry = m_walk.next();
    if (const auto fault = m_walk.fault(); entry && fault)
        return *fault;
    return entry;
}

QStringList withLinksFollowed(const QByteArray &root, const QStringList &paths)
{
    Follower follower(root.endsWith('/') ? root : root + '/');
    for (const QString &path : paths)
        follower.follow({}, partsOf(path), false);
    return follower.found();
}

} // namespace contexts
