#pragma once

#include <QByteArray>
#include <QString>
#include <array>
#include <cstdint>
#include <vector>

/**
 * The driver's management library, NVML, as far as Slipway asks it: own minimal declarations, loaded at run time.
 * Layouts and numbers are those of NVIDIA's nvml.h 11…13 (https://docs.nvidia.com/deploy/nvml-api/).
 */
namespace gpu {

using NvmlHandle = void *;

/** nvmlReturn_t, those that matter here. */
enum NvmlCode : int {
    NvmlOk = 0,
    NvmlNotSupported = 3,
    NvmlNoPermission = 4,
    NvmlNotFound = 6,
    NvmlInsufficientSize = 7,
    NvmlDriverNotLoaded = 9,
    NvmlFunctionNotFound = 13,
    NvmlGpuIsLost = 15,
    NvmlResetRequired = 16,
    NvmlMismatch = 18,
    NvmlUnknown = 999,
};

/** nvmlPciInfo_t, 68 bytes. */
struct NvmlPci
{
    std::array<char, 16> legacy;
    uint32_t domain, bus, device, id, subsystem;
    std::array<char, 32> busId; ///< "00000000:01:00.0"
};
static_assert(sizeof(NvmlPci) == 68);

/** nvmlUtilization_t: percent. */
struct NvmlUtilisation
{
    uint32_t gpu, memory;
};

/** nvmlMemory_t and nvmlMemory_v2_t as one: bytes. */
struct NvmlMemory
{
    uint64_t total = 0;
    uint64_t used = 0; ///< with what is reserved when `reservedKnown` is false
    uint64_t reserved = 0;
    bool reservedKnown = false;
};

/** nvmlProcessInfo_t of any version. */
struct NvmlProcess
{
    uint32_t pid = 0;
    uint64_t memory = 0; ///< bytes; all ones: unknown
    uint32_t gpuInstance = UINT32_MAX; ///< all ones: none
    uint32_t computeInstance = UINT32_MAX;
};

/** nvmlProcessUtilizationSample_t, 32 bytes. */
struct NvmlProcessSample
{
    uint32_t pid;
    uint64_t time; ///< Unix microseconds
    uint32_t sm, memory, encoder, decoder; ///< percent
};
static_assert(sizeof(NvmlProcessSample) == 32);

/** nvmlDeviceAttributes_t, 40 bytes. */
struct NvmlAttributes
{
    uint32_t multiprocessors, copyEngines, decoders, encoders, jpegs, ofas, gpuSlices, computeSlices;
    uint64_t memoryMib;
};
static_assert(sizeof(NvmlAttributes) == 40);

/** nvmlEventData_t, 32 bytes. */
struct NvmlEvent
{
    NvmlHandle device;
    unsigned long long type, data;
    uint32_t gpuInstance, computeInstance;
};
static_assert(sizeof(NvmlEvent) == 32);

enum class NvmlProcessList { Compute, Graphics, Mps };

/**
 * The loaded library. Every call answers a NvmlCode, NvmlFunctionNotFound where this driver has no such function;
 * versions and their quirks end here. Any call may block. Owned by the NvmlSource, which also says nvmlInit.
 */
class Nvml
{
public:
    Nvml() = default;
    ~Nvml();
    Nvml(const Nvml &) = delete;
    Nvml &operator=(const Nvml &) = delete;

    /** A name as dlopen() takes it. False: `problem()` has the loader's words. */
    bool load(const QString &library);
    void unload();
    QString problem() const { return m_problem; }

    int init();
    void shutdown();
    QString errorString(int code) const;

    int driverVersion(QString *version) const;
    int cudaVersion(int *version) const; ///< 12020 is 12.2
    int count(uint32_t *count) const;
    int handle(uint32_t index, NvmlHandle *device) const;

