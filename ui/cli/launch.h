#pragma once

#include "cli/options.h"

namespace cli {

/** Launches, follows the log on standard output, and returns the container's exit code. */
int launch(int argc, char **argv, const Options &options);

} // namespace cli
