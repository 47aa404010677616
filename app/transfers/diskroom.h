#pragma once

#include "core/pending.h"
#include "docker/types.h"

#include <QList>
#include <QObject>
#include <optional>

namespace docker {
class Engine;
}

namespace transfers {

/** The file system that a daemon keeps its images on, and what is free there. */
struct Room
{
    QString folder; ///< the daemon's root; empty: not on this machine, or not to be told
    qint64 free = -1; ///< bytes anybody may still write, as df tells them; −1: not known
    qint64 total = -1; ///< bytes; −1: not known

    bool operator==(const Room &) const = default;
};

/**
 * Asks how much is free where the daemon keeps its images; the file system is asked in a thread of its own. Of a daemon
 * on another machine, or in a virtual one, nothing is known. Owned by who asks.
 */
class DiskRoom : public QObject
{
    Q_OBJECT
public:
    /** engine must outlive it. */
    explicit DiskRoom(docker::Engine &engine, QObject *parent = nullptr);

    core::Pending<Room> ask();

private:
    core::Pending<Room> measure();

    docker::Engine &m_engine;
    std::optional<QString> m_folder; ///< empty: not on this machine
    QList<core::Promise<Room>> m_asking; ///< for the look under way: a dead network disk holds up one thread, not many
};

/** The daemon's root where it is on the machine of that name, else empty. */
QString localRoot(const docker::Info &info, const QString &hostName);
/** Of the file system a folder is on, or would be. Blocks. */
Room roomAt(const QString &folder);

} // namespace transfers
