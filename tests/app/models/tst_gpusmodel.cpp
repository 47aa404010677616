#include "inventory/gpustate.h"
#include "models/containersmodel.h"
#include "models/gpuprocessesmodel.h"
#include "models/gpusmodel.h"
#include "models/tablefilter.h"
#include "support/fakedaemon.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using inventory::ContainerColumn;
using inventory::GpuProcessColumn;
using models::GpuColumn;
using models::GpuPhase;
using support::FakeReply;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 gib = qint64(1) << 30;

gpu::Gpu card(int index)
{
    gpu::Gpu gpu;
    gpu.uuid = u"GPU-%1"_s.arg(index);
    gpu.index = index;
    gpu.name = u"NVIDIA H100 80GB HBM3"_s;
    gpu.utilisation = 0;
    gpu.memoryTotal = 80 * gib;
    gpu.memoryUsed = index * gib;
    gpu.temperature = 40 + index;
    gpu.power = 70.4;
    gpu.powerLimit = 700;
    return gpu;
}

gpu::Process process(qint64 pid, qint64 memory, int utilisation = gpu::unknown)
{
    gpu::Process process;
    process.pid = pid;
    process.memory = memory;
    process.utilisation = utilisation;
    process.name = u"python3"_s;
    return process;
}

/** A container "run" whose processes are 100 and 101, by its daemon's tables: there is no /proc in this test. */
struct Fixture
{
    support::FakeDaemon daemon;
    docker::Engine engine{{daemon.socketPath()}};
    inventory::Inventory inventory{engine};
    inventory::LiveFigures figures{engine};
    gpu::Sampler sampler;
    inventory::GpuState state{sampler, inventory, engine, nullptr, QString()};
    gpu::Snapshot snapshot;

    Fixture()
    {
        daemon.route("GET", "/containers/json",
            FakeReply::json(R"([{"Id":"run","Names":["/run"],"Image":"bb:1","State":"running","Status":"Up 1 hour"},)"
                            R"({"Id":"no","Names":["/no"],"Image":"bb:1","State":"running","Status":"Up 1 hour"}])"));
        daemon.route("GET", "/containers/run/json",
            FakeReply::json(R"({"Id":"run","State":{"Status":"running","Pid":100},"HostConfig":)"
                            R"({"DeviceRequests":[{"Count":2,"Capabilities":[["gpu"]]}]}})"));
        daemon.route("GET", "/containers/no/json",
            FakeReply::json(R"({"Id":"no","State":{"Status":"running","Pid":7},"HostConfig":{}})"));
        daemon.route("GET", "/containers/run/top",
            FakeReply::json(
                R"({"Titles":["UID","PID","CMD"],"Processes":[["anna","100","sh"],["anna","101","python3 train.py"]]})"));
        for (int i = 0; i < 3; ++i)
            snapshot.gpus.append(card(i));
        inventory.start();
    }
    void sample(qint64 seconds)
    {
        snapshot.taken = seconds * 1000;
        Q_EMIT sampler.sampled(snapshot);
    }
    /** Samples until everything is known. */
    void settle()
    {
        sample(1);
        const auto known = [this] {
            const auto &all = inventory.containers();
            return all.size() == 2 && std::all_of(all.begin(), all.end(), [](const auto &c) { return c.detailed; });
        };
        QTRY_VERIFY(known());
        QTRY_VERIFY(state.settled());
    }
};

QStringList column(const QAbstractItemModel &model, int column)
{
    QStringList cells;
    for (int row = 0; row < model.rowCount(); ++row)
        cells.append(model.index(row, column).data().toString());
    return cells;
}

QStringList row(const QAbstractItemModel &model, int row)
{
    QStringList cells;
    for (int column = 0; column < model.columnCount(); ++column)
        cells.append(model.index(row, column).data().toString());
    return cells;
}

} // namespace

