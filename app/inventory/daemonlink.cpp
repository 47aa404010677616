#include "inventory/daemonlink.h"

#include "core/log.h"

#include <QFileInfo>
#include <algorithm>

namespace inventory {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {
constexpr auto firstRetry = 200ms;
constexpr auto lastRetry = 5000ms;
constexpr int doublings = 8;
} // namespace

DaemonLink::DaemonLink(docker::Engine &engine, QObject *parent)
    : QObject(parent)
    , m_engine(engine)
{
    m_reconnect.setSingleShot(true);
    connect(&m_reconnect, &QTimer::timeout, this, [this] { open(); });
    // The daemon makes its socket file anew at start: seen at once, without asking every second.
    connect(&m_socketWatch, &QFileSystemWatcher::directoryChanged, this, [this] {
        if (!m_events && socketMade() != m_deadSocket)
            retry();
    });
}

void DaemonLink::open(const QByteArray &since)
{
    if (m_events || m_engine.endpoint().socketPath.isEmpty())
        return;
    m_reconnect.stop();
    m_since = since;
    m_events = m_engine.events(since, this);
    connect(m_events, &docker::EventStream::opened, this, [this] {
        m_open = true;
        m_attempt = 0;
        if (!m_socketWatch.directories().isEmpty())
            m_socketWatch.removePaths(m_socketWatch.directories());
        Q_EMIT opened(!m_since.isEmpty());
    });
    connect(m_events, &docker::EventStream::event, this, &DaemonLink::event);
    connect(m_events, &docker::EventStream::closed, this, &DaemonLink::closed);
}

void DaemonLink::closed(const core::Result<void> &result)
{
    m_events->deleteLater();
    m_events = nullptr;
    m_open = false;
    m_engine.renegotiate(); // whoever comes back may be a newer daemon
    const core::Error error = result
        ? core::Error{core::ErrorKind::Unreachable, 0, u"the daemon ended the event stream"_s, {}}
        : result.error();
    qCInfo(core::lcInventory) << "daemon lost:" << error.message;
    m_reconnect.start(
        std::min<std::chrono::milliseconds>(firstRetry * (1 << std::min(m_attempt, doublings)), lastRetry));
    ++m_attempt;
    watchSocket();
    Q_EMIT lost(error);
}

void DaemonLink::watchSocket()
{
    m_deadSocket = socketMade();
    const QString folder = QFileInfo(m_engine.endpoint().socketPath).path();
    if (m_socketWatch.directories().isEmpty() && QFileInfo::exists(folder))
        m_socketWatch.addPath(folder);
}

QDateTime DaemonLink::socketMade() const { return QFileInfo(m_engine.endpoint().socketPath).metadataChangeTime(); }

void DaemonLink::retry()
{
    if (m_events)
        return;
    m_attempt = 0;
    open();
}

} // namespace inventory
