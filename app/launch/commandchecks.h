#pragma once

#include "launch/check.h"

namespace launch {

/** What runs, where, and with which variables. */
void checkCommand(const recipe::RunConfig &config, const CheckContext &context, ProblemList &problems);

} // namespace launch
