#pragma once

#include "cleanup/advice.h"

#include <QHash>
#include <QSet>

namespace cleanup {

/** Who holds on to what in a stock, looked up fast: made once a pass of candidates(), which owns it. */
class Holders
{
public:
    /** stock must outlive it. */
    explicit Holders(const Stock &stock);

    /** A container was made from it, or it is only a step of others: not to be listed by itself. */
    bool imageHeld(const docker::ImageNode &image) const;
    bool volumeHeld(const QString &name) const { return m_volumes.contains(name); }
    bool networkHeld(const docker::Network &network) const;

    /** Bytes written in a container; −1: not computed. */
    qint64 sizeOf(const QString &containerId) const { return m_containerSizes.value(containerId, -1); }
    qint64 sizeOfVolume(const QString &name) const { return m_volumeSizes.value(name, -1); }
    /** Bytes that it shares with other images; −1: not computed. */
    qint64 sharedOf(const QString &imageId) const { return m_shared.value(imageId, -1); }

    /** Null: no Slipway launched it. */
    const runs::Record *recordOf(const inventory::Container &container) const { return m_records.value(container.id); }
    /** Unix seconds of the last known run; 0: none. */
    qint64 lastRunOf(const docker::ImageNode &image) const { return m_lastRuns.value(image.id); }
    QStringList configsUsing(const docker::ImageNode &image) const;

    /** A tagged image that is built on it; empty: none. */
    QString builtOn(const QString &imageId) const;
    /** The untagged images that only this one is built on, and that no container uses, the nearest first. */
    QStringList buildSteps(const docker::ImageNode &image) const;
    /** How many images it is built on. */
    int depth(const docker::ImageNode &image) const;

private:
    void takeConfig(const runs::SavedConfig &saved);

    const Stock &m_stock;
    docker::ImageTree m_images;
    QSet<QString> m_imagesInUse;
    QSet<QString> m_volumes;
    QSet<QString> m_networks; ///< names and ids
    QHash<QString, qint64> m_containerSizes;
    QHash<QString, qint64> m_volumeSizes;
    QHash<QString, qint64> m_shared;
    QHash<QString, QStringList> m_configs; ///< names of saved configurations, by their image's full name or id
    QList<std::pair<QString, QString>> m_openConfigs; ///< how the image's name begins, and the configuration's name
    QHash<QString, const runs::Record *> m_records; ///< by a container's id
    QHash<QString, qint64> m_lastRuns; ///< by an image's id
};

} // namespace cleanup
