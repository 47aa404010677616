#pragma once

#include "common/statedelegate.h"
#include "inventory/container.h"

namespace containers {

/** The icon and tone of a container's phase; the word beside it is inventory::stateText(). */
common::CellLook lookOf(inventory::Phase phase);

} // namespace containers
