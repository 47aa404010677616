#include "code/advice.h"

#include "code/words.h"
#include "code/worktreeplan.h"
#include "git/url.h"

#include <QCoreApplication>

namespace code {

using namespace Qt::StringLiterals;
using recipe::CodeStep;

namespace {
QString tr(const char *text) { return QCoreApplication::translate("code", text); }
} // namespace

QString lookText(const WorkingCopy &copy)
{
    if (copy.repository)
        return stateText(*copy.repository);
    return copy.looking ? tr("Looking at %1…").arg(copy.folder) : copy.trouble;
}

QStringList warnings(const WorkingCopy &copy, const QList<launch::CodeUse> &running, const recipe::RunConfig &config)
{
    QStringList warnings;
    if (config.code.folder.isEmpty() || config.code.source != CodeStep::Source::Present)
        return warnings;
    for (const launch::CodeUse &use : launch::conflictingUses(running, config))
        warnings += conflictText(use);
    if (copy.repository && copy.repository->changes.tracked > 0)
        warnings += tr("The working copy has uncommitted changes: no commit will tell what this run was, and git stops "
                       "where they are in its way.");
    return warnings;
}

bool canMakeWorktree(const WorkingCopy &copy)
{
    return copy.repository && !copy.repository->bare && !copy.repository->commit.isEmpty();
}

QString worktreeText(const WorkingCopy &copy, const recipe::RunConfig &config)
{
    if (!canMakeWorktree(copy))
        return {};
    const CodeStep &step = config.code;
    QString name = !step.commit.isEmpty() ? step.commit : step.checkout;
    if (name.isEmpty())
        name = copy.repository->detached() ? copy.repository->commit : copy.repository->branch;
    QString text
        = tr("Makes the folder %1 with the last commit of %2 here, and mounts it in the working copy's place, which "
             "stays as it is. This step becomes “Nothing”, for git does not work in the container of such a folder.")
              .arg(worktreeFolder(*copy.repository, config, copy.worktrees), shortCommit(name));
    if (!copy.repository->submodules.isEmpty())
        text += u' ' + tr("Its submodules are empty there.");
    return text;
}

QString serverText(const ServerRefs &server, const QString &url)
{
    const QString shown = git::redacted(url);
    if (server.asking)
        return tr("Asking %1…").arg(shown);
    if (!server.trouble.isEmpty())
        return server.trouble;
    if (server.refs)
        return tr("The list shows what %1 has.").arg(shown);
    return url.isEmpty() ? QString() : tr("For what %1 has by now.").arg(shown);
}

QString updateText(CodeStep::Update update)
{
    switch (update) {
    case CodeStep::Update::Pull:
        return tr("Before the command: the newest commit of the branch it is on.");
    case CodeStep::Update::Fetch:
        return tr("Before the command: what the server has becomes known; no file changes.");
    case CodeStep::Update::None:
        break;
    }
    return tr("The code runs as it lies there.");
}

} // namespace code
