#pragma once

#include <QtGlobal>
#include <optional>

namespace transfers {

/**
 * How fast bytes come, smoothed over some seconds so that it can be read, and how long what is left will take. Steps
 * back (a layer that is tried again) count as nothing. A value; its owner samples it in regular intervals.
 */
class Speed
{
public:
    /** bytes so far at atMs, milliseconds of any one clock. */
    void sample(qint64 bytes, qint64 atMs);

    /** Unset within the first second. */
    std::optional<qint64> bytesPerSecond() const;
    /** Unset while nothing comes. */
    std::optional<qint64> secondsFor(qint64 bytes) const;

private:
    qint64 m_startMs = -1;
    qint64 m_lastMs = 0;
    qint64 m_lastBytes = 0;
    double m_rate = 0; ///< bytes a second
    double m_weight = 0; ///< of the samples so far, 0 … 1: the first ones count in full
};

} // namespace transfers
