#pragma once

#include "images/layers.h"
#include "inventory/image.h"

namespace images {

/** What comes of removing some rows of the images table, told before it is done. */
struct Removal
{
    /** One of the rows. */
    struct Line
    {
        QString reference; ///< what the daemon is asked to remove
        bool imageGoes = false; ///< with its last name
        QString text; ///< "bb:1  –  only this name; the image stays as bb:2"
        QStringList containers; ///< that use it: the daemon refuses to remove the image
        QStringList saved; ///< configurations that would have to get it again
    };
    QList<Line> lines;
    qint64 freed = 0; ///< bytes at most: shared layers count where nobody else is known to have them

    int images() const; ///< how many go
    bool refused() const; ///< for one at least
};

/**
 * rows: the chosen ones; all: the table; saved: configurations by row key; own: bytes that would go with the image of
 * that id, where known.
 */
Removal removalOf(const QList<inventory::Image> &rows, const QList<inventory::Image> &all,
    const QHash<QString, QStringList> &saved, const QHash<QString, qint64> &own);

} // namespace images
