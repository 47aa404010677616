#pragma once

#include "launch/check.h"

namespace launch {

/** The network and the published ports. */
void checkNetwork(const recipe::RunConfig &config, const CheckContext &context, ProblemList &problems);

} // namespace launch
