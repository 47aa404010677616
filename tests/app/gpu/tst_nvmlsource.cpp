#include "gpu/combinedsource.h"
#include "gpu/json.h"
#include "gpu/nvmlsource.h"
#include "support/nvmlstate.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QProcess>
#include <QStandardPaths>
#include <QTest>

using namespace gpu;
using support::NvmlState;

namespace {

constexpr qint64 mib = 1024 * 1024;

QString libraryNew() { return QStringLiteral(FAKE_NVML_NEW); }

/** An empty /sys and /proc: this machine's own GPUs do not count. */
Roots noRoots() { return {QStringLiteral("/nonexistent"), QStringLiteral("/nonexistent")}; }

/** One opened source and what it samples. */
struct Driver
{
    explicit Driver(const QString &library = libraryNew())
        : source(library, noRoots())
    {
        trouble = source.open();
    }
    Snapshot slow() { return source.sample(Depth::Slow); }
    Snapshot fast() { return source.sample(Depth::Fast); }

    NvmlSource source;
    std::optional<Trouble> trouble;
};

} // namespace

/** NVIDIA's library as its users meet it, by the stand-in that speaks its C interface. */
class NvmlSourceTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void counts_data()
    {
        QTest::addColumn<int>("count");
        for (const int count : {1, 8, 16})
            QTest::addRow("%d", count) << count;
    }

    void counts()
    {
        QFETCH(int, count);
        m_state.write(NvmlState::gpus(count));
        Driver driver;
        QVERIFY(!driver.trouble);
        const Snapshot snapshot = driver.slow();
        QCOMPARE(snapshot.gpus.size(), count);
        QCOMPARE(snapshot.driverVersion, QStringLiteral("535.261.03"));
        QCOMPARE(snapshot.cudaVersion, QStringLiteral("12.2"));
        QVERIFY(!snapshot.trouble);
        for (int i = 0; i < count; ++i) {
            const Gpu &gpu = snapshot.gpus[i];
            QCOMPARE(gpu.index, i);
            QCOMPARE(gpu.uuid, NvmlState::uuid(i));
            QCOMPARE(gpu.name, QStringLiteral("NVIDIA H100 80GB"));
            QCOMPARE(gpu.pciBusId, QStringLiteral("0000:%1:00.0").arg(0xa1 + i, 2, 16));
            QCOMPARE(gpu.utilisation, 10 * i % 101);
            QCOMPARE(gpu.memoryTotal, 81920 * mib);
            QCOMPARE(gpu.memoryUsed, 1000 * i * mib);
            QCOMPARE(gpu.memoryReserved, 512 * mib);
            QCOMPARE(gpu.memoryFree(), (81920 - 1000 * i - 512) * mib);
            QCOMPARE(gpu.temperature, 40);
            QCOMPARE(gpu.power, 150.5);
            QCOMPARE(gpu.powerLimit, 700.0);
            QCOMPARE(gpu.clock, 1980);
            QCOMPARE(gpu.fan, int(unknown)); // passive
        }
    }

    void none()
    {
        m_state.write({});
        Driver driver;
        QVERIFY(!driver.trouble);
        const Snapshot snapshot = driver.slow();
        QVERIFY(snapshot.gpus.isEmpty());
        QCOMPARE(snapshot.trouble->kind, TroubleKind::NoGpu);
        QVERIFY(!driver.source.open()); // opens again afterwards
    }

    void initFails_data()
    {
        QTest::addColumn<int>("code");
        QTest::addColumn<TroubleKind>("kind");
        QTest::newRow("no driver") << 9 << TroubleKind::NoDriver;
        QTest::newRow("mismatch") << 18 << TroubleKind::Mismatch;
        QTest::newRow("denied") << 4 << TroubleKind::Denied;
        QTest::newRow("else") << 999 << TroubleKind::Broken;
    }

    void initFails()
    {
        QFETCH(int, code);
        QFETCH(TroubleKind, kind);
        m_state.write(QStringList{QStringLiteral("init %1").arg(code)} + NvmlState::gpus(1));
        Driver driver;
        QVERIFY(driver.trouble);
        QCOMPARE(driver.trouble->kind, kind);
        QVERIFY(driver.trouble->sentence.endsWith(u'.'));
        QVERIFY(driver.trouble->detail.contains(QString::number(code)));
        m_state.write(NvmlState::gpus(1)); // mended
        QVERIFY(!driver.source.open());
        QCOMPARE(driver.slow().gpus.size(), 1);
    }

    void noLibrary()
    {
        QTemporaryDir sys;
        const QString card = sys.path() + QStringLiteral("/bus/pci/devices/0000:01:00.0");
        const Roots roots{sys.path(), QStringLiteral("/nonexistent")};
        NvmlSource without(QStringLiteral("/nonexistent/libnvidia-ml.so.1"), roots);
        QCOMPARE(without.open()->kind, TroubleKind::NoGpu);
        QVERIFY(QDir().mkpath(card));
        for (const auto &[name, text] : {std::pair{"/vendor", "0x10de\n"}, std::pair{"/class", "0x030200\n"}}) {
            QFile file(card + QString::fromLatin1(name));
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(text);
        }
        QCOMPARE(without.open()->kind, TroubleKind::NoDriver);
    }

    void unsupportedIsUnknown()
    {
        m_state.write({QStringLiteral("gpu GPU-x Tesla_P4 8192 10 0 -1 -1 -1 -1 -1 -1 -1 -1 -1"),
            QStringLiteral("proc 0 77 -1 0 C")});
        Driver driver;
        const Gpu gpu = driver.slow().gpus.first();
        QCOMPARE(gpu.utilisation, int(unknown));
        QCOMPARE(gpu.memoryUtilisation, int(unknown));
        QCOMPARE(gpu.temperature, int(unknown));
        QCOMPARE(gpu.power, double(unknown));
        QCOMPARE(gpu.powerLimit, double(unknown));
        QCOMPARE(gpu.clock, int(unknown));
        QCOMPARE(gpu.fan, int(unknown));
        QCOMPARE(gpu.migMode, MigMode::None);
        QCOMPARE(gpu.memoryUsed, 10 * mib);
        QCOMPARE(gpu.processes.first().memory, unknown);
        QCOMPARE(gpu.processes.first().utilisation, int(unknown));
        QVERIFY(gpu.throttled.isEmpty());
    }

    void unifiedMemory()
    {
        QTemporaryDir proc;
        QFile meminfo(proc.filePath(QStringLiteral("meminfo")));
        QVERIFY(meminfo.open(QIODevice::WriteOnly));
        meminfo.write("MemTotal:       125829120 kB\nMemFree: 1 kB\nMemAvailable:   104857600 kB\n");
        meminfo.close();
        m_state.write({QStringLiteral("gpu GPU-x NVIDIA_GB10 -1 -1 -1 5 -1 50 10000 -1 -1 1000 1000 -1")});
        NvmlSource source(libraryNew(), {QStringLiteral("/nonexistent"), proc.path()});
        QVERIFY(!source.open());
        const Gpu gpu = source.sample(Depth::Slow).gpus.first();
        QVERIFY(gpu.unifiedMemory);
        QCOMPARE(gpu.memoryTotal, 125829120ll * 1024);
        QCOMPARE(gpu.memoryUsed, 20971520ll * 1024);
    }

    void lostGpu()
    {
        m_state.write(NvmlState::gpus(3));
        Driver driver;
        QCOMPARE(driver.slow().gpus.size(), 3);
        m_state.write({NvmlState::gpu(0), NvmlState::gpu(1, QStringLiteral("lost")), NvmlState::gpu(2)});
        for (const Depth depth : {Depth::Fast, Depth::Slow, Depth::Fast}) {
            const Snapshot snapshot = driver.source.sample(depth);
            QCOMPARE(snapshot.gpus.size(), 3);
            const Gpu &gpu = snapshot.gpus[1];
            QVERIFY(gpu.lost);
            QCOMPARE(gpu.uuid, NvmlState::uuid(1));
            QVERIFY(gpu.error.contains(QStringLiteral("GPU 1 is lost")));
            QCOMPARE(gpu.utilisation, int(unknown));
            QCOMPARE(gpu.memoryUsed, unknown);
            QVERIFY(!snapshot.gpus[2].lost);
            QCOMPARE(snapshot.gpus[2].utilisation, 20);
        }
        m_state.write(NvmlState::gpus(3)); // reset
        QVERIFY(!driver.slow().gpus[1].lost);
        QCOMPARE(driver.fast().gpus[1].utilisation, 10);
    }

    void lostBeforeKnown()
    {
        m_state.write({NvmlState::gpu(0, QStringLiteral("hidden")), NvmlState::gpu(1, QStringLiteral("denied")),
            NvmlState::gpu(2, QStringLiteral("reset"))});
        Driver driver;
        const Snapshot snapshot = driver.slow();
        QCOMPARE(snapshot.gpus.size(), 3);
        QVERIFY(snapshot.gpus[0].lost);
        QCOMPARE(snapshot.gpus[0].uuid, QStringLiteral("nvidia-0"));
        QVERIFY(!snapshot.gpus[1].lost);
        QVERIFY(snapshot.gpus[1].error.contains(QStringLiteral("may not")));
        QVERIFY(snapshot.gpus[2].error.contains(QStringLiteral("reset")));
    }

    void gpusComeAndGo()
    {
        m_state.write(NvmlState::gpus(2));
        Driver driver;
        driver.slow();
        m_state.write(NvmlState::gpus(3));
        QCOMPARE(driver.fast().gpus.size(), 3);
        m_state.write({NvmlState::gpu(2), NvmlState::gpu(0)}); // another order, one gone
        const Snapshot snapshot = driver.fast();
        QCOMPARE(snapshot.gpus.size(), 2);
        QCOMPARE(snapshot.gpus[0].uuid, NvmlState::uuid(2));
        QCOMPARE(snapshot.gpus[0].utilisation, 20);
        QCOMPARE(snapshot.gpus[1].uuid, NvmlState::uuid(0));
        QCOMPARE(snapshot.find(NvmlState::uuid(0))->index, 1);
    }

    void processesComeAndGo_data()
    {
        QTest::addColumn<QString>("library");
        QTest::newRow("24 bytes") << libraryNew();
        QTest::newRow("32 bytes") << QStringLiteral(FAKE_NVML_535_43);
        QTest::newRow("16 bytes") << QStringLiteral(FAKE_NVML_OLD);
    }

    void processesComeAndGo()
    {
        QFETCH(QString, library);
        m_state.write(NvmlState::gpus(2));
        Driver driver(library);
        QVERIFY(driver.slow().gpus[1].processes.isEmpty());
        QStringList lines = NvmlState::gpus(2);
        for (int i = 0; i < 20; ++i)
            lines.append(QStringLiteral("proc 1 %1 %2 %3 C").arg(1000 + i).arg(100 + i).arg(i));
        m_state.write(lines);
        const Snapshot snapshot = driver.fast();
        QVERIFY(snapshot.gpus[0].processes.isEmpty());
        QCOMPARE(snapshot.gpus[1].processes.size(), 20);
        for (int i = 0; i < 20; ++i) {
            const Process &process = snapshot.gpus[1].processes[i];
            QCOMPARE(process.pid, 1000 + i);
            QCOMPARE(process.memory, (100 + i) * mib);
            QCOMPARE(process.utilisation, i); // measured as 0 for the first, which had no sample
            QCOMPARE(process.kind, ProcessKind::Compute);
            QCOMPARE(process.gpuInstance, int(unknown));
        }
        m_state.write(NvmlState::gpus(2));
        QVERIFY(driver.fast().gpus[1].processes.isEmpty());
    }

    void oneProcessInSeveralLists()
    {
        m_state.write(NvmlState::gpus(1)
            + QStringList{QStringLiteral("proc 0 7 300 0 C"), QStringLiteral("proc 0 7 300 0 G"),
                QStringLiteral("proc 0 7 -1 0 M"), QStringLiteral("proc 0 8 20 0 G"),
                QStringLiteral("proc 0 9 30 101 M")});
        Driver driver;
        const QList<Process> processes = driver.slow().gpus.first().processes;
        QCOMPARE(processes.size(), 3);
        QCOMPARE(processes[0].pid, 7);
        QCOMPARE(processes[0].memory, 300 * mib);
        QCOMPARE(processes[0].kind, ProcessKind::Both);
        QCOMPARE(processes[1].kind, ProcessKind::Graphics);
        QCOMPARE(processes[2].kind, ProcessKind::Compute);
        QCOMPARE(processes[2].utilisation, 0); // 101 % is a driver's mistake
    }

    void oldDriver()
    {
        m_state.write({NvmlState::gpu(1)});
        Driver driver(QStringLiteral(FAKE_NVML_OLD));
        const Gpu gpu = driver.slow().gpus.first();
        QCOMPARE(gpu.memoryTotal, 81920 * mib);
        QCOMPARE(gpu.memoryUsed, (1000 + 512) * mib); // the first version adds what is reserved
        QCOMPARE(gpu.memoryReserved, unknown);
        QCOMPARE(gpu.memoryFree(), (81920 - 1512) * mib);
    }

    void mig()
    {
        const QStringList cut{QStringLiteral("mig 0 MIG-a 7 0 10240 300 1g.10gb"),
            QStringLiteral("mig 0 MIG-b 8 0 10240 0"), QStringLiteral("proc 0 7001 290 0 C 7 0"),
            QStringLiteral("proc 0 7002 5 0 C 13 0")};
        m_state.write(QStringList{NvmlState::gpu(0, {}, 1), NvmlState::gpu(1)} + cut);
        Driver driver;
        const Snapshot snapshot = driver.slow();
        const Gpu &gpu = snapshot.gpus[0];
        QCOMPARE(gpu.migMode, MigMode::On);
        QCOMPARE(snapshot.gpus[1].migMode, MigMode::Off);
        QCOMPARE(gpu.utilisation, int(unknown));
        QCOMPARE(gpu.migDevices.size(), 2);
        QCOMPARE(gpu.migDevices[0].uuid, QStringLiteral("MIG-a"));
        QCOMPARE(gpu.migDevices[0].profile, QStringLiteral("1g.10gb"));
        QCOMPARE(gpu.migDevices[0].gpuInstance, 7);
        QCOMPARE(gpu.migDevices[0].memoryTotal, 10240 * mib);
        QCOMPARE(gpu.migDevices[0].memoryUsed, 300 * mib);
        QCOMPARE(gpu.migDevices[1].profile, QStringLiteral("1g.10gb")); // of its shares
        QVERIFY(gpu.migDevices[1].processes.isEmpty());
        QCOMPARE(gpu.migDevices[0].processes.size(), 1);
        QCOMPARE(gpu.migDevices[0].processes[0].pid, 7001);
        QCOMPARE(gpu.migDevices[0].processes[0].gpuInstance, 7);
        QCOMPARE(gpu.processes.size(), 1); // of an instance nobody lists
        QCOMPARE(gpu.allProcesses().size(), 2);
        m_state.write({NvmlState::gpu(0, {}, 1), QStringLiteral("mig 0 MIG-c 1 0 40960 0 3g.40gb")}); // cut anew
        const QList<MigDevice> after = driver.slow().gpus[0].migDevices;
        QCOMPARE(after.size(), 1);
        QCOMPARE(after[0].uuid, QStringLiteral("MIG-c"));
    }

    void throttled()
    {
        m_state.write(NvmlState::gpus(3)
            + QStringList{QStringLiteral("reasons 0 1"), QStringLiteral("reasons 1 %1").arg(0x8 | 0x40 | 0x4),
                QStringLiteral("reasons 2 8")});
        Driver driver;
        const Snapshot snapshot = driver.slow();
        QVERIFY(snapshot.gpus[0].throttled.isEmpty()); // idle is no reason
        QCOMPARE(
            snapshot.gpus[1].throttled, QStringList({QStringLiteral("too hot"), QStringLiteral("at its power limit")}));
        QCOMPARE(snapshot.gpus[2].throttled.size(), 1);
    }

    void xid()
    {
        m_state.write(NvmlState::gpus(2));
        Driver driver;
        QVERIFY(!driver.slow().gpus[1].xid);
        const QStringList first = NvmlState::gpus(2) + QStringList{QStringLiteral("xid 1 31")};
        m_state.write(first);
        const Snapshot snapshot = driver.fast();
        QVERIFY(!snapshot.gpus[0].xid);
        QCOMPARE(snapshot.gpus[1].xid->code, 31);
        QVERIFY(snapshot.gpus[1].xid->time > 1600000000000);
        QCOMPARE(driver.fast().gpus[1].xid, snapshot.gpus[1].xid); // told once, kept
        m_state.write(first + QStringList{QStringLiteral("xid 1 79")});
        QCOMPARE(driver.fast().gpus[1].xid->code, 79);
    }

    void combined()
    {
        m_state.write(NvmlState::gpus(2));
        CombinedSource source(libraryNew(), noRoots());
        QVERIFY(!source.open());
        const Snapshot snapshot = source.sample(Depth::Slow);
        QCOMPARE(snapshot.source, QStringLiteral("NVML"));
        QCOMPARE(snapshot.gpus.size(), 2);
        QVERIFY(!snapshot.trouble);
        CombinedSource nothing(QStringLiteral("/nonexistent/libnvidia-ml.so.1"), noRoots());
        QCOMPARE(nothing.open()->kind, TroubleKind::NoGpu);
        QCOMPARE(nothing.open()->sentence, QStringLiteral("This machine has no GPU."));
        m_state.write({QStringLiteral("init 18")});
        CombinedSource broken(libraryNew(), noRoots());
        QCOMPARE(broken.open()->kind, TroubleKind::Mismatch);
    }

    void gpustatAgrees()
    {
        const QString gpustat = QStandardPaths::findExecutable(QStringLiteral("gpustat"));
        if (gpustat.isEmpty())
            QSKIP("gpustat is not installed (Debian has it in contrib)");
        const qint64 pid = QCoreApplication::applicationPid();
        m_state.write(NvmlState::gpus(8)
            + QStringList{QStringLiteral("proc 1 %1 640 12 C").arg(pid), QStringLiteral("proc 3 %1 20 0 C").arg(pid)});
        QVERIFY(QFile::link(libraryNew(), m_state.folder() + QStringLiteral("/libnvidia-ml.so.1")));
        QProcess process;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("LD_LIBRARY_PATH"), m_state.folder());
        process.setProcessEnvironment(environment);
        process.start(gpustat, {QStringLiteral("--json")});
        QVERIFY2(process.waitForFinished(30000) && process.exitCode() == 0, process.readAllStandardError().constData());
        const QJsonArray theirs = QJsonDocument::fromJson(process.readAllStandardOutput())[u"gpus"].toArray();
        Driver driver;
        const QJsonArray ours = toJson(driver.slow()).value(u"gpus").toArray();
        QCOMPARE(ours.size(), 8);
        QCOMPARE(theirs.size(), ours.size());
        for (int i = 0; i < ours.size(); ++i) {
            const QJsonObject a = ours[i].toObject();
            const QJsonObject b = theirs[i].toObject();
            QCOMPARE(a[u"uuid"], b[u"uuid"]);
            QCOMPARE(a[u"name"], b[u"name"]);
            QCOMPARE(a[u"index"], b[u"index"]);
            QCOMPARE(a[u"utilization_percent"], b[u"utilization.gpu"]);
            QCOMPARE(a[u"temperature_celsius"], b[u"temperature.gpu"]);
            QCOMPARE(a[u"fan_percent"], b[u"fan.speed"]);
            QCOMPARE(int(a[u"power_limit_watts"].toDouble()), b[u"enforced.power.limit"].toInt());
            QCOMPARE(a[u"memory_total_bytes"].toInteger() / mib, b[u"memory.total"].toInteger());
            // gpustat's binding asks for the first version of memory, which counts what is reserved as used.
            const qint64 used = a[u"memory_used_bytes"].toInteger() + a[u"memory_reserved_bytes"].toInteger();
            QCOMPARE(used / mib, b[u"memory.used"].toInteger());
            const QJsonArray onIt = a[u"processes"].toArray();
            const QJsonArray theirOnIt = b[u"processes"].toArray();
            QCOMPARE(onIt.size(), theirOnIt.size());
            for (int j = 0; j < onIt.size(); ++j) {
                QCOMPARE(onIt[j][u"pid"], theirOnIt[j][u"pid"]);
                QCOMPARE(onIt[j][u"memory_bytes"].toInteger() / mib, theirOnIt[j][u"gpu_memory_usage"].toInteger());
            }
        }
    }

private:
    NvmlState m_state;
};

QTEST_GUILESS_MAIN(NvmlSourceTest)
#include "tst_nvmlsource.moc"
