/* A stand-in libnvidia-ml.so.1 for machines without an NVIDIA GPU, spoken to at its real C interface.
 *
 *   FAKE_NVML=state.txt SLIPWAY_NVML=.../libfakenvml.so slipway
 *   FAKE_NVML=state.txt LD_LIBRARY_PATH=.../oracle gpustat --json
 *
 * The state file is looked at again at every call, so a test changes the GPUs while the program runs (write a new file
 * and rename it into place: a half-written one would be believed). One item a line, '#' starts a comment, -1 is "not
 * supported":
 *
 *   init CODE                     nvmlInit answers this: 4 no permission, 9 driver not loaded, 18 mismatch
 *   driver VERSION
 *   gpu UUID NAME totalMiB usedMiB reservedMiB util% memutil% tempC powermW limitmW fan% smMHz memMHz mig(0|1|-1)
 *       [lost|denied|reset|hidden] an underscore in NAME stands for a blank; "hidden" is lost before it says who it is
 *   proc GPUINDEX PID usedMiB sm% C|G|M [GI CI]           compute, graphics or MPS; one process may have several lines
 *   mig GPUINDEX UUID GI CI totalMiB usedMiB [PROFILE]
 *   reasons GPUINDEX BITS         why its clocks are held down, as nvmlClocksEventReasons
 *   xid GPUINDEX CODE             an event, told once for each such line
 *   block FUNCTION SECONDS        that function ("*": each) answers so much later, or when the line is gone
 *
 * A handle belongs to a uuid: one whose GPU left the file answers "lost". Three builds: as it is (drivers from 535.104),
 * -DDRIVER_535_43 (its process struct has a field more), -DDRIVER_OLD (neither _v2 nor _v3 of anything newer).
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#define X __attribute__((visibility("default")))
typedef unsigned int u32;
typedef unsigned long long u64;
enum { OK, UNINIT, INVAL, NOSUP, DENIED, NOTFOUND = 6, SMALL, NODRIVER = 9, TIMEOUT, LOST = 15, RESET, VERSION = 25 };
enum { MAXGPU = 64, MAXPROC = 512, MAXMIG = 64, MAXSLOT = 256, GPUBASE = 0x10000, MIGBASE = 0x20000 };

typedef struct {
    char uuid[80], name[96], flag[8];
    long total, used, res, util, mutil, temp, power, limit, fan, sm, mem, mig;
    u64 reasons;
} Gpu;
typedef struct { int gpu; u32 pid; long mem, sm; char type; u32 gi, ci; } Proc;
typedef struct { int gpu; char uuid[80], profile[32]; u32 gi, ci; long total, used; } Mig;

/* What the file says, as each thread last read it: a blocked thread must not hold up another. */
static _Thread_local Gpu G[MAXGPU];
static _Thread_local Proc P[MAXPROC];
static _Thread_local Mig M[MAXMIG];
static _Thread_local struct { int gpu, code; } E[64];
static _Thread_local struct { char function[64]; double seconds; } B[16];
static _Thread_local int ng, np, nm, ne, nb, initcode;
static _Thread_local char driver[80];
static _Thread_local struct stat seen;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char slots[MAXSLOT][80]; /* handle → uuid, for good */
static int nslots, inited, delivered;

static void line(const char *l)
{
    char k[16];
    if (sscanf(l, "%15s", k) != 1 || *k == '#')
        return;
    if (!strcmp(k, "init"))
        sscanf(l, "%*s %d", &initcode);
    else if (!strcmp(k, "driver"))
        sscanf(l, "%*s %79s", driver);
    else if (!strcmp(k, "gpu") && ng < MAXGPU) {
        Gpu *g = &G[ng++];
        memset(g, 0, sizeof *g);
        sscanf(l, "%*s %79s %95s %ld %ld %ld %ld %ld %ld %ld %ld %ld %ld %ld %ld %7s", g->uuid, g->name, &g->total,
            &g->used, &g->res, &g->util, &g->mutil, &g->temp, &g->power, &g->limit, &g->fan, &g->sm, &g->mem, &g->mig,
            g->flag);
        for (char *c = g->name; *c; c++)
            if (*c == '_')
                *c = ' ';
    } else if (!strcmp(k, "proc") && np < MAXPROC) {
        Proc *p = &P[np++];
        p->gi = p->ci = 0xffffffffu;
        p->type = 'C';
        sscanf(l, "%*s %d %u %ld %ld %c %u %u", &p->gpu, &p->pid, &p->mem, &p->sm, &p->type, &p->gi, &p->ci);
    } else if (!strcmp(k, "mig") && nm < MAXMIG) {
        Mig *m = &M[nm++];
        memset(m, 0, sizeof *m);
        sscanf(l, "%*s %d %79s %u %u %ld %ld %31s", &m->gpu, m->uuid, &m->gi, &m->ci, &m->total, &m->used, m->profile);
    } else if (!strcmp(k, "reasons")) {
        int i;
        u64 bits;
        if (sscanf(l, "%*s %d %llu", &i, &bits) == 2 && i >= 0 && i < ng)
            G[i].reasons = bits;
    } else if (!strcmp(k, "xid") && ne < 64) {
        sscanf(l, "%*s %d %d", &E[ne].gpu, &E[ne].code);
        ne++;
    } else if (!strcmp(k, "block") && nb < 16) {
        sscanf(l, "%*s %63s %lf", B[nb].function, &B[nb].seconds);
        nb++;
    }
}

