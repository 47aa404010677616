#include "gpu/amdsource.h"
#include "gpu/combinedsource.h"
#include "gpu/intelsource.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace gpu;

namespace {

/** A /sys and a /proc in a temporary folder. */
class Machine
{
public:
    Roots roots() const
    {
        return {m_folder.filePath(QStringLiteral("sys")), m_folder.filePath(QStringLiteral("proc"))};
    }
    void put(const QString &path, const QByteArray &text) const
    {
        const QString full = m_folder.filePath(path);
        QDir().mkpath(full.section(u'/', 0, -2));
        QFile file(full);
        QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
        file.write(text);
    }
    void card(int number, const char *vendor, const QByteArray &slot) const
    {
        const QString device = QStringLiteral("sys/class/drm/card%1/device/").arg(number);
        put(device + QStringLiteral("vendor"), QByteArray(vendor) + '\n');
        put(device + QStringLiteral("device"), "0x740f\n");
        put(device + QStringLiteral("uevent"), "DRIVER=x\nPCI_SLOT_NAME=" + slot + "\n");
        put(QStringLiteral("sys/class/drm/card%1-DP-1/device/vendor").arg(number), QByteArray(vendor));
    }
    void openFile(
        qint64 pid, int fd, const QByteArray &info, const QString &target = QStringLiteral("/dev/dri/renderD128")) const
    {
        const QString process = QStringLiteral("proc/%1/").arg(pid);
        QDir().mkpath(m_folder.filePath(process + QStringLiteral("fd")));
        const QString link = m_folder.filePath(process + QStringLiteral("fd/%1").arg(fd));
        QFile::remove(link);
        QVERIFY(QFile::link(target, link));
        put(process + QStringLiteral("fdinfo/%1").arg(fd), info);
    }
    void endProcess(qint64 pid) const
    {
        QDir(m_folder.filePath(QStringLiteral("proc/%1").arg(pid))).removeRecursively();
    }

private:
    QTemporaryDir m_folder;
};

QByteArray amdClient(int id, qint64 gfxNs, qint64 kib)
{
    return "pos:\t0\ndrm-driver:\tamdgpu\ndrm-pdev:\t0000:03:00.0\ndrm-client-id:\t" + QByteArray::number(id)
        + "\ndrm-memory-vram:\t" + QByteArray::number(kib) + " KiB\ndrm-memory-gtt: \t99 KiB\ndrm-engine-gfx:\t"
        + QByteArray::number(gfxNs) + " ns\ndrm-engine-compute:\t0 ns\n";
}

void furnishAmd(const Machine &machine)
{
    machine.card(0, "0x1002", "0000:03:00.0");
    const QString device = QStringLiteral("sys/class/drm/card0/device/");
    const auto put = [&](const char *name, const char *text) { machine.put(device + QString::fromLatin1(name), text); };
    put("power/runtime_status", "active\n");
    put("gpu_busy_percent", "42\n");
    put("mem_busy_percent", "7\n");
    put("mem_info_vram_total", "68702699520\n");
    put("mem_info_vram_used", "1073741824\n");
    put("pp_dpm_sclk", "0: 500Mhz\n1: 1500Mhz *\n2: 1700Mhz\n");
    put("unique_id", "ab12cd34ef56\n");
    put("product_name", "AMD Instinct MI210\n");
    put("hwmon/hwmon3/temp1_input", "51000\n");
    put("hwmon/hwmon3/power1_average", "180000000\n");
    put("hwmon/hwmon3/power1_cap", "300000000\n");
}

} // namespace

