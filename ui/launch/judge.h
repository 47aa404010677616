#pragma once

#include "launch/check.h"
#include "launch/finding.h"

namespace launch {

/** What check() says of a configuration, by the wizard's steps. */
QList<StepFinding> judge(const recipe::RunConfig &config, const CheckContext &context);

} // namespace launch
