#include "containers/containerlook.h"

namespace containers {

using common::Tone;
using inventory::Phase;
using namespace Qt::StringLiterals;

common::CellLook lookOf(Phase phase)
{
    switch (phase) {
    case Phase::Running:
        return {u"media-playback-start"_s, Tone::Running};
    case Phase::Paused:
        return {u"media-playback-pause"_s, Tone::Warning};
    case Phase::Restarting:
        return {u"view-refresh"_s, Tone::Warning};
    case Phase::Finished:
        return {u"dialog-ok-apply"_s, Tone::Finished};
    case Phase::Failed:
    case Phase::OutOfMemory:
    case Phase::Dead:
        return {u"dialog-error-symbolic"_s, Tone::Failed};
    case Phase::Signalled:
        return {u"media-playback-stop"_s, Tone::Warning};
    case Phase::Created:
    case Phase::Removing:
        break;
    }
    return {u"media-playback-stop"_s, Tone::Muted};
}

} // namespace containers
