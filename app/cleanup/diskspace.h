#pragma once

#include "cleanup/candidate.h"
#include "docker/disk.h"
#include "transfers/diskroom.h"

#include <optional>

/** Where the disk went. */
namespace cleanup {

/** Who has how many bytes of it; −1: not known. */
struct DiskShares
{
    qint64 images = -1; ///< each layer once
    qint64 containers = -1; ///< what is written in them
    qint64 volumes = -1;
    qint64 buildCache = -1; ///< what no image shares
    qint64 others = -1; ///< what is not Docker's on the same file system
    qint64 free = -1;

    bool operator==(const DiskShares &) const = default;
};

/** What totals have to know of it. */
Shared sharedOf(const std::optional<docker::DiskUsage> &usage);

DiskShares sharesOf(const std::optional<docker::DiskUsage> &usage, const transfers::Room &disk);

} // namespace cleanup
