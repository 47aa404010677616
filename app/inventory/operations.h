#pragma once

#include "inventory/inventory.h"

#include <QList>
#include <QObject>

namespace inventory {

/**
 * Does things to containers: marks the row busy, asks the daemon, a few at a time, and says how each ended. Ends with
 * nothing half known: the daemon's events bring the new state. Owned by the Application.
 */
class Operations : public QObject
{
    Q_OBJECT
public:
    Operations(docker::Engine &engine, Inventory &inventory, QObject *parent = nullptr);

    /** Any action but Rename and Remove, on those of the containers that allow it. */
    void run(Action action, const QStringList &ids);
    void rename(const QString &id, const QString &name);
    /** force: also running ones (they are killed first). */
    void remove(const QStringList &ids, docker::RemoveOptions options);
    /** Removes one name of an image, or the image with its last. */
    void removeImages(const QStringList &references);

Q_SIGNALS:
    void failed(inventory::Action action, const QString &id, const QString &name, const core::Error &error);
    void imageFailed(const QString &reference, const core::Error &error);

private:
    struct Task
    {
        Action action;
        QString id;
        std::function<core::Pending<void>()> send;
    };
    void queue(Action action, const QString &id, std::function<core::Pending<void>()> send);
    void next();
    void begin(const Task &task);

    docker::Engine &m_engine;
    Inventory &m_inventory;
    QList<Task> m_queue;
    int m_running = 0;
};

} // namespace inventory
