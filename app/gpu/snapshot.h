#pragma once

#include <QList>
#include <QMetaType>
#include <QString>
#include <QStringList>
#include <optional>

/**
 * What the GPUs of one machine are doing, as plain values. Unknown is never 0: numbers that no one told are −1, texts
 * are empty. A driver that does not measure something (a passive card's fan, a MIG GPU's utilisation) is the usual
 * case.
 */
namespace gpu {

constexpr qint64 unknown = -1;

enum class ProcessKind { Compute, Graphics, Both };

/** One process on one GPU. It stands once, in the GPU's list or in that of its MIG device, however often the driver
 * lists it. */
struct Process
{
    qint64 pid = 0; ///< as the machine's own /proc numbers it
    qint64 memory = unknown; ///< bytes of this GPU's memory
    int utilisation = unknown; ///< percent of this GPU's time, 0…100
    ProcessKind kind = ProcessKind::Compute;
    int gpuInstance = unknown; ///< MIG: of which GPU instance; unknown outside MIG
    int computeInstance = unknown; ///< MIG, likewise
    QString name; ///< only where the source tells it (nvidia-smi); NVML does not

    bool operator==(const Process &) const = default;
};

/** A part of a GPU that is used like a GPU of its own (NVIDIA's MIG). Utilisation is not measured for it. */
struct MigDevice
{
    QString uuid; ///< "MIG-…": what --gpus device= takes
    int gpuInstance = unknown;
    int computeInstance = unknown;
    QString profile; ///< "1g.10gb" where it can be told
    qint64 memoryTotal = unknown; ///< bytes
    qint64 memoryUsed = unknown; ///< bytes
    QList<Process> processes;

    bool operator==(const MigDevice &) const = default;
};

/** A fault that the NVIDIA driver reported on a GPU, see https://docs.nvidia.com/deploy/xid-errors/. */
struct Xid
{
    int code = 0;
    qint64 time = 0; ///< when it was seen, Unix milliseconds

    bool operator==(const Xid &) const = default;
};

enum class Vendor { Nvidia, Amd, Intel };
enum class MigMode { None, Off, On }; ///< None: this GPU has no MIG, or nobody told

/** One GPU. Its identity is `uuid`; `index` may change when the machine starts again. */
struct Gpu
{
    QString uuid; ///< "GPU-…", or the PCI address for vendors without such an id; never empty, not even when lost
    int index = 0; ///< from 0, the vendor's own numbering: unique only together with `vendor`
    QString name; ///< "NVIDIA H100 80GB HBM3"
    QString pciBusId; ///< as in sysfs: "0000:01:00.0", lower case
    Vendor vendor = Vendor::Nvidia;

    int utilisation = unknown; ///< percent, 0…100
    int memoryUtilisation = unknown; ///< percent of time the memory was read or written; not how full it is
    qint64 memoryTotal = unknown; ///< bytes
    qint64 memoryUsed = unknown; ///< bytes, what programs hold, without `memoryReserved` where that is known
    qint64 memoryReserved = unknown; ///< bytes the driver keeps for itself
    bool unifiedMemory = false; ///< the GPU shares the machine's memory, and the three above are the machine's
    int temperature = unknown; ///< °C
    double power = unknown; ///< W
    double powerLimit = unknown; ///< W
    int clock = unknown; ///< MHz, of the processors
    int clockMax = unknown; ///< MHz
    int memoryClock = unknown; ///< MHz
    int fan = unknown; ///< percent of its full speed
    QStringList throttled; ///< why the clocks are held down, in words ("too hot"); empty when they are not
    MigMode migMode = MigMode::None;
    bool asleep = false; ///< suspended to save power; nothing was asked of it, so that it stays asleep

    bool lost = false; ///< the driver cannot reach it any more; the figures above are unknown
    QString error; ///< one sentence when lost or refused, else empty
    std::optional<Xid> xid; ///< the last one seen since the program watches

    QList<Process> processes; ///< those outside MIG devices
    QList<MigDevice> migDevices;

    bool operator==(const Gpu &) const = default;

    /** Bytes a program could still get; unknown where total or used is. */
    qint64 memoryFree() const;
    /** Those of the MIG devices as well. */
    QList<Process> allProcesses() const;
};

enum class TroubleKind {
    NoGpu, ///< there is none
    NoDriver, ///< a GPU or its driver's library may be there, the driver is not loaded
    Mismatch, ///< driver and library are of different versions: after an upgrade without a restart
    Denied, ///< this user may not ask the driver
    Broken, ///< anything else the driver says
};

/** Why there are no GPUs to show, or not those of one vendor. */
struct Trouble
{
    TroubleKind kind = TroubleKind::NoGpu;
    QString sentence; ///< one, for people, with the way out where there is one
    QString detail; ///< the driver's own words and code, or empty

    bool operator==(const Trouble &) const = default;
};

/** All GPUs at one moment. With a trouble and GPUs, the trouble concerns another vendor's. */
struct Snapshot
{
    QString source; ///< "NVML", "amdgpu", "nvidia-smi", …; joined by " + " when there are several
    QString driverVersion; ///< NVIDIA's
    QString cudaVersion; ///< the newest CUDA that driver can do, "12.2"
    QList<Gpu> gpus; ///< sorted by vendor, then index
    std::optional<Trouble> trouble;
    qint64 taken = 0; ///< monotonic milliseconds (CLOCK_MONOTONIC) when sampling ended

    bool operator==(const Snapshot &) const = default;

    const Gpu *find(const QString &uuid) const;
};

} // namespace gpu

Q_DECLARE_METATYPE(gpu::Snapshot)
