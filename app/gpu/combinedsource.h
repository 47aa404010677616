#pragma once

#include "gpu/source.h"
#include "gpu/sysfs.h"

#include <QString>
#include <vector>

namespace gpu {

/**
 * All GPUs of this machine, of whichever vendors there are. One whose driver is in trouble is tried again every 30 s;
 * its trouble is told beside the others' GPUs, unless it only says that there is no such GPU.
 */
class CombinedSource : public Source
{
public:
    /** NVIDIA's library as SLIPWAY_NVML names it, AMD's and Intel's GPUs under /sys. */
    CombinedSource();
    explicit CombinedSource(const QString &nvmlLibrary, const Roots &roots = {});

    [[nodiscard]] std::optional<Trouble> open() override;
    [[nodiscard]] Snapshot sample(Depth depth) override;

private:
    struct Part
    {
        std::unique_ptr<Source> source;
        bool open = false;
        bool sampled = false; ///< since it was opened
        qint64 tried = 0; ///< monotonic ms of the last open()
        std::optional<Trouble> trouble;
    };
    void openParts();
    std::optional<Trouble> worst() const;

    std::vector<Part> m_parts;
};

} // namespace gpu
