#pragma once

#include "docker/disk.h"
#include "inventory/image.h"

#include <QSet>

namespace images {

/** What comes of removing some rows of the images table, told before it is done. */
struct Removal
{
    /** One of the rows. */
    struct Line
    {
        QString id; ///< of its image
        QString reference; ///< what the daemon is asked to remove
        bool imageGoes = false; ///< with its last name
        bool locked = false; ///< protected: it is not asked for
        QString text; ///< "bb:1  –  only this name; the image stays as bb:2"
        QStringList containers; ///< that use it: the daemon refuses to remove the image
        QStringList saved; ///< configurations that would have to get it again

        bool refused() const { return imageGoes && !containers.isEmpty(); }
    };
    QList<Line> lines;
    QStringList steps; ///< ids of untagged images that go too: what the others were built on, see addSteps()
    QStringList rest; ///< ids of what goes once the names are gone, in this order: steps, and images with steps on them
    qint64 freed = 0; ///< bytes at most: shared layers count where nobody else is known to have them

    QStringList references() const; ///< what the daemon is asked to remove: not what is protected or would be refused
    int images() const; ///< how many go
    bool refused() const; ///< one at least would be
    bool hasLocked() const;
};

/**
 * rows: the chosen ones; all: the table; saved: configurations by row key; locked: protected rows, by key; own: bytes
 * that would go with the image of that id, where known.
 */
Removal removalOf(const QList<inventory::Image> &rows, const QList<inventory::Image> &all,
    const QHash<QString, QStringList> &saved, const QSet<QString> &locked, const QHash<QString, qint64> &own);

/** Adds what is there only for those that go, and says which stay because others are built on them; kept: ids of images
 * that containers use or that are protected. */
void addSteps(Removal &removal, const QList<docker::ImageNode> &nodes, const QSet<QString> &kept);

} // namespace images
