#pragma once

#include "inventory/gpuoffer.h"
#include "launch/machinefacts.h"
#include "launch/problem.h"
#include "recipe/runconfig.h"

#include <functional>
#include <optional>

namespace launch {

/** Facts from outside the configuration; what is left out is not checked. */
struct CheckContext
{
    std::function<std::optional<HostFolder>(const QString &path)> hostFolder;
    std::optional<QStringList> containerNames; ///< of the containers that exist
    std::optional<QStringList> images; ///< names and ids that the daemon has
    std::optional<QList<inventory::GpuOffer>>
        gpus; ///< the GPUs of the daemon's machine, without what is promised to others
    bool daemonLacksGpus = false; ///< it says so itself, see inventory::lacksGpus()
    MachineFacts machine;
};

/** Everything that is wrong or suspicious, by step. Pure: asks nobody but context. */
QList<Problem> check(const recipe::RunConfig &config, const CheckContext &context = {});

/** Whether any of them is an error: then it cannot be launched. */
bool hasErrors(const QList<Problem> &problems);

} // namespace launch
