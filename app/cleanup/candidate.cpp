#include "cleanup/candidate.h"

#include "core/units.h"

#include <array>

namespace cleanup {

using namespace Qt::StringLiterals;

namespace {

/** How a kind is called. */
struct Words
{
    QLatin1String title;
    QLatin1String one;
    QLatin1String many;
    QLatin1String word;
};
constexpr std::array words = {
    Words{"Stopped containers"_L1, "stopped container"_L1, "stopped containers"_L1, "container"_L1},
    Words{"Dangling images"_L1, "dangling image"_L1, "dangling images"_L1, "image"_L1},
    Words{"Images no container uses"_L1, "unused image"_L1, "unused images"_L1, "image"_L1},
    Words{"Unused volumes"_L1, "unused volume"_L1, "unused volumes"_L1, "volume"_L1},
    Words{"Unused networks"_L1, "unused network"_L1, "unused networks"_L1, "network"_L1},
    Words{"Build cache"_L1, "record of the build cache"_L1, "records of the build cache"_L1, "build cache"_L1},
};
static_assert(words.size() == kindCount);

} // namespace

QString kindTitle(Kind kind) { return words[size_t(kind)].title; }

QString kindWord(Kind kind) { return words[size_t(kind)].word; }

QString countText(Kind kind, qsizetype count)
{
    const Words &of = words[size_t(kind)];
    return u"%1 %2"_s.arg(count).arg(count == 1 ? of.one : of.many);
}

Total totalOf(const QList<Candidate> &items, const Shared &shared)
{
    Total total;
    qint64 images = 0;
    qint64 imagesAlone = 0;
    qint64 cacheKeeps = shared.withCache;
    for (const Candidate &item : items) {
        ++total.items;
        if (item.size < 0) {
            if (item.kind != Kind::UnusedNetwork)
                ++total.unknown;
        } else if (item.isImage()) {
            images += item.size;
            imagesAlone += std::max<qint64>(item.surelyFree, 0);
        } else if (item.kind == Kind::BuildCache && item.surelyFree == 0) {
            cacheKeeps -= item.size; // an image has it too, in whose size it is counted
        } else {
            total.atMost += item.size;
            total.atLeast += item.size;
        }
    }
    // Layers that the chosen images share with one another are in the sum more than once.
    total.atMost += shared.imagesOnDisk >= 0 ? std::min(images, shared.imagesOnDisk) : images;
    total.atLeast += std::max<qint64>(imagesAlone - std::max<qint64>(cacheKeeps, 0), 0);
    total.atLeast = std::min(total.atLeast, total.atMost);
    return total;
}

QString bytesText(const Total &total)
{
    if (total.atMost == 0 && total.unknown > 0)
        return {};
    const QString most = core::bytesText(total.atMost);
    const QString least = core::bytesText(total.atLeast);
    if (total.unknown > 0) // what is not known comes on top
        return total.atLeast > 0 ? u"at least %1"_s.arg(least) : QString();
    if (least == most)
        return most;
    return total.atLeast > 0 ? u"at least %1, up to %2"_s.arg(least, most) : u"up to %1"_s.arg(most);
}

QString removeText(const Total &total)
{
    const QString bytes = bytesText(total);
    const QString items = total.items == 1 ? u"1 item"_s : u"%1 items"_s.arg(total.items);
    return (bytes.isEmpty() ? u"Remove %1…"_s.arg(items) : u"Remove %1, %2…"_s.arg(items, bytes));
}

} // namespace cleanup
