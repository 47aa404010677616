#pragma once

#include "contexts/contextwalk.h"
#include "core/result.h"
#include "session/filesync.h"

#include <memory>

namespace contexts {

/**
 * The files of a folder that a builder asks for, with what its rules leave out left out. A folder that cannot be listed
 * ends it with an Error: an image must not lack silently what was meant to be in it. Owned by its FileSync.
 */
class ContextFiles : public session::FileSource
{
public:
    /** root: the folder that is asked for, the system's bytes. Protocol for patterns that Docker refuses too. */
    static core::Result<std::unique_ptr<session::FileSource>> make(
        const QByteArray &root, const session::FileRequest &request);

    core::Result<std::optional<session::FileEntry>> next() override;
    bool pauses() const override { return m_walk.pauses(); }
    QByteArray root() const override { return m_walk.root(); }

private:
    explicit ContextFiles(ContextWalk walk);

    ContextWalk m_walk;
};

/**
 * Patterns for the paths, which may have wildcards, and for all that links on their way and at their end lead to,
 * inside the root; the folder itself is "**". Source: fsutil's followlinks.go. Blocks on the disk.
 */
QStringList withLinksFollowed(const QByteArray &root, const QStringList &paths);

} // namespace contexts
