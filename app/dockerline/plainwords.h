#pragma once

#include "recipe/runconfig.h"

namespace dockerline {

/** What a part of a line is about: where the wizard edits it. */
enum class Part { Image, Gpus, Code, Mounts, Command, Resources };

/** What a run is told of one part, a few plain words each: "GPU 0", "Mount /home/me/ws → /workspace". */
struct PartWords
{
    Part part = Part::Image;
    QStringList words;

    bool operator==(const PartWords &) const = default;
};

/**
 * A configuration as one would tell it to a colleague, by part, without the parts it says nothing of. Long values are
 * cut and long lists end in "and 400 more": it is to be read, not to be copied.
 */
QList<PartWords> plainWords(const recipe::RunConfig &config);

/** "Unlimited memlock", "A stack of 64 MiB", "Limit nofile=1024:4096" */
QString ulimitWords(const recipe::Ulimit &ulimit);

} // namespace dockerline
