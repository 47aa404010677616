#pragma once

#include "inspect/frominspect.h"

#include <QJsonObject>

namespace inspect {

/** Reads what a container mounts: HostConfig's Binds and Mounts, and Config's Volumes without those of the image. */
void takeMounts(InspectedConfig &into, const QJsonObject &container, const QJsonObject &imageConfig);

} // namespace inspect
