#pragma once

#include "docker/engine.h"
#include "gpu/sampler.h"
#include "inventory/gpustate.h"
#include "inventory/inventory.h"

#include <QObject>
#include <QTimer>

namespace cli {

/**
 * One sample of the GPUs, joined with the daemon's containers if it answers. Begins when it is made. Owned by the
 * command that wants it.
 */
class GpuLook : public QObject
{
    Q_OBJECT
public:
    explicit GpuLook(const http::Endpoint &endpoint);

    const inventory::GpuState &state() const { return m_state; }
    const inventory::Inventory &inventory() const { return m_inventory; }
    bool daemonAnswers() const { return m_inventory.link() == inventory::Inventory::Link::Live; }

Q_SIGNALS:
    /** One of the two, once. */
    void finished();
    /** The GPU driver says nothing. */
    void gaveUp(int seconds);

private:
    void look();

    docker::Engine m_engine;
    inventory::Inventory m_inventory;
    gpu::Sampler m_sampler;
    inventory::GpuState m_state;
    QTimer m_patience; ///< for the daemon, from the first sample on
    bool m_sampled = false;
    bool m_over = false;
};

} // namespace cli
