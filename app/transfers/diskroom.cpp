#include "transfers/diskroom.h"

#include "core/offload.h"
#include "docker/engine.h"

#include <QFileInfo>
#include <QStorageInfo>
#include <QSysInfo>

namespace transfers {

QString localRoot(const docker::Info &info, const QString &hostName)
{
    // In a virtual machine (Docker Desktop) or behind a forwarded socket the disk is another one.
    return !hostName.isEmpty() && info.name == hostName ? info.dockerRootDir : QString();
}

Room roomAt(const QString &folder)
{
    // People may not look into /var/lib/docker, and --userns-remap puts the root one deeper.
    QFileInfo there(folder);
    while (!there.exists() && !there.isRoot())
        there.setFile(there.path());
    const QStorageInfo storage(there.absoluteFilePath());
    if (!storage.isValid() || !storage.isReady())
        return {folder, -1, -1};
    return {folder, storage.bytesAvailable(), storage.bytesTotal()};
}

DiskRoom::DiskRoom(docker::Engine &engine, QObject *parent)
    : QObject(parent)
    , m_engine(engine)
{
}

core::Pending<Room> DiskRoom::ask()
{
    if (m_folder)
        return measure();
    core::Promise<Room> promise;
    m_engine.info().then(this, [this, promise](const core::Result<docker::Info> &info) {
        if (!info)
            return promise.answer(info.error());
        m_folder = localRoot(*info, QSysInfo::machineHostName());
        measure().then(this, [promise](core::Result<Room> room) { promise.answer(std::move(room)); });
    });
    return promise.pending();
}

core::Pending<Room> DiskRoom::measure()
{
    if (m_folder->isEmpty())
        return core::Pending<Room>::ready(Room());
    m_asking.append(core::Promise<Room>());
    if (m_asking.size() == 1) {
        core::offload(this, [folder = *m_folder]() -> core::Result<Room> {
            return roomAt(folder);
        }).then(this, [this](const core::Result<Room> &room) {
            for (const core::Promise<Room> &promise : std::exchange(m_asking, {}))
                promise.answer(room);
        });
    }
    return m_asking.last().pending();
}

} // namespace transfers
