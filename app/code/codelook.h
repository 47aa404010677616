#pragma once

#include "git/git.h"
#include "git/refs.h"
#include "git/repository.h"
#include "git/worktree.h"
#include "recipe/runconfig.h"
#include "runs/library.h"

#include <QTimer>

namespace code {

/** What is known of a folder of this machine that code lies in. */
struct WorkingCopy
{
    QString folder; ///< empty: none is looked at
    bool looking = false; ///< what stands here may be old
    std::optional<git::Repository> repository;
    QString trouble; ///< why there is no repository, one sentence
    git::Refs refs;
    QStringList worktrees; ///< names in the folder of worktrees beside it
    std::optional<runs::SavedConfig> brought; ///< the run that travels with the code
};

/** What a server said that it has. */
struct ServerRefs
{
    QString url;
    bool asking = false;
    std::optional<git::Refs> refs;
    QString trouble; ///< one sentence
};

/**
 * Looks at the code of one run without ever making anybody wait: the working copy on this machine, and a server when
 * told to. Asks git, changes nothing but by makeWorktree(). Owned by its page.
 */
class CodeLook : public QObject
{
    Q_OBJECT
public:
    explicit CodeLook(const QProcessEnvironment &environment, QObject *parent = nullptr);

    /** The folder that is looked at, soon; empty for none. */
    void setFolder(const QString &hostFolder);
    /** Once more: people commit and fetch in other windows. */
    void lookAgain();
    void askServer(const QString &url);
    /** Another one's answer is of no use for this address. */
    void keepServer(const QString &url);

    const WorkingCopy &workingCopy() const { return m_copy; }
    const ServerRefs &server() const { return m_server; }
    /** Of the server where it was asked, with the commits' subjects where the working copy knows them. */
    git::Refs refs() const;

    /** What a step's checkout is now. NotFound also where nobody can be asked. */
    core::Pending<QString> commitOf(const recipe::CodeStep &step);
    core::Pending<git::Worktree> makeWorktree(const QString &name, const QString &folder);

Q_SIGNALS:
    void changed();

private:
    void look();
    void lookBeside();

    git::Git m_git;
    WorkingCopy m_copy;
    ServerRefs m_server;
    QTimer m_soon;
    core::Aborter m_looking;
    core::Aborter m_asking;
    int m_round = 0; ///< answers of an earlier look are dropped
};

} // namespace code
