#pragma once

#include "gpu/snapshot.h"

#include <QJsonObject>

namespace gpu {

/**
 * What `slipway gpus --json` prints. Names are stable: fields may be added, none renamed. Unknown is null.
 *
 *   {"source", "driver_version", "cuda_version",
 *    "trouble": null | {"kind": "no-gpu|no-driver|mismatch|denied|broken", "message", "detail"},
 *    "gpus": [{"index", "uuid", "name", "vendor": "nvidia|amd|intel", "pci_bus_id",
 *       "utilization_percent", "memory_utilization_percent",
 *       "memory_total_bytes", "memory_used_bytes", "memory_reserved_bytes", "memory_free_bytes", "unified_memory",
 *       "temperature_celsius", "power_watts", "power_limit_watts", "clock_mhz", "clock_max_mhz", "memory_clock_mhz",
 *       "fan_percent", "throttled": ["words"], "mig_mode": null | "off" | "on", "asleep", "lost", "error",
 *       "xid": null | {"code", "time": ISO 8601 in UTC},
 *       "processes": [{"pid", "memory_bytes", "utilization_percent", "kind": "compute|graphics|both", "name",
 *                      "gpu_instance", "compute_instance"}],
 *       "mig_devices": [{"uuid", "gpu_instance", "compute_instance", "profile", "memory_total_bytes",
 *                        "memory_used_bytes", "processes": as above}]}]}
 *
 * A process stands once: in its MIG device when it runs in one, else in the GPU.
 */
QJsonObject toJson(const Snapshot &snapshot);

} // namespace gpu
