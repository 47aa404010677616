#pragma once

#include "inventory/container.h"
#include "runs/record.h"

#include <optional>

/** The facts of a record as labels of its container, io.slipway.…, so that any Slipway that sees it can show them. */
namespace runs {

QList<QPair<QString, QString>> toLabels(const Record &record);
/** What a container's labels tell; nothing when no Slipway launched it. How it ended is the container's own state. */
std::optional<Record> fromLabels(const inventory::Container &container, const QString &host);

} // namespace runs
