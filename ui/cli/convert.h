#pragma once

#include "cli/options.h"

namespace cli {

/**
 * Prints what a docker run line means: the request that would be sent, a line, a script or a compose file. The line
 * is what stands behind "--", else standard input. Talks to no daemon.
 */
int convert(const Options &options);

} // namespace cli
