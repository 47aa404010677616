#pragma once

#include "launch/runconfig.h"

namespace launch {

/** The words of the `docker run` command that does what config says; shortest forms, in the order people write them. */
QStringList dockerRunWords(const RunConfig &config);

/** The same as one line to paste into a shell. Without an image the word IMAGE stands in its place. */
QString dockerRunLine(const RunConfig &config);

// One option's value each, as Docker reads it.
/** "all", "2", "device=0", "\"device=0,1\"" (with its inner quotes); empty for none. */
QString gpusValue(const GpuRequest &gpus);
/** Behind -v: "/data:/data:ro"; "/data" alone for a nameless volume. */
QString volumeValue(const Mount &mount);
/** Behind --mount: "type=bind,source=/data,target=/data,readonly". */
QString mountValue(const Mount &mount);
/** "memlock=-1", "nofile=1024:65536". */
QString ulimitValue(const Ulimit &ulimit);
/** "2.5": at most nine decimals. */
QString cpusValue(double cpus);
/** "A=1", or "A" where no value is given. */
QString envValue(const EnvVar &env);

} // namespace launch
