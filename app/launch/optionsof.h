#pragma once

#include <QJsonObject>
#include <QStringList>

namespace launch {

/**
 * What of a container's HostConfig, Config and networks no recipe::RunConfig says, as the options of `docker run`
 * ("--cap-add"), each once; a field that nobody knows is named as it is. Mounts and GPUs are not looked at:
 * fromInspect() reads them. container: GET /containers/{id}/json; imageConfig: its image's Config, empty where the
 * image is gone.
 *
 * What the daemon fills in by itself is no loss, where it can be told from what a person asked for. Where it cannot, a
 * log driver or runtime that daemon.json makes the default is named, and a host name beside --network=host is not.
 */
QStringList lostOptions(const QJsonObject &container, const QJsonObject &imageConfig);

} // namespace launch
