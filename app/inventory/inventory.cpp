#include "inventory/inventory.h"

#include "core/log.h"

#include <QDateTime>
#include <algorithm>

namespace inventory {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

/** Events are collected this long, so that a burst is one request (FACTS.md 10). */
constexpr auto collectTime = 20ms;
constexpr auto collectImagesTime = 150ms;
/** More changed containers than this, and one full list is cheaper than naming them. */
constexpr qsizetype fullListAbove = 32;
constexpr qsizetype inspectsAtOnce = 4;
/** A list that does not yet say what an event said is asked again, the first time after this, doubling. */
constexpr auto firstAskAgain = 100ms;
constexpr int mostAskAgain = 7;
constexpr auto firstListAgain = 500ms;
constexpr auto lastListAgain = 30s;

} // namespace

Inventory::Inventory(docker::Engine &engine, QObject *parent)
    : QObject(parent)
    , m_engine(engine)
    , m_daemon(engine)
{
    connect(&m_daemon, &DaemonLink::opened, this, &Inventory::opened);
    connect(&m_daemon, &DaemonLink::event, this, &Inventory::handle);
    connect(&m_daemon, &DaemonLink::lost, this, &Inventory::lost);
    m_collect.setSingleShot(true);
    m_collect.setInterval(collectTime);
    connect(&m_collect, &QTimer::timeout, this, &Inventory::fetchDirty);
    m_listAgain.setSingleShot(true);
    connect(&m_listAgain, &QTimer::timeout, this, &Inventory::fetchContainers);
    m_safety.setInterval(5min);
    connect(&m_safety, &QTimer::timeout, this, &Inventory::refresh);
    m_collectImages.setSingleShot(true);
    m_collectImages.setInterval(collectImagesTime);
    connect(&m_collectImages, &QTimer::timeout, this, &Inventory::fetchImages);
}

Inventory::~Inventory() = default;

const Container *Inventory::container(const QString &id) const
{
    const auto row = m_rows.constFind(id);
    return row == m_rows.constEnd() ? nullptr : &m_containers[*row];
}

// ---- the link

void Inventory::start() { m_daemon.open(); }

void Inventory::startEarly(int descriptor, qint64 sentAt)
{
    m_listing = true;
    // What happens between that list and the events is replayed from the daemon's memory of 256.
    const QByteArray since
        = QByteArray::number(sentAt / 1000) + '.' + QByteArray::number(sentAt % 1000).rightJustified(3, '0');
    m_engine.adoptEarlyContainers(descriptor)
        .then(this, [this, since](const core::Result<QList<docker::ContainerSummary>> &list) {
            m_listing = false;
            if (list)
                applyList(*list);
            // Without it, connecting in the ordinary way meets the same trouble and says so.
            m_daemon.open(list ? since : QByteArray());
        });
}

void Inventory::giveUp(const core::Error &error)
{
    m_link = Link::Lost;
    m_trouble = error;
    Q_EMIT linkChanged();
}

void Inventory::opened(bool replayed)
{
    m_trouble.reset();
    m_link = Link::Live;
    if (!replayed)
        fetchContainers();
    fetchImages();
    fetchDetails();
    Q_EMIT linkChanged();
}

void Inventory::lost(const core::Error &error)
{
    m_missedEvents = true;
    m_dirty.clear();
    for (auto it = m_expected.cbegin(); it != m_expected.cend(); ++it)
        m_toldRunning.insert(it.key(), it->running);
    m_expected.clear();
    m_wholeListWanted = false;
    m_collect.stop();
    m_listAgain.stop();
    const bool changed = m_link != Link::Lost || m_trouble != error;
    m_link = Link::Lost;
    m_trouble = error;
    if (changed)
        Q_EMIT linkChanged();
}

void Inventory::retry() { m_daemon.retry(); }

void Inventory::refresh()
{
    if (m_link != Link::Live) {
        retry();
        return;
    }
    fetchContainers();
    fetchImages();
}

