#pragma once

#include "docker/types.h"
#include "inventory/container.h"

namespace inventory {

/** One row of the images table: one name of an image, or an image without any. A value; the Inventory keeps it fresh.
 */
struct Image
{
    QString id; ///< with "sha256:"
    QString repository; ///< "nvcr.io/nvidia/pytorch"; empty: untagged
    QString tag; ///< "24.05-py3"
    qint64 size = 0; ///< bytes, shared layers included
    qint64 created = 0; ///< Unix seconds
    QStringList digests; ///< of the image in registries: "repository@sha256:…"
    QStringList usedBy; ///< names of the containers made from it, running or not

    bool operator==(const Image &) const = default;

    /** "repository:tag", or the id where it has no name. */
    QString reference() const { return repository.isEmpty() ? id : repository + u':' + tag; }
    /** The first twelve digits, as Docker shows them. */
    QString shortId() const;
    /** Of one without a name: where it came from, as a newer one took its name; empty where nothing tells. */
    QString formerRepository() const;
    QString key() const { return id + u' ' + reference(); }
    ColumnMask changedColumns(const Image &now) const;
};

/** Columns of the images table, in DESIGN.md's order. */
enum class ImageColumn { Repository, Tag, Id, Size, Created, UsedBy };
inline constexpr int imageColumnCount = 6;

/** Of containers whose image's name stands for another image by now, as far as these tell. */
QList<qsizetype> rowsWithMovedNames(const QList<docker::ImageSummary> &images, const QList<Container> &containers);

/** The rows of the daemon's list: one a tag, and who uses them. */
QList<Image> imageRows(const QList<docker::ImageSummary> &images, const QList<Container> &containers);

} // namespace inventory
