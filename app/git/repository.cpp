#include "git/repository.h"

#include "core/offload.h"
#include "git/failure.h"

#include <QFileInfo>

namespace git {

using namespace Qt::StringLiterals;

namespace {

QString text(const QByteArray &bytes) { return QString::fromUtf8(bytes); }

QList<QByteArray> records(const QByteArray &out)
{
    QList<QByteArray> list = out.split('\0');
    if (!list.isEmpty() && list.last().isEmpty())
        list.removeLast();
    return list;
}

/** One line without its end; a folder's name may hold line ends of its own. */
QString lineOf(QByteArray out)
{
    if (out.endsWith('\n'))
        out.chop(1);
    return text(out);
}

/** Of "git config -z --get-regexp": name and value of each. */
QList<std::pair<QByteArray, QString>> settings(const Output &output)
{
    QList<std::pair<QByteArray, QString>> list;
    if (output.exitCode != 0) // there is none
        return list;
    for (const QByteArray &record : records(output.out)) {
        const qsizetype end = record.indexOf('\n');
        list.emplaceBack(record.left(end), end < 0 ? QString() : text(record.mid(end + 1)));
    }
    return list;
}

void readHeader(const QByteArray &header, Repository &repository)
{
    const auto value = [&header](QByteArrayView key) { return text(header.mid(key.size())); };
    if (header.startsWith("# branch.oid ")) {
        if (const QString commit = value("# branch.oid "); !commit.startsWith(u'(')) // "(initial)"
            repository.commit = commit;
    } else if (header.startsWith("# branch.head ")) {
        if (const QString branch = value("# branch.head "); branch != "(detached)"_L1)
            repository.branch = branch;
    } else if (header.startsWith("# branch.upstream ")) {
        repository.upstream = Upstream{value("# branch.upstream "), -1, -1};
    } else if (header.startsWith("# branch.ab ") && repository.upstream) {
        const QStringList counts = value("# branch.ab ").split(u' ');
        repository.upstream->ahead = counts.value(0).toInt();
        repository.upstream->behind = -counts.value(1).toInt();
    }
}

/** The fields before the path, of each kind of record of --porcelain=v2. */
int fieldsBefore(char kind) { return kind == '1' ? 8 : kind == '2' ? 9 : 10; }

QString pathOf(const QByteArray &record)
{
    qsizetype at = -1;
    for (int i = fieldsBefore(record[0]); i > 0; --i) {
        at = record.indexOf(' ', at + 1);
        if (at < 0)
            return {};
    }
    return text(record.mid(at + 1));
}

void readStatus(const Output &status, Repository &repository)
{
    Changes &changes = repository.changes;
    const QList<QByteArray> list = status.exitCode == 0 ? records(status.out) : QList<QByteArray>();
    for (qsizetype i = 0; i < list.size(); ++i) {
        const QByteArray &record = list[i];
        const char kind = record.isEmpty() ? '\0' : record[0];
        if (kind == '#') {
            readHeader(record, repository);
        } else if (kind == '?') {
            if (++changes.untracked <= Changes::most)
                changes.untrackedNames += text(record.mid(2));
        } else if (kind == '1' || kind == '2' || kind == 'u') {
            if (++changes.tracked <= Changes::most)
                changes.trackedNames += pathOf(record);
            if (kind == '2')
                ++i; // the name it had before
        }
    }
    if (repository.upstream && repository.upstream->ahead < 0) // what it followed is gone
        repository.upstream.reset();
}

void readSubmodules(const Output &modules, Repository &repository)
{
    for (const auto &[key, path] : settings(modules))
        repository.submodules += path;
}

/** Looks at files: off the main thread. */
core::Result<Repository> withEmptySubmodules(Repository repository)
{
    for (const QString &path : std::as_const(repository.submodules)) {
        if (!QFileInfo::exists(repository.root + u'/' + path + "/.git"_L1))
            repository.emptySubmodules += path;
    }
    return repository;
}

enum Question { Kind, GitFolder, Root, Status, Urls, Modules };

core::Result<Repository> repositoryOf(const QList<Output> &answers)
{
    const Output &kind = answers[Kind];
    if (kind.exitCode != 0)
        return failure(kind.exitCode, kind.err);
    const QList<QByteArray> flags = kind.out.split('\n'); // bare, in a working copy, shallow
    Repository repository;
    repository.bare = flags.value(0) == "true";
    repository.shallow = flags.value(2) == "true";
    if (!repository.bare && flags.value(1) != "true")
        return core::Error{core::ErrorKind::NotFound, 0,
            u"This is git's own folder and not the working copy: choose the folder above it."_s, {}};
    if (!repository.bare && answers[Status].exitCode != 0)
        return failure(answers[Status].exitCode, answers[Status].err);
    repository.root = lineOf(answers[repository.bare ? GitFolder : Root].out);
    readStatus(answers[Status], repository);
    for (const auto &[key, url] : settings(answers[Urls])) // "remote.NAME.url"; the first of several is fetched from
        if (const QString name = text(key.mid(7, key.size() - 11));
            repository.remotes.isEmpty() || repository.remotes.last().name != name)
            repository.remotes += Remote{name, url};
    readSubmodules(answers[Modules], repository);
    return repository;
}

} // namespace

std::optional<Remote> Repository::mainRemote() const
{
    for (const Remote &remote : remotes) {
        if (remote.name == "origin"_L1)
            return remote;
    }
    return remotes.size() == 1 ? std::optional(remotes.first()) : std::nullopt;
}

core::Pending<Repository> readRepository(Git &git, const QString &folder)
{
    const auto command = [&folder](const QStringList &arguments) {
        Command asked;
        asked.arguments = arguments;
        asked.folder = folder;
        return asked;
    };
    QList<Command> questions(6);
    questions[Kind] = command(
        {u"rev-parse"_s, u"--is-bare-repository"_s, u"--is-inside-work-tree"_s, u"--is-shallow-repository"_s});
    questions[GitFolder] = command({u"rev-parse"_s, u"--absolute-git-dir"_s});
    questions[Root] = command({u"rev-parse"_s, u"--show-toplevel"_s});
    questions[Status] = command({u"status"_s, u"--porcelain=v2"_s, u"--branch"_s, u"-z"_s,
        u"--untracked-files=normal"_s, u"--ignore-submodules=none"_s});
    questions[Urls] = command({u"config"_s, u"-z"_s, u"--get-regexp"_s, uR"(^remote\..*\.url$)"_s});
    questions[Modules] = command(
        {u"config"_s, u"-z"_s, u"--blob"_s, u":.gitmodules"_s, u"--get-regexp"_s, uR"(^submodule\..*\.path$)"_s});
    const core::Promise<Repository> promise;
    Git *const owner = &git;
    const core::Aborter asking = git.runAll(questions).then(owner, [=](const core::Result<QList<Output>> &answers) {
        if (promise.answered())
            return;
        const core::Result<Repository> read
            = answers ? repositoryOf(*answers) : core::Result<Repository>(answers.error());
        if (!read || read->submodules.isEmpty())
            return promise.answer(read);
        core::offload(owner, [repository = *read] {
            return withEmptySubmodules(repository);
        }).then(owner, [promise](const core::Result<Repository> &whole) { promise.answer(whole); });
    });
    promise.onAbort([asking] { asking.abort(); });
    return promise.pending();
}

} // namespace git
