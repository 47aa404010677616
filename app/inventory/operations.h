#pragma once

#include "docker/disk.h"
#include "inventory/inventory.h"
#include "settings/protection.h"

#include <QList>
#include <QObject>

namespace inventory {

/**
 * Does things to containers: marks the row busy, asks the daemon, a few at a time, and says how each ended. Ends with
 * nothing half known: the daemon's events bring the new state. What is protected is not removed, and that said as a
 * failure. Owned by the Application.
 */
class Operations : public QObject
{
    Q_OBJECT
public:
    Operations(
        docker::Engine &engine, Inventory &inventory, settings::Protection &protection, QObject *parent = nullptr);

    /** The locks that it keeps to. */
    settings::Protection &protection() const { return m_protection; }

    /** Any action but Rename and Remove, on those of the containers that allow it. */
    void run(Action action, const QStringList &ids);
    void rename(const QString &id, const QString &name);
    /** force: also running ones (they are killed first). volumes: not where one of them is protected. */
    void remove(const QStringList &ids, docker::RemoveOptions options);
    /**
     * Removes one name of an image, or the image with its last; then the rest one by one: ids of images that are
     * expected to have no name by then, each only if that is so and nothing is built on it. Nothing else, though the
     * daemon would take what they were built on along by itself.
     */
    void removeImages(const QStringList &references, const QStringList &rest = {});

Q_SIGNALS:
    void failed(inventory::Action action, const QString &id, const QString &name, const core::Error &error);
    void imageFailed(const QString &reference, const core::Error &error);

private:
    using Send = std::function<core::Pending<void>()>;
    struct Task
    {
        Action action;
        QString id;
        Send send;
    };
    void queue(Action action, const QString &id, Send send);
    void next();
    void begin(const Task &task);
    core::Pending<void> removeContainer(const QString &id, docker::RemoveOptions options);
    core::Pending<void> endUnlessItGoes(const QString &id, Send send);
    /** send(), unless the container's details name something protected that would be lost. */
    core::Pending<void> unless(
        const QString &id, const std::function<QString(const docker::ContainerDetail &)> &lost, Send send);
    QString protectedVolume(const docker::ContainerDetail &detail) const;
    QString nameOf(const QString &id) const;
    bool isProtectedImage(const QString &reference) const;
    void removeRest(const QStringList &ids);
    void removeFirst(const QStringList &ids, const QList<docker::ImageNode> &now);

    docker::Engine &m_engine;
    Inventory &m_inventory;
    settings::Protection &m_protection;
    QList<Task> m_queue;
    int m_running = 0;
};

} // namespace inventory