// ---- events

void Inventory::handle(const docker::Event &event)
{
    if (event.type == "image"_L1)
        m_collectImages.start();
    else if (event.type == "container"_L1)
        handleContainerEvent(event);
}

void Inventory::handleContainerEvent(const docker::Event &event)
{
    ++m_generation[event.id];
    m_notInspected.remove(event.id);
    expect(event);
    m_dirty.insert(event.id);
    if (!m_collect.isActive())
        m_collect.start();
    if (event.action == "start"_L1)
        Q_EMIT containerStarted(event.id);
    else if (event.action == "die"_L1)
        Q_EMIT containerEnded(event.id, event.attributes.value(u"exitCode"_s).toInt());
    else if (event.action == "destroy"_L1)
        Q_EMIT containerRemoved(event.id);
}

void Inventory::expect(const docker::Event &event)
{
    if (event.action == "start"_L1 || event.action == "unpause"_L1)
        m_expected.insert(event.id, {true, false, 0});
    else if (event.action == "pause"_L1)
        m_expected.insert(event.id, {true, true, 0});
    else if (event.action == "die"_L1)
        m_expected.insert(event.id, {false, false, 0});
    else if (event.action == "destroy"_L1)
        m_expected.remove(event.id);
}

bool Inventory::late(const Container &container)
{
    const auto expected = m_expected.find(container.id);
    if (expected == m_expected.end())
        return false;
    // A restart policy may already have brought up again what died.
    const bool agrees = expected->running == container.running()
        ? expected->paused == (container.phase == Phase::Paused)
        : container.phase == Phase::Restarting;
    if (agrees || expected->asked >= mostAskAgain) {
        m_expected.erase(expected);
        return false;
    }
    return true;
}

void Inventory::askAgain(const QString &id)
{
    // dockerd (20.10) sends die and pause before its list knows: between the two it writes to the disk.
    QTimer::singleShot(firstAskAgain * (1 << m_expected[id].asked++), this, [this, id] {
        if (!m_expected.contains(id))
            return;
        m_dirty.insert(id);
        fetchDirty();
    });
}

void Inventory::fetchDirty()
{
    if (m_listing || m_dirty.isEmpty() || m_link != Link::Live)
        return;
    if (m_dirty.size() > fullListAbove) {
        fetchContainers();
        return;
    }
    const QStringList ids(m_dirty.begin(), m_dirty.end());
    m_dirty.clear();
    m_listing = true;
    m_engine.containers(ids).then(this, [this, ids](const core::Result<QList<docker::ContainerSummary>> &list) {
        m_listing = false;
        if (!list) {
            listDidNotCome(list.error());
            return;
        }
        applySome(ids, *list);
        listCame();
    });
}

void Inventory::fetchContainers()
{
    if (m_link != Link::Live)
        return;
    if (m_listing) {
        m_wholeListWanted = true;
        return;
    }
    m_listing = true;
    m_wholeListWanted = false;
    m_dirty.clear();
    m_engine.containers().then(this, [this](const core::Result<QList<docker::ContainerSummary>> &list) {
        m_listing = false;
        if (!list) {
            listDidNotCome(list.error());
            return;
        }
        applyList(*list);
        listCame();
    });
}

void Inventory::listCame()
{
    m_listFailures = 0;
    if (m_wholeListWanted)
        fetchContainers();
    else
        fetchDirty();
}

void Inventory::listDidNotCome(const core::Error &error)
{
    if (m_link != Link::Live)
        return; // connecting again lists everything
    qCWarning(core::lcInventory) << "list of containers:" << error.message << error.detail;
    m_listAgain.start(
        std::min<std::chrono::milliseconds>(firstListAgain * (1 << std::min(m_listFailures, 8)), lastListAgain));
    if (++m_listFailures > 1)
        Q_EMIT listFailed(error);
}

// ---- containers

