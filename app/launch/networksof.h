#pragma once

#include "launch/frominspect.h"

#include <QJsonObject>

namespace launch {

/** Reads which networks a container is in, and what is set for it there: addresses, other names, links. */
void takeNetworks(InspectedConfig &into, const QJsonObject &container);

} // namespace launch
