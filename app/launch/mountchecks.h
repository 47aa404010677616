#pragma once

#include "launch/check.h"

namespace launch {

/** "/data/" and "/data" are one place. */
QString place(QString target);

/** Host folders, volumes and their places in the container. */
void checkMounts(const recipe::RunConfig &config, const CheckContext &context, ProblemList &problems);

} // namespace launch
