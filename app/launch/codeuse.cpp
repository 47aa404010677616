#include "launch/codeuse.h"

#include <QDir>

namespace launch {

using recipe::CodeStep;
using recipe::Mount;
using recipe::RunConfig;

namespace {

bool isIn(const QString &path, const QString &folder)
{
    return path == folder || folder == u"/" || path.startsWith(QString(folder + u'/'));
}

/** `path`, which is in `from`, as it is called when that folder is called `to`. */
QString moved(const QString &path, const QString &from, const QString &to)
{
    return QDir::cleanPath(to + u'/' + path.mid(from.size()));
}

/** The mount that shows a folder of the container: of those above it the deepest, and of two alike the last. */
const Mount *mountOf(const RunConfig &config, const QString &containerFolder)
{
    const Mount *deepest = nullptr;
    for (const Mount &mount : config.mounts) {
        const QString target = QDir::cleanPath(mount.target);
        if (target.startsWith(u'/') && isIn(containerFolder, target)
            && (!deepest || target.size() >= QDir::cleanPath(deepest->target).size()))
            deepest = &mount;
    }
    return deepest;
}

} // namespace

std::optional<CodePlace> placeInContainer(const RunConfig &config, const QString &containerFolder)
{
    const QString inside = QDir::cleanPath(containerFolder);
    const Mount *mount = inside.startsWith(u'/') ? mountOf(config, inside) : nullptr;
    if (!mount || !mount->source.startsWith(u'/'))
        return {};
    return CodePlace{
        moved(inside, QDir::cleanPath(mount->target), QDir::cleanPath(mount->source)), inside, mount->readOnly};
}

std::optional<CodePlace> placeOnHost(const RunConfig &config, const QString &hostFolder)
{
    const QString outside = QDir::cleanPath(hostFolder);
    if (!outside.startsWith(u'/'))
        return {};
    std::optional<CodePlace> best;
    for (const Mount &mount : config.mounts) {
        const QString source = QDir::cleanPath(mount.source);
        if (!source.startsWith(u'/') || !mount.target.startsWith(u'/') || !isIn(outside, source))
            continue;
        const CodePlace place{outside, moved(outside, source, QDir::cleanPath(mount.target)), mount.readOnly};
        // A folder seen twice: better where it can be written.
        if (placeInContainer(config, place.containerFolder) == place && (!best || (best->readOnly && !place.readOnly)))
            best = place;
    }
    return best;
}

std::optional<CodeUse> codeUse(const QString &container, const RunConfig &config)
{
    const CodeStep &code = config.code;
    const auto place = code.folder.isEmpty() ? std::nullopt : placeInContainer(config, code.folder);
    if (!place)
        return {};
    return CodeUse{container, place->hostFolder, code.commit.isEmpty() ? code.checkout : code.commit};
}

QList<CodeUse> conflictingUses(const QList<CodeUse> &running, const RunConfig &config)
{
    const auto mine = codeUse({}, config);
    QList<CodeUse> others;
    // Without a checkout and an update nothing of the folder changes.
    if (!mine || (mine->checkout.isEmpty() && config.code.update == CodeStep::Update::None))
        return others;
    for (const CodeUse &use : running) {
        if (QDir::cleanPath(use.hostFolder) == mine->hostFolder && use.checkout != mine->checkout)
            others += use;
    }
    return others;
}

} // namespace launch
