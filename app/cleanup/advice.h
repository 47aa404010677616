#pragma once

#include "cleanup/candidate.h"
#include "docker/disk.h"
#include "inventory/container.h"
#include "runs/library.h"
#include "runs/record.h"
#include "settings/protection.h"

#include <optional>

/** What can go and why, from all that is known. Pure. */
namespace cleanup {

/** What one daemon has, as last heard. */
struct Stock
{
    QList<inventory::Container> containers; ///< the freshest list
    QList<docker::ContainerUse> uses; ///< of these; a new one may still be missing
    QList<docker::ImageNode> images;
    QList<docker::Volume> volumes;
    QList<docker::Network> networks;
    std::optional<docker::DiskUsage> usage; ///< sizes, once they were computed
    QList<runs::SavedConfig> configs;
    QList<runs::Record> records;
};

/** All that can go, the protected too: those are shown and cannot be chosen. */
QList<Candidate> candidates(const Stock &stock, const settings::Protection &protection);

/** Which of them the familiar command would remove. */
enum class Command { ContainerPrune, ImagePrune, ImagePruneAll, BuilderPrune, VolumePrune };
inline constexpr int commandCount = 5;
/** "docker container prune". */
QString commandText(Command command);
/** One sentence: what the command would do, and where this page differs. */
QString commandHint(Command command);
/** Protected things and volumes with a name are never among them. */
bool wouldRemove(Command command, const Candidate &candidate);

} // namespace cleanup