/** The tables of the GPU page and the GPU columns of the containers table. */
class GpusModelTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void cells()
    {
        Fixture f;
        models::GpusModel model(f.state);
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        f.snapshot.gpus[1].processes = {process(101, 40 * gib, 97), process(900, gib)};
        f.snapshot.gpus[1].utilisation = 97;
        gpu::Gpu &lost = f.snapshot.gpus[2];
        lost = gpu::Gpu();
        lost.uuid = u"GPU-2"_s;
        lost.index = 2;
        lost.lost = true;
        lost.error = u"It is gone."_s;
        f.settle();
        QStringList headings;
        for (int i = 0; i < model.columnCount(); ++i)
            headings.append(model.headerData(i, Qt::Horizontal, Qt::DisplayRole).toString());
        QCOMPARE(headings,
            (QStringList{
                u"GPU"_s, u"Name"_s, u"Utilisation"_s, u"Memory"_s, u"Temperature"_s, u"Power"_s, u"Used by"_s}));
        QCOMPARE(row(model, 0),
            (QStringList{u"0"_s, u"NVIDIA H100 80GB HBM3"_s, u"0 %"_s, u"0 B / 80 GiB"_s, u"40 °C"_s, u"70 W / 700 W"_s,
                u"–"_s}));
        QCOMPARE(row(model, 1)[2], u"97 %"_s);
        QCOMPARE(row(model, 1)[6], u"run, python3"_s);
        QCOMPARE(row(model, 2), (QStringList{u"2"_s, {}, u"lost"_s, u"–"_s, u"–"_s, u"–"_s, u"–"_s}));
        QCOMPARE(model.index(2, 1).data(Qt::ToolTipRole).toString(), u"It is gone."_s);
        QCOMPARE(model.at(0).phase, GpuPhase::Free);
        QCOMPARE(model.at(1).phase, GpuPhase::Used);
        QCOMPARE(model.at(2).phase, GpuPhase::Lost);
        QCOMPARE(model.index(1, 0).data(models::IdRole).toString(), u"GPU-1"_s);
    }

    void onlyWhatChangedIsTold()
    {
        Fixture f;
        models::GpusModel model(f.state);
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        f.settle();
        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
        QSignalSpy removed(&model, &QAbstractItemModel::rowsRemoved);
        f.sample(2);
        QCOMPARE(changed.size(), 0);
        f.snapshot.gpus[1].temperature = 70;
        f.sample(3);
        QCOMPARE(changed.size(), 1);
        QCOMPARE(changed[0][0].toModelIndex(), model.index(1, int(GpuColumn::Temperature)));
        QCOMPARE(changed[0][1].toModelIndex(), model.index(1, int(GpuColumn::Temperature)));
        QVERIFY(reset.isEmpty() && removed.isEmpty());
        f.snapshot.gpus.removeLast();
        f.sample(4);
        QCOMPARE(model.rowCount(), 2);
        f.snapshot.gpus.clear();
        f.sample(5);
        QCOMPARE(model.rowCount(), 0);
        QVERIFY(reset.isEmpty());
    }

    void migDevicesStandUnderTheirGpu()
    {
        Fixture f;
        models::GpusModel model(f.state);
        models::TableFilter proxy;
        proxy.setSourceModel(&model);
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QAbstractItemModelTester proxyTester(&proxy, QAbstractItemModelTester::FailureReportingMode::QtTest);
        f.settle();
        f.snapshot.gpus[0].migDevices = {
            {u"MIG-a"_s, 1, 0, u"1g.10gb"_s, 10 * gib, gib, {process(101, gib)}}, {u"MIG-b"_s, 2, 0, {}, {}, {}, {}}};
        f.sample(2);
        f.sample(3);
        const QStringList order{u"0"_s, u"    0:0"_s, u"    0:1"_s, u"1"_s, u"2"_s};
        QCOMPARE(column(model, 0), order);
        QVERIFY(model.at(1).isMig());
        QCOMPARE(model.index(1, 0).data(Qt::AccessibleTextRole).toString(), u"0:0"_s);
        QCOMPARE(model.index(1, 1).data().toString(), u"MIG 1g.10gb"_s);
        QTRY_COMPARE(model.index(1, int(GpuColumn::UsedBy)).data().toString(), u"run"_s);
        QCOMPARE(model.index(0, int(GpuColumn::UsedBy)).data().toString(), u"run"_s);
        for (int i = 0; i < model.columnCount(); ++i) {
            proxy.sort(i);
            const QStringList cells = column(proxy, 0);
            QCOMPARE(cells.indexOf(u"    0:0"_s), cells.indexOf(u"0"_s) + 1);
            proxy.sort(i, Qt::DescendingOrder);
            const QStringList down = column(proxy, 0);
            QCOMPARE(down.indexOf(u"    0:0"_s), down.indexOf(u"0"_s) + 1);
        }
    }

    void processes()
    {
        Fixture f;
        models::GpuProcessesModel model(f.state);
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        f.settle();
        QCOMPARE(model.rowCount(), 0);
        f.snapshot.gpus[0].processes = {process(101, gib, 30)};
        f.snapshot.gpus[1].processes = {process(101, 2 * gib)};
        f.settle();
        QTRY_COMPARE(row(model, 0),
            (QStringList{u"0"_s, u"101"_s, u"run"_s, u"anna"_s, u"python3 train.py"_s, u"1 GiB"_s, u"30 %"_s, u"–"_s}));
        QCOMPARE(model.rowCount(), 2);
        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        f.snapshot.gpus[0].processes = {process(101, 3 * gib, 30)};
        f.sample(3);
        QCOMPARE(changed.size(), 1);
        QCOMPARE(changed[0][0].toModelIndex(), model.index(0, int(GpuProcessColumn::Memory)));
        QCOMPARE(model.index(0, int(GpuProcessColumn::Memory)).data(models::SortRole).toLongLong(), 3 * gib);
        f.snapshot.gpus[0].processes.clear();
        f.sample(4);
        QCOMPARE(column(model, 0), QStringList{u"1"_s});
        QCOMPARE(model.at(0).containerId, u"run"_s);
    }

    void containersTable()
    {
        Fixture f;
        models::ContainersModel model(f.inventory, f.figures);
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        f.settle();
        const auto cell = [&](int line, ContainerColumn column, int role = Qt::DisplayRole) {
            return model.index(line, int(column)).data(role).toString();
        };
        QCOMPARE(cell(0, ContainerColumn::Gpus), u"2 GPUs"_s); // what it asked for is known without the GPUs
        model.setGpus(f.state);
        QCOMPARE(cell(0, ContainerColumn::Gpus), u"2 GPUs (unused)"_s);
        QCOMPARE(cell(1, ContainerColumn::Gpus), u"–"_s);
        QCOMPARE(cell(0, ContainerColumn::GpuMemory), u"–"_s);
        QCOMPARE(cell(0, ContainerColumn::Gpus, Qt::ToolTipRole), u"Asked for: 2 GPUs\nUses none now"_s);

        f.snapshot.gpus[0].processes = {process(101, 18 * gib)};
        f.settle();
        QTRY_COMPARE(cell(0, ContainerColumn::Gpus), u"0"_s);
        QCOMPARE(cell(0, ContainerColumn::GpuMemory), u"18 GiB"_s);
        QCOMPARE(model.index(0, int(ContainerColumn::GpuMemory)).data(models::SortRole).toLongLong(), 18 * gib);
        QVERIFY(cell(0, ContainerColumn::Gpus, Qt::ToolTipRole).contains(u"Uses: 0"));

        f.state.setIdleAfter(std::chrono::seconds(10));
        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        f.sample(20);
        QCOMPARE(cell(0, ContainerColumn::GpuMemory), u"idle, holds 18 GiB"_s);
        QCOMPARE(cell(0, ContainerColumn::State), u"Running 1 h"_s);
        QCOMPARE(changed.size(), 1);
        QCOMPARE(changed[0][0].toModelIndex().row(), 0);
        QCOMPARE(changed[0][1].toModelIndex().row(), 0);
        f.snapshot.gpus.clear();
        f.sample(21);
        QCOMPARE(cell(0, ContainerColumn::Gpus), u"2 GPUs"_s);
    }
};

QTEST_GUILESS_MAIN(GpusModelTest)
#include "tst_gpusmodel.moc"