/** GPUs that tell about themselves in files. */
class SysfsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void amd()
    {
        const Machine machine;
        furnishAmd(machine);
        AmdSource source(machine.roots());
        QVERIFY(!source.open());
        const Snapshot snapshot = source.sample(Depth::Slow);
        QCOMPARE(snapshot.gpus.size(), 1); // connectors are no cards
        const Gpu &gpu = snapshot.gpus[0];
        QCOMPARE(gpu.uuid, QStringLiteral("GPU-ab12cd34ef56"));
        QCOMPARE(gpu.name, QStringLiteral("AMD Instinct MI210"));
        QCOMPARE(gpu.vendor, Vendor::Amd);
        QCOMPARE(gpu.pciBusId, QStringLiteral("0000:03:00.0"));
        QCOMPARE(gpu.utilisation, 42);
        QCOMPARE(gpu.memoryUtilisation, 7);
        QCOMPARE(gpu.memoryTotal, 68702699520);
        QCOMPARE(gpu.memoryUsed, 1073741824);
        QCOMPARE(gpu.temperature, 51);
        QCOMPARE(gpu.power, 180.0);
        QCOMPARE(gpu.powerLimit, 300.0);
        QCOMPARE(gpu.clock, 1500);
        QCOMPARE(gpu.clockMax, 1700);
        QCOMPARE(gpu.fan, int(unknown));
        machine.put(QStringLiteral("sys/class/drm/card0/device/gpu_busy_percent"), "");
        QCOMPARE(source.sample(Depth::Fast).gpus[0].utilisation, int(unknown));
    }

    void aSleepingCardSleepsOn()
    {
        const Machine machine;
        furnishAmd(machine);
        AmdSource source(machine.roots());
        QVERIFY(!source.open());
        const Snapshot awake = source.sample(Depth::Slow);
        QVERIFY(!awake.gpus[0].asleep);
        machine.put(QStringLiteral("sys/class/drm/card0/device/power/runtime_status"), "suspended\n");
        const Gpu gpu = source.sample(Depth::Slow).gpus[0];
        QVERIFY(gpu.asleep);
        QCOMPARE(gpu.uuid, QStringLiteral("GPU-ab12cd34ef56")); // still known
        QCOMPARE(gpu.utilisation, int(unknown));
        QCOMPARE(gpu.memoryUsed, unknown);
        QCOMPARE(gpu.temperature, int(unknown));
    }

    void amdProcesses()
    {
        const Machine machine;
        furnishAmd(machine);
        machine.openFile(100, 5, amdClient(1, 0, 2048));
        machine.openFile(100, 6, amdClient(1, 0, 2048)); // the same client twice
        machine.openFile(100, 7, amdClient(2, 0, 1024));
        machine.openFile(101, 3, amdClient(1, 0, 2048)); // handed on
        machine.openFile(102, 3, "pos: 0\n", QStringLiteral("/dev/null"));
        const QString kfd = QStringLiteral("sys/class/kfd/kfd/");
        machine.put(kfd + QStringLiteral("topology/nodes/0/properties"), "location_id 0\ndomain 0\n");
        machine.put(kfd + QStringLiteral("topology/nodes/1/properties"), "simd_count 1\nlocation_id 768\ndomain 0\n");
        machine.put(kfd + QStringLiteral("topology/nodes/1/gpu_id"), "5566\n");
        machine.put(kfd + QStringLiteral("proc/200/vram_5566"), "4294967296\n");
        machine.put(kfd + QStringLiteral("proc/201/vram_5566"), "0\n");
        AmdSource source(machine.roots());
        QVERIFY(!source.open());
        QList<Process> processes = source.sample(Depth::Slow).gpus[0].processes;
        QCOMPARE(processes.size(), 2);
        QCOMPARE(processes[0].pid, 100);
        QCOMPARE(processes[0].memory, 3072 * 1024);
        QCOMPARE(processes[0].utilisation, int(unknown)); // nothing to compare with yet
        QCOMPARE(processes[1].pid, 200);
        QCOMPARE(processes[1].memory, 4294967296);
        QCOMPARE(processes[1].kind, ProcessKind::Compute);
        machine.openFile(100, 5, amdClient(1, 3600ll * 1000 * 1000 * 1000, 2048));
        QTRY_COMPARE(source.sample(Depth::Fast).gpus[0].processes[0].kind, ProcessKind::Graphics);
        machine.endProcess(100);
        processes = source.sample(Depth::Fast).gpus[0].processes;
        QVERIFY(std::none_of(processes.begin(), processes.end(), [](const Process &p) { return p.pid == 100; }));
    }

    void busyClients()
    {
        const Machine machine;
        machine.openFile(100, 5, amdClient(1, 1000, 1));
        DrmClients clients(machine.roots());
        clients.refresh(Depth::Slow);
        QCOMPARE(clients.utilisation(QStringLiteral("0000:03:00.0")), int(unknown));
        machine.openFile(100, 5, amdClient(1, 3600ll * 1000 * 1000 * 1000, 1)); // an hour within milliseconds
        QTest::qSleep(5);
        clients.refresh(Depth::Fast);
        QCOMPARE(clients.utilisation(QStringLiteral("0000:03:00.0")), 100);
        QCOMPARE(clients.processes(QStringLiteral("0000:03:00.0"))[0].utilisation, 100);
        QTest::qSleep(5);
        machine.openFile(100, 5, amdClient(1, 5, 1)); // counts from anew: not below 0
        clients.refresh(Depth::Fast);
        QCOMPARE(clients.processes(QStringLiteral("0000:03:00.0"))[0].utilisation, 0);
    }

    void fdinfo()
    {
        const DrmClient xe = DrmClient::parse(
            QStringLiteral("drm-driver:\txe\ndrm-pdev:\t0000:03:00.0\ndrm-client-id:\t9\ndrm-total-vram0:\t12 "
                           "MiB\ndrm-resident-vram0:\t8 "
                           "MiB\ndrm-total-system0:\t1 "
                           "MiB\ndrm-cycles-ccs:\t500\ndrm-total-cycles-ccs:\t1000\ndrm-engine-capacity-ccs:\t4"));
        QCOMPARE(xe.driver, QStringLiteral("xe"));
        QCOMPARE(xe.memory, 8 * 1024 * 1024);
        QCOMPARE(xe.cycles.value(QStringLiteral("ccs")), 500);
        QCOMPARE(xe.totalCycles.value(QStringLiteral("ccs")), 1000);
        QVERIFY(xe.busyNs.isEmpty());
        const DrmClient i915 = DrmClient::parse(
            QStringLiteral("drm-driver: i915\ndrm-client-id: 3\ndrm-engine-render: 77 ns\ndrm-total-local0: 4096\n"));
        QCOMPARE(i915.memory, 4096);
        QCOMPARE(i915.busyNs.value(QStringLiteral("render")), 77);
        QCOMPARE(DrmClient::parse(QStringLiteral("drm-driver: i915\n")).memory, unknown);
        QVERIFY(DrmClient::parse(QStringLiteral("pos: 0\nflags: 02\n")).driver.isEmpty());
    }

    void intel()
    {
        const Machine machine;
        machine.card(1, "0x8086", "0000:00:02.0");
        machine.put(QStringLiteral("sys/class/drm/card1/gt_cur_freq_mhz"), "850\n");
        machine.put(QStringLiteral("sys/class/drm/card1/gt_max_freq_mhz"), "1300\n");
        IntelSource source(machine.roots());
        QVERIFY(!source.open());
        const Gpu gpu = source.sample(Depth::Slow).gpus[0];
        QCOMPARE(gpu.uuid, QStringLiteral("0000:00:02.0"));
        QCOMPARE(gpu.vendor, Vendor::Intel);
        QCOMPARE(gpu.clock, 850);
        QCOMPARE(gpu.clockMax, 1300);
        QCOMPARE(gpu.utilisation, int(unknown));
        QCOMPARE(gpu.memoryTotal, unknown);
        QCOMPARE(gpu.power, double(unknown));
    }

    void noCards()
    {
        const Machine machine;
        QCOMPARE(AmdSource(machine.roots()).open()->kind, TroubleKind::NoGpu);
        QCOMPARE(IntelSource(machine.roots()).open()->kind, TroubleKind::NoGpu);
        machine.put(QStringLiteral("sys/bus/pci/devices/0000:03:00.0/vendor"), "0x1002\n");
        machine.put(QStringLiteral("sys/bus/pci/devices/0000:03:00.0/class"), "0x030000\n");
        QCOMPARE(AmdSource(machine.roots()).open()->kind, TroubleKind::NoDriver);
    }

    void severalVendors()
    {
        const Machine machine;
        furnishAmd(machine);
        machine.card(1, "0x8086", "0000:00:02.0");
        CombinedSource source(QStringLiteral("/nonexistent/libnvidia-ml.so.1"), machine.roots());
        QVERIFY(!source.open());
        Snapshot snapshot = source.sample(Depth::Slow);
        QCOMPARE(snapshot.gpus.size(), 2);
        QCOMPARE(snapshot.source, QStringLiteral("amdgpu + Intel"));
        QVERIFY(!snapshot.trouble);
        QCOMPARE(snapshot.gpus[0].index, 0);
        QCOMPARE(snapshot.gpus[1].index, 0); // each vendor counts its own
        machine.put(QStringLiteral("sys/bus/pci/devices/0000:01:00.0/vendor"), "0x10de\n");
        machine.put(QStringLiteral("sys/bus/pci/devices/0000:01:00.0/class"), "0x030200\n");
        CombinedSource partly(QStringLiteral("/nonexistent/libnvidia-ml.so.1"), machine.roots());
        QVERIFY(!partly.open());
        snapshot = partly.sample(Depth::Slow);
        QCOMPARE(snapshot.gpus.size(), 2);
        QCOMPARE(snapshot.trouble->kind, TroubleKind::NoDriver); // NVIDIA's, beside the others' GPUs
    }
};

QTEST_GUILESS_MAIN(SysfsTest)
#include "tst_sysfs.moc"