static void load(void)
{
    struct stat now;
    const char *path = getenv("FAKE_NVML") ? getenv("FAKE_NVML") : "/nonexistent";
    if (stat(path, &now))
        memset(&now, 0, sizeof now);
    else if (now.st_ino == seen.st_ino && now.st_size == seen.st_size && now.st_mtim.tv_sec == seen.st_mtim.tv_sec
        && now.st_mtim.tv_nsec == seen.st_mtim.tv_nsec)
        return;
    FILE *f = fopen(path, "r");
    ng = np = nm = ne = nb = 0;
    initcode = f ? OK : NODRIVER;
    strcpy(driver, "535.261.03");
    char l[512];
    while (f && fgets(l, sizeof l, f))
        line(l);
    if (f)
        fclose(f);
    seen = now;
}

/* Each function begins with this: read the file, and be late if it says so. */
static void enter(const char *function)
{
    struct timespec slice = {0, 20000000};
    for (double late = 0;; late += 0.02) {
        double wanted = 0;
        load();
        for (int i = 0; i < nb; i++)
            if (!strcmp(B[i].function, "*") || !strcmp(B[i].function, function))
                wanted = B[i].seconds;
        if (late >= wanted)
            return;
        nanosleep(&slice, 0);
    }
}

static void *handleOf(const char *uuid, long base)
{
    pthread_mutex_lock(&lock);
    int i = 0;
    while (i < nslots && strcmp(slots[i], uuid))
        i++;
    if (i == nslots && nslots < MAXSLOT - 1)
        strcpy(slots[nslots++], uuid);
    pthread_mutex_unlock(&lock);
    return (void *)(base + i);
}

static Gpu *gpuOf(void *h)
{
    long slot = (long)h - GPUBASE;
    for (int i = 0; slot >= 0 && slot < MAXSLOT && i < ng; i++)
        if (!strcmp(G[i].uuid, slots[slot]))
            return &G[i];
    return 0;
}

static Mig *migOf(void *h)
{
    long slot = (long)h - MIGBASE;
    for (int i = 0; slot >= 0 && slot < MAXSLOT && i < nm; i++)
        if (!strcmp(M[i].uuid, slots[slot]))
            return &M[i];
    return 0;
}

/* What a GPU's call answers before it does anything. */
static int state(void *h)
{
    if (!inited)
        return UNINIT;
    if ((long)h >= MIGBASE)
        return migOf(h) ? NOSUP : INVAL;
    Gpu *g = gpuOf(h);
    if (!g || !strcmp(g->flag, "lost") || !strcmp(g->flag, "hidden"))
        return LOST;
    return !strcmp(g->flag, "denied") ? DENIED : !strcmp(g->flag, "reset") ? RESET : OK;
}
static int named(const char *flag) { return !strcmp(flag, "hidden") ? LOST : !strcmp(flag, "denied") ? DENIED : OK; }

#define ENTER enter(__func__)
#define NEED                                                                                                           \
    ENTER;                                                                                                             \
    int refused = state(h);                                                                                            \
    if (refused)                                                                                                       \
        return refused;                                                                                                \
    Gpu *g = gpuOf(h);                                                                                                 \
    (void)g
#define GET(fn, field)                                                                                                 \
    X int fn(void *h, u32 *v)                                                                                          \
    {                                                                                                                  \
        NEED;                                                                                                          \
        if (g->field < 0)                                                                                              \
            return NOSUP;                                                                                              \
        *v = (u32)g->field;                                                                                            \
        return OK;                                                                                                     \
    }

