#pragma once

#include "launch/check.h"

namespace launch {

/** Whether what runs suits what it is handed to: the entry point of the image, or the one the run sets. */
void checkEntrypoint(const recipe::RunConfig &config, const CheckContext &context, ProblemList &problems);

/** What the image alone would run, as a button that puts it into the run's command; none where it is not known. */
QList<Fix> ownCommandFix(const recipe::RunConfig &config, const CheckContext &context);

/** Whether somebody who is not there to press a button may be taken to want it: without it the run cannot work. */
bool mendsItself(const Problem &problem);

} // namespace launch
