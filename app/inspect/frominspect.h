#pragma once

#include "docker/apiversion.h"
#include "docker/types.h"
#include "recipe/runconfig.h"

#include <QLatin1String>

namespace inspect {

/** What of a container's settings is the daemon's own doing, and what it takes: its version and its cgroups. */
struct DaemonTraits
{
    docker::ApiVersion api = docker::oldestApi; ///< options that need a newer one are lost
    int cgroupVersion = 2; ///< the daemon gives each container a cgroup namespace of its own only with 2
};

/** A container's configuration as a run, and what of it no option of `docker run` says (each a short phrase:
 * "--network (a second one)"). */
struct InspectedConfig
{
    recipe::RunConfig config;
    QStringList lost;
    DaemonTraits daemon = {};

    /** One more --name=value, or lost where Docker's client or this daemon would not take it. */
    void say(QLatin1String name, const QString &value);
    void lose(bool isLost, const QString &what);
};

/**
 * The run that would make this container again, under the same name, detached. The image's own environment, command,
 * entrypoint, user, working directory, labels and volumes are left out where the container has the same; image is
 * nothing where it is gone, and then all of them stand in the run. Total: what has a wrong type counts as not there.
 */
InspectedConfig fromInspect(const docker::ContainerDetail &container, const std::optional<docker::ImageDetail> &image,
    const DaemonTraits &daemon = {});

} // namespace inspect
