#include "git/worktree.h"

#include "core/offload.h"
#include "git/failure.h"
#include "git/refs.h"

#include <QFileInfo>
#include <memory>

namespace git {

using namespace Qt::StringLiterals;

namespace {

constexpr std::chrono::minutes checkoutTimeout(10); // of a repository with data in it

core::Error conflict(const QString &message) { return {core::ErrorKind::Conflict, 0, message, {}}; }

/** Names from "git status --porcelain -z --ignored" that a run did not make by merely running. */
QStringList precious(const QByteArray &status)
{
    QStringList names;
    const QList<QByteArray> records = status.split('\0');
    for (const QByteArray &record : records) {
        const QString name = QString::fromUtf8(record.mid(3));
        const bool cache = record.startsWith("!! ")
            && (name.endsWith(".pyc"_L1) || QString(u'/' + name).contains("/__pycache__/"_L1));
        if (!name.isEmpty() && !cache)
            names += name;
    }
    return names;
}

/** Why the worktree must stay; nothing where all of it can be made again. */
std::optional<core::Error> reasonToStay(const QList<Output> &answers, const QString &folder)
{
    for (const Output &answer : answers) {
        if (answer.exitCode != 0)
            return failure(answer.exitCode, answer.err);
    }
    constexpr qsizetype most = 3;
    if (const QStringList names = precious(answers[0].out); !names.isEmpty())
        return conflict(
            u"%1 is not removed: it holds files that are nowhere else (%2%3). Move or delete them first."_s.arg(
                folder, names.mid(0, most).join(u", "_s), names.size() > most ? u", …"_s : QString()));
    if (!answers[1].out.trimmed().isEmpty())
        return conflict(
            u"%1 is not removed: it has commits that are on no branch or tag. Make a branch of them first."_s.arg(
                folder));
    return {};
}

/** Git would take an empty folder. Looks at files: off the main thread. */
core::Result<void> freePlace(const QString &folder)
{
    const QFileInfo place(folder);
    if (place.exists() || place.isSymLink())
        return conflict(u"There is something at %1 already: choose another folder."_s.arg(folder));
    return {};
}

Command inFolder(const QString &folder, const QStringList &arguments)
{
    Command command;
    command.arguments = arguments;
    command.folder = folder;
    command.timeout = checkoutTimeout;
    return command;
}

} // namespace

core::Pending<Worktree> addWorktree(Git &git, const QString &repository, const QString &name, const QString &folder)
{
    if (!folder.startsWith(u'/'))
        return core::Pending<Worktree>::ready(
            conflict(u"“%1” is no whole path: a folder starts with /."_s.arg(folder)));
    core::Promise<Worktree> promise;
    const auto current = std::make_shared<core::Aborter>();
    promise.onAbort([current] { current->abort(); });
    Git *const owner = &git;
    const auto add = [=](const core::Result<QString> &commit) {
        if (promise.answered())
            return;
        if (!commit)
            return promise.answer(commit.error());
        const Worktree made{folder, *commit};
        const Command command
            = inFolder(repository, {u"worktree"_s, u"add"_s, u"--detach"_s, u"--"_s, made.folder, made.commit});
        *current = owner->output(command).then(owner, [promise, made](const core::Result<QByteArray> &output) {
            promise.answer(output ? core::Result(made) : core::Result<Worktree>(output.error()));
        });
    };
    core::offload(owner, [folder] { return freePlace(folder); }).then(owner, [=](const core::Result<void> &free) {
        if (promise.answered())
            return;
        if (!free)
            return promise.answer(free.error());
        *current = resolveLocal(*owner, repository, name).then(owner, add);
    });
    return promise.pending();
}

core::Pending<void> removeWorktree(Git &git, const QString &folder)
{
    core::Promise<void> promise;
    const auto current = std::make_shared<core::Aborter>();
    promise.onAbort([current] { current->abort(); });
    Git *const owner = &git;
    const QList<Command> questions{
        inFolder(folder, {u"status"_s, u"--porcelain"_s, u"-z"_s, u"--untracked-files=all"_s, u"--ignored"_s}),
        inFolder(folder,
            {u"rev-list"_s, u"--max-count=1"_s, u"HEAD"_s, u"--not"_s, u"--branches"_s, u"--tags"_s, u"--remotes"_s}),
        inFolder(folder, {u"rev-parse"_s, u"--path-format=absolute"_s, u"--git-common-dir"_s})};
    *current = git.runAll(questions).then(owner, [=](core::Result<QList<Output>> answers) {
        if (promise.answered())
            return;
        if (!answers)
            return promise.answer(answers.error());
        if (const auto reason = reasonToStay(*answers, folder))
            return promise.answer(*reason);
        // From the repository, for git never removes the folder it stands in. It looks again for changes.
        QByteArray repository = answers->last().out;
        repository.chop(1);
        *current = owner->output(inFolder(QString::fromUtf8(repository), {u"worktree"_s, u"remove"_s, u"--"_s, folder}))
                       .then(owner, [promise](const core::Result<QByteArray> &output) {
                           promise.answer(output ? core::Result<void>() : core::Result<void>(output.error()));
                       });
    });
    return promise.pending();
}

} // namespace git
