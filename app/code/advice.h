#pragma once

#include "code/codelook.h"
#include "launch/codeuse.h"

/** What people are told before a run uses a working copy. Pure. */
namespace code {

/** Its state, that it is looked at, or why there is none; nothing where no folder is looked at. */
QString lookText(const WorkingCopy &copy);

/** What may go wrong with it, one sentence each. */
QStringList warnings(const WorkingCopy &copy, const QList<launch::CodeUse> &running, const recipe::RunConfig &config);

/** Whether a worktree can be made of it. */
bool canMakeWorktree(const WorkingCopy &copy);
/** What making one will do. */
QString worktreeText(const WorkingCopy &copy, const recipe::RunConfig &config);

/** What the server is being asked, or said; url: what would be asked, empty where nothing can be. */
QString serverText(const ServerRefs &server, const QString &url);

/** What an update of the code before the command does. */
QString updateText(recipe::CodeStep::Update update);

} // namespace code
