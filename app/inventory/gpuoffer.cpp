#include "inventory/gpuoffer.h"

#include "inventory/gpurequest.h"

#include <algorithm>

namespace inventory {

using namespace Qt::StringLiterals;

QString GpuOffer::usedBy() const
{
    if (lost)
        return u"lost"_s;
    QStringList texts;
    for (const GpuUser &user : users)
        texts += user.text();
    return texts.join(u", "_s);
}

QString GpuOffer::userNames() const
{
    QStringList names;
    for (const GpuUser &user : users) {
        if (!names.contains(user.name))
            names += user.name;
    }
    return names.join(u", "_s);
}

QString GpuOffer::objection() const
{
    if (lost)
        return u"GPU %1 is lost: the driver cannot reach it any more."_s.arg(place);
    const bool idle = std::ranges::all_of(users, [](const GpuUser &user) { return user.idle; });
    if (busy())
        return (idle ? u"GPU %1 is held by %2, which does not compute."_s : u"GPU %1 is in use by %2."_s)
            .arg(place, userNames());
    if (justGiven)
        return u"GPU %1 was given to a run that is just starting."_s.arg(place);
    if (!askedBy.isEmpty())
        return u"GPU %1 was given to %2, which does not use it yet."_s.arg(place, askedBy.join(u", "_s));
    return {};
}

QList<GpuOffer> gpuOffers(const gpu::Snapshot &snapshot, const UsersOf &usersOf, const WaitingFor &waitingFor)
{
    QList<GpuOffer> offers;
    for (const gpu::Gpu &gpu : snapshot.gpus) {
        if (gpu.vendor != gpu::Vendor::Nvidia)
            continue;
        GpuOffer offer;
        offer.uuid = gpu.uuid;
        offer.place = gpuPlace(snapshot, gpu);
        offer.name = gpu.name;
        offer.memoryTotal = gpu.memoryTotal;
        offer.memoryFree = gpu.memoryFree();
        offer.utilisation = gpu.utilisation;
        offer.lost = gpu.lost;
        if (gpu.migDevices.isEmpty()) {
            offer.users = usersOf(gpu.uuid);
            offer.askedBy = waitingFor(gpu.uuid);
            offers += offer;
            continue;
        }
        for (qsizetype i = 0; i < gpu.migDevices.size(); ++i) {
            const gpu::MigDevice &part = gpu.migDevices[i];
            GpuOffer own = offer;
            own.uuid = part.uuid;
            own.part = true;
            own.place = migPlace(snapshot, gpu, i);
            own.name = part.profile.isEmpty() ? gpu.name : QString(gpu.name + u", MIG "_s + part.profile);
            own.memoryTotal = part.memoryTotal;
            own.memoryFree
                = part.memoryTotal < 0 || part.memoryUsed < 0 ? gpu::unknown : part.memoryTotal - part.memoryUsed;
            own.utilisation = gpu::unknown;
            own.users = usersOf(part.uuid);
            own.askedBy = waitingFor(part.uuid);
            offers += own;
        }
    }
    return offers;
}

const GpuOffer *findOffer(const QList<GpuOffer> &offers, const QString &device)
{
    // NVIDIA's hook takes the beginning of a UUID as well.
    const auto is = [&](const GpuOffer &offer) {
        return offer.place == device || offer.uuid == device || (device.size() >= 8 && offer.uuid.startsWith(device));
    };
    const auto found = std::ranges::find_if(offers, is);
    return found == offers.end() ? nullptr : &*found;
}

bool lacksGpus(const docker::Info &info, const docker::ApiVersion &version)
{
    if (version < docker::ApiVersion{1, 50})
        return false;
    const auto isNvidia = [](const QString &runtime) { return runtime.startsWith("nvidia"_L1); };
    const auto isGpu = [](const QString &device) { return device.contains("/gpu="_L1); };
    return std::ranges::none_of(info.runtimes, isNvidia) && std::ranges::none_of(info.discoveredDevices, isGpu);
}

} // namespace inventory
