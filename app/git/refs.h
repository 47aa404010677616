#pragma once

#include "git/git.h"

#include <QDateTime>
#include <QList>
#include <QString>
#include <optional>

namespace git {

/** The last commit of a ref, as a list shows it. */
struct CommitSummary
{
    QString subject;
    QString author;
    QDateTime date; ///< of the commit, in UTC

    bool operator==(const CommitSummary &) const = default;
};

/** A branch or tag. What can be typed behind `git checkout` is its name. */
struct Ref
{
    enum class Kind { Branch, RemoteBranch, Tag };
    Kind kind = Kind::Branch;
    QString name; ///< "main", "v1.0"; of a RemoteBranch without the remote's name
    QString remote; ///< of a RemoteBranch in a local clone: "origin"
    QString commit; ///< full hash of the commit, of an annotated tag too; empty where git did not tell (a tag of a tag)
    std::optional<CommitSummary> summary; ///< not known of a server's refs: it tells hashes only
    bool exact = true; ///< false: the name has bytes that are no UTF-8; check it out by its commit

    bool operator==(const Ref &) const = default;
};

/** The refs of a clone or a server. */
struct Refs
{
    QList<Ref> refs; ///< of a clone newest first; of a server branches, then tags, by name
    QString defaultBranch; ///< what a clone checks out (of a clone: of its "origin"); empty where it is not known

    bool operator==(const Refs &) const = default;
};

/** Local branches, branches of remotes and tags of a local clone. */
core::Pending<Refs> localRefs(Git &git, const QString &folder);

/** Branches and tags of a server, by address. No summary: that would need a download. */
core::Pending<Refs> remoteRefs(Git &git, const QString &url);

/**
 * The full hash of the commit that a branch, tag or commit of a local clone is now; a branch only at a remote counts as
 * `git checkout` counts it. NotFound: there is none of that name.
 */
core::Pending<QString> resolveLocal(Git &git, const QString &folder, const QString &name);

/** The same at a server; an empty name is its default branch. A full hash answers itself: a server cannot be asked. */
core::Pending<QString> resolveRemote(Git &git, const QString &url, const QString &name);

/** Why this cannot be the name of a branch, tag or commit, as one sentence; empty: it can (git check-ref-format). */
QString refProblem(const QString &name);

/** A whole hash of a commit: 40 (SHA-1) or 64 (SHA-256) hexadecimal digits. */
bool isFullHash(const QString &text);

} // namespace git
