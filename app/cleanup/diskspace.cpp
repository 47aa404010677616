#include "cleanup/diskspace.h"

#include <algorithm>

namespace cleanup {

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

DiskShares sharesOf(const std::optional<docker::DiskUsage> &usage, const transfers::Room &disk)
{
    DiskShares shares;
    shares.free = disk.free;
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
    if (disk.total >= 0 && disk.free >= 0)
        shares.others = std::max<qint64>(disk.total - disk.free - dockers, 0);
    return shares;
}

} // namespace cleanup