X int nvmlInit_v2(void)
{
    ENTER;
    if (!initcode)
        inited++;
    return initcode;
}
X int nvmlInitWithFlags(u32 f) { return (void)f, nvmlInit_v2(); }
X int nvmlShutdown(void) { return inited ? (inited--, OK) : UNINIT; }
X const char *nvmlErrorString(int r)
{
    switch (r) {
    case OK: return "Success";
    case UNINIT: return "Uninitialized";
    case INVAL: return "Invalid Argument";
    case NOSUP: return "Not Supported";
    case DENIED: return "Insufficient Permissions";
    case NOTFOUND: return "Not Found";
    case SMALL: return "Insufficient Size";
    case NODRIVER: return "Driver Not Loaded";
    case LOST: return "GPU is lost";
    case RESET: return "GPU requires reset";
    case 18: return "Driver/library version mismatch";
    case VERSION: return "Argument version mismatch";
    default: return "Unknown Error";
    }
}
X int nvmlSystemGetDriverVersion(char *b, u32 n) { ENTER; return inited ? (snprintf(b, n, "%s", driver), OK) : UNINIT; }
X int nvmlSystemGetNVMLVersion(char *b, u32 n) { ENTER; snprintf(b, n, "12.%s", driver); return OK; }
X int nvmlSystemGetCudaDriverVersion_v2(int *v) { *v = 12020; return OK; }
X int nvmlDeviceGetCount_v2(u32 *n) { ENTER; *n = (u32)ng; return inited ? OK : UNINIT; }
X int nvmlDeviceGetHandleByIndex_v2(u32 i, void **h)
{
    ENTER;
    if (!inited)
        return UNINIT;
    if ((int)i >= ng)
        return INVAL;
    *h = handleOf(G[i].uuid, GPUBASE);
    return named(G[i].flag);
}
X int nvmlDeviceGetHandleByUUID(const char *u, void **h)
{
    ENTER;
    for (int i = 0; i < ng; i++)
        if (!strcmp(u, G[i].uuid))
            return *h = handleOf(u, GPUBASE), OK;
    return NOTFOUND;
}
X int nvmlDeviceGetIndex(void *h, u32 *i) { NEED; *i = (u32)(g - G); return OK; }
X int nvmlDeviceGetMinorNumber(void *h, u32 *v) { NEED; *v = (u32)(g - G); return OK; }
X int nvmlDeviceGetName(void *h, char *b, u32 n)
{
    ENTER;
    Mig *m = migOf(h);
    Gpu *g = m ? &G[m->gpu] : gpuOf(h);
    if (!g)
        return LOST;
    if (m && !*m->profile)
        return NOSUP;
    snprintf(b, n, "%s%s%s", g->name, m ? " MIG " : "", m ? m->profile : "");
    return OK;
}
X int nvmlDeviceGetUUID(void *h, char *b, u32 n)
{
    ENTER;
    Gpu *g = gpuOf(h);
    Mig *m = migOf(h);
    if (!g && !m)
        return LOST;
    snprintf(b, n, "%s", g ? g->uuid : m->uuid);
    return OK;
}

typedef struct { char legacy[16]; u32 domain, bus, device, id, sub; char busId[32]; } Pci;
X int nvmlDeviceGetPciInfo_v3(void *h, Pci *p)
{
    ENTER;
    Gpu *g = gpuOf(h);
    if (!g)
        return LOST;
    memset(p, 0, sizeof *p);
    p->bus = (u32)(g - G) + 0xA1;
    snprintf(p->legacy, sizeof p->legacy, "0000:%02X:00.0", p->bus);
    snprintf(p->busId, sizeof p->busId, "00000000:%02X:00.0", p->bus);
    return OK;
}

typedef struct { u32 gpu, memory; } Util;
X int nvmlDeviceGetUtilizationRates(void *h, Util *u)
{
    NEED;
    if (g->mig == 1 || g->util < 0)
        return NOSUP;
    *u = (Util){(u32)g->util, (u32)g->mutil};
    return OK;
}

typedef struct { u64 total, free, used; } Mem1;
typedef struct { u32 version; u64 total, reserved, free, used; } Mem2;
static u64 mib(long v) { return (u64)v << 20; }
static int memory(void *h, u64 *total, u64 *used, u64 *reserved)
{
    Mig *m = migOf(h);
    if (m)
        return *total = mib(m->total), *used = mib(m->used), *reserved = 0, inited ? OK : UNINIT;
    int refused = state(h);
    if (refused)
        return refused;
    Gpu *g = gpuOf(h);
    if (g->total < 0)
        return NOSUP;
    return *total = mib(g->total), *used = mib(g->used), *reserved = mib(g->res), OK;
}
X int nvmlDeviceGetMemoryInfo(void *h, Mem1 *m)
{
    ENTER;
    u64 total, used, reserved;
    int code = memory(h, &total, &used, &reserved);
    if (!code)
        *m = (Mem1){total, total - used - reserved, used + reserved};
    return code;
}
#ifndef DRIVER_OLD
X int nvmlDeviceGetMemoryInfo_v2(void *h, Mem2 *m)
{
    ENTER;
    if (m->version != (sizeof(Mem2) | 2u << 24))
        return VERSION;
    u64 total, used, reserved;
    int code = memory(h, &total, &used, &reserved);
    if (!code)
        *m = (Mem2){m->version, total, reserved, total - used - reserved, used};
    return code;
}
#endif

