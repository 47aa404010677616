#pragma once

#include "cli/options.h"

namespace cli {

/** Prints what the GPU page shows, once: as a table, or as JSON (inventory::gpuReport). */
int gpus(int argc, char **argv, const Options &options);

} // namespace cli
