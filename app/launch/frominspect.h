#pragma once

#include "docker/types.h"
#include "recipe/runconfig.h"

namespace launch {

/** A container's configuration as a run, and what of it a recipe::RunConfig cannot say (each a short phrase:
 * "--cap-add"). */
struct InspectedConfig
{
    recipe::RunConfig config;
    QStringList lost;
};

/**
 * The run that would make this container again, under the same name, detached. The image's own environment, command,
 * entrypoint, user, working directory, labels and volumes are left out where the container has the same; image is
 * nothing where it is gone, and then all of them stand in the run. Total: what has a wrong type counts as not there.
 */
InspectedConfig fromInspect(const docker::ContainerDetail &container, const std::optional<docker::ImageDetail> &image);

} // namespace launch