X int nvmlDeviceGetTemperature(void *h, u32 s, u32 *t)
{
    NEED;
    (void)s;
    *t = (u32)g->temp;
    return g->temp < 0 ? NOSUP : OK;
}
X int nvmlDeviceGetTemperatureThreshold(void *h, u32 s, u32 *t) { NEED; *t = s == 0 ? 95 : 90; return OK; }
GET(nvmlDeviceGetPowerUsage, power)
GET(nvmlDeviceGetEnforcedPowerLimit, limit)
GET(nvmlDeviceGetPowerManagementLimit, limit)
GET(nvmlDeviceGetFanSpeed, fan)
X int nvmlDeviceGetClockInfo(void *h, u32 t, u32 *c)
{
    NEED;
    long v = t == 2 ? g->mem : g->sm;
    *c = (u32)v;
    return v < 0 ? NOSUP : OK;
}
X int nvmlDeviceGetMaxClockInfo(void *h, u32 t, u32 *c) { NEED; *c = t == 2 ? 10501 : 2520; return OK; }
X int nvmlDeviceGetEncoderUtilization(void *h, u32 *u, u32 *p) { NEED; *u = 0; *p = 167000; return OK; }
X int nvmlDeviceGetDecoderUtilization(void *h, u32 *u, u32 *p) { NEED; *u = 0; *p = 167000; return OK; }
X int nvmlDeviceGetPerformanceState(void *h, u32 *s) { NEED; *s = g->util > 0 ? 0 : 8; return OK; }
X int nvmlDeviceGetMaxPcieLinkGeneration(void *h, u32 *v) { NEED; *v = 4; return OK; }
X int nvmlDeviceGetMaxPcieLinkWidth(void *h, u32 *v) { NEED; *v = 16; return OK; }
X int nvmlDeviceGetCurrPcieLinkGeneration(void *h, u32 *v) { NEED; *v = g->util > 0 ? 4 : 1; return OK; }
X int nvmlDeviceGetCurrPcieLinkWidth(void *h, u32 *v) { NEED; *v = 16; return OK; }
X int nvmlDeviceGetPcieThroughput(void *h, u32 c, u32 *v)
{
    NEED;
    struct timespec t = {0, 20000000}; /* as the real one */
    (void)c;
    nanosleep(&t, 0);
    *v = g->util > 0 ? 123456 : 0;
    return OK;
}
X int nvmlDeviceGetPersistenceMode(void *h, u32 *m) { NEED; *m = 1; return OK; }
X int nvmlDeviceGetCurrentClocksThrottleReasons(void *h, u64 *bits) { NEED; *bits = g->reasons; return OK; }

X int nvmlDeviceGetMigMode(void *h, u32 *c, u32 *p)
{
    NEED;
    *c = *p = (u32)g->mig;
    return g->mig < 0 ? NOSUP : OK;
}
X int nvmlDeviceGetMaxMigDeviceCount(void *h, u32 *n) { NEED; *n = g->mig < 0 ? 0 : 7; return OK; }
X int nvmlDeviceGetMigDeviceHandleByIndex(void *h, u32 i, void **d)
{
    NEED;
    if (g->mig < 0)
        return NOSUP;
    u32 k = 0; /* only odd indexes are taken: there are gaps in real ones as well */
    for (int j = 0; j < nm; j++)
        if (M[j].gpu == g - G && k++ * 2 + 1 == i)
            return *d = handleOf(M[j].uuid, MIGBASE), OK;
    return NOTFOUND;
}
X int nvmlDeviceIsMigDeviceHandle(void *h, u32 *b) { ENTER; *b = migOf(h) != 0; return OK; }
X int nvmlDeviceGetGpuInstanceId(void *h, u32 *i) { ENTER; Mig *m = migOf(h); return m ? (*i = m->gi, OK) : NOSUP; }
X int nvmlDeviceGetComputeInstanceId(void *h, u32 *i) { ENTER; Mig *m = migOf(h); return m ? (*i = m->ci, OK) : NOSUP; }
X int nvmlDeviceGetDeviceHandleFromMigDeviceHandle(void *h, void **d)
{
    ENTER;
    Mig *m = migOf(h);
    return m ? (*d = handleOf(G[m->gpu].uuid, GPUBASE), OK) : INVAL;
}
typedef struct { u32 sms, ce, dec, enc, jpeg, ofa, gpuSlices, computeSlices; u64 memory; } Attr;
X int nvmlDeviceGetAttributes_v2(void *h, Attr *a)
{
    ENTER;
    Mig *m = migOf(h);
    if (!m)
        return NOSUP;
    memset(a, 0, sizeof *a);
    a->gpuSlices = a->computeSlices = 1;
    a->memory = (u64)m->total;
    return OK;
}

