#include "gpu/intelsource.h"

#include "gpu/cards.h"

#include <QDir>
#include <algorithm>

namespace gpu {

namespace {

const QString &vendorId()
{
    static const QString id = QStringLiteral("0x8086");
    return id;
}

/** i915's file beside the card, xe's under the device; MHz. */
int clockOf(const QString &folder, const QString &device, const QString &i915, const QString &xe)
{
    const qint64 old = readNumber(folder + u'/' + i915);
    return int(old >= 0 ? old : readNumber(device + QStringLiteral("/tile0/gt0/freq0/") + xe));
}

} // namespace

IntelSource::IntelSource(const Roots &roots)
    : m_roots(roots)
    , m_clients(roots)
{
}

std::optional<Trouble> IntelSource::open()
{
    enumerate();
    if (!m_cards.isEmpty())
        return {};
    return Trouble{TroubleKind::NoGpu, QStringLiteral("This machine has no Intel GPU with a driver."), {}};
}

void IntelSource::enumerate()
{
    QList<Card> cards;
    for (const QString &name : drmCards(m_roots, vendorId())) {
        Card card;
        card.folder = m_roots.sys + QStringLiteral("/class/drm/") + name;
        const auto old
            = std::find_if(m_cards.begin(), m_cards.end(), [&](const Card &one) { return one.folder == card.folder; });
        if (old != m_cards.end())
            card = *old;
        card.device = card.folder + QStringLiteral("/device");
        Gpu &gpu = card.known;
        gpu.index = int(cards.size());
        gpu.vendor = Vendor::Intel;
        gpu.pciBusId = pciSlot(card.device);
        gpu.uuid = gpu.pciBusId.isEmpty() ? name : gpu.pciBusId;
        gpu.name = QStringLiteral("Intel GPU %1").arg(readText(card.device + QStringLiteral("/device")));
        const QDir hwmon(card.device + QStringLiteral("/hwmon"));
        const QStringList monitors = hwmon.entryList({QStringLiteral("hwmon*")}, QDir::Dirs);
        card.hwmon = monitors.isEmpty() ? QString() : hwmon.filePath(monitors.first());
        cards.append(card);
    }
    m_cards = cards;
}

Snapshot IntelSource::sample(Depth depth)
{
    if (depth == Depth::Slow)
        enumerate();
    m_clients.refresh(depth);
    Snapshot snapshot;
    snapshot.source = QStringLiteral("Intel");
    snapshot.gpus = sampleCards(
        m_cards, depth, [this](Card &card) { readSlow(card); }, [this](Card &card, Gpu &gpu) { readFast(card, gpu); });
    if (m_cards.isEmpty())
        snapshot.trouble = Trouble{TroubleKind::NoGpu, QStringLiteral("The Intel GPU is gone."), {}};
    snapshot.taken = monotonicMs();
    return snapshot;
}

void IntelSource::readSlow(Card &card) const
{
    card.known.clockMax
        = clockOf(card.folder, card.device, QStringLiteral("gt_max_freq_mhz"), QStringLiteral("max_freq"));
    const qint64 limit = card.hwmon.isEmpty() ? unknown : readNumber(card.hwmon + QStringLiteral("/power1_max"));
    card.known.powerLimit = limit > 0 ? double(limit) / 1e6 : double(unknown);
}

void IntelSource::readFast(Card &card, Gpu &gpu) const
{
    gpu.clock = clockOf(card.folder, card.device, QStringLiteral("gt_cur_freq_mhz"), QStringLiteral("cur_freq"));
    if (!card.hwmon.isEmpty()) {
        const qint64 temperature = readNumber(card.hwmon + QStringLiteral("/temp1_input"));
        gpu.temperature = temperature >= 0 ? int(temperature / 1000) : int(unknown);
        const qint64 energy = readNumber(card.hwmon + QStringLiteral("/energy1_input"));
        const qint64 now = monotonicMs();
        if (energy >= card.energy && card.energy >= 0 && now > card.energyRead)
            gpu.power = double(energy - card.energy) / 1000.0 / double(now - card.energyRead);
        card.energy = energy;
        card.energyRead = now;
    }
    gpu.processes = m_clients.processes(gpu.pciBusId);
    if (m_clients.sawAll())
        gpu.utilisation = m_clients.utilisation(gpu.pciBusId);
}

} // namespace gpu
