#pragma once

#include "launch/check.h"

namespace launch {

/** Where the code comes from, what is checked out before the command, and that there is a command. */
void checkCode(const recipe::RunConfig &config, const CheckContext &context, ProblemList &problems);

} // namespace launch
