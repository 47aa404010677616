#pragma once

#include "docker/engine.h"
#include "inventory/inventory.h"
#include "launch/codeuse.h"

#include <QHash>
#include <QSet>

namespace code {

/** Which running containers run code from a folder of the host. Each container is asked for once: its mounts and its
 * command never change. Owned by the launch desk. */
class RunningUses : public QObject
{
    Q_OBJECT
public:
    RunningUses(docker::Engine &engine, inventory::Inventory &inventory, QObject *parent = nullptr);

    /** Of those that run now, as far as they were asked. */
    QList<launch::CodeUse> uses() const;
    /** Asks for those it does not know; changed() for each that uses a folder. */
    void refresh();

Q_SIGNALS:
    void changed();

private:
    docker::Engine &m_engine;
    inventory::Inventory &m_inventory;
    QHash<QString, std::optional<launch::CodeUse>> m_known; ///< by the container's id
    QSet<QString> m_asked;
};

} // namespace code
