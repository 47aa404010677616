#include "code/words.h"

#include "core/units.h"

#include <QCoreApplication>

namespace code {

using namespace Qt::StringLiterals;

namespace {

QString tr(const char *text, int n = -1) { return QCoreApplication::translate("code", text, nullptr, n); }

/** "1 commit", "3 commits". */
QString counted(qsizetype n, const char *one, const char *many) { return n == 1 ? tr(one) : tr(many).arg(n); }

QString named(const QStringList &names, qsizetype all)
{
    constexpr qsizetype most = 3;
    const QString more = all > most || names.size() > most ? u", …"_s : QString();
    return names.mid(0, most).join(u", "_s) + more;
}

QString changesText(const git::Changes &changes)
{
    QStringList parts;
    if (changes.tracked > 0)
        parts += u"%1 (%2)"_s.arg(counted(changes.tracked, "1 uncommitted change", "%1 uncommitted changes"),
            named(changes.trackedNames, changes.tracked));
    if (changes.untracked > 0)
        parts += u"%1 (%2)"_s.arg(counted(changes.untracked, "1 file git does not know", "%1 files git does not know"),
            named(changes.untrackedNames, changes.untracked));
    return parts.isEmpty() ? tr("no changes") : parts.join(u", "_s);
}

QStringList upstreamTexts(const git::Repository &repository)
{
    QStringList parts;
    if (!repository.upstream)
        return parts;
    const git::Upstream &upstream = *repository.upstream;
    if (upstream.behind > 0)
        parts += tr("%1 behind %2").arg(counted(upstream.behind, "1 commit", "%1 commits"), upstream.name);
    if (upstream.ahead > 0)
        parts += tr("%1 not pushed").arg(counted(upstream.ahead, "1 commit", "%1 commits"));
    return parts;
}

} // namespace

QString shortCommit(const QString &commit) { return git::isFullHash(commit) ? commit.left(7) : commit; }

QString kindText(const git::Ref &ref)
{
    switch (ref.kind) {
    case git::Ref::Kind::Tag:
        return tr("tag");
    case git::Ref::Kind::RemoteBranch:
        return tr("branch of %1").arg(ref.remote);
    case git::Ref::Kind::Branch:
        break;
    }
    return tr("branch");
}

QString summaryText(const git::Ref &ref, qint64 now)
{
    if (!ref.summary)
        return shortCommit(ref.commit);
    return u"%1 · %2, %3"_s.arg(
        ref.summary->subject, ref.summary->author, core::ageText(ref.summary->date.toSecsSinceEpoch(), now));
}

QString stateText(const git::Repository &repository)
{
    if (repository.bare)
        return tr("A bare repository: it has no files that could run.");
    QStringList parts;
    if (repository.commit.isEmpty())
        parts += tr("Nothing was committed yet");
    else if (repository.detached())
        parts += tr("On no branch, at %1").arg(shortCommit(repository.commit));
    else
        parts += tr("Branch %1").arg(repository.branch);
    parts += changesText(repository.changes);
    parts += upstreamTexts(repository);
    QString text = parts.join(u", "_s) + u'.';
    if (!repository.emptySubmodules.isEmpty())
        text += u' '
            + tr("Submodules that were never fetched: %1.")
                  .arg(named(repository.emptySubmodules, repository.emptySubmodules.size()));
    return text;
}

QString pinText(const QString &name, const QString &commit, const git::Refs &refs, qint64 now)
{
    const QString at = name.isEmpty() || name == commit ? shortCommit(commit)
                                                        : tr("%1 at %2").arg(shortCommit(name), shortCommit(commit));
    for (const git::Ref &ref : refs.refs) {
        if (ref.commit == commit && ref.summary)
            return u"%1 (%2, %3)"_s.arg(
                at, ref.summary->subject, core::ageText(ref.summary->date.toSecsSinceEpoch(), now));
    }
    return at;
}

QString conflictText(const launch::CodeUse &use)
{
    if (use.checkout.isEmpty())
        return tr("%1 runs from the same folder: this run would change the files under it.").arg(use.container);
    return tr("%1 runs from the same folder at %2: this run would change the files under it.")
        .arg(use.container, shortCommit(use.checkout));
}

} // namespace code
