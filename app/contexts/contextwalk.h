#pragma once

#include "contexts/ignorefile.h"
#include "core/result.h"

#include <QByteArray>
#include <QList>
#include <optional>
#include <sys/stat.h>

namespace contexts {

/** Something in a context that is sent. */
struct ContextEntry
{
    QByteArray path; ///< below the context, the system's bytes
    struct stat status = {};
};

/**
 * What of a folder is sent as a build's context, in order of names, one entry at a time: memory for the folders on the
 * way only. Links are not followed. What vanishes in between is passed over; a folder that cannot be read is an entry
 * all the same, and told by unreadable(). Blocks on the disk: not for the window's thread.
 */
class ContextWalk
{
public:
    ContextWalk(const QByteArray &root, IgnoreFile rules);

    /** Unset at the end. An error only of the context itself. */
    core::Result<std::optional<ContextEntry>> next();

    /** Folders that could not be listed: the first, and how many. */
    const QByteArray &firstUnreadable() const { return m_firstUnreadable; }
    qint64 unreadable() const { return m_unreadable; }

private:
    /** A folder on the way. */
    struct Level
    {
        QByteArray path; ///< "" or with its '/'
        QList<QByteArray> names;
        qsizetype at = 0;
        IgnoreFile::Matches matches;
    };
    /** errno, or 0. */
    int enter(const QByteArray &folder, const IgnoreFile::Matches &matches);

    QByteArray m_root;
    IgnoreFile m_rules;
    QList<Level> m_levels;
    bool m_begun = false;
    QByteArray m_firstUnreadable;
    qint64 m_unreadable = 0;
};

} // namespace contexts
