#include "git/refs.h"

#include "git/failure.h"
#include "git/url.h"

#include <QHash>
#include <QRegularExpression>
#include <QTimeZone>
#include <algorithm>
#include <memory>

namespace git {

using namespace Qt::StringLiterals;

namespace {

constexpr std::chrono::seconds remoteTimeout(60);
constexpr auto heads = "refs/heads/"_L1;
constexpr auto tags = "refs/tags/"_L1;
constexpr auto remotes = "refs/remotes/"_L1;

core::Error noSuchRef(const QString &name)
{
    return {core::ErrorKind::NotFound, 0,
        name.isEmpty() ? u"The repository has no default branch yet: push one, or name a branch."_s
                       : u"There is no branch, tag or commit %1: check its name, or fetch if it is new."_s.arg(name),
        {}};
}

bool isText(const QByteArray &bytes) { return QString::fromUtf8(bytes).toUtf8() == bytes; }

/** Kind and names of a full ref name; nothing where it is of another kind (notes, stash, pull requests). */
std::optional<Ref> refNamed(const QByteArray &bytes)
{
    const QString full = QString::fromUtf8(bytes);
    Ref ref;
    ref.exact = isText(bytes);
    if (full.startsWith(heads)) {
        ref.name = full.mid(heads.size());
    } else if (full.startsWith(tags)) {
        ref.kind = Ref::Kind::Tag;
        ref.name = full.mid(tags.size());
    } else if (full.startsWith(remotes)) {
        ref.kind = Ref::Kind::RemoteBranch;
        ref.remote = full.mid(remotes.size()).section(u'/', 0, 0);
        ref.name = full.mid(remotes.size()).section(u'/', 1);
    } else {
        return {};
    }
    return ref.name.isEmpty() ? std::nullopt : std::optional(ref);
}

QByteArray localFormat()
{
    // For the ref, and (with *) for what an annotated tag points to. Nothing in it can hold a NUL.
    QByteArray format("%(refname)%00%(symref)");
    for (const char *star : {"", "*"}) {
        for (const char *field : {"objecttype", "objectname", "committerdate:unix", "authorname", "subject"})
            format += QByteArray("%00%(") + star + field + ')';
    }
    return format + "%00";
}

constexpr qsizetype localFields = 12;

/** Of the fields of one ref from `at` on: type, hash, date, author, subject. */
void readCommit(const QList<QByteArray> &fields, qsizetype at, Ref &ref)
{
    ref.commit = QString::fromLatin1(fields[at + 1]);
    ref.summary = CommitSummary{QString::fromUtf8(fields[at + 4]), QString::fromUtf8(fields[at + 3]),
        QDateTime::fromSecsSinceEpoch(fields[at + 2].toLongLong(), QTimeZone::utc())};
}

Refs localRefsOf(const QByteArray &out)
{
    Refs found;
    const QList<QByteArray> fields = out.split('\0');
    for (qsizetype at = 0; at + localFields <= fields.size(); at += localFields) {
        const QByteArray full = fields[at].startsWith('\n') ? fields[at].mid(1) : fields[at];
        const QByteArray &symref = fields[at + 1];
        if (full == "refs/remotes/origin/HEAD" && symref.startsWith("refs/remotes/origin/"))
            found.defaultBranch = QString::fromUtf8(symref.mid(20));
        auto ref = refNamed(full);
        if (!ref || (!symref.isEmpty() && ref->kind == Ref::Kind::RemoteBranch))
            continue;
        const QByteArray &type = fields[at + 2];
        const QByteArray &tagged = fields[at + 7];
        if (type == "commit")
            readCommit(fields, at + 2, *ref);
        else if (tagged == "commit")
            readCommit(fields, at + 7, *ref);
        else if (tagged != "tag") // of a tree or a file: nothing to check out
            continue;
        found.refs += *ref;
    }
    const auto date = [](const Ref &ref) { return ref.summary ? ref.summary->date : QDateTime(); };
    std::ranges::stable_sort(found.refs, [&date](const Ref &a, const Ref &b) { return date(a) > date(b); });
    return found;
}

/** Lines of "git ls-remote --symref": "ref: refs/heads/main\tHEAD", "HASH\tNAME", "HASH\tNAME^{}". */
Refs remoteRefsOf(const QByteArray &out)
{
    static constexpr QByteArrayView peeled("^{}");
    Refs found;
    QHash<QByteArray, QString> commits; // of annotated tags
    const QList<QByteArray> lines = out.split('\n');
    for (const QByteArray &line : lines) {
        const qsizetype tab = line.indexOf('\t');
        const QByteArray name = line.mid(tab + 1);
        if (line.startsWith("ref: refs/heads/") && name == "HEAD")
            found.defaultBranch = QString::fromUtf8(line.mid(16, tab - 16));
        else if (tab > 0 && name.endsWith(peeled))
            commits[name.chopped(peeled.size())] = QString::fromLatin1(line.left(tab));
    }
    for (const QByteArray &line : lines) {
        const qsizetype tab = line.indexOf('\t');
        const QByteArray name = line.mid(tab + 1);
        auto ref = refNamed(name);
        if (tab <= 0 || !ref || name.endsWith(peeled) || line.startsWith("ref: ")
            || ref->kind == Ref::Kind::RemoteBranch)
            continue;
        ref->commit = commits.value(name, QString::fromLatin1(line.left(tab)));
        found.refs += *ref;
    }
    std::ranges::stable_sort(found.refs, [](const Ref &a, const Ref &b) {
        return a.kind != b.kind ? a.kind < b.kind : QString::compare(a.name, b.name, Qt::CaseInsensitive) < 0;
    });
    return found;
}

/** As a clone of the server resolves a name: branches before tags, like `git checkout`. */
core::Result<QString> resolved(const Refs &refs, const QString &name)
{
    const QString wanted = name.isEmpty() ? refs.defaultBranch : name;
    for (const auto kind : {Ref::Kind::Branch, Ref::Kind::Tag}) {
        for (const Ref &ref : refs.refs) {
            if (ref.kind == kind && ref.name == wanted && ref.exact)
                return ref.commit;
        }
    }
    return noSuchRef(name);
}

Command inFolder(const QString &folder, const QStringList &arguments)
{
    Command command;
    command.arguments = arguments;
    command.folder = folder;
    return command;
}

/** Of "git rev-parse --verify": the hash; an answer without one means that there is no such ref. */
QString hashOf(const Output &output)
{
    const QString hash = QString::fromLatin1(output.out).trimmed();
    return output.exitCode == 0 && isFullHash(hash) ? hash : QString();
}

/** The names one after the other under which a ref may stand; then the branch that only one remote has. */
core::Result<QString> firstResolved(const QList<Output> &answers, const QString &name)
{
    const Output &repository = answers.first();
    if (repository.exitCode != 0)
        return failure(repository.exitCode, repository.err);
    for (qsizetype i = 1; i < answers.size() - 1; ++i) {
        if (const QString hash = hashOf(answers[i]); !hash.isEmpty())
            return hash;
    }
    QStringList hashes; // of "refs/remotes/R/NAME" of whatever remote
    for (const Ref &ref : localRefsOf(answers.last().out).refs) {
        if (ref.kind == Ref::Kind::RemoteBranch && ref.name == name)
            hashes += ref.commit;
    }
    hashes.removeDuplicates();
    if (hashes.size() > 1)
        return core::Error{core::ErrorKind::NotFound, 0,
            u"Several remotes have a branch %1, each at another commit: write the remote's name before it."_s.arg(name),
            {}};
    return hashes.isEmpty() ? core::Result<QString>(noSuchRef(name)) : hashes.first();
}

} // namespace

core::Pending<Refs> localRefs(Git &git, const QString &folder)
{
    const QString format = QString::fromLatin1("--format=" + localFormat());
    return git.output(inFolder(folder, {u"for-each-ref"_s, format, u"refs/heads"_s, u"refs/remotes"_s, u"refs/tags"_s}))
        .map(localRefsOf);
}

core::Pending<Refs> remoteRefs(Git &git, const QString &url)
{
    if (const QString problem = urlProblem(url); !problem.isEmpty())
        return core::Pending<Refs>::ready(core::Error{core::ErrorKind::NotFound, 0, problem, {}});
    Command command;
    // --heads --tags would leave out HEAD, and the default branch with it.
    command.arguments = QStringList{u"ls-remote"_s, u"--symref"_s, u"--"_s};
    command.url = url;
    command.more = QStringList{u"HEAD"_s, u"refs/heads/*"_s, u"refs/tags/*"_s};
    command.remote = true;
    command.timeout = remoteTimeout;
    return git.output(command).map(remoteRefsOf);
}

core::Pending<QString> resolveLocal(Git &git, const QString &folder, const QString &name)
{
    if (const QString problem = refProblem(name); !problem.isEmpty())
        return core::Pending<QString>::ready(core::Error{core::ErrorKind::NotFound, 0, problem, {}});
    const auto verify = [&folder](const QString &ref) {
        return inFolder(
            folder, {u"rev-parse"_s, u"--verify"_s, u"--quiet"_s, u"--end-of-options"_s, ref + "^{commit}"_L1});
    };
    // Branches go before tags, as with `git checkout`; rev-parse alone would take the tag.
    const QString format = QString::fromLatin1("--format=" + localFormat());
    return git
        .runAll({inFolder(folder, {u"rev-parse"_s, u"--git-dir"_s}), verify(heads + name), verify(tags + name),
            verify(name), inFolder(folder, {u"for-each-ref"_s, format, u"refs/remotes"_s})})
        .map([name](const QList<Output> &answers) { return firstResolved(answers, name); });
}

core::Pending<QString> resolveRemote(Git &git, const QString &url, const QString &name)
{
    if (isFullHash(name))
        return core::Pending<QString>::ready(name);
    if (const QString problem = name.isEmpty() ? QString() : refProblem(name); !problem.isEmpty())
        return core::Pending<QString>::ready(core::Error{core::ErrorKind::NotFound, 0, problem, {}});
    return remoteRefs(git, url).map([name](const Refs &refs) { return resolved(refs, name); });
}

QString refProblem(const QString &name)
{
    // git-check-ref-format(1); the revisions' own signs (^ ~ : @{) would mean something else than a name.
    static const QRegularExpression bad(
        uR"([\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//|/\.|^\.|^-|^/|/$|\.$|\.lock(/|$)|^@$)"_s);
    if (name.isEmpty())
        return u"Name a branch, a tag or a commit."_s;
    if (name.startsWith(u'-'))
        return u"“%1” starts with “-”, which git takes for an option: it is no branch, tag or commit."_s.arg(name);
    return bad.match(name).hasMatch() ? u"“%1” is no branch, tag or commit."_s.arg(name) : QString();
}

bool isFullHash(const QString &text)
{
    static const QRegularExpression form(uR"(\A[0-9a-f]{40}(?:[0-9a-f]{24})?\z)"_s);
    return form.match(text).hasMatch();
}

} // namespace git
