#pragma once

#include "images/details.h"
#include "inventory/inventory.h"

#include <QString>

class QPalette;

namespace images {

/** Whom a link in the details leads to: "container:ID" or "saved:NAME", percent-encoded. */
inline constexpr auto containerScheme = "container";
inline constexpr auto savedScheme = "saved";

/** What the details of an image are written from; pointers may be null while they are not known. */
struct DetailsText
{
    const inventory::Inventory &inventory;
    QString id;
    QHash<QString, QStringList> saved; ///< configurations by row key
    const Details *details;

    /** The names it has, as rows; empty when there is no such image. */
    QList<inventory::Image> rows() const;
    /** A page of rich text in the palette's colours. */
    QString html(const QPalette &palette) const;
};

/** How people call the image of that id: its first name, or "untagged 0123456789ab". */
QString imageName(const inventory::Inventory &inventory, const QString &id);

} // namespace images
