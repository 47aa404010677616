#pragma once

#include "recipe/runconfig.h"

#include <optional>

namespace launch {

/** One folder as it is called outside and inside of a container. */
struct CodePlace
{
    QString hostFolder;
    QString containerFolder;
    bool readOnly = false;

    bool operator==(const CodePlace &) const = default;
};

/** Where a folder of the container lies on the host; nothing where it is in the image or a volume. */
std::optional<CodePlace> placeInContainer(const recipe::RunConfig &config, const QString &containerFolder);

/** Where a folder of the host is seen in the container, if a mount shows it and no other one hides it there. */
std::optional<CodePlace> placeOnHost(const recipe::RunConfig &config, const QString &hostFolder);

/** That a container runs code from a folder of the host. */
struct CodeUse
{
    QString container; ///< its name
    QString hostFolder;
    QString checkout; ///< the branch, tag or commit it asked for at its start; empty: whatever was there

    bool operator==(const CodeUse &) const = default;
};

/** What a container (its configuration as fromInspect() reads it) uses; nothing without a code step on the host. */
std::optional<CodeUse> codeUse(const QString &container, const recipe::RunConfig &config);

/**
 * Of the running containers those that a launch of `config` would pull the code away from: the same working copy, at
 * another branch, tag or commit. `container` of the result says who.
 */
QList<CodeUse> conflictingUses(const QList<CodeUse> &running, const recipe::RunConfig &config);

} // namespace launch
