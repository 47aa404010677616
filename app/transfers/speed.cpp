#include "transfers/speed.h"

#include <algorithm>
#include <cmath>

namespace transfers {

namespace {
constexpr double smoothMs = 4000;
constexpr qint64 knownAfterMs = 1000;
} // namespace

void Speed::sample(qint64 bytes, qint64 atMs)
{
    if (m_startMs < 0) {
        m_startMs = m_lastMs = atMs;
        m_lastBytes = bytes;
        return;
    }
    const qint64 ms = atMs - m_lastMs;
    if (ms <= 0)
        return;
    const double rate = 1000.0 * double(std::max<qint64>(0, bytes - m_lastBytes)) / double(ms);
    const double keep = std::exp(-double(ms) / smoothMs);
    m_rate = m_rate * keep + rate * (1 - keep);
    m_weight = m_weight * keep + (1 - keep);
    m_lastMs = atMs;
    m_lastBytes = bytes;
}

std::optional<qint64> Speed::bytesPerSecond() const
{
    if (m_startMs < 0 || m_lastMs - m_startMs < knownAfterMs)
        return std::nullopt;
    return qint64(m_rate / m_weight);
}

std::optional<qint64> Speed::secondsFor(qint64 bytes) const
{
    const std::optional<qint64> rate = bytesPerSecond();
    if (!rate || *rate < 1)
        return std::nullopt;
    return (bytes + *rate - 1) / *rate;
}

} // namespace transfers
