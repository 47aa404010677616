#pragma once

#include "inspect/frominspect.h"

#include <QJsonObject>

namespace inspect {

/** Reads which networks a container is in, and what is set for it there: addresses, other names, links. */
void takeNetworks(InspectedConfig &into, const QJsonObject &container);

} // namespace inspect
