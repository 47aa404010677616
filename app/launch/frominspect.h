#pragma once

#include "docker/types.h"
#include "launch/runconfig.h"

namespace launch {

/** A container's configuration as a run, and what of it a RunConfig cannot say (each a short phrase: "--cap-add"). */
struct InspectedConfig
{
    RunConfig config;
    QStringList lost;
};

/**
 * The run that would make this container again. The image's own environment, command, entrypoint, user and working
 * directory are left out where the container has the same; image is nothing where it is gone.
 */
InspectedConfig fromInspect(const docker::ContainerDetail &container, const std::optional<docker::ImageDetail> &image);

} // namespace launch
