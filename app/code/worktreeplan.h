#pragma once

#include "git/repository.h"
#include "recipe/runconfig.h"

namespace code {

/** A folder for a worktree: beside the repository, in REPO-worktrees, named after the run or what is checked out.
 * taken: the names that are there already. */
QString worktreeFolder(const git::Repository &repository, const recipe::RunConfig &config, const QStringList &taken);

/**
 * The run with its code from a worktree in place of the repository: mounted where the working copy was seen, and no
 * Code step, for git does not work in a worktree's container. The command still starts in the code's folder.
 */
recipe::RunConfig fromWorktree(
    const recipe::RunConfig &config, const git::Repository &repository, const QString &worktree);

} // namespace code
