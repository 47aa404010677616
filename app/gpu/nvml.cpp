#include "gpu/nvml.h"

#include <algorithm>
#include <cstring>
#include <dlfcn.h>

namespace gpu {

namespace {

template <typename F, typename... Args> int call(F function, Args... args)
{
    return function ? function(args...) : int(NvmlFunctionNotFound);
}

/** nvmlMemory_t. */
struct Memory1
{
    uint64_t total, free, used;
};

/** nvmlMemory_v2_t, 40 bytes; its `version` is the size and 2 << 24. */
struct Memory2
{
    uint32_t version;
    uint64_t total, reserved, free, used;
};
static_assert(sizeof(Memory2) == 40);

/** nvmlTemperature_v1_t. */
struct TemperatureV
{
    uint32_t version, sensor;
    int32_t celsius;
};
static_assert(sizeof(TemperatureV) == 12);

constexpr unsigned long long xidEvents = 0x8;

} // namespace

Nvml::~Nvml() { unload(); }

template <typename F> void Nvml::find(F &function, std::initializer_list<const char *> names)
{
    function = nullptr;
    for (const char *name : names) {
        if (void *symbol = dlsym(m_library, name)) {
            function = reinterpret_cast<F>(symbol);
            return;
        }
    }
}

bool Nvml::load(const QString &library)
{
    unload();
    m_library = dlopen(library.toLocal8Bit().constData(), RTLD_LAZY | RTLD_LOCAL);
    if (!m_library) {
        m_problem = QString::fromLocal8Bit(dlerror());
        return false;
    }
    find(m_init, {"nvmlInit_v2", "nvmlInit"});
    find(m_shutdown, {"nvmlShutdown"});
    find(m_errorString, {"nvmlErrorString"});
    find(m_driverVersion, {"nvmlSystemGetDriverVersion"});
    find(m_cudaVersion, {"nvmlSystemGetCudaDriverVersion_v2", "nvmlSystemGetCudaDriverVersion"});
    find(m_count, {"nvmlDeviceGetCount_v2", "nvmlDeviceGetCount"});
    find(m_handle, {"nvmlDeviceGetHandleByIndex_v2", "nvmlDeviceGetHandleByIndex"});
    find(m_name, {"nvmlDeviceGetName"});
    find(m_uuid, {"nvmlDeviceGetUUID"});
    find(m_pci, {"nvmlDeviceGetPciInfo_v3"});
    find(m_utilisation, {"nvmlDeviceGetUtilizationRates"});
    find(m_memory1, {"nvmlDeviceGetMemoryInfo"});
    find(m_memory2, {"nvmlDeviceGetMemoryInfo_v2"});
    find(m_temperature, {"nvmlDeviceGetTemperature"});
    find(m_temperatureV, {"nvmlDeviceGetTemperatureV"});
    find(m_power, {"nvmlDeviceGetPowerUsage"});
    find(m_powerLimit, {"nvmlDeviceGetEnforcedPowerLimit"});
    find(m_clock, {"nvmlDeviceGetClockInfo"});
    find(m_clockMax, {"nvmlDeviceGetMaxClockInfo"});
    find(m_fan, {"nvmlDeviceGetFanSpeed"});
    find(m_clockReasons, {"nvmlDeviceGetCurrentClocksEventReasons", "nvmlDeviceGetCurrentClocksThrottleReasons"});
    find(m_processUtilisation, {"nvmlDeviceGetProcessUtilization"});
    find(m_migMode, {"nvmlDeviceGetMigMode"});
    find(m_migCount, {"nvmlDeviceGetMaxMigDeviceCount"});
    find(m_migHandle, {"nvmlDeviceGetMigDeviceHandleByIndex"});
    find(m_gpuInstance, {"nvmlDeviceGetGpuInstanceId"});
    find(m_computeInstance, {"nvmlDeviceGetComputeInstanceId"});
    find(m_attributes, {"nvmlDeviceGetAttributes_v2"});
    find(m_createEvents, {"nvmlEventSetCreate"});
    find(m_registerEvents, {"nvmlDeviceRegisterEvents"});
    find(m_waitEvents, {"nvmlEventSetWait_v2"});
    find(m_freeEvents, {"nvmlEventSetFree"});
    findProcessLists();
    if (m_init && m_count && m_handle && m_uuid)
        return true;
    m_problem = QStringLiteral("%1 is not the library it is named after").arg(library);
    unload();
    return false;
}

void Nvml::findProcessLists()
{
    // Drivers 535.43 to 535.86 shipped _v3 with a field more, which later ones took back. Only they have the first of
    // these functions without the second (as nvitop found out).
    void *confidential = nullptr;
    void *details = nullptr;
    find(confidential, {"nvmlDeviceGetConfComputeMemSizeInfo"});
    find(details, {"nvmlDeviceGetRunningProcessDetailList"});
    const size_t third = confidential && !details ? 32 : 24;
    const std::array<const char *, 3> bases{"nvmlDeviceGetComputeRunningProcesses",
        "nvmlDeviceGetGraphicsRunningProcesses", "nvmlDeviceGetMPSComputeRunningProcesses"};
    for (size_t i = 0; i < bases.size(); ++i) {
        const QByteArray base(bases[i]);
        const std::array<std::pair<QByteArray, size_t>, 3> versions{
            {{base + "_v3", third}, {base + "_v2", 24}, {base, 16}}};
        m_lists[i] = nullptr;
        for (const auto &[symbol, size] : versions) {
            find(m_lists[i], {symbol.constData()});
            m_listSizes[i] = size;
            if (m_lists[i])
                break;
        }
    }
}

void Nvml::unload()
{
    if (m_library)
        dlclose(m_library);
    m_library = nullptr;
}

int Nvml::init() { return call(m_init); }

void Nvml::shutdown() { call(m_shutdown); }

QString Nvml::errorString(int code) const
{
    const char *words = m_errorString ? m_errorString(code) : nullptr;
    return QStringLiteral("%1 (NVML %2)")
        .arg(words ? QString::fromUtf8(words) : QStringLiteral("Unknown Error"))
        .arg(code);
}

int Nvml::driverVersion(QString *version) const
{
    std::array<char, 96> buffer{};
    const int code = call(m_driverVersion, buffer.data(), uint32_t(buffer.size()));
    if (code == NvmlOk)
        *version = QString::fromUtf8(buffer.data());
    return code;
}

int Nvml::cudaVersion(int *version) const { return call(m_cudaVersion, version); }
int Nvml::count(uint32_t *count) const { return call(m_count, count); }
int Nvml::handle(uint32_t index, NvmlHandle *device) const { return call(m_handle, index, device); }

int Nvml::text(TextCall function, NvmlHandle device, QString *text)
{
    std::array<char, 97> buffer{}; // 96 as the documentation says, and one that stays 0
    const int code = call(function, device, buffer.data(), uint32_t(buffer.size() - 1));
    if (code == NvmlOk)
        *text = QString::fromUtf8(buffer.data());
    return code;
}

int Nvml::name(NvmlHandle device, QString *name) const { return text(m_name, device, name); }
int Nvml::uuid(NvmlHandle device, QString *uuid) const { return text(m_uuid, device, uuid); }
int Nvml::pci(NvmlHandle device, NvmlPci *pci) const { return call(m_pci, device, pci); }

int Nvml::utilisation(NvmlHandle device, NvmlUtilisation *value) const { return call(m_utilisation, device, value); }

int Nvml::memory(NvmlHandle device, NvmlMemory *value) const
{
    Memory2 second{uint32_t(sizeof(Memory2) | 2u << 24), 0, 0, 0, 0};
    int code = call(m_memory2, device, &second);
    if (code == NvmlOk) {
        *value = {second.total, second.used, second.reserved, true};
        return code;
    }
    if (code == NvmlGpuIsLost)
        return code;
    // Not there before 510, or 25 ("wrong version") from a library that knows the name only.
    Memory1 first{};
    code = call(m_memory1, device, &first);
    if (code == NvmlOk)
        *value = {first.total, first.used, 0, false};
    return code;
}

int Nvml::temperature(NvmlHandle device, uint32_t *celsius) const
{
    const int code = call(m_temperature, device, 0u, celsius);
    if (code != NvmlFunctionNotFound)
        return code;
    TemperatureV value{0x0100000c, 0, 0};
    const int newer = call(m_temperatureV, device, &value);
    if (newer == NvmlOk)
        *celsius = uint32_t(std::max(0, value.celsius));
    return newer;
}

int Nvml::power(NvmlHandle device, uint32_t *milliwatts) const { return call(m_power, device, milliwatts); }
int Nvml::powerLimit(NvmlHandle device, uint32_t *milliwatts) const { return call(m_powerLimit, device, milliwatts); }
int Nvml::clock(NvmlHandle device, uint32_t type, uint32_t *mhz) const { return call(m_clock, device, type, mhz); }
int Nvml::clockMax(NvmlHandle device, uint32_t type, uint32_t *mhz) const
{
    return call(m_clockMax, device, type, mhz);
}
int Nvml::fan(NvmlHandle device, uint32_t *percent) const { return call(m_fan, device, percent); }

int Nvml::clockReasons(NvmlHandle device, unsigned long long *bits) const { return call(m_clockReasons, device, bits); }

int Nvml::processes(NvmlHandle device, NvmlProcessList list, std::vector<NvmlProcess> *processes) const
{
    processes->clear();
    const ListCall function = m_lists[size_t(list)];
    const size_t size = m_listSizes[size_t(list)];
    uint32_t count = 0;
    int code = call(function, device, &count, static_cast<void *>(nullptr));
    std::vector<char> buffer;
    // Processes may start between two calls; a few rounds, then those that fitted.
    for (int round = 0; code == NvmlInsufficientSize && round < 5; ++round) {
        count = count * 2 + 5;
        buffer.assign(size * count, 0);
        code = function(device, &count, buffer.data());
    }
    if (code != NvmlOk)
        return code;
    count = uint32_t(std::min<size_t>(count, buffer.size() / size));
    processes->resize(count);
    for (uint32_t i = 0; i < count; ++i) {
        const char *at = buffer.data() + size * i;
        NvmlProcess &process = (*processes)[i];
        std::memcpy(&process.pid, at, 4);
        std::memcpy(&process.memory, at + 8, 8);
        if (size >= 24) {
            std::memcpy(&process.gpuInstance, at + 16, 4);
            std::memcpy(&process.computeInstance, at + 20, 4);
        }
    }
    return code;
}

int Nvml::processUtilisation(NvmlHandle device, uint64_t since, std::vector<NvmlProcessSample> *samples) const
{
    if (samples->empty())
        samples->resize(64);
    for (int round = 0; round < 5; ++round) {
        auto count = uint32_t(samples->size());
        const int code = call(m_processUtilisation, device, samples->data(), &count, since);
        if (code == NvmlInsufficientSize) {
            samples->resize(std::max<size_t>(count, samples->size()) * 2);
            continue;
        }
        samples->resize(code == NvmlOk ? std::min<size_t>(count, samples->size()) : 0);
        return code;
    }
    samples->clear();
    return NvmlInsufficientSize;
}

int Nvml::migMode(NvmlHandle device, uint32_t *current) const
{
    uint32_t pending = 0;
    return call(m_migMode, device, current, &pending);
}

int Nvml::migCount(NvmlHandle device, uint32_t *count) const { return call(m_migCount, device, count); }

int Nvml::migHandle(NvmlHandle device, uint32_t index, NvmlHandle *mig) const
{
    return call(m_migHandle, device, index, mig);
}

int Nvml::gpuInstance(NvmlHandle mig, uint32_t *id) const { return call(m_gpuInstance, mig, id); }
int Nvml::computeInstance(NvmlHandle mig, uint32_t *id) const { return call(m_computeInstance, mig, id); }
int Nvml::attributes(NvmlHandle mig, NvmlAttributes *attributes) const { return call(m_attributes, mig, attributes); }

int Nvml::createEvents(NvmlHandle *set) const { return call(m_createEvents, set); }

int Nvml::watchXid(NvmlHandle device, NvmlHandle set) const { return call(m_registerEvents, device, xidEvents, set); }

int Nvml::nextEvent(NvmlHandle set, NvmlEvent *event) const
{
    int code = call(m_waitEvents, set, event, 0u);
    while (code == NvmlOk && !(event->type & xidEvents))
        code = m_waitEvents(set, event, 0);
    return code;
}

void Nvml::freeEvents(NvmlHandle set) const { call(m_freeEvents, set); }

} // namespace gpu
