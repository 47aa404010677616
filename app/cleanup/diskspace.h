#pragma once

#include "cleanup/candidate.h"
#include "core/pending.h"
#include "docker/disk.h"

#include <QObject>
#include <optional>

/** Where the disk went. */
namespace cleanup {

/** The file system that a daemon keeps everything on. */
struct Space
{
    QString folder; ///< the daemon's root; empty: not on this machine, or not to be told
    qint64 total = -1; ///< bytes; −1: not known
    qint64 free = -1; ///< bytes anybody may still write

    bool operator==(const Space &) const = default;
};

/** Asks for the daemon's root and, where that is on this machine, how full its file system is, in a thread of its own.
 * owner: what may not be outlived. */
core::Pending<Space> diskSpace(docker::Engine &engine, QObject *owner);
/** The daemon's root where it is on the machine of that name, else empty. */
QString localRoot(const docker::Info &info, const QString &machine);

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

DiskShares sharesOf(const std::optional<docker::DiskUsage> &usage, const Space &space);

} // namespace cleanup
