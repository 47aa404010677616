#include "cleanup/candidates.h"

#include "core/log.h"

#include <QDateTime>

namespace cleanup {

using inventory::Inventory;
using namespace std::chrono_literals;

namespace {

/** Events come in bursts: one question after each. */
constexpr auto collectTime = 150ms;

} // namespace

Candidates::Candidates(const Parts &parts, QObject *parent)
    : QObject(parent)
    , m_parts(parts)
{
    for (QTimer *timer : {&m_soon, &m_imagesSoon, &m_storageSoon}) {
        timer->setSingleShot(true);
        timer->setInterval(collectTime);
    }
    m_soon.setInterval(0);
    connect(&m_soon, &QTimer::timeout, this, &Candidates::recompute);
    connect(&m_imagesSoon, &QTimer::timeout, this, &Candidates::fetchImages);
    connect(&m_storageSoon, &QTimer::timeout, this, &Candidates::fetchStorage);

    const auto again = [this] {
        if (m_watched)
            m_soon.start();
    };
    connect(&parts.inventory, &Inventory::containersChanged, this, &Candidates::containersChanged);
    connect(&parts.inventory, &Inventory::imagesChanged, this, [this](const inventory::ListChange &change) {
        if (m_watched && (change.added > 0 || !change.removed.isEmpty()))
            m_imagesSoon.start();
    });
    connect(&parts.inventory, &Inventory::linkChanged, this, [this] {
        if (m_watched && m_parts.inventory.link() == Inventory::Link::Live)
            refresh();
    });
    connect(&parts.library, &runs::Library::changed, this, again);
    connect(&parts.history, &runs::History::changed, this, again);
    connect(&parts.protection, &settings::Protection::changed, this, again);
}

void Candidates::setWatched(bool watched)
{
    if (m_watched == watched)
        return;
    m_watched = watched;
    if (watched) {
        refresh();
        return;
    }
    for (QTimer *timer : {&m_soon, &m_imagesSoon, &m_storageSoon})
        timer->stop();
    delete m_events;
}

void Candidates::refresh()
{
    if (!m_watched || m_parts.inventory.link() != Inventory::Link::Live)
        return; // setWatched() and linkChanged() come back here
    listen();
    fetchImages();
    fetchStorage();
    m_soon.start();
}

void Candidates::listen()
{
    if (m_events || !m_watched)
        return;
    m_events = docker::storageEvents(m_parts.engine, this);
    connect(m_events, &docker::EventStream::event, &m_storageSoon, qOverload<>(&QTimer::start));
    connect(m_events, &docker::Stream::closed, this, [this, stream = m_events.data()] {
        // With the inventory's own events: when those are back, refresh() opens it again.
        stream->deleteLater();
        if (m_events == stream)
            m_events = nullptr;
    });
}

void Candidates::containersChanged(const inventory::ListChange &change)
{
    if (!m_watched)
        return;
    m_soon.start();
    if (change.added > 0 || !change.removed.isEmpty())
        m_storageSoon.start(); // what they hold is not in the inventory's list
}

// ---- the lists

void Candidates::listDidNotCome(const core::Error &error)
{
    if (error.kind != core::ErrorKind::Unreachable) // of that the inventory tells
        Q_EMIT failed(error);
}

void Candidates::fetchImages()
{
    docker::imageNodes(m_parts.engine)
        .then(this, [this, number = ++m_imagesAsked](const core::Result<QList<docker::ImageNode>> &images) {
            if (number != m_imagesAsked)
                return;
            if (!images)
                return listDidNotCome(images.error());
            m_stock.images = *images;
            m_imagesKnown = true;
            m_soon.start();
        });
}

void Candidates::fetchStorage()
{
    // In this order: who holds a volume is asked after the volume was listed, so that none looks unused for a blink.
    const quint64 number = ++m_storageAsked;
    docker::volumes(m_parts.engine).then(this, [this, number](const core::Result<QList<docker::Volume>> &volumes) {
        if (!volumes)
            return listDidNotCome(volumes.error());
        docker::networks(m_parts.engine)
            .then(this, [this, number, volumes = *volumes](const core::Result<QList<docker::Network>> &networks) {
                if (!networks)
                    return listDidNotCome(networks.error());
                docker::containerUses(m_parts.engine)
                    .then(this,
                        [this, number, volumes, networks = *networks](
                            const core::Result<QList<docker::ContainerUse>> &uses) {
                            if (!uses)
                                return listDidNotCome(uses.error());
                            if (number != m_storageAsked)
                                return;
                            m_stock.volumes = volumes;
                            m_stock.networks = networks;
                            m_stock.uses = *uses;
                            m_storageKnown = true;
                            m_soon.start();
                        });
            });
    });
}

void Candidates::recompute()
{
    if (!known() || !m_parts.inventory.containersKnown())
        return;
    m_stock.containers = m_parts.inventory.containers();
    m_stock.configs = m_parts.library.configs();
    m_stock.records = m_parts.history.records();
    m_list = candidates(m_stock, m_parts.protection);
    Q_EMIT changed();
}

// ---- sizes

void Candidates::computeSizes()
{
    if (m_computing)
        return;
    m_computing = true;
    Q_EMIT computingChanged();
    m_sizes = docker::diskUsage(m_parts.engine).then(this, [this](const core::Result<docker::DiskUsage> &usage) {
        m_computing = false;
        if (usage) {
            m_stock.usage = *usage;
            m_sizesAt = QDateTime::currentSecsSinceEpoch();
            recompute();
            Q_EMIT sizesChanged();
        } else if (usage.error().kind != core::ErrorKind::Aborted) {
            Q_EMIT sizesFailed(usage.error());
        }
        Q_EMIT computingChanged();
    });
}

void Candidates::cancelSizes() { m_sizes.abort(); }

void Candidates::forget(const QList<Candidate> &removed)
{
    if (!m_stock.usage)
        return;
    QSet<QString> gone;
    for (const Candidate &item : removed)
        gone.insert(item.id);
    docker::DiskUsage &usage = *m_stock.usage;
    for (const docker::ImageNode &image : std::as_const(usage.images)) {
        if (gone.contains(image.id) && usage.layersSize >= 0 && image.sharedSize >= 0)
            usage.layersSize
                = std::max<qint64>(usage.layersSize - std::max<qint64>(image.size - image.sharedSize, 0), 0);
    }
    usage.images.removeIf([&gone](const docker::ImageNode &image) { return gone.contains(image.id); });
    usage.containers.removeIf([&gone](const docker::ContainerUse &use) { return gone.contains(use.id); });
    usage.volumes.removeIf([&gone](const docker::Volume &volume) { return gone.contains(volume.name); });
    usage.buildCache.removeIf([&gone](const docker::CacheRecord &record) { return gone.contains(record.id); });
    recompute();
    Q_EMIT sizesChanged();
}

} // namespace cleanup