    int name(NvmlHandle device, QString *name) const;
    int uuid(NvmlHandle device, QString *uuid) const;
    int pci(NvmlHandle device, NvmlPci *pci) const;
    int utilisation(NvmlHandle device, NvmlUtilisation *value) const;
    int memory(NvmlHandle device, NvmlMemory *value) const;
    int temperature(NvmlHandle device, uint32_t *celsius) const;
    int power(NvmlHandle device, uint32_t *milliwatts) const;
    int powerLimit(NvmlHandle device, uint32_t *milliwatts) const;
    int clock(NvmlHandle device, uint32_t type, uint32_t *mhz) const;
    int clockMax(NvmlHandle device, uint32_t type, uint32_t *mhz) const;
    int fan(NvmlHandle device, uint32_t *percent) const;
    int clockReasons(NvmlHandle device, unsigned long long *bits) const;
    int processes(NvmlHandle device, NvmlProcessList list, std::vector<NvmlProcess> *processes) const;
    int processUtilisation(NvmlHandle device, uint64_t since, std::vector<NvmlProcessSample> *samples) const;

    int migMode(NvmlHandle device, uint32_t *current) const;
    int migCount(NvmlHandle device, uint32_t *count) const; ///< the most there can be; indexes have gaps
    int migHandle(NvmlHandle device, uint32_t index, NvmlHandle *mig) const;
    int gpuInstance(NvmlHandle mig, uint32_t *id) const;
    int computeInstance(NvmlHandle mig, uint32_t *id) const;
    int attributes(NvmlHandle mig, NvmlAttributes *attributes) const;

    int createEvents(NvmlHandle *set) const;
    int watchXid(NvmlHandle device, NvmlHandle set) const;
    int nextEvent(NvmlHandle set, NvmlEvent *event) const; ///< does not wait
    void freeEvents(NvmlHandle set) const;

private:
    using TextCall = int (*)(NvmlHandle, char *, uint32_t);
    using NumberCall = int (*)(NvmlHandle, uint32_t *);
    using ClockCall = int (*)(NvmlHandle, uint32_t, uint32_t *);
    using ListCall = int (*)(NvmlHandle, uint32_t *, void *);

    template <typename F> void find(F &function, std::initializer_list<const char *> names);
    void findProcessLists();
    static int text(TextCall call, NvmlHandle device, QString *text);

    void *m_library = nullptr;
    QString m_problem;
    int (*m_init)() = nullptr;
    int (*m_shutdown)() = nullptr;
    const char *(*m_errorString)(int) = nullptr;
    int (*m_driverVersion)(char *, uint32_t) = nullptr;
    int (*m_cudaVersion)(int *) = nullptr;
    int (*m_count)(uint32_t *) = nullptr;
    int (*m_handle)(uint32_t, NvmlHandle *) = nullptr;
    TextCall m_name = nullptr;
    TextCall m_uuid = nullptr;
    int (*m_pci)(NvmlHandle, NvmlPci *) = nullptr;
    int (*m_utilisation)(NvmlHandle, NvmlUtilisation *) = nullptr;
    int (*m_memory1)(NvmlHandle, void *) = nullptr;
    int (*m_memory2)(NvmlHandle, void *) = nullptr;
    ClockCall m_temperature = nullptr;
    int (*m_temperatureV)(NvmlHandle, void *) = nullptr;
    NumberCall m_power = nullptr;
    NumberCall m_powerLimit = nullptr;
    ClockCall m_clock = nullptr;
    ClockCall m_clockMax = nullptr;
    NumberCall m_fan = nullptr;
    int (*m_clockReasons)(NvmlHandle, unsigned long long *) = nullptr;
    std::array<ListCall, 3> m_lists{};
    std::array<size_t, 3> m_listSizes{}; ///< bytes of one process in each list
    int (*m_processUtilisation)(NvmlHandle, NvmlProcessSample *, uint32_t *, unsigned long long) = nullptr;
    int (*m_migMode)(NvmlHandle, uint32_t *, uint32_t *) = nullptr;
    NumberCall m_migCount = nullptr;
    int (*m_migHandle)(NvmlHandle, uint32_t, NvmlHandle *) = nullptr;
    NumberCall m_gpuInstance = nullptr;
    NumberCall m_computeInstance = nullptr;
    int (*m_attributes)(NvmlHandle, NvmlAttributes *) = nullptr;
    int (*m_createEvents)(NvmlHandle *) = nullptr;
    int (*m_registerEvents)(NvmlHandle, unsigned long long, NvmlHandle) = nullptr;
    int (*m_waitEvents)(NvmlHandle, NvmlEvent *, uint32_t) = nullptr;
    int (*m_freeEvents)(NvmlHandle) = nullptr;
};

} // namespace gpu
