#include "inventory/gpureport.h"
#include "inventory/gpustate.h"
#include "inventory/inventory.h"
#include "support/fakedaemon.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QSignalSpy>
#include <QTest>

using inventory::GpuState;
using inventory::GpuUser;
using inventory::Inventory;
using support::FakeDaemon;
using support::FakeReply;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 gib = qint64(1) << 30;
const QString resnet(64, u'a');
const QString vit(64, u'b');

/** A /proc of the test's own. */
class FakeProc
{
public:
    FakeProc() { write(u"stat"_s, "cpu 1\nbtime 1000000\nprocesses 5\n"); }
    QString root() const { return m_folder.path(); }

    void add(qint64 pid, const QString &container, const QByteArray &command, int start = 500)
    {
        const QString folder = QString::number(pid);
        QDir(m_folder.path()).mkpath(folder);
        write(folder + u"/stat"_s,
            QByteArray::number(pid) + " (x y) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 "
                + QByteArray::number(start) + " 20\n");
        const QString group = container.isEmpty() ? u"user.slice"_s : u"system.slice/docker-%1.scope"_s.arg(container);
        write(folder + u"/cgroup"_s, "0::/" + group.toLatin1() + '\n');
        write(folder + u"/cmdline"_s, QByteArray(command).replace(' ', '\0'));
    }
    void remove(qint64 pid) { QDir(m_folder.filePath(QString::number(pid))).removeRecursively(); }

private:
    void write(const QString &name, const QByteArray &text)
    {
        QFile file(m_folder.filePath(name));
        if (file.open(QIODevice::WriteOnly))
            file.write(text);
    }
    QTemporaryDir m_folder;
};

QByteArray summary(const QString &id, const QByteArray &name)
{
    return R"({"Id":")" + id.toLatin1() + R"(","Names":["/)" + name
        + R"("],"Image":"bb:1","State":"running","Status":"Up 3 hours"})";
}

QByteArray detail(const QString &id, qint64 pid, const QByteArray &hostConfig = "{}")
{
    return R"({"Id":")" + id.toLatin1() + R"(","State":{"Status":"running","Pid":)" + QByteArray::number(pid)
        + R"(},"HostConfig":)" + hostConfig + "}";
}

/** The daemon with resnet (first process 100) and vit (200), a GPU machine, and what the program makes of both. */
struct Fixture
{
    FakeDaemon daemon;
    FakeProc proc;
    docker::Engine engine{{daemon.socketPath()}};
    Inventory inventory{engine};
    gpu::Sampler sampler;
    std::unique_ptr<GpuState> state;
    gpu::Snapshot snapshot;

    explicit Fixture(int gpus = 2)
    {
        daemon.route("GET", "/containers/json",
            FakeReply::json("[" + summary(resnet, "resnet-7") + "," + summary(vit, "vit-3") + "]"));
        daemon.route("GET", "/containers/" + resnet.toLatin1() + "/json",
            FakeReply::json(
                detail(resnet, 100, R"({"DeviceRequests":[{"DeviceIDs":["0"],"Capabilities":[["gpu"]]}]})")));
        daemon.route("GET", "/containers/" + vit.toLatin1() + "/json", FakeReply::json(detail(vit, 200)));
        for (int i = 0; i < gpus; ++i) {
            gpu::Gpu gpu;
            gpu.uuid = u"GPU-%1"_s.arg(i);
            gpu.index = i;
            gpu.utilisation = 0;
            snapshot.gpus.append(gpu);
        }
        proc.add(100, resnet, "sleep 1");
        proc.add(200, vit, "sleep 1");
    }
    void start(const QString &root)
    {
        state = std::make_unique<GpuState>(sampler, inventory, engine, nullptr, root);
        inventory.start();
    }
    /** All that is said about the daemon's containers is here. */
    bool known() const
    {
        const auto &all = inventory.containers();
        return all.size() == 2 && std::all_of(all.begin(), all.end(), [](const auto &c) { return c.detailed; });
    }
    void sample(qint64 seconds)
    {
        snapshot.taken = seconds * 1000;
        Q_EMIT sampler.sampled(snapshot);
    }
    static gpu::Process process(qint64 pid, qint64 memory, int utilisation = gpu::unknown)
    {
        gpu::Process process;
        process.pid = pid;
        process.memory = memory;
        process.utilisation = utilisation;
        return process;
    }
};

} // namespace

