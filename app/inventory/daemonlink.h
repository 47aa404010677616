#pragma once

#include "docker/engine.h"

#include <QDateTime>
#include <QFileSystemWatcher>
#include <QObject>
#include <QTimer>
#include <optional>

namespace inventory {

/**
 * The event stream of one daemon, for as long as it lives: opens it, tries again with back-off (0.2 s doubling to 5 s)
 * or as soon as the daemon makes its socket anew, and says when it is open and when it is lost. Keeps no state of the
 * daemon itself. Owned by an Inventory.
 */
class DaemonLink : public QObject
{
    Q_OBJECT
public:
    explicit DaemonLink(docker::Engine &engine, QObject *parent = nullptr);

    /** Opens the events now if they are not open. since: replay from there (Unix seconds[.nanoseconds]), once. */
    void open(const QByteArray &since = {});
    bool isOpen() const { return m_open; }
    /** Tries at once instead of waiting for the next attempt. */
    void retry();

Q_SIGNALS:
    /** From here on no event is missed; replayed: what happened since the `since` of open() comes too. */
    void opened(bool replayed);
    void event(const docker::Event &event);
    /** Each time an attempt fails or the stream ends. */
    void lost(const core::Error &error);

private:
    void closed(const core::Result<void> &result);
    void watchSocket();
    QDateTime socketMade() const;

    docker::Engine &m_engine;
    docker::EventStream *m_events = nullptr; ///< child; from the attempt on
    bool m_open = false;
    QByteArray m_since;
    int m_attempt = 0; ///< since the last time it worked
    QTimer m_reconnect;
    QFileSystemWatcher m_socketWatch;
    QDateTime m_deadSocket; ///< when the socket was made that nobody answers on
};

} // namespace inventory
