#include "gpu/nvmlsource.h"

#include <QDateTime>
#include <algorithm>

namespace gpu {

namespace {

constexpr uint32_t clockSm = 1;
constexpr uint32_t clockMemory = 2;
constexpr qint64 migAge = 5000; ///< ms; a MIG handle dies when the GPU is cut anew

QString sentenceOf(int code, int index)
{
    if (code == NvmlGpuIsLost)
        return QStringLiteral("GPU %1 is lost: its driver cannot reach it any more. Restart the machine.").arg(index);
    if (code == NvmlResetRequired)
        return QStringLiteral(
            "GPU %1 stopped after a fault and needs a reset (nvidia-smi --gpu-reset) or a restart of the machine.")
            .arg(index);
    if (code == NvmlNoPermission)
        return QStringLiteral("This user may not ask the driver about GPU %1.").arg(index);
    return {};
}

/** Names of the bits of nvmlClocksEventReasons that mean: slower than asked for. */
QStringList clockWords(unsigned long long bits)
{
    QStringList words;
    const auto add = [&](unsigned long long mask, const QString &word) {
        if (bits & mask)
            words.append(word);
    };
    add(0x20 | 0x40, QStringLiteral("too hot"));
    add(0x4, QStringLiteral("at its power limit"));
    add(0x80, QStringLiteral("power supply at its limit"));
    add(0x2, QStringLiteral("clocks set lower"));
    add(0x10, QStringLiteral("kept level with other GPUs"));
    // The general bit stands beside the one that says why; alone it is all there is to say.
    if (words.isEmpty())
        add(0x8, QStringLiteral("slowed down by the hardware"));
    return words;
}

/** "00000000:01:00.0" as sysfs has it: "0000:01:00.0". */
QString busId(const NvmlPci &pci)
{
    const QString text = QString::fromLatin1(pci.busId.data(), qsizetype(qstrnlen(pci.busId.data(), pci.busId.size())));
    return (text.size() == 16 ? text.mid(4) : text).toLower();
}

/** "1g.10gb": from "NVIDIA A100-SXM4-80GB MIG 1g.10gb", or made of its shares. */
QString profileOf(const Nvml &nvml, NvmlHandle mig)
{
    QString name;
    if (nvml.name(mig, &name) == NvmlOk && name.contains(QStringLiteral(" MIG ")))
        return name.section(QStringLiteral(" MIG "), -1);
    NvmlAttributes shares{};
    if (nvml.attributes(mig, &shares) != NvmlOk || shares.gpuSlices == 0)
        return {};
    const QString profile = QStringLiteral("%1g.%2gb").arg(shares.gpuSlices).arg((shares.memoryMib + 1023) / 1024);
    return shares.computeSlices == shares.gpuSlices ? profile
                                                    : QStringLiteral("%1c.%2").arg(shares.computeSlices).arg(profile);
}

int idOrUnknown(uint32_t id) { return id == UINT32_MAX ? int(unknown) : int(id); }

} // namespace

NvmlSource::NvmlSource(const QString &library, const Roots &roots)
    : m_library(library)
    , m_roots(roots)
{
}

NvmlSource::~NvmlSource() { close(); }

QString NvmlSource::defaultLibrary()
{
    return qEnvironmentVariable("SLIPWAY_NVML", QStringLiteral("libnvidia-ml.so.1"));
}

void NvmlSource::close()
{
    if (m_events)
        m_nvml.freeEvents(m_events);
    m_events = nullptr;
    m_devices.clear();
    if (m_open)
        m_nvml.shutdown();
    m_open = false;
    // Loaded anew next time: an upgrade may have put another version in its place.
    m_nvml.unload();
}

std::optional<Trouble> NvmlSource::open()
{
    close();
    if (!m_nvml.load(m_library)) {
        if (!hasPciCard(m_roots, QStringLiteral("0x10de")))
            return Trouble{TroubleKind::NoGpu, QStringLiteral("This machine has no NVIDIA GPU."), m_nvml.problem()};
        return Trouble{TroubleKind::NoDriver,
            QStringLiteral("This machine has an NVIDIA GPU, but its driver is not installed."), m_nvml.problem()};
    }
    const int code = m_nvml.init();
    if (code == NvmlOk) {
        m_open = true;
        m_nvml.driverVersion(&m_driverVersion);
        int cuda = 0;
        if (m_nvml.cudaVersion(&cuda) == NvmlOk && cuda > 0)
            m_cudaVersion = QStringLiteral("%1.%2").arg(cuda / 1000).arg(cuda % 1000 / 10);
        if (m_nvml.createEvents(&m_events) != NvmlOk)
            m_events = nullptr;
        return {};
    }
    const QString words = m_nvml.errorString(code);
    m_nvml.unload();
    switch (code) {
    case NvmlDriverNotLoaded:
        return Trouble{TroubleKind::NoDriver, QStringLiteral("The NVIDIA driver is installed, but not loaded."), words};
    case NvmlMismatch:
        return Trouble{TroubleKind::Mismatch,
            QStringLiteral("The NVIDIA driver and its library are of different versions, as after an upgrade. "
                           "Restart the machine, or reload the driver's kernel modules."),
            words};
    case NvmlNoPermission:
        return Trouble{TroubleKind::Denied,
            QStringLiteral("This user may not use the NVIDIA driver: /dev/nvidiactl is closed to them."), words};
    default:
        return Trouble{TroubleKind::Broken, QStringLiteral("The NVIDIA driver does not work: %1.").arg(words), words};
    }
}

Snapshot NvmlSource::sample(Depth depth)
{
    Snapshot snapshot;
    snapshot.source = QStringLiteral("NVML");
    snapshot.driverVersion = m_driverVersion;
    snapshot.cudaVersion = m_cudaVersion;
    uint32_t count = 0;
    const int code = m_nvml.count(&count);
    if (code != NvmlOk || count == 0) {
        const QString words = m_nvml.errorString(code);
        snapshot.trouble = code == NvmlOk
            ? Trouble{TroubleKind::NoGpu, QStringLiteral("The NVIDIA driver is loaded, but it sees no GPU."), {}}
            : Trouble{
                TroubleKind::Broken, QStringLiteral("The NVIDIA driver stopped answering: %1.").arg(words), words};
        close();
        snapshot.taken = monotonicMs();
        return snapshot;
    }
    if (depth == Depth::Slow || count != m_devices.size())
        enumerate(count);
    readEvents();
    for (Device &device : m_devices) {
        Gpu gpu = device.known;
        if (gpu.error.isEmpty()) {
            readFast(device, gpu);
            if (gpu.lost)
                gpu = device.known; // nothing half-read; its next enumeration says whether it came back
        }
        if (const auto xid = m_xids.constFind(gpu.uuid); xid != m_xids.constEnd())
            gpu.xid = *xid;
        snapshot.gpus.append(gpu);
    }
    snapshot.taken = monotonicMs();
    return snapshot;
}

void NvmlSource::enumerate(uint32_t count)
{
    m_devices.resize(count);
    for (uint32_t index = 0; index < count; ++index) {
        identify(m_devices[index], index);
        if (m_devices[index].known.error.isEmpty())
            readSlow(m_devices[index]);
    }
}

void NvmlSource::identify(Device &device, uint32_t index)
{
    NvmlHandle handle = nullptr;
    QString uuid;
    int code = m_nvml.handle(index, &handle);
    if (code == NvmlOk)
        code = m_nvml.uuid(handle, &uuid);
    if (code == NvmlOk && uuid != device.known.uuid) {
        device = Device();
        device.known.uuid = uuid;
        m_nvml.name(handle, &device.known.name);
        NvmlPci pci{};
        if (m_nvml.pci(handle, &pci) == NvmlOk)
            device.known.pciBusId = busId(pci);
    }
    device.handle = handle;
    Gpu &known = device.known;
    known.index = int(index);
    known.lost = code == NvmlGpuIsLost;
    known.error = code == NvmlOk ? QString() : sentenceOf(code, known.index);
    if (code != NvmlOk && known.error.isEmpty())
        known.error
            = QStringLiteral("The driver does not answer for GPU %1: %2.").arg(index).arg(m_nvml.errorString(code));
    if (known.uuid.isEmpty())
        known.uuid = QStringLiteral("nvidia-%1").arg(index); // lost before it could say who it is
    if (known.name.isEmpty())
        known.name = QStringLiteral("NVIDIA GPU");
    if (code == NvmlOk && m_events && !device.watched)
        device.watched = m_nvml.watchXid(handle, m_events) == NvmlOk;
}

void NvmlSource::readSlow(Device &device) const
{
    Gpu &gpu = device.known;
    uint32_t value = 0;
    gpu.powerLimit = m_nvml.powerLimit(device.handle, &value) == NvmlOk ? value / 1000.0 : double(unknown);
    gpu.clockMax = m_nvml.clockMax(device.handle, clockSm, &value) == NvmlOk ? int(value) : int(unknown);
    gpu.memoryClock = m_nvml.clock(device.handle, clockMemory, &value) == NvmlOk ? int(value) : int(unknown);
    gpu.fan = m_nvml.fan(device.handle, &value) == NvmlOk ? int(value) : int(unknown);
    gpu.migMode = MigMode::None;
    if (m_nvml.migMode(device.handle, &value) == NvmlOk)
        gpu.migMode = value ? MigMode::On : MigMode::Off;
    device.migsListed = 0;
}

void NvmlSource::readFast(Device &device, Gpu &gpu) const
{
    NvmlUtilisation utilisation{};
    const int code = m_nvml.utilisation(device.handle, &utilisation);
    if (code == NvmlOk) {
        gpu.utilisation = int(std::min(utilisation.gpu, 100u));
        gpu.memoryUtilisation = int(std::min(utilisation.memory, 100u));
    }
    if (code == NvmlGpuIsLost || code == NvmlResetRequired || !readMemory(device.handle, gpu)) {
        device.known.lost = true;
        device.known.error = sentenceOf(code == NvmlResetRequired ? code : int(NvmlGpuIsLost), gpu.index);
        gpu.lost = true;
        return;
    }
    uint32_t value = 0;
    if (m_nvml.temperature(device.handle, &value) == NvmlOk)
        gpu.temperature = int(value);
    if (m_nvml.power(device.handle, &value) == NvmlOk)
        gpu.power = value / 1000.0;
    if (m_nvml.clock(device.handle, clockSm, &value) == NvmlOk)
        gpu.clock = int(value);
    unsigned long long reasons = 0;
    if (m_nvml.clockReasons(device.handle, &reasons) == NvmlOk)
        gpu.throttled = clockWords(reasons);
    if (gpu.migMode == MigMode::On) {
        if (device.migsListed == 0 || monotonicMs() - device.migsListed >= migAge)
            listMigs(device);
        gpu.migDevices = readMigs(device);
    }
    readProcesses(device, gpu);
    readUtilisation(device, gpu);
}

/** False when the GPU is lost. */
bool NvmlSource::readMemory(NvmlHandle handle, Gpu &gpu) const
{
    NvmlMemory memory;
    const int code = m_nvml.memory(handle, &memory);
    if (code == NvmlGpuIsLost)
        return false;
    if (code == NvmlNotSupported || (code == NvmlOk && memory.total == 0)) {
        // GB10, Jetson: the GPU works in the machine's own memory.
        const MachineMemory machine = machineMemory(m_roots);
        gpu.memoryTotal = machine.total;
        gpu.memoryUsed = machine.used;
        gpu.unifiedMemory = true;
    } else if (code == NvmlOk) {
        gpu.memoryTotal = qint64(memory.total);
        gpu.memoryUsed = qint64(memory.used);
        gpu.memoryReserved = memory.reservedKnown ? qint64(memory.reserved) : unknown;
    }
    return true;
}

void NvmlSource::listMigs(Device &device) const
{
    device.migs.clear();
    device.migsListed = monotonicMs();
    uint32_t count = 0;
    if (m_nvml.migCount(device.handle, &count) != NvmlOk)
        return;
    for (uint32_t index = 0; index < count; ++index) {
        Mig mig;
        uint32_t id = 0;
        if (m_nvml.migHandle(device.handle, index, &mig.handle) != NvmlOk
            || m_nvml.uuid(mig.handle, &mig.known.uuid) != NvmlOk)
            continue;
        if (m_nvml.gpuInstance(mig.handle, &id) == NvmlOk)
            mig.known.gpuInstance = idOrUnknown(id);
        if (m_nvml.computeInstance(mig.handle, &id) == NvmlOk)
            mig.known.computeInstance = idOrUnknown(id);
        mig.known.profile = profileOf(m_nvml, mig.handle);
        device.migs.append(mig);
    }
}

QList<MigDevice> NvmlSource::readMigs(const Device &device) const
{
    QList<MigDevice> devices;
    for (const Mig &mig : device.migs) {
        MigDevice read = mig.known;
        NvmlMemory memory;
        if (m_nvml.memory(mig.handle, &memory) == NvmlOk) {
            read.memoryTotal = qint64(memory.total);
            read.memoryUsed = qint64(memory.used);
        }
        read.processes = processesOn(mig.handle);
        for (Process &process : read.processes) {
            process.gpuInstance = read.gpuInstance;
            process.computeInstance = read.computeInstance;
        }
        devices.append(read);
    }
    return devices;
}

/** Of all lists, each process once: one with a window and a kernel stands in two of them, with the same memory. */
QList<Process> NvmlSource::processesOn(NvmlHandle handle) const
{
    QList<Process> all;
    std::vector<NvmlProcess> listed;
    for (const NvmlProcessList list : {NvmlProcessList::Compute, NvmlProcessList::Graphics, NvmlProcessList::Mps}) {
        const ProcessKind kind = list == NvmlProcessList::Graphics ? ProcessKind::Graphics : ProcessKind::Compute;
        if (m_nvml.processes(handle, list, &listed) != NvmlOk)
            continue;
        for (const NvmlProcess &one : listed) {
            const qint64 memory = one.memory == UINT64_MAX ? unknown : qint64(one.memory);
            const auto same = std::find_if(all.begin(), all.end(), [&](const Process &process) {
                return process.pid == one.pid && process.gpuInstance == idOrUnknown(one.gpuInstance);
            });
            if (same == all.end()) {
                all.append({one.pid, memory, int(unknown), kind, idOrUnknown(one.gpuInstance),
                    idOrUnknown(one.computeInstance), {}});
                continue;
            }
            same->memory = std::max(same->memory, memory);
            if (same->kind != kind)
                same->kind = ProcessKind::Both;
        }
    }
    return all;
}

void NvmlSource::readProcesses(Device &device, Gpu &gpu) const
{
    for (const Process &process : processesOn(device.handle)) {
        // The GPU lists those of its MIG devices as well, for those who may see them.
        const auto mig = std::find_if(gpu.migDevices.begin(), gpu.migDevices.end(), [&](const MigDevice &one) {
            return one.gpuInstance == process.gpuInstance
                && (process.computeInstance == unknown || one.computeInstance == process.computeInstance);
        });
        if (mig == gpu.migDevices.end() || process.gpuInstance == unknown)
            gpu.processes.append(process);
        else if (std::none_of(mig->processes.begin(), mig->processes.end(),
                     [&](const Process &one) { return one.pid == process.pid; }))
            mig->processes.append(process);
    }
}

void NvmlSource::readUtilisation(Device &device, Gpu &gpu) const
{
    if (gpu.processes.isEmpty() || gpu.migMode == MigMode::On)
        return;
    // The driver's samples are up to a second old; asking only for newer ones would show busy processes as idle.
    const auto now = uint64_t(QDateTime::currentMSecsSinceEpoch()) * 1000;
    constexpr uint64_t window = 2500 * 1000;
    const int code = m_nvml.processUtilisation(device.handle, now - window, &device.samples);
    if (code != NvmlOk && code != NvmlNotFound)
        return;
    for (Process &process : gpu.processes) {
        process.utilisation = 0; // measured, and nothing was seen of it
        uint64_t newest = 0;
        for (const NvmlProcessSample &sample : device.samples) {
            if (sample.pid != process.pid || sample.sm > 100 || sample.time < newest || sample.time + window < now)
                continue;
            newest = sample.time;
            process.utilisation = int(sample.sm);
        }
    }
}

void NvmlSource::readEvents()
{
    NvmlEvent event{};
    // The bound is for a driver that never runs out of them.
    for (int i = 0; m_events && i < 64 && m_nvml.nextEvent(m_events, &event) == NvmlOk; ++i) {
        const auto device = std::find_if(
            m_devices.begin(), m_devices.end(), [&](const Device &one) { return one.handle == event.device; });
        if (device != m_devices.end())
            m_xids.insert(device->known.uuid, {int(event.data), QDateTime::currentMSecsSinceEpoch()});
    }
}

} // namespace gpu
