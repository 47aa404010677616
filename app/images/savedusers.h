#pragma once

#include "inventory/image.h"
#include "runs/library.h"

namespace images {

/**
 * Which saved configurations need which row of the images table, by the row's key(): one that names it (as Docker
 * completes names), its digest, or its id.
 */
QHash<QString, QStringList> savedUsers(const QList<inventory::Image> &images, const QList<runs::SavedConfig> &configs);

} // namespace images
