#pragma once

#include "gpu/snapshot.h"

#include <functional>
#include <memory>
#include <optional>

namespace gpu {

/** Fast: utilisation, memory, processes, temperature, power. Slow: besides, limits, names, fans, MIG's layout. */
enum class Depth { Fast, Slow };

/**
 * Where the figures of one machine's GPUs come from. Used on one thread only, the sampler's, and any call may block
 * there for as long as a driver pleases. Keeps what is costly to open (a driver's library) open until it is destroyed.
 */
class Source
{
public:
    Source() = default;
    virtual ~Source() = default;
    Source(const Source &) = delete;
    Source &operator=(const Source &) = delete;

    /** What stood in the way, or nothing. May be called again after a trouble, but not often: it can cost a second. */
    [[nodiscard]] virtual std::optional<Trouble> open() = 0;

    /**
     * The GPUs now. Only after an open() without trouble; the first one is Slow. Fast repeats the slow values of the
     * last Slow one. A trouble and no GPUs means that the source has to be opened again.
     */
    [[nodiscard]] virtual Snapshot sample(Depth depth) = 0;
};

/** Makes a source on the sampler's thread. */
using SourceFactory = std::function<std::unique_ptr<Source>()>;

/** CLOCK_MONOTONIC in milliseconds, what Snapshot::taken counts in. */
qint64 monotonicMs();

} // namespace gpu
