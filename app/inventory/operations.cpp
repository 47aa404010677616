#include "inventory/operations.h"

#include <memory>

namespace inventory {

namespace {

constexpr int mostAtOnce = 8;

/** Answers when the container has stopped, after minutes perhaps: must not hold up the others. */
bool isSlow(Action action) { return action == Action::Stop || action == Action::Restart; }

core::Error refusal(const QString &name)
{
    return {core::ErrorKind::Conflict, 0, settings::Protection::refusal(name), {}};
}

} // namespace

Operations::Operations(docker::Engine &engine, Inventory &inventory, settings::Protection &protection, QObject *parent)
    : QObject(parent)
    , m_engine(engine)
    , m_inventory(inventory)
    , m_protection(protection)
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
                return endUnlessItGoes(id, [this, id] { return m_engine.stopContainer(id); });
            case Action::Restart:
                return m_engine.restartContainer(id);
            case Action::Kill:
                return endUnlessItGoes(id, [this, id] { return m_engine.killContainer(id); });
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
        queue(Action::Remove, id, [this, id, options] { return removeContainer(id, options); });
}

core::Pending<void> Operations::removeContainer(const QString &id, docker::RemoveOptions options)
{
    // Asked when its turn comes: the lock may have been set meanwhile.
    if (m_protection.contains(settings::Lockable::Container, id))
        return core::Pending<void>::ready(refusal(nameOf(id)));
    if (!options.volumes || !m_protection.hasVolumes())
        return m_engine.removeContainer(id, options);
    return unless(
        id, [this](const docker::ContainerDetail &detail) { return protectedVolume(detail); },
        [this, id, options] { return m_engine.removeContainer(id, options); });
}

core::Pending<void> Operations::endUnlessItGoes(const QString &id, Send send)
{
    // With --rm the daemon removes it at its end, and its nameless volumes with it.
    const bool locked = m_protection.contains(settings::Lockable::Container, id);
    if (!locked && !m_protection.hasVolumes())
        return send();
    return unless(
        id,
        [this, locked](const docker::ContainerDetail &detail) -> QString {
            if (!detail.autoRemove)
                return {};
            return locked ? detail.name : protectedVolume(detail);
        },
        std::move(send));
}

core::Pending<void> Operations::unless(
    const QString &id, const std::function<QString(const docker::ContainerDetail &)> &lost, Send send)
{
    core::Promise<void> promise;
    m_engine.inspectContainer(id).then(
        this, [this, promise, lost, send = std::move(send)](const core::Result<docker::ContainerDetail> &detail) {
            if (!detail)
                return promise.answer(detail.error());
            if (const QString name = lost(*detail); !name.isEmpty())
                return promise.answer(refusal(name));
            send().then(this, [promise](const core::Result<void> &result) { promise.answer(result); });
        });
    return promise.pending();
}

QString Operations::protectedVolume(const docker::ContainerDetail &detail) const
{
    for (const docker::Mount &mount : detail.mounts) {
        if (mount.type == QLatin1String("volume") && m_protection.contains(settings::Lockable::Volume, mount.name))
            return QStringLiteral("Its volume %1").arg(mount.name.left(12));
    }
    return {};
}

QString Operations::nameOf(const QString &id) const
{
    const Container *container = m_inventory.container(id);
    return container ? container->name : id.left(12);
}

bool Operations::isProtectedImage(const QString &reference) const
{
    QStringList keys{reference};
    for (const Image &image : m_inventory.images()) {
        if (image.reference() == reference)
            keys.append(image.id);
    }
    return m_protection.containsAny(settings::Lockable::Image, keys);
}

void Operations::removeImages(const QStringList &references, const QStringList &rest)
{
    const auto open = std::make_shared<qsizetype>(references.size());
    for (const QString &reference : references) {
        auto asked = isProtectedImage(reference)
            ? core::Pending<QList<docker::ImageDeletion>>::ready(refusal(reference))
            : docker::removeImageName(m_engine, reference);
        std::move(asked).then(
            this, [this, reference, rest, open](const core::Result<QList<docker::ImageDeletion>> &result) {
                if (!result)
                    Q_EMIT imageFailed(reference, result.error());
                if (--*open == 0)
                    removeRest(rest);
            });
    }
}

void Operations::removeRest(const QStringList &ids)
{
    if (ids.isEmpty())
        return;
    docker::imageNodes(m_engine).then(this, [this, ids](const core::Result<QList<docker::ImageNode>> &now) {
        if (now)
            removeFirst(ids, *now);
        else
            Q_EMIT imageFailed(ids.first(), now.error());
    });
}

void Operations::removeFirst(const QStringList &ids, const QList<docker::ImageNode> &now)
{
    const docker::ImageTree tree(now);
    const QString &id = ids.first();
    const docker::ImageNode *node = tree.node(id);
    // One that got a name, or on which something is built (its image was refused, or a new build found it), stays.
    const bool needed = node
        && (!node->repoTags.isEmpty() || !node->repoDigests.isEmpty() || !tree.children(id).isEmpty()
            || isProtectedImage(id));
    if (!node || needed)
        return removeRest(ids.mid(1));
    docker::removeImageName(m_engine, id)
        .then(this, [this, ids](const core::Result<QList<docker::ImageDeletion>> &result) {
            if (!result && result.error().kind != core::ErrorKind::NotFound)
                Q_EMIT imageFailed(ids.first(), result.error());
            removeRest(ids.mid(1));
        });
}

void Operations::queue(Action action, const QString &id, Send send)
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
    const QString name = nameOf(task.id);
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
