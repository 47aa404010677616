#include "gpu/amdsource.h"

#include "gpu/cards.h"

#include <QDir>
#include <algorithm>

namespace gpu {

namespace {

const QString &vendorId()
{
    static const QString id = QStringLiteral("0x1002");
    return id;
}

int percent(qint64 value) { return value < 0 ? int(unknown) : int(std::min<qint64>(value, 100)); }
double watts(qint64 microwatts) { return microwatts < 0 ? double(unknown) : double(microwatts) / 1e6; }

/** "1: 1500Mhz *" is the clock in use of a table of clocks. */
int clockInUse(const QString &table)
{
    for (const QString &line : table.split(u'\n')) {
        if (line.trimmed().endsWith(u'*'))
            return line.section(u':', 1).trimmed().section(u'M', 0, 0).toInt();
    }
    return int(unknown);
}

int highestClock(const QString &table)
{
    int highest = int(unknown);
    for (const QString &line : table.split(u'\n', Qt::SkipEmptyParts))
        highest = std::max(highest, line.section(u':', 1).trimmed().section(u'M', 0, 0).toInt());
    return highest > 0 ? highest : int(unknown);
}

qint64 firstOf(const QString &folder, std::initializer_list<const char *> names)
{
    for (const char *name : names) {
        if (const qint64 value = readNumber(folder + u'/' + QString::fromLatin1(name)); value >= 0)
            return value;
    }
    return unknown;
}

} // namespace

AmdSource::AmdSource(const Roots &roots)
    : m_roots(roots)
    , m_clients(roots)
{
}

std::optional<Trouble> AmdSource::open()
{
    enumerate();
    if (!m_cards.isEmpty())
        return {};
    if (!hasPciCard(m_roots, vendorId()))
        return Trouble{TroubleKind::NoGpu, QStringLiteral("This machine has no AMD GPU."), {}};
    return Trouble{
        TroubleKind::NoDriver, QStringLiteral("This machine has an AMD GPU, but its driver amdgpu is not loaded."), {}};
}

void AmdSource::enumerate()
{
    QList<Card> cards;
    for (const QString &name : drmCards(m_roots, vendorId())) {
        Card card;
        card.device = m_roots.sys + QStringLiteral("/class/drm/") + name + QStringLiteral("/device");
        const auto old
            = std::find_if(m_cards.begin(), m_cards.end(), [&](const Card &one) { return one.device == card.device; });
        if (old != m_cards.end())
            card = *old;
        Gpu &gpu = card.known;
        gpu.index = int(cards.size());
        gpu.vendor = Vendor::Amd;
        gpu.pciBusId = pciSlot(card.device);
        if (gpu.uuid.isEmpty())
            gpu.uuid = gpu.pciBusId.isEmpty() ? name : gpu.pciBusId;
        const QDir hwmon(card.device + QStringLiteral("/hwmon"));
        const QStringList monitors = hwmon.entryList({QStringLiteral("hwmon*")}, QDir::Dirs);
        card.hwmon = monitors.isEmpty() ? QString() : hwmon.filePath(monitors.first());
        card.kfdId = kfdIdOf(gpu.pciBusId);
        if (gpu.name.isEmpty())
            gpu.name = QStringLiteral("AMD GPU %1").arg(readText(card.device + QStringLiteral("/device")));
        cards.append(card);
    }
    m_cards = cards;
}

/** By the address: kfd's `location_id` is bus, device and function in one number, beside the PCI domain. */
qint64 AmdSource::kfdIdOf(const QString &pciBusId) const
{
    const QDir nodes(m_roots.sys + QStringLiteral("/class/kfd/kfd/topology/nodes"));
    for (const QString &name : nodes.entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
        qint64 location = unknown;
        qint64 domain = 0;
        for (const QString &line : readText(nodes.filePath(name) + QStringLiteral("/properties")).split(u'\n')) {
            if (line.startsWith(QStringLiteral("location_id ")))
                location = line.section(u' ', 1).toLongLong();
            else if (line.startsWith(QStringLiteral("domain ")))
                domain = line.section(u' ', 1).toLongLong();
        }
        if (location <= 0)
            continue; // a processor
        const QString address = QStringLiteral("%1:%2:%3.%4")
                                    .arg(domain, 4, 16, QLatin1Char('0'))
                                    .arg(location >> 8 & 0xff, 2, 16, QLatin1Char('0'))
                                    .arg(location >> 3 & 0x1f, 2, 16, QLatin1Char('0'))
                                    .arg(location & 7);
        if (address == pciBusId)
            return readNumber(nodes.filePath(name) + QStringLiteral("/gpu_id"));
    }
    return unknown;
}

Snapshot AmdSource::sample(Depth depth)
{
    if (depth == Depth::Slow)
        enumerate();
    m_clients.refresh(depth);
    Snapshot snapshot;
    snapshot.source = QStringLiteral("amdgpu");
    snapshot.gpus = sampleCards(
        m_cards, depth, [this](Card &card) { readSlow(card); }, [this](Card &card, Gpu &gpu) { readFast(card, gpu); });
    if (m_cards.isEmpty())
        snapshot.trouble = Trouble{TroubleKind::NoGpu, QStringLiteral("The AMD GPU is gone."), {}};
    snapshot.taken = monotonicMs();
    return snapshot;
}

void AmdSource::readSlow(Card &card) const
{
    Gpu &gpu = card.known;
    const QString id = readText(card.device + QStringLiteral("/unique_id"));
    if (!id.isEmpty())
        gpu.uuid = QStringLiteral("GPU-") + id; // as ROCm writes it
    const QString product = readText(card.device + QStringLiteral("/product_name"));
    if (!product.isEmpty())
        gpu.name = product;
    gpu.memoryTotal = readNumber(card.device + QStringLiteral("/mem_info_vram_total"));
    gpu.powerLimit = watts(firstOf(card.hwmon, {"power1_cap"}));
    gpu.clockMax = highestClock(readText(card.device + QStringLiteral("/pp_dpm_sclk")));
    gpu.memoryClock = clockInUse(readText(card.device + QStringLiteral("/pp_dpm_mclk")));
    const qint64 fan = firstOf(card.hwmon, {"pwm1"});
    const qint64 fanMax = firstOf(card.hwmon, {"pwm1_max"});
    gpu.fan = fan >= 0 ? percent(fan * 100 / (fanMax > 0 ? fanMax : 255)) : int(unknown);
}

void AmdSource::readFast(const Card &card, Gpu &gpu) const
{
    gpu.utilisation = percent(readNumber(card.device + QStringLiteral("/gpu_busy_percent")));
    gpu.memoryUtilisation = percent(readNumber(card.device + QStringLiteral("/mem_busy_percent")));
    gpu.memoryUsed = readNumber(card.device + QStringLiteral("/mem_info_vram_used"));
    gpu.clock = clockInUse(readText(card.device + QStringLiteral("/pp_dpm_sclk")));
    const qint64 temperature = firstOf(card.hwmon, {"temp1_input"});
    gpu.temperature = temperature >= 0 ? int(temperature / 1000) : int(unknown);
    // The average went away with newer cards and kernels, the momentary value came.
    gpu.power = watts(firstOf(card.hwmon, {"power1_average", "power1_input"}));
    gpu.processes = m_clients.processes(gpu.pciBusId);
    addComputeProcesses(card, gpu);
}

void AmdSource::addComputeProcesses(const Card &card, Gpu &gpu) const
{
    if (card.kfdId < 0)
        return;
    const QDir users(m_roots.sys + QStringLiteral("/class/kfd/kfd/proc"));
    for (const QString &name : users.entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
        const qint64 pid = name.toLongLong();
        const qint64 memory = readNumber(users.filePath(name) + QStringLiteral("/vram_%1").arg(card.kfdId));
        // Every ROCm process stands with every card; it is on those whose memory it holds.
        if (pid <= 0 || memory <= 0)
            continue;
        const auto same = std::find_if(
            gpu.processes.begin(), gpu.processes.end(), [&](const Process &process) { return process.pid == pid; });
        if (same == gpu.processes.end()) {
            Process process;
            process.pid = pid;
            process.memory = memory;
            gpu.processes.append(process);
            continue;
        }
        // Its render node is open for ROCm's sake unless it has drawn something; ROCm's work shows in no engine.
        const bool drawn = same->kind == ProcessKind::Both || same->utilisation > 0;
        same->kind = drawn ? ProcessKind::Both : ProcessKind::Compute;
        same->memory = std::max(same->memory, memory);
        if (same->utilisation == 0)
            same->utilisation = int(unknown);
    }
}

} // namespace gpu
