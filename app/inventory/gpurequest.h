#pragma once

#include "docker/types.h"
#include "gpu/snapshot.h"

namespace inventory {

/** Which GPUs a container asked for when it was made, whether or not it uses them. */
struct GpuRequest
{
    gpu::Vendor vendor = gpu::Vendor::Nvidia;
    int count = 0; ///< the first so many; −1: all
    QStringList ids; ///< "0", "0:1" (GPU and MIG device), "GPU-…", "MIG-…", "renderD128"

    bool operator==(const GpuRequest &) const = default;

    bool empty() const { return count == 0 && ids.isEmpty(); }
    /** As a cell: "all", "2 GPUs", "0,1"; empty for none. */
    QString text() const;
    /** As a cell, with uuids of the snapshot's GPUs as their numbers. */
    QString text(const gpu::Snapshot &snapshot) const;
    /** The uuids of the snapshot's GPUs and MIG devices that this means. */
    QStringList uuids(const gpu::Snapshot &snapshot) const;
};

/**
 * What `--gpus`, CDI names, NVIDIA_VISIBLE_DEVICES with the nvidia runtime (AMD_VISIBLE_DEVICES with amd), or the
 * device files /dev/kfd and /dev/nvidiaN ask for.
 */
GpuRequest gpuRequest(const docker::ContainerDetail &detail);

/** A GPU's number as the tables show it: "0"; "AMD 0" for others than NVIDIA's beside NVIDIA's. */
QString gpuPlace(const gpu::Snapshot &snapshot, const gpu::Gpu &gpu);
/** A MIG device's number as `--gpus device=` takes it: "0:1". */
QString migPlace(const gpu::Snapshot &snapshot, const gpu::Gpu &gpu, qsizetype device);

} // namespace inventory
