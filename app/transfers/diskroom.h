#pragma once

#include "core/pending.h"
#include "docker/types.h"

#include <QObject>
#include <optional>

namespace docker {
class Engine;
}

namespace transfers {

/** The disk that a daemon keeps its images on, and what is free there. */
struct Room
{
    QString folder; ///< the daemon's root
    qint64 free = -1; ///< bytes, as df tells them; −1: not known, as of a daemon on another machine

    bool operator==(const Room &) const = default;
};

/**
 * Asks how much is free where the daemon keeps its images; the file system is asked in a thread of its own. Of a daemon
 * on another machine, or in a virtual one, nothing is known. Owned by Transfers.
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
};

/** The daemon's root where it is on the machine of that name, else empty. */
QString localRoot(const docker::Info &info, const QString &hostName);
/** The free bytes of the file system a folder is on, or would be; −1 where that cannot be told. Blocks. */
qint64 freeBytes(const QString &folder);

} // namespace transfers
