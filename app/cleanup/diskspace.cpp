#include "cleanup/diskspace.h"

#include "core/offload.h"
#include "docker/engine.h"

#include <QFileInfo>
#include <QStorageInfo>
#include <QSysInfo>

namespace cleanup {

QString localRoot(const docker::Info &info, const QString &machine)
{
    // A daemon in a virtual machine or behind a forwarded socket has another name than this machine.
    return !info.dockerRootDir.isEmpty() && info.name == machine ? info.dockerRootDir : QString();
}

core::Pending<Space> diskSpace(docker::Engine &engine, QObject *owner)
{
    core::Promise<Space> promise;
    engine.info().then(owner, [owner, promise](const core::Result<docker::Info> &info) {
        if (!info)
            return promise.answer(info.error());
        const QString folder = localRoot(*info, QSysInfo::machineHostName());
        if (folder.isEmpty())
            return promise.answer(Space());
        core::offload(owner, [folder]() -> core::Result<Space> {
            const QStorageInfo storage(folder);
            if (!storage.isValid() || storage.bytesTotal() <= 0)
                return Space();
            return Space{folder, storage.bytesTotal(), storage.bytesAvailable()};
        }).then(owner, [promise](const core::Result<Space> &space) { promise.answer(space); });
    });
    return promise.pending();
}

Shared sharedOf(const std::optional<docker::DiskUsage> &usage)
{
    Shared shared;
    if (!usage)
        return shared;
    shared.imagesOnDisk = usage->layersSize;
    for (const docker::CacheRecord &record : usage->buildCache) {
        if (record.shared)
            shared.withCache += record.size;
    }
    return shared;
}

DiskShares sharesOf(const std::optional<docker::DiskUsage> &usage, const Space &space)
{
    DiskShares shares;
    shares.free = space.free;
    qint64 dockers = 0;
    if (usage) {
        shares.images = usage->layersSize;
        shares.containers = shares.volumes = shares.buildCache = 0;
        for (const docker::ContainerUse &use : usage->containers)
            shares.containers += std::max<qint64>(use.sizeRw, 0);
        for (const docker::Volume &volume : usage->volumes)
            shares.volumes += std::max<qint64>(volume.size, 0);
        for (const docker::CacheRecord &record : usage->buildCache) {
            if (!record.shared)
                shares.buildCache += record.size;
        }
        dockers = std::max<qint64>(shares.images, 0) + shares.containers + shares.volumes + shares.buildCache;
    }
    // Volumes of other drivers may lie elsewhere: never less than nothing.
    if (space.total >= 0 && space.free >= 0)
        shares.others = std::max<qint64>(space.total - space.free - dockers, 0);
    return shares;
}

} // namespace cleanup
