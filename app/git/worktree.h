#pragma once

#include "git/git.h"

#include <QString>

namespace git {

/** A folder of its own for one run, checked out at one commit, that shares the repository with the folder it is of. */
struct Worktree
{
    QString folder;
    QString commit; ///< full hash; on no branch, so that two runs may have the same one

    bool operator==(const Worktree &) const = default;
};

/**
 * `git worktree add --detach`. Conflict: there is something at `folder` already, even an empty folder. A worktree
 * finds its repository by an absolute path of this machine: in a container its code runs, but git does not, so such
 * a run needs no Code step.
 */
core::Pending<Worktree> addWorktree(Git &git, const QString &repository, const QString &name, const QString &folder);

/**
 * Removes a worktree with which nothing is lost. Conflict where files are changed or unknown to git, where ignored ones
 * (checkpoints, logs) lie there, other than Python's caches, or where commits are on no branch or tag.
 */
core::Pending<void> removeWorktree(Git &git, const QString &folder);

} // namespace git
