#pragma once

#include <QJsonObject>

namespace inventory {

class GpuState;
class Inventory;

/**
 * What `slipway gpus --json` prints: gpu::toJson() and who is on the GPUs. Names are stable; unknown is null.
 *
 *   each process besides: {"container", "container_id", "user", "command", "since": ISO 8601 in UTC}
 *   each GPU and MIG device besides: {"used_by": [{"name", "container_id", "memory_bytes", "pids"}],
 *       "asked_for_by": names of running containers that asked for it and use no GPU}
 *   "containers": null when the daemon does not answer | [{"id", "name", "asked", "asked_uuids", "uuids",
 *       "memory_bytes", "utilization_percent"}], those that use GPUs or asked for some
 */
QJsonObject gpuReport(const GpuState &state, const Inventory &inventory);

} // namespace inventory
