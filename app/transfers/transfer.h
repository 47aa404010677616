#pragma once

#include "core/error.h"
#include "docker/imagereference.h"
#include "docker/pullprogress.h"
#include "transfers/diskroom.h"

#include <optional>

namespace transfers {

/** One pull or push of this session, running or over: what there is to show of it. A value. */
struct Transfer
{
    enum class What { Pull, Push };
    enum class State { Running, Done, Failed, Cancelled };

    int id = 0; ///< never used again
    What what = What::Pull;
    docker::ImageReference image;
    QString platform; ///< of a pull; empty: the daemon's own
    QString local; ///< of a push: the image's name or id here
    State state = State::Running;
    docker::PullProgress progress;
    std::optional<qint64> speed; ///< bytes a second
    std::optional<qint64> secondsLeft;
    int silentFor = 0; ///< seconds without a word from the daemon, where that is long; else 0
    QString account; ///< who the registry is asked as; empty: nobody
    Room room; ///< of a running pull
    core::Error error; ///< where it failed
    bool upToDate = false; ///< of a pull that is done: there was nothing to do
    QString digest;
    qint64 startedAt = 0; ///< Unix seconds
    qint64 endedAt = 0; ///< 0 while it runs

    bool running() const { return state == State::Running; }
};

/** "3 of 7 layers, 1.2 of 3.4 GiB, 42 MiB/s, 3 min left"; empty before anything is known. */
QString progressText(const Transfer &transfer);
/** "Downloading", "Unpacking", "Stalled: nothing for 60 s", "Done", "Failed". */
QString stateText(const Transfer &transfer);
QString speedText(const Transfer &transfer);
QString leftText(const Transfer &transfer);
/** What the disk has too little room for, in a sentence or two; empty while there is enough. */
QString roomWarning(const Room &room, qint64 neededAtLeast);

} // namespace transfers
