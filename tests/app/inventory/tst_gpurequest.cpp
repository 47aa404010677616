#include "inventory/gpurequest.h"

#include <QTest>

using inventory::GpuRequest;
using namespace Qt::StringLiterals;

/** What containers ask for, and which GPUs that means. */
class GpuRequestTest : public QObject
{
    Q_OBJECT

    static gpu::Snapshot machine()
    {
        gpu::Snapshot snapshot;
        for (int i = 0; i < 3; ++i) {
            gpu::Gpu gpu;
            gpu.uuid = u"GPU-%1"_s.arg(i);
            gpu.index = i;
            snapshot.gpus.append(gpu);
        }
        snapshot.gpus[2].migDevices = {{u"MIG-a"_s, 7, 0, {}, {}, {}, {}}, {u"MIG-b"_s, 8, 0, {}, {}, {}, {}}};
        return snapshot;
    }

private Q_SLOTS:
    void asked_data()
    {
        using docker::DeviceRequest;
        QTest::addColumn<docker::ContainerDetail>("detail");
        QTest::addColumn<QString>("text");
        QTest::addColumn<QStringList>("uuids");
        const QStringList all{u"GPU-0"_s, u"GPU-1"_s, u"GPU-2"_s};
        const auto requests = [](const QList<DeviceRequest> &list) {
            docker::ContainerDetail detail;
            detail.deviceRequests = list;
            return detail;
        };
        const auto runtime = [](const QString &name, const QString &env) {
            docker::ContainerDetail detail;
            detail.runtime = name;
            detail.env = {u"PATH=/bin"_s, env};
            return detail;
        };
        const auto devices = [](const QStringList &list) {
            docker::ContainerDetail detail;
            detail.devices = list;
            return detail;
        };
        const QList<QStringList> gpu{{u"gpu"_s}};
        QTest::newRow("none") << requests({}) << QString() << QStringList();
        QTest::newRow("all") << requests({{{}, -1, {}, gpu}}) << u"all"_s << all;
        QTest::newRow("2") << requests({{{}, 2, {}, gpu}}) << u"2 GPUs"_s << all.first(2);
        QTest::newRow("more than there are") << requests({{{}, 9, {}, gpu}}) << u"9 GPUs"_s << all;
        QTest::newRow("0") << requests({{{}, 0, {}, gpu}}) << QString() << QStringList();
        QTest::newRow("two of them") << requests({{{}, 0, {u"0"_s, u"2"_s}, gpu}}) << u"0,2"_s
                                     << QStringList{u"GPU-0"_s, u"GPU-2"_s};
        QTest::newRow("by uuid") << requests({{{}, 0, {u"GPU-1"_s}, gpu}}) << u"1"_s << QStringList{u"GPU-1"_s};
        QTest::newRow("one that is gone") << requests({{{}, 0, {u"GPU-7"_s}, gpu}}) << u"GPU-7"_s << QStringList();
        QTest::newRow("a MIG device") << requests({{{}, 0, {u"2:1"_s}, gpu}}) << u"2:1"_s << QStringList{u"MIG-b"_s};
        QTest::newRow("a MIG uuid") << requests({{{}, 0, {u"MIG-a"_s}, gpu}}) << u"2:0"_s << QStringList{u"MIG-a"_s};
        QTest::newRow("CDI") << requests({{u"cdi"_s, 0, {u"nvidia.com/gpu=1"_s}, {}}}) << u"1"_s
                             << QStringList{u"GPU-1"_s};
        QTest::newRow("CDI, all") << requests({{u"cdi"_s, 0, {u"nvidia.com/gpu=all"_s}, {}}}) << u"all"_s << all;
        QTest::newRow("CDI, not a GPU") << requests({{u"cdi"_s, 0, {u"vendor.com/net=eth0"_s}, {}}}) << QString()
                                        << QStringList();
        QTest::newRow("another kind of device")
            << requests({{u"tpu"_s, 1, {}, {{u"tpu"_s}}}}) << QString() << QStringList();
        QTest::newRow("variable without the runtime")
            << runtime(u"runc"_s, u"NVIDIA_VISIBLE_DEVICES=all"_s) << QString() << QStringList();
        QTest::newRow("nvidia runtime") << runtime(u"nvidia"_s, u"NVIDIA_VISIBLE_DEVICES=0,GPU-1"_s) << u"0,1"_s
                                        << all.first(2);
        QTest::newRow("nvidia runtime, void")
            << runtime(u"nvidia"_s, u"NVIDIA_VISIBLE_DEVICES=void"_s) << QString() << QStringList();
        QTest::newRow("amd runtime") << runtime(u"amd"_s, u"AMD_VISIBLE_DEVICES=all"_s) << u"all"_s << QStringList();
        QTest::newRow("kfd") << devices({u"/dev/kfd"_s, u"/dev/dri"_s}) << u"all"_s << QStringList();
        QTest::newRow("kfd, one card") << devices({u"/dev/kfd"_s, u"/dev/dri/renderD129"_s}) << u"renderD129"_s
                                       << QStringList();
        QTest::newRow("device files") << devices({u"/dev/nvidiactl"_s, u"/dev/nvidia-uvm"_s, u"/dev/nvidia1"_s})
                                      << u"1"_s << QStringList{u"GPU-1"_s};
        QTest::newRow("other devices") << devices({u"/dev/fuse"_s, u"/dev/nvidia"_s}) << QString() << QStringList();
    }
    void asked()
    {
        QFETCH(docker::ContainerDetail, detail);
        const GpuRequest request = inventory::gpuRequest(detail);
        QTEST(request.text(machine()), "text");
        QTEST(request.uuids(machine()), "uuids");
        QCOMPARE(request.empty(), request.text().isEmpty());
    }

    void amdIsNotNvidia()
    {
        gpu::Snapshot snapshot = machine();
        gpu::Gpu amd;
        amd.uuid = u"0000:03:00.0"_s;
        amd.vendor = gpu::Vendor::Amd;
        snapshot.gpus.append(amd);
        docker::ContainerDetail detail;
        detail.devices = QStringList{u"/dev/kfd"_s};
        QCOMPARE(inventory::gpuRequest(detail).uuids(snapshot), QStringList{amd.uuid});
        QCOMPARE(inventory::gpuPlace(snapshot, amd), u"AMD 0"_s);
        QCOMPARE(inventory::gpuPlace(snapshot, snapshot.gpus[0]), u"0"_s);
        GpuRequest all;
        all.count = -1;
        QCOMPARE(all.uuids(snapshot).size(), 3);
    }

    void withoutAnyGpu()
    {
        GpuRequest request;
        request.ids = QStringList{u"0"_s};
        QCOMPARE(request.text(gpu::Snapshot()), u"0"_s);
        QVERIFY(request.uuids(gpu::Snapshot()).isEmpty());
    }
};

QTEST_GUILESS_MAIN(GpuRequestTest)
#include "tst_gpurequest.moc"
