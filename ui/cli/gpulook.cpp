#include "cli/gpulook.h"

#include <utility>

namespace cli {

namespace {
/** A GPU whose driver is not kept loaded takes seconds to wake. */
constexpr std::chrono::seconds driverPatience{30};
constexpr std::chrono::seconds daemonPatience{5};
} // namespace

GpuLook::GpuLook(const http::Endpoint &endpoint)
    : m_engine(endpoint)
    , m_inventory(m_engine)
    , m_state(m_sampler, m_inventory, m_engine)
{
    connect(&m_state, &inventory::GpuState::changed, this, &GpuLook::look);
    connect(&m_state, &inventory::GpuState::stalled, this, [this](int seconds) {
        if (seconds >= driverPatience.count() && !std::exchange(m_over, true))
            Q_EMIT gaveUp(seconds);
    });
    connect(&m_inventory, &inventory::Inventory::linkChanged, this, &GpuLook::look);
    connect(&m_inventory, &inventory::Inventory::containersChanged, this, &GpuLook::look);
    m_patience.setSingleShot(true);
    connect(&m_patience, &QTimer::timeout, this, &GpuLook::look);
    m_inventory.start();
    m_sampler.setPace(gpu::Pace::Shown);
}

void GpuLook::look()
{
    if (m_over || m_state.snapshot().taken == 0)
        return;
    if (!std::exchange(m_sampled, true))
        m_patience.start(daemonPatience);
    const bool daemonKnown = m_inventory.link() == inventory::Inventory::Link::Lost || m_inventory.runningKnown();
    const bool complete = m_state.snapshot().gpus.isEmpty() || (daemonKnown && m_state.settled());
    if (!complete && m_patience.isActive())
        return;
    m_over = true;
    Q_EMIT finished();
}

} // namespace cli
