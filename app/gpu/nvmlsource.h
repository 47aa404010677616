#pragma once

#include "gpu/nvml.h"
#include "gpu/source.h"
#include "gpu/sysfs.h"

#include <QHash>
#include <QList>

namespace gpu {

/**
 * NVIDIA GPUs by the driver's library, kept open between samplings: opening it can start a GPU up, which takes seconds.
 * Not for GPUs of other machines (nvidia-smi over ssh is).
 */
class NvmlSource : public Source
{
public:
    /** `library` as dlopen() takes it. */
    explicit NvmlSource(const QString &library = defaultLibrary(), const Roots &roots = {});
    ~NvmlSource() override;

    /** SLIPWAY_NVML, else the system's libnvidia-ml.so.1. */
    static QString defaultLibrary();

    [[nodiscard]] std::optional<Trouble> open() override;
    [[nodiscard]] Snapshot sample(Depth depth) override;

private:
    struct Mig
    {
        NvmlHandle handle = nullptr;
        MigDevice known; ///< what does not change while it exists
    };
    struct Device
    {
        NvmlHandle handle = nullptr;
        bool watched = false; ///< its Xid events come
        qint64 migsListed = 0; ///< monotonic ms
        QList<Mig> migs;
        std::vector<NvmlProcessSample> samples; ///< kept for its room
        Gpu known; ///< identity and slow values
    };

    void close();
    void enumerate(uint32_t count);
    void identify(Device &device, uint32_t index);
    void readSlow(Device &device) const;
    void readFast(Device &device, Gpu &gpu) const;
    bool readMemory(NvmlHandle handle, Gpu &gpu) const;
    void listMigs(Device &device) const;
    void readProcesses(Device &device, Gpu &gpu) const;
    void readUtilisation(Device &device, Gpu &gpu) const;
    QList<MigDevice> readMigs(const Device &device) const;
    QList<Process> processesOn(NvmlHandle handle) const;
    void readEvents();

    QString m_library;
    Roots m_roots;
    Nvml m_nvml;
    bool m_open = false;
    NvmlHandle m_events = nullptr;
    QString m_driverVersion;
    QString m_cudaVersion;
    std::vector<Device> m_devices; ///< by index
    QHash<QString, Xid> m_xids; ///< the last of each uuid
};

} // namespace gpu
