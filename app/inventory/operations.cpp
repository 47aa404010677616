#include "inventory/operations.h"

namespace inventory {

namespace {

constexpr int mostAtOnce = 8;

/** Answers when the container has stopped, after minutes perhaps: must not hold up the others. */
bool isSlow(Action action) { return action == Action::Stop || action == Action::Restart; }

} // namespace

Operations::Operations(docker::Engine &engine, Inventory &inventory, QObject *parent)
    : QObject(parent)
    , m_engine(engine)
    , m_inventory(inventory)
{
}

void Operations::run(Action action, const QStringList &ids)
{
    for (const QString &id : ids) {
        const Container *container = m_inventory.container(id);
        if (!container || !container->allows(action))
            continue;
        queue(action, id, [this, action, id]() -> core::Pending<void> {
            switch (action) {
            case Action::Start:
                return m_engine.startContainer(id);
            case Action::Stop:
                return m_engine.stopContainer(id);
            case Action::Restart:
                return m_engine.restartContainer(id);
            case Action::Kill:
                return m_engine.killContainer(id);
            case Action::Pause:
                return m_engine.pauseContainer(id);
            case Action::Unpause:
                return m_engine.unpauseContainer(id);
            case Action::Rename:
            case Action::Remove:
                break;
            }
            Q_UNREACHABLE();
        });
    }
}

void Operations::rename(const QString &id, const QString &name)
{
    queue(Action::Rename, id, [this, id, name] { return m_engine.renameContainer(id, name); });
}

void Operations::remove(const QStringList &ids, docker::RemoveOptions options)
{
    for (const QString &id : ids)
        queue(Action::Remove, id, [this, id, options] { return m_engine.removeContainer(id, options); });
}

void Operations::removeImages(const QStringList &references)
{
    for (const QString &reference : references) {
        m_engine.removeImage(reference).then(
            this, [this, reference](const core::Result<QList<docker::ImageDeletion>> &result) {
                if (!result)
                    Q_EMIT imageFailed(reference, result.error());
            });
    }
}

void Operations::queue(Action action, const QString &id, std::function<core::Pending<void>()> send)
{
    m_inventory.setBusy(id, action);
    const Task task{action, id, std::move(send)};
    if (isSlow(action))
        begin(task);
    else
        m_queue.append(task);
    next();
}

void Operations::next()
{
    while (m_running < mostAtOnce && !m_queue.isEmpty()) {
        ++m_running;
        begin(m_queue.takeFirst());
    }
}

void Operations::begin(const Task &task)
{
    const Container *container = m_inventory.container(task.id);
    const QString name = container ? container->name : task.id.left(12);
    task.send().then(this, [this, action = task.action, id = task.id, name](const core::Result<void> &result) {
        if (!isSlow(action))
            --m_running;
        // A stop that was cut short by a kill must not end the kill's mark.
        if (const Container *now = m_inventory.container(id); now && now->busy == action)
            m_inventory.setBusy(id, std::nullopt);
        if (!result)
            Q_EMIT failed(action, id, name, result.error());
        next();
    });
}

} // namespace inventory
