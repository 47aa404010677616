#pragma once

#include "core/pending.h"
#include "docker/engine.h"
#include "inventory/container.h"
#include "inventory/daemonlink.h"
#include "inventory/image.h"
#include "inventory/listchange.h"

#include <QHash>
#include <QSet>
#include <QTimer>
#include <chrono>

namespace inventory {

/**
 * The state of one daemon, kept fresh by its events: containers, images, and whether it answers. Opens the events
 * before the first list, fetches what an event names, lists everything only on connect, by hand, and seldom for safety
 * while someone looks; reconnects with back-off when the daemon goes, and the last known rows stay. Owns no engine;
 * owned by the Application.
 */
class Inventory : public QObject
{
    Q_OBJECT
public:
    enum class Link {
        Connecting, ///< not heard of yet
        Live, ///< events come
        Lost, ///< the rows are the last known ones
    };

    explicit Inventory(docker::Engine &engine, QObject *parent = nullptr);
    ~Inventory() override;

    void start();
    /** There is no daemon to connect to at all (its address is not usable): stays Lost with that trouble. */
    void giveUp(const core::Error &error);
    /** start(), with the answer to Engine::earlyContainersRequest() that was sent at sentAt (Unix ms) on this socket.
     */
    void startEarly(int descriptor, qint64 sentAt);

    Link link() const { return m_link; }
    /** Why the daemon does not answer; nothing while it does. */
    const std::optional<core::Error> &trouble() const { return m_trouble; }

    const QList<Container> &containers() const { return m_containers; }
    const QList<Image> &images() const { return m_images; }
    /** Null when there is no such container (any more). */
    const Container *container(const QString &id) const;
    /** True once a list arrived: before that, an empty table means "loading". */
    bool containersKnown() const { return m_containersKnown; }
    bool imagesKnown() const { return m_imagesKnown; }

    /** Lists everything again: by hand, or after something that sends no events. */
    void refresh();
    /** Tries the daemon at once instead of waiting for the next attempt. */
    void retry();
    /** How long rows in sight may go without a whole list: the daemon drops events of slow listeners in silence. */
    void setSafetyInterval(std::chrono::milliseconds interval);
    /** Rows in sight: their details (GPUs, exact times, out of memory) are fetched once and after each change. */
    void setInSight(const QStringList &ids);
    /** Whether the details of all running containers are wanted, in sight or not: who asked for GPUs. */
    void needRunning(bool need);
    /** Nothing more is to be learnt of the running containers: each was inspected, or could not be. */
    bool runningKnown() const;
    /** Shows in the row what is being done to it; nullopt when it is done. */
    void setBusy(const QString &id, std::optional<Action> action);

Q_SIGNALS:
    void linkChanged();
    /** The daemon answers, but not this; it is asked again later. */
    void listFailed(const core::Error &error);
    /** containers() changed as told; models apply it to their copy. */
    void containersChanged(const inventory::ListChange &change);
    void imagesChanged(const inventory::ListChange &change);
    /**
     * A container's process ended or began (again): who follows its log wants to know at once. Also told of what
     * happened while the daemon was out of reach, as far as its list shows it.
     */
    void containerStarted(const QString &id);
    void containerEnded(const QString &id, int exitCode);
    /** The daemon removed it. */
    void containerRemoved(const QString &id);

private:
    void opened(bool replayed);
    void lost(const core::Error &error);
    void handle(const docker::Event &event);
    void handleContainerEvent(const docker::Event &event);
    void fetchDirty();
    void fetchContainers();
    void listCame();
    void listDidNotCome(const core::Error &error);
    void fetchImages();
    void applyList(const QList<docker::ContainerSummary> &list);
    void applySome(const QStringList &asked, const QList<docker::ContainerSummary> &list);
    void expect(const docker::Event &event);
    bool late(const Container &container);
    void askAgain(const QString &id);
    Container merged(const docker::ContainerSummary &summary, qint64 now) const;
    void tellMissed(const QList<Container> &fresh, qint64 now);
    void applyContainers(QList<Container> fresh);
    void replace(qsizetype row, const Container &now);
    void updateImages();
    void fetchDetails();
    bool fetchDetail(const Container &row);
    void reindex();

    docker::Engine &m_engine;
    DaemonLink m_daemon;
    Link m_link = Link::Connecting;
    std::optional<core::Error> m_trouble;

    QList<Container> m_containers;
    QHash<QString, qsizetype> m_rows; ///< of each id
    bool m_containersKnown = false;
    bool m_imagesKnown = false;
    bool m_missedEvents = false; ///< the link was lost: the next whole list tells what the events could not
    bool m_listing = false; ///< a list is on its way: what is wanted meanwhile is fetched after it
    bool m_wholeListWanted = false;
    int m_listFailures = 0; ///< since a list came
    QTimer m_listAgain;
    QSet<QString> m_dirty; ///< containers that events named
    QTimer m_collect;

    /** What an event said of a container; the daemon's list may be late with it. */
    struct Expected
    {
        bool running = false;
        bool paused = false;
        int asked = 0; ///< times the list did not say so yet
    };
    QHash<QString, Expected> m_expected;
    QHash<QString, bool> m_toldRunning; ///< what events said before the link was lost, and no list did any more

    QList<docker::ImageSummary> m_imageList;
    QList<Image> m_images;
    QTimer m_collectImages;

    QStringList m_inSight;
    bool m_runningNeeded = false;
    QTimer m_safety; ///< runs while rows are in sight
    QSet<QString> m_inspecting;
    QSet<QString> m_notInspected; ///< it failed: asked again with the next whole list or event
    QHash<QString, quint64> m_generation; ///< counts a container's events: an older inspect is dropped
};

} // namespace inventory