/** Processes on GPUs and the containers they are in, on a /proc and a daemon of the test's own. */
class GpuStateTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aFaultNamesWhoWasThere()
    {
        Fixture f;
        f.proc.add(101, resnet, "python3 train.py", 700);
        f.start(f.proc.root());
        f.snapshot.gpus[1].processes = {f.process(101, 4 * gib, 60)};
        f.sample(1);
        QTRY_VERIFY(f.known() && f.state->settled());
        QVERIFY(f.state->faults().isEmpty());
        // The driver ended it: the sample that tells of the fault has no process any more.
        f.snapshot.gpus[1].processes.clear();
        f.snapshot.gpus[1].xid = gpu::Xid{31, 5000};
        f.sample(2);
        const inventory::GpuFault fault{u"GPU-1"_s, {31, 5000}, {u"resnet-7"_s}, resnet};
        QCOMPARE(f.state->faults().size(), 1);
        QVERIFY(f.state->faults().first() == fault);
        f.sample(3); // told again with each sample: it stays the same
        QVERIFY(f.state->faults().first() == fault);
        f.snapshot.gpus[0].xid = gpu::Xid{79, 6000};
        f.snapshot.gpus[1].xid = gpu::Xid{43, 5500};
        f.sample(4);
        QCOMPARE(f.state->faults().size(), 2);
        QCOMPARE(f.state->faults()[0].uuid, u"GPU-0"_s);
        QVERIFY(f.state->faults()[0].names.isEmpty());
        QCOMPARE(f.state->faults()[1].xid.code, 43);
    }

    void processesFindTheirContainers()
    {
        Fixture f;
        f.proc.add(101, resnet, "/opt/conda/bin/python3 /workspace/train.py --lr 1", 700);
        f.proc.add(300, {}, "python3 play.py");
        f.start(f.proc.root());
        f.snapshot.gpus[0].processes = {f.process(101, 4 * gib, 60), f.process(300, gib)};
        f.snapshot.gpus[1].processes = {f.process(101, 2 * gib, 30)};
        QSignalSpy changed(f.state.get(), &GpuState::changed);
        f.sample(1);
        QCOMPARE(changed.size(), 1);
        QTRY_VERIFY(f.known() && f.state->settled());

        const auto &processes = f.state->processes();
        QCOMPARE(processes.size(), 3);
        QCOMPARE(processes[0].containerId, resnet);
        QCOMPARE(processes[0].containerName, u"resnet-7"_s);
        QCOMPARE(processes[0].command, u"/opt/conda/bin/python3 /workspace/train.py --lr 1"_s);
        QCOMPARE(processes[0].since, 1000000 + 7);
        QCOMPARE(processes[1].containerId, QString());
        QVERIFY(!processes[1].user.isEmpty());

        const auto users = f.state->users(u"GPU-0"_s);
        QCOMPARE(users.size(), 2);
        QCOMPARE(users[0].text(), u"resnet-7"_s);
        QCOMPARE(users[1].text(), processes[1].user + u": python3 play.py"_s);
        const auto use = f.state->containerGpu(resnet);
        QCOMPARE(use.indexes, (QStringList{u"0"_s, u"1"_s}));
        QCOMPARE(use.memory, 6 * gib);
        QCOMPARE(use.utilisation, 90);
        QCOMPARE(use.share(), 45);
        QCOMPARE(use.gpusText(true), u"0,1 · 45 %"_s);
        QCOMPARE(use.memoryText(), u"6 GiB"_s);
        QVERIFY(f.state->containerGpu(vit).uuids.isEmpty());
        QCOMPARE(f.daemon.count("GET", "/containers/" + resnet.toLatin1() + "/top"), 0);
    }

    void whatOnlyAskedIsTold()
    {
        Fixture f;
        f.start(f.proc.root());
        f.sample(1);
        QTRY_VERIFY(f.known() && f.state->settled());
        QCOMPARE(f.state->waiting(u"GPU-0"_s), QStringList{u"resnet-7"_s});
        QVERIFY(f.state->waiting(u"GPU-1"_s).isEmpty());
        QCOMPARE(f.state->containerGpu(resnet).gpusText(true), u"0 (unused)"_s);
        QCOMPARE(f.state->containerGpu(resnet).gpusText(false), u"0"_s);
        QCOMPARE(f.state->containerGpu(resnet).memoryText(), QString());
        f.snapshot.gpus[0].processes = {f.process(100, gib)};
        f.sample(2);
        QVERIFY(f.state->waiting(u"GPU-0"_s).isEmpty());
        QCOMPARE(f.state->containerGpu(resnet).gpusText(true), u"0"_s);
    }

    void nothingIsInspectedWithoutGpus()
    {
        Fixture f(0);
        f.start(f.proc.root());
        f.sample(1);
        QTRY_COMPARE(f.inventory.containers().size(), 2);
        QTest::qWait(50);
        QCOMPARE(f.daemon.count("GET", "/containers/" + resnet.toLatin1() + "/json"), 0);
        QVERIFY(f.state->containers().isEmpty());
    }

    void aNumberUsedAgainIsAnotherProcess()
    {
        Fixture f;
        f.proc.add(101, resnet, "python3", 700);
        f.start(f.proc.root());
        f.snapshot.gpus[0].processes = {f.process(101, gib)};
        f.sample(1);
        QTRY_VERIFY(f.known() && f.state->settled());
        QCOMPARE(f.state->processes()[0].containerName, u"resnet-7"_s);
        f.proc.add(101, vit, "python3 other.py", 900);
        f.sample(2);
        QCOMPARE(f.state->processes()[0].containerName, u"vit-3"_s);
        QTRY_COMPARE(f.state->processes()[0].command, u"python3 other.py"_s);
    }

    void anotherMachinesProcessesComeFromItsDaemon()
    {
        Fixture f;
        // Our own process 101 has nothing to do with theirs, and 100 is not resnet's first process here.
        f.proc.add(100, {}, "bash");
        f.proc.add(200, {}, "bash");
        f.proc.add(101, {}, "firefox");
        f.daemon.route("GET", "/containers/" + resnet.toLatin1() + "/top",
            FakeReply::json(R"({"Titles":["UID","PID","PPID","C","STIME","TTY","TIME","CMD"],)"
                            R"("Processes":[["root","100","1","0","1","?","0","sh"],)"
                            R"(["anna","101","100","0","1","?","0","python3 train.py"]]})"));
        f.start(f.proc.root());
        f.snapshot.gpus[0].processes = {f.process(101, gib), f.process(555, gib)};
        f.sample(1);
        QTRY_VERIFY(f.known() && f.state->settled());
        f.sample(2);
        f.sample(2);
        QTRY_VERIFY(f.state->settled());
        const auto &processes = f.state->processes();
        QTRY_COMPARE(processes[0].containerName, u"resnet-7"_s);
        QCOMPARE(processes[0].user, u"anna"_s);
        QCOMPARE(processes[0].command, u"python3 train.py"_s);
        QCOMPARE(processes[1].containerName, QString());
        QCOMPARE(f.state->users(u"GPU-0"_s)[1].text(), u"process 555"_s);
        // Not asked again for what it did not know, and only where GPUs were asked for.
        const int asked = f.daemon.count("GET", "/containers/" + resnet.toLatin1() + "/top");
        QVERIFY(asked <= 2);
        for (int i = 3; i < 8; ++i)
            f.sample(i);
        QTRY_VERIFY(f.state->settled());
        QCOMPARE(f.daemon.count("GET", "/containers/" + resnet.toLatin1() + "/top"), asked);
        QCOMPARE(f.daemon.count("GET", "/containers/" + vit.toLatin1() + "/top"), 0);
    }

    void idleHoldersAreMarkedAfterTheLimit()
    {
        Fixture f;
        f.start(f.proc.root());
        f.state->setIdleAfter(std::chrono::minutes(15));
        f.snapshot.gpus[0].processes = {f.process(100, 18 * gib)};
        f.sample(1);
        QTRY_VERIFY(f.known() && f.state->settled());
        qint64 time = 1;
        const auto passMinutes = [&](int minutes) {
            for (int i = 0; i < minutes * 3; ++i)
                f.sample(time += 20);
        };
        passMinutes(15);
        QVERIFY(!f.state->containerGpu(resnet).idle);
        f.sample(time += 20);
        QVERIFY(f.state->containerGpu(resnet).idle);
        QCOMPARE(f.state->containerGpu(resnet).memoryText(), u"idle, holds 18 GiB"_s);
        QCOMPARE(f.state->users(u"GPU-0"_s)[0].text(), u"resnet-7 (idle, holds 18 GiB)"_s);
        QVERIFY(f.state->processes()[0].idle);
        // One busy moment, and the count begins anew.
        f.snapshot.gpus[0].utilisation = 1;
        f.sample(time += 20);
        QVERIFY(!f.state->containerGpu(resnet).idle);
        f.snapshot.gpus[0].utilisation = 0;
        passMinutes(15);
        QVERIFY(!f.state->containerGpu(resnet).idle);
        // Nobody watched for an hour: nothing is known of it.
        f.sample(time += 3600);
        QVERIFY(!f.state->containerGpu(resnet).idle);
    }

    void idleByProcessWhereTheDriverTellsThemApart()
    {
        Fixture f;
        f.start(f.proc.root());
        f.state->setIdleAfter(std::chrono::seconds(30));
        f.snapshot.gpus[0].utilisation = 80;
        f.snapshot.gpus[0].processes = {f.process(100, gib, 0), f.process(200, gib, 80)};
        f.sample(1);
        QTRY_VERIFY(f.known() && f.state->settled());
        f.sample(20);
        f.sample(40);
        QVERIFY(f.state->containerGpu(resnet).idle);
        QVERIFY(!f.state->containerGpu(vit).idle);
        // A busy GPU on which no process is seen computing: the driver does not tell them apart.
        f.snapshot.gpus[0].processes = {f.process(100, gib, 0), f.process(200, gib, 0)};
        f.sample(60);
        QVERIFY(!f.state->containerGpu(resnet).idle);
    }

    void unknownUtilisationIsNotIdle()
    {
        Fixture f;
        f.start(f.proc.root());
        f.state->setIdleAfter(std::chrono::seconds(30));
        f.snapshot.gpus[0].utilisation = gpu::unknown;
        gpu::MigDevice mig;
        mig.uuid = u"MIG-a"_s;
        mig.processes = {f.process(100, gib)};
        f.snapshot.gpus[0].migDevices = {mig};
        for (int time = 0; time < 200; time += 20)
            f.sample(time);
        QTRY_VERIFY(f.known() && f.state->settled());
        f.sample(200);
        QVERIFY(!f.state->containerGpu(resnet).idle);
        QCOMPARE(f.state->processes()[0].place, u"0:0"_s);
        QCOMPARE(f.state->users(u"MIG-a"_s)[0].name, u"resnet-7"_s);
        QCOMPARE(f.state->users(u"GPU-0"_s)[0].name, u"resnet-7"_s);
        QCOMPARE(f.state->containerGpu(resnet).indexes, QStringList{u"0:0"_s});
    }

    void withoutADaemonProcessesAreStillShown()
    {
        Fixture f;
        f.daemon.shutDown();
        f.proc.add(300, {}, "python3 play.py");
        f.start(f.proc.root());
        f.snapshot.gpus[0].processes = {f.process(300, gib), f.process(100, gib)};
        f.sample(1);
        QTRY_VERIFY(f.inventory.link() == Inventory::Link::Lost && f.state->settled());
        QVERIFY(f.state->users(u"GPU-0"_s)[0].text().endsWith(u": python3 play.py"));
        const QJsonObject report = inventory::gpuReport(*f.state, f.inventory);
        QVERIFY(report.value("containers"_L1).isNull());
        QCOMPARE(report.value("gpus"_L1).toArray().size(), 2);
    }

    void theReportSaysWhatTheTablesSay()
    {
        Fixture f;
        f.start(f.proc.root());
        f.snapshot.gpus[1].processes = {f.process(200, 3 * gib, 5)};
        f.sample(1);
        QTRY_VERIFY(f.known() && f.state->settled());
        const QJsonObject report = inventory::gpuReport(*f.state, f.inventory);
        const QJsonArray gpus = report.value("gpus"_L1).toArray();
        const QJsonObject process = gpus[1].toObject().value("processes"_L1).toArray()[0].toObject();
        QCOMPARE(process.value("container"_L1).toString(), u"vit-3"_s);
        QCOMPARE(process.value("container_id"_L1).toString(), vit);
        QCOMPARE(process.value("memory_bytes"_L1).toInteger(), 3 * gib);
        QCOMPARE(process.value("since"_L1).toString(), u"1970-01-12T13:46:45Z"_s);
        QCOMPARE(gpus[0].toObject().value("asked_for_by"_L1).toArray(), QJsonArray{u"resnet-7"_s});
        QCOMPARE(
            gpus[1].toObject().value("used_by"_L1).toArray()[0].toObject().value("name"_L1).toString(), u"vit-3"_s);
        const QJsonArray containers = report.value("containers"_L1).toArray();
        QCOMPARE(containers.size(), 2);
        QCOMPARE(containers[0].toObject().value("asked"_L1).toString(), u"0"_s);
        QCOMPARE(containers[1].toObject().value("uuids"_L1).toArray(), QJsonArray{u"GPU-1"_s});
    }
};

QTEST_GUILESS_MAIN(GpuStateTest)
#include "tst_gpustate.moc"
