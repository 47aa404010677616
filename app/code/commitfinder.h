#pragma once

#include "git/git.h"
#include "git/repository.h"
#include "recipe/runconfig.h"
#include "runs/record.h"

namespace code {

/**
 * Tells at a launch which commit it will run, as far as that can be known before it has run: of the Code step, or of
 * the working copy the command starts in. Asks git and, where the step takes what the server has, the server. Never
 * blocks. Owned by whoever launches.
 */
class CommitFinder : public QObject
{
    Q_OBJECT
public:
    /** hostIsLocal: Docker's folders are those of this machine. */
    CommitFinder(const QProcessEnvironment &environment, bool hostIsLocal, QObject *parent = nullptr);

    /** One at most, and whether the working copy it is checked out in has changes beside it. NotFound where nobody can
     * tell: better none than another one than what ran. */
    core::Pending<QList<runs::Commit>> find(const recipe::RunConfig &config);

private:
    core::Pending<QString> ofStep(const git::Repository &repository, const recipe::CodeStep &step);
    core::Pending<QString> ofPull(const git::Repository &repository);
    core::Pending<QString> afterPull(const git::Repository &repository, const QString &tip);
    core::Pending<QString> ofName(const git::Repository &repository, const QString &name);

    git::Git m_git;
    bool m_hostIsLocal;
};

} // namespace code
