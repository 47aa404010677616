#pragma once

#include "core/error.h"

#include <QString>

namespace common {

/** A failure for people: one sentence each for what happened and what to do, and the daemon's own words. */
struct ErrorText
{
    QString title; ///< "Could not start resnet-7: the name is already taken."
    QString whatToDo; ///< may be empty
    QString details; ///< the daemon's words, with the HTTP status where there was one
    bool otherGpusHelp = false; ///< the container may start with other GPUs than it asks for, or none
    bool signInHelps = false; ///< another account, or one at all, may be let in by the registry

    bool operator==(const ErrorText &) const = default;
};

/** attempted completes "Could not …": "start resnet-7", "list the containers". Words it does not know stay the
 * daemon's. */
ErrorText errorText(const core::Error &error, const QString &attempted);

} // namespace common
