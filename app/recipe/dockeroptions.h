#pragma once

#include "recipe/runconfig.h"

#include <QAnyStringView>
#include <QProcessEnvironment>

namespace recipe {

/** Where a pasted line is typed: what its variables and relative folders mean. */
struct ShellContext
{
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    QString folder; ///< $PWD, $(pwd) and "./x"; empty: the program's own
};

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

} // namespace recipe
