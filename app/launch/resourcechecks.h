#pragma once

#include "launch/check.h"

namespace launch {

/** The name, the end, the labels and what the run may use. */
void checkResources(const recipe::RunConfig &config, const CheckContext &context, ProblemList &problems);

} // namespace launch
