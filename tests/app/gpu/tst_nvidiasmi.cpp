#include "gpu/nvidiasmi.h"

#include <QTest>

using namespace gpu;

namespace {

constexpr qint64 mib = 1024 * 1024;

/** Two rounds of two GPUs: one that tells all, one in each way of telling nothing. */
const QByteArray gpuRound = "0, GPU-aaa, NVIDIA H100 80GB HBM3, 00000000:1B:00.0, 535.161.08, 87, 40, 81559, 40000, "
                            "61, 412.55, 700.00, 1980, "
                            "[N/A], Disabled, 551\n"
                            "1, GPU-bbb, Quadro P600, 00000000:65:00.0, 535.161.08, [Not Supported], [Insufficient "
                            "Permissions], 2048, 5, N/A, "
                            "[Unknown Error], [N/A], [Not Supported], 34, [N/A], [N/A]\n";

const QByteArray processRound
    = "GPU-aaa, 4711, 39000, /usr/bin/python3, with a comma\nGPU-aaa, 4712, [N/A], [Not Found]\n";

} // namespace

/** What nvidia-smi prints on other machines. */
class NvidiaSmiTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void arguments()
    {
        const NvidiaSmi smi(2);
        QVERIFY(smi.gpuArguments().first().endsWith(QStringLiteral(",memory.reserved")));
        QCOMPARE(smi.gpuArguments().mid(1),
            QStringList({QStringLiteral("--format=csv,noheader,nounits"), QStringLiteral("-l"), QStringLiteral("2")}));
        const NvidiaSmi old(0, NvidiaSmi::Fields::BeforeMemoryReserved);
        QVERIFY(!old.gpuArguments().first().contains(QStringLiteral("reserved")));
        QCOMPARE(old.processArguments().size(), 2);
        QVERIFY(NvidiaSmi::refusesFields("Field \"memory.reserved\" is not a valid field to query.\n\n"));
        QVERIFY(!NvidiaSmi::refusesFields(gpuRound));
    }

    void oneRound()
    {
        NvidiaSmi smi(0);
        smi.feedProcesses(processRound);
        QVERIFY(smi.feedGpus(gpuRound).isEmpty());
        const auto snapshot = smi.finish();
        QVERIFY(snapshot);
        QVERIFY(!smi.finish());
        QCOMPARE(snapshot->driverVersion, QStringLiteral("535.161.08"));
        QCOMPARE(snapshot->gpus.size(), 2);
        const Gpu &a = snapshot->gpus[0];
        QCOMPARE(a.uuid, QStringLiteral("GPU-aaa"));
        QCOMPARE(a.name, QStringLiteral("NVIDIA H100 80GB HBM3"));
        QCOMPARE(a.pciBusId, QStringLiteral("0000:1b:00.0"));
        QCOMPARE(a.utilisation, 87);
        QCOMPARE(a.memoryTotal, 81559 * mib);
        QCOMPARE(a.memoryUsed, 40000 * mib);
        QCOMPARE(a.memoryReserved, 551 * mib);
        QCOMPARE(a.power, 412.55);
        QCOMPARE(a.fan, int(unknown));
        QCOMPARE(a.migMode, MigMode::Off);
        QCOMPARE(a.processes.size(), 2);
        QCOMPARE(a.processes[0].name, QStringLiteral("/usr/bin/python3, with a comma"));
        QCOMPARE(a.processes[0].memory, 39000 * mib);
        QCOMPARE(a.processes[1].memory, unknown);
        QVERIFY(a.processes[1].name.isEmpty());
        const Gpu &b = snapshot->gpus[1];
        QCOMPARE(b.utilisation, int(unknown));
        QCOMPARE(b.memoryUtilisation, int(unknown));
        QCOMPARE(b.temperature, int(unknown));
        QCOMPARE(b.power, double(unknown));
        QCOMPARE(b.powerLimit, double(unknown));
        QCOMPARE(b.clock, int(unknown));
        QCOMPARE(b.fan, 34);
        QCOMPARE(b.memoryReserved, unknown);
        QCOMPARE(b.migMode, MigMode::None);
    }

    void cutAnywhere()
    {
        const QByteArray rounds = gpuRound + gpuRound + gpuRound;
        for (qsizetype cut = 0; cut <= rounds.size(); ++cut) {
            NvidiaSmi smi(1);
            QList<Snapshot> got = smi.feedGpus(rounds.left(cut), 1000);
            got += smi.feedGpus(rounds.mid(cut), 1000);
            QCOMPARE(got.size(), 3);
            for (const Snapshot &snapshot : got)
                QCOMPARE(snapshot, got.first());
            QCOMPARE(got.first().gpus.size(), 2);
        }
        for (qsizetype cut = 0; cut <= processRound.size(); ++cut) {
            NvidiaSmi smi(1);
            smi.feedProcesses(processRound.left(cut), 1000);
            smi.feedProcesses(processRound.mid(cut), 1000);
            smi.feedGpus(gpuRound, 1000);
            QCOMPARE(smi.finish(1000)->gpus[0].processes.size(), 2);
        }
    }

    void processesEnd()
    {
        NvidiaSmi smi(1);
        smi.feedProcesses(processRound, 1000);
        smi.feedGpus(gpuRound, 1000);
        QCOMPARE(smi.finish(1000)->gpus[0].processes.size(), 2);
        smi.feedProcesses("GPU-aaa, 4712, 3, x\n", 4000);
        const QList<Snapshot> later = smi.feedGpus(gpuRound, 4000);
        QCOMPARE(later.size(), 1); // as many GPUs as before: complete at once
        QCOMPARE(later[0].gpus[0].processes.size(), 1);
        QCOMPARE(later[0].gpus[0].processes[0].memory, 3 * mib);
    }

    void aLostGpu()
    {
        NvidiaSmi smi(1);
        smi.feedGpus(
            "0, [GPU is lost], [GPU is lost], [GPU is lost], 535, [GPU is lost], [GPU is lost], [GPU is lost], "
            "[GPU is lost], [GPU is lost], [GPU is lost], [GPU is lost], [GPU is lost], [GPU is lost], [GPU is "
            "lost], [GPU is lost]\n");
        const auto snapshot = smi.finish();
        QVERIFY(snapshot->gpus[0].lost);
        QCOMPARE(snapshot->gpus[0].uuid, QStringLiteral("nvidia-0"));
        QCOMPARE(snapshot->gpus[0].memoryUsed, unknown);
    }

    void garbage()
    {
        NvidiaSmi smi(1);
        smi.feedProcesses("\n\r\nno\nGPU-aaa, x, y\n");
        QVERIFY(smi.feedGpus("\r\nWarning: infoROM is corrupted\n0, too, short\n, \n").isEmpty());
        QVERIFY(!smi.finish());
    }

    void troubles_data()
    {
        QTest::addColumn<int>("code");
        QTest::addColumn<QByteArray>("output");
        QTest::addColumn<TroubleKind>("kind");
        QTest::newRow("mismatch") << 18 << QByteArray("Failed to initialize NVML: Driver/library version mismatch\n")
                                  << TroubleKind::Mismatch;
        QTest::newRow("not loaded") << 9
                                    << QByteArray("NVIDIA-SMI has failed because it couldn't communicate with the "
                                                  "NVIDIA driver. Make sure that the latest NVIDIA driver is installed")
                                    << TroubleKind::NoDriver;
        QTest::newRow("not there") << 127 << QByteArray("bash: nvidia-smi: command not found") << TroubleKind::NoDriver;
        QTest::newRow("none") << 6 << QByteArray("No devices were found") << TroubleKind::NoGpu;
        QTest::newRow("denied") << 4 << QByteArray("Failed to initialize NVML: Insufficient Permissions")
                                << TroubleKind::Denied;
        QTest::newRow("else") << 1 << QByteArray("?") << TroubleKind::Broken;
    }

    void troubles()
    {
        QFETCH(int, code);
        QFETCH(QByteArray, output);
        QFETCH(TroubleKind, kind);
        const auto trouble = NvidiaSmi::trouble(code, output);
        QVERIFY(trouble);
        QCOMPARE(trouble->kind, kind);
        QVERIFY(!NvidiaSmi::trouble(0, output));
    }
};

QTEST_APPLESS_MAIN(NvidiaSmiTest)
#include "tst_nvidiasmi.moc"
