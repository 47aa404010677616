#pragma once

#include "core/pending.h"
#include "docker/types.h"

#include <QHash>
#include <QJsonObject>
#include <QObject>
#include <QSet>

/**
 * What takes space on the daemon's disk, who holds on to it, and the removal of one thing at a time. Sizes cost the
 * daemon up to minutes: FACTS.md 1.6.
 */
namespace docker {

class Engine;
class EventStream;

/** GET /containers/json, one element: what a container, running or not, holds on to. */
struct ContainerUse
{
    QString id;
    QString name;
    QString state; ///< as ContainerSummary::state
    QString imageId;
    QStringList volumes; ///< by name
    QStringList networks; ///< names and ids mixed: of one that never ran the daemon tells the name alone
    qint64 sizeRw = -1; ///< bytes written in it; −1: not asked for

    bool operator==(const ContainerUse &) const = default;
};

/** GET /images/json?all=1, one element: with untagged images that others are built on. */
struct ImageNode
{
    QString id;
    QString parentId; ///< of one that was built here by the classic builder
    QStringList repoTags;
    QStringList repoDigests;
    qint64 created = 0;
    qint64 size = 0; ///< bytes, shared layers included
    qint64 sharedSize = -1; ///< of these what other images have too; −1: not computed

    bool operator==(const ImageNode &) const = default;
};

/** Which image is built on which, looked up fast. Made of one list, which must outlive it. */
class ImageTree
{
public:
    explicit ImageTree(const QList<ImageNode> &nodes);

    /** Null: not among them. */
    const ImageNode *node(const QString &id) const { return m_nodes.value(id); }
    QStringList children(const QString &id) const { return m_children.value(id); }
    /** Untagged, and others are built on it: Docker does not list it by itself. */
    bool isStep(const ImageNode &image) const;
    /**
     * What goes of these once they have no names any more, and the steps that nothing needs then, in an order in which
     * they can be removed. One stays that something is built on which stays. kept: steps that stay in any case.
     */
    QStringList goingWith(const QStringList &images, const QSet<QString> &kept) const;
    /** Only the steps of it. */
    QStringList stepsOf(const QStringList &images, const QSet<QString> &kept) const;

private:
    QHash<QString, const ImageNode *> m_nodes;
    QHash<QString, QStringList> m_children;
};

/** GET /volumes, one element. */
struct Volume
{
    QString name;
    QString driver;
    qint64 created = 0;
    QMap<QString, QString> labels;
    qint64 size = -1; ///< bytes; −1: not computed, or not known to its driver

    bool operator==(const Volume &) const = default;

    /** Made for a container that named none. Before API 1.42 only its name tells. */
    bool anonymous() const;
};

/** GET /networks, one element. */
struct Network
{
    QString id;
    QString name;
    QString driver;
    QString scope; ///< local, swarm
    qint64 created = 0;
    bool ingress = false;
    QMap<QString, QString> labels;

    bool operator==(const Network &) const = default;

    /** Docker's own (bridge, host, none), or of a swarm. */
    bool builtIn() const;
};

/** A record of BuildKit's cache, as /system/df tells it. */
struct CacheRecord
{
    QString id;
    QStringList parents; ///< which it is built on
    QString type; ///< regular, source.local, exec.cachemount, …
    QString description;
    bool inUse = false;
    bool shared = false; ///< an image has these bytes too
    qint64 size = 0;
    qint64 created = 0;
    qint64 lastUsed = 0; ///< 0: never

    bool operator==(const CacheRecord &) const = default;
};

/** GET /system/df. */
struct DiskUsage
{
    qint64 layersSize = -1; ///< bytes of all images, each layer once; −1: not told
    QList<ImageNode> images; ///< without those that others are built on
    QList<ContainerUse> containers; ///< with their sizes
    QList<Volume> volumes;
    QList<CacheRecord> buildCache;

    bool operator==(const DiskUsage &) const = default;
};

/** Both shapes: with LayersSize, and with ImageUsage and the like (API 1.52 on). */
core::Result<DiskUsage> parseDiskUsage(const QByteArray &json);
core::Result<QList<ContainerUse>> parseContainerUses(const QByteArray &json);
core::Result<QList<ImageNode>> parseImageNodes(const QByteArray &json);
core::Result<QList<Volume>> parseVolumes(const QByteArray &json);
core::Result<Volume> parseVolume(const QByteArray &json);
core::Result<QList<Network>> parseNetworks(const QByteArray &json);
/** What the removal of cache records answers: the ids that went. */
core::Result<QStringList> parseCachesDeleted(const QByteArray &json);

/**
 * All sizes, after minutes perhaps: without a deadline. One at a time: a daemon up to 20.10 refuses a second one while
 * one runs.
 */
core::Pending<DiskUsage> diskUsage(Engine &engine);
/** filter: "volume", "network", "ancestor", with its value; empty: all containers. */
core::Pending<QList<ContainerUse>> containerUses(Engine &engine, const QString &filter = {}, const QString &value = {});
core::Pending<QList<ImageNode>> imageNodes(Engine &engine);
core::Pending<QList<Volume>> volumes(Engine &engine);
core::Pending<Volume> inspectVolume(Engine &engine, const QString &name);
core::Pending<QList<Network>> networks(Engine &engine);
/** Of volumes and networks; what changes the other lists is in Engine::events(). */
EventStream *storageEvents(Engine &engine, QObject *parent);

core::Pending<void> removeVolume(Engine &engine, const QString &name);
core::Pending<void> removeNetwork(Engine &engine, const QString &id);
/**
 * Removes one name ("repository:tag", "repository@digest"), and the image with its last; of an image without any: by
 * its id. Never with force, and never the untagged images it was built on, which the daemon would take along.
 */
core::Pending<QList<ImageDeletion>> removeImageName(Engine &engine, const QString &reference);
/**
 * Removes this record of the build cache and no other, and answers which went: none where another record or a build
 * needs it. The API has but its prune for that; the id is sent as a pattern that nothing else matches. One that is not
 * made of letters and digits, as BuildKit makes them, is refused.
 */
core::Pending<QStringList> removeCacheRecord(Engine &engine, const QString &id);
/** The prune filter for exactly that record; empty when the id is none. */
QString cacheRecordFilter(const QString &id);

} // namespace docker
