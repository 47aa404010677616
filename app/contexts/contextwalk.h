#pragma once

#include "contexts/ignorefile.h"
#include "core/result.h"
#include "session/filesync.h"

#include <QByteArray>
#include <QList>
#include <chrono>
#include <optional>
#include <sys/stat.h>

namespace contexts {

/**
 * What of a folder is sent as a build's context, in order of names, one entry at a time: memory for the folders on the
 * way only. Links are not followed. What vanishes in between is passed over; a folder that cannot be read is an entry
 * all the same, and told by unreadable(). Blocks on the disk: not for the window's thread.
 */
class ContextWalk
{
public:
    ContextWalk(const QByteArray &root, IgnoreFile rules);
    /** Only what these patterns name, and what is below it; folders on the way to what is sent are sent as well. */
    ContextWalk(const QByteArray &root, IgnoreFile rules, IgnoreFile includes);

    /** Unset at the end. An error only of the context itself. */
    core::Result<std::optional<session::FileEntry>> next();
    /** From now on next() is also unset where it has looked for this long without finding anything: see pauses(). */
    void setPatience(std::chrono::milliseconds patience) { m_patience = patience; }
    bool pauses() const { return m_pauses; }
    /** With its '/'. */
    const QByteArray &root() const { return m_root; }

    /** Folders that could not be listed: the first, and how many. */
    const QByteArray &firstUnreadable() const { return m_firstUnreadable; }
    qint64 unreadable() const { return m_unreadable; }
    /** For who must not go on without them. */
    std::optional<core::Error> fault() const;

private:
    /** A folder on the way. */
    struct Level
    {
        QByteArray path; ///< "" or with its '/'
        QList<QByteArray> names;
        qsizetype at = 0;
        IgnoreFile::Matches matches;
        IgnoreFile::Matches included;
        std::optional<session::FileEntry> untold{}; ///< itself, if it is sent only for what is in it
    };
    /** errno, or 0. */
    int enter(Level level);
    std::optional<session::FileEntry> untoldFolder();

    QByteArray m_root;
    IgnoreFile m_rules;
    std::optional<IgnoreFile> m_includes; ///< unset: all
    std::optional<session::FileEntry> m_after; ///< what comes once its folders are told
    QList<Level> m_levels;
    bool m_begun = false;
    std::optional<std::chrono::milliseconds> m_patience;
    bool m_pauses = false;
    QByteArray m_firstUnreadable;
    qint64 m_unreadable = 0;
};

} // namespace contexts