Container Inventory::merged(const docker::ContainerSummary &summary, qint64 now) const
{
    Container fresh = fromSummary(summary, now);
    const Container *old = container(fresh.id);
    if (!old)
        return fresh;
    fresh.busy = old->busy;
    if (!old->inspected)
        return fresh;
    // Fixed at creation, so it stays true whatever happens.
    fresh.inspected = true;
    fresh.gpus = old->gpus;
    fresh.pid = fresh.running() ? old->pid : 0;
    fresh.tty = old->tty;
    fresh.autoRemove = old->autoRemove;
    fresh.hasLogs = old->hasLogs;
    fresh.anonymousVolumes = old->anonymousVolumes;
    if (old->detailed && sameLife(*old, fresh, now) && !m_dirty.contains(fresh.id)) {
        // "Up 3 hours" is coarser than what inspect told.
        fresh.startedAt = old->startedAt;
        fresh.finishedAt = old->finishedAt;
        fresh.detailed = true;
        if (old->phase == Phase::OutOfMemory)
            fresh.phase = old->phase;
    }
    return fresh;
}

void Inventory::applyList(const QList<docker::ContainerSummary> &list)
{
    const qint64 now = QDateTime::currentSecsSinceEpoch();
    QList<Container> fresh;
    fresh.reserve(list.size());
    for (const docker::ContainerSummary &summary : list)
        fresh.append(merged(summary, now));
    m_containersKnown = true;
    m_notInspected.clear();
    if (std::exchange(m_missedEvents, false))
        tellMissed(fresh, now);
    applyContainers(std::move(fresh));
}

void Inventory::tellMissed(const QList<Container> &fresh, qint64 now)
{
    const QHash<QString, bool> told = std::exchange(m_toldRunning, {});
    QSet<QString> gone(m_rows.keyBegin(), m_rows.keyEnd());
    for (const Container &after : fresh) {
        gone.remove(after.id);
        const Container *before = container(after.id);
        if (!before)
            continue;
        const bool ran = told.value(after.id, before->running());
        if (ran && !after.running())
            Q_EMIT containerEnded(after.id, after.exitCode);
        else if (after.running() && (!ran || (before->running() && !sameLife(*before, after, now))))
            Q_EMIT containerStarted(after.id); // a restart policy brings up again what the daemon took with it
    }
    for (const QString &id : std::as_const(gone))
        Q_EMIT containerRemoved(id);
}

void Inventory::applySome(const QStringList &asked, const QList<docker::ContainerSummary> &list)
{
    const qint64 now = QDateTime::currentSecsSinceEpoch();
    QSet<QString> gone(asked.begin(), asked.end());
    ListChange added;
    for (const docker::ContainerSummary &summary : list) {
        gone.remove(summary.id);
        Container fresh = merged(summary, now);
        fresh.detailed = false; // an event named it: its details may have changed
        if (late(fresh))
            askAgain(fresh.id);
        if (const auto row = m_rows.constFind(fresh.id); row != m_rows.constEnd()) {
            replace(*row, fresh);
        } else {
            m_rows.insert(fresh.id, m_containers.size());
            m_containers.append(fresh);
            ++added.added;
        }
    }
    if (added.added > 0) {
        Q_EMIT containersChanged(added);
        updateImages();
    }
    const bool someGone
        = std::any_of(gone.begin(), gone.end(), [this](const QString &id) { return m_rows.contains(id); });
    if (someGone) {
        QList<Container> left = m_containers;
        left.removeIf([&gone](const Container &container) { return gone.contains(container.id); });
        applyContainers(std::move(left));
    } else {
        fetchDetails();
    }
}

void Inventory::applyContainers(QList<Container> fresh)
{
    const ListChange change = update(m_containers, std::move(fresh));
    reindex();
    fetchDetails();
    Q_EMIT containersChanged(change);
    if (!change.removed.isEmpty() || change.added > 0)
        updateImages();
}

