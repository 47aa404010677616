#include "code/worktreeplan.h"

#include "code/words.h"
#include "launch/codeuse.h"

#include <QDir>
#include <QRegularExpression>
#include <algorithm>

namespace code {

using namespace Qt::StringLiterals;
using recipe::Mount;
using recipe::RunConfig;

QString worktreeFolder(const git::Repository &repository, const RunConfig &config, const QStringList &taken)
{
    const recipe::CodeStep &step = config.code;
    QString name = !config.name.isEmpty() ? config.name
        : !step.checkout.isEmpty()        ? step.checkout
        : !repository.branch.isEmpty()    ? repository.branch
                                          : repository.commit;
    static const QRegularExpression awkward(u"[^A-Za-z0-9._-]+"_s);
    name = shortCommit(name).replace(awkward, u"-"_s);
    while (name.startsWith(u'.') || name.startsWith(u'-'))
        name.remove(0, 1);
    if (name.isEmpty())
        name = u"run"_s;
    QString free = name;
    for (int i = 2; taken.contains(free); ++i)
        free = u"%1-%2"_s.arg(name).arg(i);
    return u"%1-worktrees/%2"_s.arg(repository.root, free);
}

RunConfig fromWorktree(const RunConfig &config, const git::Repository &repository, const QString &worktree)
{
    RunConfig run = config;
    run.code = {};
    run.workingDir = QDir::cleanPath(config.code.folder); // where the step would have gone
    const auto inside = launch::placeInContainer(config, config.code.folder);
    if (!inside)
        return run;
    // The whole worktree where the whole working copy was seen; only its part where only a part was.
    auto place = launch::placeOnHost(config, repository.root);
    QString source = worktree;
    if (!place) {
        place = inside;
        source = QDir::cleanPath(worktree + u'/' + QDir(repository.root).relativeFilePath(inside->hostFolder));
    }
    const auto same = [&place](const Mount &mount) { return QDir::cleanPath(mount.target) == place->containerFolder; };
    const auto last = std::find_if(run.mounts.rbegin(), run.mounts.rend(), same);
    if (last != run.mounts.rend()) {
        last->source = source;
        return run;
    }
    Mount mount;
    mount.source = source;
    mount.target = place->containerFolder;
    mount.readOnly = place->readOnly;
    mount.mustExist = true;
    run.mounts += mount;
    return run;
}

} // namespace code
