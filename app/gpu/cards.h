#pragma once

#include "gpu/source.h"
#include "gpu/sysfs.h"

namespace gpu {

/**
 * One sample of cards that have files in /sys and may sleep: a suspended one is asked nothing, because that would wake
 * it or answer EBUSY, and only what was read of it before is told. A Card has `device`, `slowRead` and `known`.
 */
template <typename Card, typename ReadSlow, typename ReadFast>
QList<Gpu> sampleCards(QList<Card> &cards, Depth depth, ReadSlow readSlow, ReadFast readFast)
{
    QList<Gpu> gpus;
    for (Card &card : cards) {
        const QString status = readText(card.device + QStringLiteral("/power/runtime_status"));
        const bool asleep = status == u"suspended" || status == u"suspending";
        if (!asleep && (depth == Depth::Slow || !card.slowRead)) {
            card.slowRead = true;
            readSlow(card);
        }
        Gpu gpu = card.known;
        gpu.asleep = asleep;
        if (!asleep)
            readFast(card, gpu);
        gpus.append(gpu);
    }
    return gpus;
}

} // namespace gpu
