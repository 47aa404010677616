#pragma once

#include "recipe/runconfig.h"

namespace dockerline {

/** The words of the `docker run` command that does what config says; shortest forms, in the order people write them. */
QStringList dockerRunWords(const recipe::RunConfig &config);

/**
 * The same as a shell script with one option on each line. Everything a line can say is in it; it runs by hand, in a
 * cron job or under a scheduler.
 */
QString dockerRunScript(const recipe::RunConfig &config);

/** The same as one line to paste into a shell. Without an image the word IMAGE stands in its place. */
QString dockerRunLine(const recipe::RunConfig &config);

} // namespace dockerline
