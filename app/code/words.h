#pragma once

#include "git/refs.h"
#include "git/repository.h"
#include "launch/codeuse.h"

/** What people read of a working copy. Pure; `now` is in Unix seconds. */
namespace code {

/** "branch", "branch of origin", "tag". */
QString kindText(const git::Ref &ref);
/** "Fix the loader · Ada, 2 d ago"; of a server's ref the short commit. */
QString summaryText(const git::Ref &ref, qint64 now);

/** "Branch main, 3 uncommitted changes (train.py, …), 2 commits behind origin/main." */
QString stateText(const git::Repository &repository);

/** "main at 1a2b3c4 (Fix the loader, 2 d ago)", as far as refs know the commit. */
QString pinText(const QString &name, const QString &commit, const git::Refs &refs, qint64 now);

/** "resnet-7 runs from the same folder, on the branch dev: this run would change the files under it." */
QString conflictText(const launch::CodeUse &use);

/** The first digits of a hash, as people read them; any other text as it is. */
QString shortCommit(const QString &commit);

} // namespace code
