#include "gpu/json.h"

#include <QJsonArray>
#include <QTest>

using namespace gpu;

/** What scripts read: the names stay, unknown is null. */
class JsonTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void unknownIsNull()
    {
        Snapshot snapshot;
        Gpu gpu;
        gpu.uuid = QStringLiteral("GPU-x");
        gpu.processes.append(Process());
        snapshot.gpus.append(gpu);
        const QJsonObject json = toJson(snapshot)[u"gpus"][0].toObject();
        for (const char *key : {"name", "pci_bus_id", "utilization_percent", "memory_utilization_percent",
                 "memory_total_bytes", "memory_used_bytes", "memory_reserved_bytes", "memory_free_bytes",
                 "temperature_celsius", "power_watts", "power_limit_watts", "clock_mhz", "clock_max_mhz",
                 "memory_clock_mhz", "fan_percent", "mig_mode", "error", "xid"}) {
            QVERIFY2(json.contains(QLatin1String(key)), key);
            QVERIFY2(json[QLatin1String(key)].isNull(), key);
        }
        QVERIFY(json[u"processes"][0][u"memory_bytes"].isNull());
        QVERIFY(json[u"processes"][0][u"utilization_percent"].isNull());
        QVERIFY(toJson(snapshot)[u"trouble"].isNull());
    }

    void values()
    {
        Snapshot snapshot;
        snapshot.trouble = Trouble{TroubleKind::Mismatch, QStringLiteral("Restart."), QStringLiteral("18")};
        Gpu gpu;
        gpu.uuid = QStringLiteral("GPU-x");
        gpu.utilisation = 0;
        gpu.memoryTotal = qint64(80) << 30;
        gpu.memoryUsed = 0;
        gpu.power = 150.5;
        gpu.migMode = MigMode::On;
        gpu.xid = Xid{79, 1700000000123};
        MigDevice mig;
        mig.uuid = QStringLiteral("MIG-a");
        mig.gpuInstance = 0;
        mig.processes.append(Process());
        gpu.migDevices.append(mig);
        snapshot.gpus.append(gpu);
        const QJsonObject json = toJson(snapshot);
        QCOMPARE(json[u"trouble"][u"kind"].toString(), QStringLiteral("mismatch"));
        const QJsonObject one = json[u"gpus"][0].toObject();
        QVERIFY(one[u"utilization_percent"].isDouble());
        QCOMPARE(one[u"utilization_percent"].toInt(-5), 0);
        QCOMPARE(one[u"memory_free_bytes"].toInteger(), qint64(80) << 30);
        QCOMPARE(one[u"power_watts"].toDouble(), 150.5);
        QCOMPARE(one[u"mig_mode"].toString(), QStringLiteral("on"));
        QCOMPARE(one[u"xid"][u"code"].toInt(), 79);
        QCOMPARE(one[u"xid"][u"time"].toString(), QStringLiteral("2023-11-14T22:13:20.123Z"));
        QCOMPARE(one[u"mig_devices"][0][u"gpu_instance"].toInt(-5), 0);
        QVERIFY(one[u"mig_devices"][0][u"memory_used_bytes"].isNull());
        QCOMPARE(one[u"mig_devices"][0][u"processes"].toArray().size(), 1);
    }
};

QTEST_APPLESS_MAIN(JsonTest)
#include "tst_json.moc"
