#pragma once

#include "recipe/runconfig.h"

/** One option's value each, as a person writes it for Docker to read. */
namespace recipe {

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
/** "A=1", or "A" where no value is given and of a secret. */
QString envValue(const EnvVar &env);

/** One word: "--cap-add=SYS_PTRACE", "--init". */
QString optionWord(const Option &option);

} // namespace recipe
