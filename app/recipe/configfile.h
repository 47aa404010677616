#pragma once

#include "core/jsonplace.h"
#include "core/result.h"
#include "recipe/runconfig.h"

#include <QByteArray>

/**
 * A run as a readable JSON file, version 1: {"slipway": 1, "image": …}. Fields that have their defaults are left out.
 *
 * description                text for people
 * image name platform        texts; name: of the container
 * gpus                       "all", a number, a list of numbers and UUIDs, {"any": n, "minFree": size}
 * code                       {"folder", "update": "none", "pull" or "fetch", "checkout", "commit"}; to clone it at the
 *                            start also "source": "clone" and "url"
 * mounts                     [{"source", "target", "readOnly", "mustExist", "options"}]
 * command                    list of words; or script: text for shell ("bash")
 * entrypoint workingDir user network ipc restart          texts
 * env                        ["NAME=value", "NAME", {"name", "value"}, {"name", "secret": true}]
 * labels ports ulimits       lists in Docker's notation: "key=value", "8888:8888", "memlock=-1"
 * options                    ["--cap-add=SYS_PTRACE", "--init"]: what no field above says
 * interactive tty detach removeWhenFinished               true or false
 * shmSize memory             sizes: "16g", or bytes; cpus: a number
 * parameters                 [{"name", "default", "description"}]: blanks, see recipe/resolve.h
 *
 * What others have put into the file is kept when it is written again.
 */
namespace recipe {

/** What a file says: the run, and what is not for Docker. */
struct ConfigFile
{
    RunConfig config;
    QString description; ///< for people, any text
    QList<core::UnknownField> unknown; ///< what others have put into it
    QStringList warnings; ///< one sentence for each field nobody knows

    bool operator==(const ConfigFile &) const = default;
};

/** Without the values of secrets, also where the config has them. */
QByteArray toJson(const RunConfig &config);
QByteArray toJson(const ConfigFile &file);

/** Total: bad input is a Protocol error with one sentence that names the place of the first wrong field
 * ("mounts[1].target") and its line. */
core::Result<ConfigFile> fromJson(const QByteArray &json);

} // namespace recipe
