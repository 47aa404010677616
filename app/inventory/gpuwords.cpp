#include "inventory/gpuwords.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace inventory {

using namespace Qt::StringLiterals;

namespace {

/** Phrases of NVML, CUDA or HIP in a program's output, and what they mean. The first that fits counts. */
struct Known
{
    std::array<std::string_view, 4> phrases; ///< any of them; the rest is empty
    const char *what;
    const char *whatToDo;
    GpuFailure::Help help;
};

constexpr std::array known = {
    // The running driver and the library differ: after an upgrade without a restart.
    Known{{"river/library version mismatch"}, "The NVIDIA driver was updated and the old one is still loaded.",
        "Restart the machine that runs Docker, or stop all that uses its GPUs and load the driver's modules anew.",
        GpuFailure::Help::None},
    // systemd takes the devices away from containers that the legacy hook started (nvidia-container-toolkit #48).
    Known{{"NVML: Unknown Error", "Can't initialize NVML"}, "The container lost its GPUs while it ran.",
        "This happens when systemd reloads its configuration. Start the container again to get them back; to prevent "
        "it, let Docker use the cgroupfs driver or hand out GPUs through CDI.",
        GpuFailure::Help::StartAgain},
    Known{{"NVML: Driver Not Loaded", "couldn't communicate with the NVIDIA driver"},
        "The NVIDIA driver does not answer.",
        "Run nvidia-smi on the machine that runs Docker: while that fails, no container gets a GPU.",
        GpuFailure::Help::None},
    Known{{"Found no NVIDIA driver", "no CUDA-capable device is detected", "No CUDA GPUs are available",
              "No HIP GPUs are"},
        "The program sees no GPU.", "Choose GPUs for it, and check that the GPUs page lists them.",
        GpuFailure::Help::Duplicate},
    Known{{"CUDA out of memory", "CUDA_ERROR_OUT_OF_MEMORY", "HIP out of memory"}, "The GPU's memory is full.",
        "See on the GPUs page who holds it, use a GPU with more free memory, or a smaller batch.",
        GpuFailure::Help::Duplicate},
};

bool says(std::string_view text, const Known &one)
{
    return std::ranges::any_of(one.phrases,
        [&](std::string_view phrase) { return !phrase.empty() && text.find(phrase) != std::string_view::npos; });
}

/** What an Xid code means: the ones that people who train meet. */
struct Xid
{
    int code;
    const char *what;
};

constexpr auto programError = "A program on this GPU did something wrong (%1): look for the bug in the training.";
constexpr auto hardware = "The GPU's hardware failed (%1): restart the machine, and have the GPU checked if it "
                          "happens again.";
constexpr auto reset = "The GPU needs a reset (%1): stop all that uses it, then run nvidia-smi --gpu-reset or restart "
                       "the machine.";

constexpr std::array xids = {
    Xid{13, programError},
    Xid{31, programError},
    Xid{43, programError},
    Xid{45, "The driver ended a program on this GPU (%1), mostly because it was killed or another fault came first."},
    Xid{48, hardware},
    Xid{62, hardware},
    Xid{63, "The GPU put faulty memory out of use (%1): it works on; reset it when it is free."},
    Xid{64, hardware},
    Xid{74, "The NVLink between GPUs failed (%1): restart the machine, and have it checked if it happens again."},
    Xid{79, "The GPU fell off the bus (%1): restart the machine, and check its power, cooling and seat."},
    Xid{92, "The GPU corrected many memory errors (%1): have it checked."},
    Xid{94,
        "A memory error ended a program on this GPU (%1): start that training again; reset the GPU when it is free."},
    Xid{95, reset},
    Xid{109, reset},
    Xid{119, reset},
    Xid{120, reset},
};

} // namespace

std::optional<GpuFailure> gpuFailure(QByteArrayView line)
{
    constexpr qsizetype mostSearched = 8192; // a progress bar's line has no end
    const std::string_view text(line.data(), size_t(std::min(line.size(), mostSearched)));
    for (size_t rank = 0; rank < known.size(); ++rank) {
        const Known &one = known[rank];
        if (says(text, one))
            return GpuFailure{QString::fromUtf8(one.what), QString::fromUtf8(one.whatToDo), one.help, int(rank)};
    }
    return std::nullopt;
}

QString xidSentence(int code)
{
    const auto known = std::find_if(xids.begin(), xids.end(), [code](const Xid &xid) { return xid.code == code; });
    const char *what = known == xids.end()
        ? "The driver reported a fault of this GPU (%1): docs.nvidia.com/deploy/xid-errors says what it means."
        : known->what;
    return QString::fromUtf8(what).arg(u"Xid %1"_s.arg(code));
}

} // namespace inventory
