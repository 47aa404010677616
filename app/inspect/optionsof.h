#pragma once

#include "inspect/frominspect.h"

#include <QJsonObject>

namespace inspect {

/**
 * Puts what a container's HostConfig, Config and networks say beyond the fields of RunConfig into its options; a field
 * that nobody knows is lost under its own name. Mounts, GPUs and what has fields are not looked at: fromInspect()
 * reads them. container: GET /containers/{id}/json; imageConfig: its image's Config, empty where the image is gone.
 *
 * What the daemon fills in by itself is left out, where it can be told from what a person asked for. Where it cannot, a
 * log driver or runtime that daemon.json makes the default is said, and a host name beside --network=host is not.
 */
void takeOptions(InspectedConfig &into, const QJsonObject &container, const QJsonObject &imageConfig);

} // namespace inspect
