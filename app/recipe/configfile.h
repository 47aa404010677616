#pragma once

#include "core/result.h"
#include "recipe/runconfig.h"

#include <QByteArray>

/** A RunConfig as a readable JSON file: {"slipway": 1, "image": …}. Fields that have their defaults are left out. */
namespace recipe {

QByteArray toJson(const RunConfig &config);

/** What a file says, and what in it means nothing. */
struct ConfigFile
{
    RunConfig config;
    QStringList warnings; ///< one sentence for each field nobody knows
};

/** Total: bad input is a Protocol error with one sentence that names the place of the first wrong field
 * ("mounts[1].target"). */
core::Result<ConfigFile> fromJson(const QByteArray &json);

} // namespace recipe
