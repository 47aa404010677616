#pragma once

#include "launch/runconfig.h"
#include "launch/shellwords.h"

#include <QAnyStringView>

namespace launch {

/** One option of `docker run` and how its value gets into a RunConfig. */
struct DockerOption
{
    /** Empty: taken. Else one sentence on what is wrong with the value. Flags get "true" or "false". */
    using Read = QString (*)(RunConfig &config, const QString &value, const ShellContext &context);

    QLatin1String name; ///< without its dashes
    char shorthand = 0; ///< 0: has none
    bool flag = false; ///< stands alone or takes =true, =false
    Read read = nullptr;
};

/** The option of this name, "gpus"; null where Slipway does not know it. */
const DockerOption *dockerOption(QAnyStringView name);
const DockerOption *dockerShorthand(QChar shorthand);

} // namespace launch
