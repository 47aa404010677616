#include "transfers/transfer.h"

#include "core/units.h"

namespace transfers {

using namespace Qt::StringLiterals;

namespace {

/** Containers write logs and checkpoints beside the images: a full disk stops them all. */
constexpr qint64 roomMargin = qint64(2) * 1024 * 1024 * 1024;

QString stalledText(const Transfer &transfer)
{
    return u"nothing for %1"_s.arg(core::durationText(transfer.silentFor));
}

} // namespace

QString speedText(const Transfer &transfer)
{
    const bool moving = transfer.running() && transfer.speed && !transfer.progress.unpacking();
    return moving ? core::bytesText(*transfer.speed) + u"/s"_s : QString();
}

QString leftText(const Transfer &transfer)
{
    return transfer.running() && transfer.secondsLeft ? core::durationText(*transfer.secondsLeft) : QString();
}

QString progressText(const Transfer &transfer)
{
    QStringList parts{transfer.progress.text()};
    if (transfer.silentFor > 0)
        parts += u"stalled, "_s + stalledText(transfer);
    else if (const QString speed = speedText(transfer); !speed.isEmpty())
        parts += speed;
    if (const QString left = leftText(transfer); !left.isEmpty() && transfer.silentFor == 0)
        parts += left + u" left"_s;
    parts.removeAll(QString());
    return parts.join(u", "_s);
}

QString stateText(const Transfer &transfer)
{
    switch (transfer.state) {
    case Transfer::State::Done:
        return transfer.upToDate ? u"Already up to date"_s : u"Done"_s;
    case Transfer::State::Failed:
        return u"Failed"_s;
    case Transfer::State::Cancelled:
        return u"Cancelled"_s;
    case Transfer::State::Running:
        break;
    }
    const docker::PullProgress &progress = transfer.progress;
    if (transfer.silentFor > 0)
        return u"Stalled: "_s + stalledText(transfer);
    if (progress.layers().isEmpty())
        return u"Asking the registry"_s;
    if (progress.retrying())
        return u"Trying again"_s;
    if (progress.unpacking())
        return u"Unpacking"_s;
    return transfer.what == Transfer::What::Push ? u"Uploading"_s : u"Downloading"_s;
}

QString roomWarning(const Room &room, qint64 neededAtLeast)
{
    if (room.free < 0)
        return {};
    const QString free = core::bytesText(room.free);
    if (neededAtLeast > room.free)
        return u"This needs at least %1 more, and the disk with %2 has %3 free. Make room on the Clean up page, or cancel."_s
            .arg(core::bytesText(neededAtLeast), room.folder, free);
    if (room.free - neededAtLeast < roomMargin)
        return u"The disk with %1 has only %2 free."_s.arg(room.folder, free);
    return {};
}

} // namespace transfers
