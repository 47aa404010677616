#pragma once

#include "inventory/gpuoffer.h"
#include "recipe/runconfig.h"

#include <functional>
#include <optional>

namespace launch {

/** The wizard's steps, in its order; a problem says where it can be mended. */
enum class Step { Image, Gpus, Code, Mounts, Command, Resources };

/** One thing that is wrong (Docker would refuse it, or it cannot work) or only suspicious. One sentence for people. */
struct Problem
{
    enum class Severity { Error, Warning };
    Severity severity = Severity::Error;
    Step step = Step::Image;
    QString field; ///< the recipe::RunConfig field: "image", "mounts[1].source", "env[0]"
    QString text;

    bool operator==(const Problem &) const = default;
};

/** Facts from outside the configuration; what is left out is not checked. */
struct CheckContext
{
    std::function<bool(const QString &path)> hostFolderExists;
    std::optional<QStringList> containerNames; ///< of the containers that exist
    std::optional<QStringList> images; ///< names and ids that the daemon has
    std::optional<QList<inventory::GpuOffer>>
        gpus; ///< the GPUs of the daemon's machine, without what is promised to others
    bool daemonLacksGpus = false; ///< it says so itself, see inventory::lacksGpus()
};

/** Everything that is wrong or suspicious, by step. Pure: asks nobody but context. */
QList<Problem> check(const recipe::RunConfig &config, const CheckContext &context = {});

/** Whether any of them is an error: then it cannot be launched. */
bool hasErrors(const QList<Problem> &problems);

} // namespace launch
