#pragma once

#include "cli/options.h"
#include "runs/recorder.h"

#include <optional>

namespace cli {

/** What the words, a file, a saved run or the sample say to launch, its blanks filled in, and of its secrets those that
 * the environment has; complains and answers nothing otherwise. */
std::optional<runs::Launch> wanted(const Options &options);

} // namespace cli
