#include "code/runninguses.h"

#include "inspect/frominspect.h"

namespace code {

RunningUses::RunningUses(docker::Engine &engine, inventory::Inventory &inventory, QObject *parent)
    : QObject(parent)
    , m_engine(engine)
    , m_inventory(inventory)
{
}

QList<launch::CodeUse> RunningUses::uses() const
{
    QList<launch::CodeUse> uses;
    for (const inventory::Container &container : m_inventory.containers()) {
        auto use = container.running() ? m_known.value(container.id) : std::nullopt;
        if (!use)
            continue;
        use->container = container.name; // it may have another one by now
        uses += *use;
    }
    return uses;
}

void RunningUses::refresh()
{
    QSet<QString> there;
    for (const inventory::Container &container : m_inventory.containers()) {
        there.insert(container.id);
        if (!container.running() || m_known.contains(container.id) || m_asked.contains(container.id))
            continue;
        m_asked.insert(container.id);
        m_engine.inspectContainer(container.id)
            .then(this, [this, id = container.id](const core::Result<docker::ContainerDetail> &detail) {
                m_asked.remove(id);
                if (!detail)
                    return; // gone, or asked again the next time
                const auto use = launch::codeUse(detail->name, inspect::fromInspect(*detail, std::nullopt).config);
                m_known.insert(id, use);
                if (use)
                    Q_EMIT changed();
            });
    }
    m_known.removeIf([&there](const auto &entry) { return !there.contains(entry.key()); });
}

} // namespace code
