#pragma once

#include "launch/check.h"

namespace launch {

/** The GPUs asked for: whether they can be meant, are there, and are free. */
void checkGpus(const recipe::RunConfig &config, const CheckContext &context, ProblemList &problems);

} // namespace launch