typedef struct { u32 pid; u64 mem; u32 gi, ci; u64 protectedMem; } Pr;
static int procs(void *h, u32 *n, void *out, char type, size_t size)
{
    Mig *m = migOf(h);
    int refused = m ? OK : state(h);
    if (refused)
        return refused;
    int gi = m ? m->gpu : (int)(gpuOf(h) - G);
    u32 want = 0, cap = *n;
    for (int i = 0; i < np; i++) {
        if (P[i].gpu != gi || P[i].type != type || (m && P[i].gi != m->gi))
            continue;
        if (out && want < cap) {
            Pr r = {P[i].pid, P[i].mem < 0 ? ~0ull : mib(P[i].mem), P[i].gi, P[i].ci, 0};
            memcpy((char *)out + want * size, &r, size);
        }
        want++;
    }
    *n = want;
    return want > cap ? SMALL : OK;
}
#define LISTS(suffix, size)                                                                                            \
    X int nvmlDeviceGetComputeRunningProcesses##suffix(void *h, u32 *n, void *p)                                       \
    {                                                                                                                  \
        ENTER;                                                                                                         \
        return procs(h, n, p, 'C', size);                                                                              \
    }                                                                                                                  \
    X int nvmlDeviceGetGraphicsRunningProcesses##suffix(void *h, u32 *n, void *p)                                      \
    {                                                                                                                  \
        ENTER;                                                                                                         \
        return procs(h, n, p, 'G', size);                                                                              \
    }                                                                                                                  \
    X int nvmlDeviceGetMPSComputeRunningProcesses##suffix(void *h, u32 *n, void *p)                                    \
    {                                                                                                                  \
        ENTER;                                                                                                         \
        return procs(h, n, p, 'M', size);                                                                              \
    }
LISTS(, 16)
#ifndef DRIVER_OLD
LISTS(_v2, 24)
X int nvmlDeviceGetConfComputeMemSizeInfo(void *h, void *p) { return (void)h, (void)p, NOSUP; }
#ifdef DRIVER_535_43
LISTS(_v3, 32)
#else
LISTS(_v3, 24)
X int nvmlDeviceGetRunningProcessDetailList(void *h, void *p) { return (void)h, (void)p, NOSUP; }
#endif
#endif

typedef struct { u32 pid; u64 ts; u32 sm, mem, enc, dec; } Smp;
X int nvmlDeviceGetProcessUtilization(void *h, Smp *s, u32 *n, u64 last)
{
    NEED;
    (void)last;
    if (g->mig == 1 || g->util < 0)
        return NOSUP;
    u32 want = 0, cap = *n;
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    u64 now = (u64)t.tv_sec * 1000000 + (u64)t.tv_nsec / 1000;
    for (int i = 0; i < np; i++) {
        if (P[i].gpu != g - G || P[i].sm <= 0)
            continue;
        if (s && want < cap)
            s[want] = (Smp){P[i].pid, now, (u32)P[i].sm, 0, 0, 0};
        want++;
    }
    *n = want;
    return !want ? NOTFOUND : !s || want > cap ? SMALL : OK;
}

X int nvmlEventSetCreate(void **set) { ENTER; *set = &delivered; return OK; }
X int nvmlEventSetFree(void *set) { return (void)set, OK; }
X int nvmlDeviceRegisterEvents(void *h, u64 types, void *set) { NEED; return (void)set, types & ~8ull ? NOSUP : OK; }
typedef struct { void *device; u64 type, data; u32 gi, ci; } Event;
X int nvmlEventSetWait_v2(void *set, Event *e, u32 ms)
{
    ENTER;
    (void)ms;
    if (set != &delivered || delivered >= ne)
        return TIMEOUT;
    int i = E[delivered].gpu;
    *e = (Event){i >= 0 && i < ng ? handleOf(G[i].uuid, GPUBASE) : 0, 8, (u64)E[delivered].code, ~0u, ~0u};
    delivered++;
    return OK;
}
