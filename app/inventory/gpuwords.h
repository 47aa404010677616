#pragma once

#include <QByteArrayView>
#include <QString>
#include <optional>

namespace inventory {

/** What a GPU failure means and the way out of it, a sentence each. */
struct GpuFailure
{
    /** What else helps, where a button can do it. */
    enum class Help { None, StartAgain, Duplicate };

    QString what;
    QString whatToDo;
    Help help = Help::None;
    int rank = 0; ///< the lower, the nearer to the cause: a program without its GPUs complains of more than one thing

    bool operator==(const GpuFailure &) const = default;
};

/**
 * The GPU failure that a line tells of which a program in a container printed, in UTF-8; nothing for any other line.
 * What the daemon says when it refuses a container is common::errorText()'s.
 */
std::optional<GpuFailure> gpuFailure(QByteArrayView line);

/** A fault that the NVIDIA driver reported on a GPU, with the way out (docs.nvidia.com/deploy/xid-errors). */
QString xidSentence(int code);

} // namespace inventory
