#pragma once

#include "git/git.h"

#include <QString>
#include <QStringList>
#include <optional>

namespace git {

/** A remote of a working copy. The address is as configured and may hold a password: show it redacted(). */
struct Remote
{
    QString name;
    QString url;

    bool operator==(const Remote &) const = default;
};

/** What is changed and not committed; of a great many files only the first few are named. */
struct Changes
{
    static constexpr int most = 5;

    qsizetype tracked = 0; ///< files changed, added, deleted, renamed or in conflict
    qsizetype untracked = 0; ///< files and whole folders that git does not know; ignored ones do not count
    QStringList trackedNames; ///< at most `most`, relative to the root
    QStringList untrackedNames;

    bool clean() const { return tracked == 0 && untracked == 0; }
    bool operator==(const Changes &) const = default;
};

/** How a branch stands to the one it follows, as far as the last fetch knows. */
struct Upstream
{
    QString name; ///< "origin/main"
    int ahead = 0; ///< commits only here
    int behind = 0; ///< commits only there

    bool operator==(const Upstream &) const = default;
};

/** The facts of a local folder that lies in a repository. A plain value of one moment. */
struct Repository
{
    QString root; ///< of the working copy; of a bare one the repository's own folder
    bool bare = false; ///< has no files of the code: nothing can run from it
    bool shallow = false; ///< old commits are missing
    QString branch; ///< empty: detached
    QString commit; ///< full hash; empty: nothing was committed yet
    std::optional<Upstream> upstream; ///< none where the branch follows none, or what it followed is gone
    QList<Remote> remotes;
    Changes changes;
    QStringList submodules; ///< paths, relative to the root
    QStringList emptySubmodules; ///< those of them that were never fetched

    bool detached() const { return branch.isEmpty(); }
    /** "origin", or the only one; nothing where it is not clear. */
    std::optional<Remote> mainRemote() const;
    bool operator==(const Repository &) const = default;
};

/** Asks git about a folder, or any folder below a working copy's root. NotFound: it is no repository. */
core::Pending<Repository> readRepository(Git &git, const QString &folder);

} // namespace git
