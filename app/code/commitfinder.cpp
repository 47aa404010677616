#include "code/commitfinder.h"

#include "git/refs.h"
#include "git/url.h"
#include "launch/codeuse.h"

#include <algorithm>

namespace code {

using namespace Qt::StringLiterals;
using recipe::CodeStep;

namespace {

core::Error unknown() { return {core::ErrorKind::NotFound, 0, u"Which commit it is cannot be told beforehand."_s, {}}; }

core::Pending<QString> nobodyKnows() { return core::Pending<QString>::ready(unknown()); }

/** The address of the remote that an upstream such as "origin/main" is of, and its branch there. */
std::optional<std::pair<QString, QString>> serverOf(const git::Repository &repository)
{
    if (!repository.upstream)
        return std::nullopt;
    for (const git::Remote &remote : repository.remotes) {
        const QString prefix = remote.name + u'/';
        if (repository.upstream->name.startsWith(prefix))
            return std::pair(remote.url, repository.upstream->name.mid(prefix.size()));
    }
    return std::nullopt;
}

/** Continues with another question to git; next(value) makes it. */
template <typename T, typename F> core::Pending<QString> andThen(core::Pending<T> first, QObject *context, F next)
{
    const core::Promise<QString> promise;
    std::move(first).then(context, [promise, context, next](const core::Result<T> &value) {
        if (!value)
            return promise.answer(value.error());
        next(*value).then(context, [promise](const core::Result<QString> &commit) { promise.answer(commit); });
    });
    return promise.pending();
}

} // namespace

CommitFinder::CommitFinder(const QProcessEnvironment &environment, bool hostIsLocal, QObject *parent)
    : QObject(parent)
    , m_git(environment)
    , m_hostIsLocal(hostIsLocal)
{
}

core::Pending<QList<runs::Commit>> CommitFinder::find(const recipe::RunConfig &config)
{
    const CodeStep &step = config.code;
    const QString folder = step.folder.isEmpty() ? config.workingDir : step.folder;
    const auto named = [folder](const QString &commit) { return QList<runs::Commit>{{folder, commit}}; };
    const QString &name = step.commit.isEmpty() ? step.checkout : step.commit;
    const QString pinned = !step.folder.isEmpty() && git::isFullHash(name) ? name : QString();
    const auto withoutCopy
        = [pinned] { return pinned.isEmpty() ? nobodyKnows() : core::Pending<QString>::ready(pinned); };
    if (!step.folder.isEmpty() && step.source == CodeStep::Source::Clone) {
        const bool ask = pinned.isEmpty() && git::urlProblem(step.url).isEmpty();
        return (ask ? git::resolveRemote(m_git, step.url, step.checkout) : withoutCopy()).map(named);
    }
    const auto place = m_hostIsLocal && !folder.isEmpty() ? launch::placeInContainer(config, folder) : std::nullopt;
    if (!place)
        return withoutCopy().map(named);
    const core::Promise<QList<runs::Commit>> promise;
    git::readRepository(m_git, place->hostFolder).then(this, [=, this](const core::Result<git::Repository> &copy) {
        // A checkout takes uncommitted changes along.
        const bool changed = copy && !copy->changes.clean();
        (pinned.isEmpty() && copy ? ofStep(*copy, step) : withoutCopy())
            .then(this, [promise, folder, changed](const core::Result<QString> &commit) {
                if (!commit)
                    return promise.answer(commit.error());
                promise.answer(QList<runs::Commit>{{folder, *commit, changed}});
            });
    });
    return promise.pending();
}

core::Pending<QString> CommitFinder::ofStep(const git::Repository &repository, const CodeStep &step)
{
    using Update = CodeStep::Update;
    if (repository.bare || repository.commit.isEmpty())
        return nobodyKnows();
    const bool stays = step.folder.isEmpty() || step.update != Update::Pull;
    const QString &name = step.checkout;
    if (step.folder.isEmpty() || (name.isEmpty() && stays))
        return core::Pending<QString>::ready(repository.commit);
    if (step.update == Update::None)
        return git::resolveLocal(m_git, repository.root, name);
    if (step.update == Update::Pull && (name.isEmpty() || name == repository.branch))
        return ofPull(repository);
    return ofName(repository, name);
}

/** The branch it is on, moved to what the server has. */
core::Pending<QString> CommitFinder::ofPull(const git::Repository &repository)
{
    const auto server = serverOf(repository);
    if (!server)
        return nobodyKnows(); // git pull will refuse
    return andThen(git::resolveRemote(m_git, server->first, server->second), this,
        [this, repository](const QString &tip) { return afterPull(repository, tip); });
}

/** With commits of its own it stays where it is, as long as the server has nothing new; else git makes a merge. */
core::Pending<QString> CommitFinder::afterPull(const git::Repository &repository, const QString &tip)
{
    if (repository.upstream->ahead == 0)
        return core::Pending<QString>::ready(tip);
    const bool behind = repository.upstream->behind > 0;
    return git::resolveLocal(m_git, repository.root, repository.upstream->name)
        .map([tip, behind, own = repository.commit](const QString &known) -> core::Result<QString> {
            return known == tip && !behind ? core::Result<QString>(own) : core::Result<QString>(unknown());
        });
}

/** A branch or tag that is here stays where it is; any other comes with the fetch. */
core::Pending<QString> CommitFinder::ofName(const git::Repository &repository, const QString &name)
{
    return andThen(git::localRefs(m_git, repository.root), this, [this, repository, name](const git::Refs &refs) {
        const auto here
            = [&name](const git::Ref &ref) { return ref.name == name && ref.kind != git::Ref::Kind::RemoteBranch; };
        const auto remotely
            = [&name](const git::Ref &ref) { return ref.name == name && ref.kind == git::Ref::Kind::RemoteBranch; };
        const auto remote = repository.mainRemote();
        const bool local = std::ranges::any_of(refs.refs, here);
        if (!local && remote && std::ranges::any_of(refs.refs, remotely))
            return git::resolveRemote(m_git, remote->url, name);
        return git::resolveLocal(m_git, repository.root, name);
    });
}

} // namespace code
