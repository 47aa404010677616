#pragma once

#include "cleanup/advice.h"
#include "docker/engine.h"
#include "inventory/inventory.h"
#include "runs/history.h"

#include <QObject>
#include <QPointer>
#include <QTimer>

namespace cleanup {

/**
 * What can be cleaned up on one daemon, kept fresh while somebody looks: containers and images follow the inventory,
 * volumes and networks their events; sizes come only when asked for, once, and are kept with their time. Costs nothing
 * while nobody looks. Owned by the Application.
 */
class Candidates : public QObject
{
    Q_OBJECT
public:
    /** What it reads; all must outlive it. */
    struct Parts
    {
        docker::Engine &engine;
        inventory::Inventory &inventory;
        runs::Library &library;
        runs::History &history;
        settings::Protection &protection;
    };
    explicit Candidates(const Parts &parts, QObject *parent = nullptr);

    void setWatched(bool watched);
    const QList<Candidate> &list() const { return m_list; }
    /** Every list came once; before that an empty page means "asking". */
    bool known() const { return m_storageKnown && m_imagesKnown; }
    /** Asks for everything but the sizes again. */
    void refresh();

    /** One at a time; sizesChanged() or sizesFailed() follows. */
    void computeSizes();
    void cancelSizes();
    bool computing() const { return m_computing; }
    /** Unix seconds; 0: not in this session. */
    qint64 sizesAt() const { return m_sizesAt; }
    const std::optional<docker::DiskUsage> &usage() const { return m_stock.usage; }
    /** What a clean-up has removed goes from the sizes that were computed. */
    void forget(const QList<Candidate> &removed);

Q_SIGNALS:
    /** list() or known() is different. */
    void changed();
    /** A list did not come; it is asked for again with the next change. */
    void failed(const core::Error &error);
    void sizesChanged();
    void sizesFailed(const core::Error &error);
    void computingChanged();

private:
    void containersChanged(const inventory::ListChange &change);
    void fetchImages();
    void fetchStorage();
    void listDidNotCome(const core::Error &error);
    void listen();
    void recompute();

    Parts m_parts;
    Stock m_stock;
    QList<Candidate> m_list;
    bool m_watched = false;
    bool m_storageKnown = false;
    bool m_imagesKnown = false;
    quint64 m_storageAsked = 0; ///< counts questions: an older answer is dropped
    quint64 m_imagesAsked = 0;
    QTimer m_soon; ///< recompute() once after a burst
    QTimer m_imagesSoon;
    QTimer m_storageSoon;
    QPointer<docker::EventStream> m_events; ///< child; while watched and live
    bool m_computing = false;
    core::Aborter m_sizes;
    qint64 m_sizesAt = 0;
};

} // namespace cleanup
