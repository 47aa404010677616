#include "code/codelook.h"

#include "core/offload.h"
#include "git/url.h"

#include <QDir>
#include <algorithm>

namespace code {

using namespace Qt::StringLiterals;
using recipe::CodeStep;

namespace {

constexpr int typingMs = 250;

/** What lies beside the code. */
struct Beside
{
    std::optional<runs::SavedConfig> brought;
    QStringList worktrees;
};

core::Pending<QString> unknown(const QString &sentence)
{
    return core::Pending<QString>::ready(core::Error{core::ErrorKind::NotFound, 0, sentence, {}});
}

const git::Ref *find(const git::Refs &refs, const QString &name)
{
    const QString wanted = name.isEmpty() ? refs.defaultBranch : name;
    const auto it = std::ranges::find(refs.refs, wanted, &git::Ref::name);
    return it == refs.refs.end() || it->commit.isEmpty() ? nullptr : &*it;
}

} // namespace

CodeLook::CodeLook(const QProcessEnvironment &environment, QObject *parent)
    : QObject(parent)
    , m_git(environment)
{
    m_soon.setSingleShot(true);
    m_soon.setInterval(typingMs);
    connect(&m_soon, &QTimer::timeout, this, &CodeLook::look);
}

void CodeLook::setFolder(const QString &hostFolder)
{
    if (m_copy.folder == hostFolder)
        return;
    ++m_round;
    m_looking.abort();
    m_copy = {};
    m_copy.folder = hostFolder;
    m_copy.looking = !hostFolder.isEmpty();
    m_copy.looking ? m_soon.start() : m_soon.stop();
    Q_EMIT changed();
}

void CodeLook::lookAgain()
{
    if (!m_copy.folder.isEmpty() && !m_copy.looking)
        look();
}

void CodeLook::look()
{
    const int round = ++m_round;
    m_copy.looking = true;
    Q_EMIT changed();
    m_looking = git::readRepository(m_git, m_copy.folder)
                    .then(this, [this, round](const core::Result<git::Repository> &repository) {
                        if (round != m_round)
                            return;
                        m_copy.trouble = repository ? QString() : repository.error().message;
                        m_copy.repository = repository ? std::optional(*repository) : std::nullopt;
                        if (!repository)
                            m_copy.refs = {};
                        lookBeside();
                    });
}

/** Files: a dead network folder holds up a thread of the pool, nobody else. */
void CodeLook::lookBeside()
{
    const int round = m_round;
    const QString folder = m_copy.folder;
    const QString root = m_copy.repository ? m_copy.repository->root : QString();
    const auto read = [folder, root]() -> core::Result<Beside> {
        Beside beside{runs::findBeside(folder), {}};
        if (!root.isEmpty()) {
            if (!beside.brought)
                beside.brought = runs::findBeside(root);
            beside.worktrees = QDir(root + u"-worktrees"_s).entryList(QDir::AllEntries | QDir::Hidden | QDir::System);
        }
        return beside;
    };
    core::offload(this, read).then(this, [this, round](const core::Result<Beside> &beside) {
        if (round != m_round)
            return;
        m_copy.brought = beside->brought;
        m_copy.worktrees = beside->worktrees;
        if (!m_copy.repository) {
            m_copy.looking = false;
            Q_EMIT changed();
            return;
        }
        m_looking = git::localRefs(m_git, m_copy.repository->root)
                        .then(this, [this, round](const core::Result<git::Refs> &refs) {
                            if (round != m_round)
                                return;
                            m_copy.looking = false;
                            m_copy.refs = refs ? *refs : git::Refs();
                            if (!refs)
                                m_copy.trouble = refs.error().message;
                            Q_EMIT changed();
                        });
    });
}

void CodeLook::askServer(const QString &url)
{
    m_asking.abort();
    m_server = {url, true, std::nullopt, {}};
    Q_EMIT changed();
    m_asking = git::remoteRefs(m_git, url).then(this, [this, url](const core::Result<git::Refs> &refs) {
        if (m_server.url != url || !m_server.asking || (!refs && refs.error().kind == core::ErrorKind::Aborted))
            return;
        m_server.asking = false;
        if (refs)
            m_server.refs = *refs;
        else
            m_server.trouble = refs.error().message;
        Q_EMIT changed();
    });
}

void CodeLook::keepServer(const QString &url)
{
    if (m_server.url == url || m_server.url.isEmpty())
        return;
    m_asking.abort();
    m_server = {};
    Q_EMIT changed();
}

git::Refs CodeLook::refs() const
{
    if (!m_server.refs)
        return m_copy.refs;
    git::Refs refs = *m_server.refs;
    for (git::Ref &ref : refs.refs) {
        const auto known = std::ranges::find(m_copy.refs.refs, ref.commit, &git::Ref::commit);
        if (!ref.commit.isEmpty() && known != m_copy.refs.refs.end())
            ref.summary = known->summary;
    }
    return refs;
}

core::Pending<QString> CodeLook::commitOf(const CodeStep &step)
{
    const QString &name = step.checkout;
    if (git::isFullHash(name))
        return core::Pending<QString>::ready(name);
    const bool clone = step.source == CodeStep::Source::Clone;
    if (clone) {
        if (const QString problem = git::urlProblem(step.url); !problem.isEmpty())
            return unknown(problem);
        return git::resolveRemote(m_git, step.url, name);
    }
    // What the server has comes with a pull or fetch; without, only what lies there can be checked out.
    if (m_server.refs && step.update != CodeStep::Update::None && !name.isEmpty()) {
        if (const git::Ref *ref = find(*m_server.refs, name))
            return core::Pending<QString>::ready(ref->commit);
    }
    if (!m_copy.repository)
        return unknown(m_copy.folder.isEmpty() ? tr("The code is in the image or on another machine, where it cannot "
                                                    "be looked at from here: to pin it, type the whole commit.")
                                               : m_copy.trouble);
    if (!name.isEmpty())
        return git::resolveLocal(m_git, m_copy.repository->root, name);
    if (m_copy.repository->commit.isEmpty())
        return unknown(tr("Nothing was committed yet."));
    return core::Pending<QString>::ready(m_copy.repository->commit);
}

core::Pending<git::Worktree> CodeLook::makeWorktree(const QString &name, const QString &folder)
{
    if (!m_copy.repository)
        return core::Pending<git::Worktree>::ready(core::Error{core::ErrorKind::NotFound, 0, m_copy.trouble, {}});
    const QString wanted = name.isEmpty() ? u"HEAD"_s : name;
    return git::addWorktree(m_git, m_copy.repository->root, wanted, folder);
}

} // namespace code
