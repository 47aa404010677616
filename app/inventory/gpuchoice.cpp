#include "inventory/gpuchoice.h"

#include "core/units.h"

#include <algorithm>
#include <tuple>

namespace inventory {

using namespace Qt::StringLiterals;

namespace {

QList<qint64> pidsOn(const GpuOffer &offer)
{
    QList<qint64> pids;
    for (const GpuUser &user : offer.users)
        pids += user.pids;
    return pids;
}

/**
 * Smaller is better. Unknown memory is the worst, unknown utilisation as good as none. A part of a GPU stands behind
 * the whole ones that are as free; where several are wanted, behind them all: a program computes on one part at most.
 */
auto rank(const GpuOffer &offer, int count)
{
    return std::tuple(offer.part && count > 1, offer.justGiven, offer.busy(), offer.askedBy.size(), offer.part,
        -offer.memoryFree, offer.utilisation);
}

QString tooFew(qint64 minFree, qsizetype fitting)
{
    const QString have = fitting == 0 ? u"No GPU has"_s
        : fitting == 1                ? u"Only 1 GPU has"_s
                                      : u"Only %1 GPUs have"_s.arg(fitting);
    if (minFree == 0)
        return fitting == 0 ? u"There is no GPU to choose."_s
            : fitting == 1  ? u"There is only 1 GPU to choose."_s
                            : u"There are only %1 GPUs to choose from."_s.arg(fitting);
    return u"%1 %2 free now."_s.arg(have, core::bytesText(minFree));
}

} // namespace

core::Result<QStringList> pickGpus(int count, qint64 minFree, const QList<GpuOffer> &offers)
{
    QList<GpuOffer> fitting;
    for (const GpuOffer &offer : offers) {
        if (!offer.lost && (minFree == 0 || offer.memoryFree >= minFree))
            fitting += offer;
    }
    if (fitting.size() < count)
        return core::Error{core::ErrorKind::Conflict, 0, tooFew(minFree, fitting.size()), {}};
    std::ranges::stable_sort(
        fitting, [count](const GpuOffer &a, const GpuOffer &b) { return rank(a, count) < rank(b, count); });
    fitting.resize(count);
    // In the machine's order again: that is how the run will number them.
    QStringList uuids;
    for (const GpuOffer &offer : offers) {
        if (std::ranges::any_of(fitting, [&](const GpuOffer &chosen) { return chosen.uuid == offer.uuid; }))
            uuids += offer.uuid;
    }
    return uuids;
}

GpuPromises::Run GpuPromises::give(const QStringList &devices, qint64 memory, const QList<GpuOffer> &offers, qint64 now)
{
    ++m_runs;
    for (const QString &device : devices) {
        if (const GpuOffer *offer = findOffer(offers, device))
            m_promises += {m_runs, {}, offer->uuid, memory, now, pidsOn(*offer)};
    }
    return m_runs;
}

void GpuPromises::becomes(Run run, const QString &container)
{
    for (Promise &promise : m_promises) {
        if (promise.run == run)
            promise.container = container;
    }
}

void GpuPromises::takeBack(Run run)
{
    m_promises.removeIf([&](const Promise &promise) { return promise.run == run; });
}

void GpuPromises::ended(const QString &container)
{
    m_promises.removeIf([&](const Promise &promise) { return promise.container == container; });
}

/** Each new process keeps the oldest promise that was made before it came, and only one. */
void GpuPromises::keep(const GpuOffer &offer)
{
    for (const qint64 pid : pidsOn(offer)) {
        const auto awaits
            = [&](const Promise &promise) { return promise.uuid == offer.uuid && !promise.pids.contains(pid); };
        if (const auto kept = std::ranges::find_if(m_promises, awaits); kept != m_promises.end())
            m_promises.erase(kept);
        for (Promise &promise : m_promises) {
            if (awaits(promise))
                promise.pids += pid;
        }
    }
}

QList<GpuOffer> GpuPromises::applied(QList<GpuOffer> offers, qint64 now)
{
    m_promises.removeIf([&](const Promise &promise) { return now - promise.given >= lifetime; });
    for (GpuOffer &offer : offers) {
        keep(offer);
        for (const Promise &promise : std::as_const(m_promises)) {
            if (promise.uuid != offer.uuid)
                continue;
            offer.justGiven = true;
            if (offer.memoryFree >= 0)
                offer.memoryFree = std::max<qint64>(offer.memoryFree - promise.memory, 0);
        }
    }
    return offers;
}

} // namespace inventory