void Inventory::reindex()
{
    m_rows.clear();
    m_rows.reserve(m_containers.size());
    for (qsizetype i = 0; i < m_containers.size(); ++i)
        m_rows.insert(m_containers[i].id, i);
    m_generation.removeIf([this](const auto &entry) { return !m_rows.contains(entry.key()); });
}

void Inventory::replace(qsizetype row, const Container &now)
{
    const ColumnMask columns = m_containers[row].changedColumns(now);
    if (!columns)
        return;
    const bool renamed = m_containers[row].name != now.name;
    m_containers[row] = now;
    ListChange change;
    change.changed.append({row, 1, columns});
    Q_EMIT containersChanged(change);
    if (renamed)
        updateImages();
}

void Inventory::setBusy(const QString &id, std::optional<Action> action)
{
    const auto row = m_rows.constFind(id);
    if (row == m_rows.constEnd())
        return;
    Container now = m_containers[*row];
    now.busy = action;
    replace(*row, now);
}

// ---- details

void Inventory::setSafetyInterval(std::chrono::milliseconds interval) { m_safety.setInterval(interval); }

void Inventory::setInSight(const QStringList &ids)
{
    m_inSight = ids;
    if (ids.isEmpty())
        m_safety.stop();
    else if (!m_safety.isActive())
        m_safety.start();
    fetchDetails();
}

void Inventory::needRunning(bool need)
{
    if (m_runningNeeded == need)
        return;
    m_runningNeeded = need;
    fetchDetails();
}

bool Inventory::runningKnown() const
{
    return m_link == Link::Live && m_containersKnown
        && std::all_of(m_containers.begin(), m_containers.end(),
            [this](const Container &row) { return row.detailed || !row.running() || m_notInspected.contains(row.id); });
}

void Inventory::fetchDetails()
{
    if (m_link != Link::Live)
        return;
    for (const QString &id : std::as_const(m_inSight)) {
        if (const Container *row = container(id); row && !fetchDetail(*row))
            return;
    }
    if (!m_runningNeeded)
        return;
    for (const Container &row : std::as_const(m_containers)) {
        if (row.running() && !fetchDetail(row))
            return;
    }
}

bool Inventory::fetchDetail(const Container &row)
{
    if (row.detailed || m_inspecting.contains(row.id) || m_notInspected.contains(row.id))
        return true;
    if (m_inspecting.size() >= inspectsAtOnce)
        return false;
    const QString id = row.id;
    m_inspecting.insert(id);
    m_engine.inspectContainer(id).then(
        this, [this, id, generation = m_generation.value(id)](const core::Result<docker::ContainerDetail> &detail) {
            m_inspecting.remove(id);
            if (!detail && detail.error().kind == core::ErrorKind::Unreachable)
                return; // asked again when the daemon is back
            const auto at = m_rows.constFind(id);
            // A change since then will be fetched again; NotFound will come as a destroy event.
            if (at != m_rows.constEnd() && generation == m_generation.value(id)) {
                Container now = m_containers[*at];
                if (detail) {
                    addDetail(now, *detail);
                    replace(*at, now);
                } else {
                    m_notInspected.insert(id);
                }
            }
            fetchDetails();
        });
    return true;
}

// ---- images

void Inventory::fetchImages()
{
    if (m_link != Link::Live)
        return;
    m_engine.images().then(this, [this](const core::Result<QList<docker::ImageSummary>> &list) {
        if (!list) {
            qCWarning(core::lcInventory) << "list of images:" << list.error().message << list.error().detail;
            return;
        }
        m_imageList = *list;
        m_imagesKnown = true;
        for (const qsizetype row : rowsWithMovedNames(m_imageList, m_containers)) {
            Container now = m_containers[row];
            now.image = now.imageId; // as the daemon's list has it, at its next turn
            replace(row, now);
        }
        updateImages();
    });
}

void Inventory::updateImages()
{
    if (!m_imagesKnown)
        return;
    const ListChange change = update(m_images, imageRows(m_imageList, m_containers));
    Q_EMIT imagesChanged(change);
}

} // namespace inventory
