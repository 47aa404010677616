#pragma once

#include "launch/frominspect.h"

#include <QJsonObject>

namespace launch {

/** Reads what a container mounts: HostConfig's Binds and Mounts, and Config's Volumes without those of the image. */
void takeMounts(InspectedConfig &into, const QJsonObject &container, const QJsonObject &imageConfig);

} // namespace launch
