#include "gpu/sampler.h"
#include "inventory/gpustate.h"
#include "inventory/inventory.h"
#include "models/containersmodel.h"
#include "models/gpusmodel.h"
#include "support/privatedaemon.h"

#include <QAbstractItemModelTester>
#include <QCoreApplication>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using inventory::ContainerColumn;
using models::GpuColumn;
using support::PrivateDaemon;
using support::runCommand;
using namespace Qt::StringLiterals;

namespace {
constexpr qint64 mib = qint64(1) << 20;
}

/** Real containers on the GPUs of the stand-in driver: who is on which, in the tables and on the terminal. */
class GpusTest : public QObject
{
    Q_OBJECT

    std::unique_ptr<PrivateDaemon> m_daemon;
    QTemporaryDir m_folder;

    /** What the window is made of, on the private daemon and the stand-in driver. */
    struct Program
    {
        docker::Engine engine;
        inventory::Inventory inventory;
        inventory::LiveFigures figures;
        gpu::Sampler sampler;
        inventory::GpuState state;
        models::ContainersModel containers;
        models::GpusModel gpus;
        QAbstractItemModelTester containersTester;
        QAbstractItemModelTester gpusTester;

        explicit Program(const QString &socket)
            : engine({socket})
            , inventory(engine)
            , figures(engine)
            , state(sampler, inventory, engine)
            , containers(inventory, figures)
            , gpus(state)
            , containersTester(&containers, QAbstractItemModelTester::FailureReportingMode::QtTest)
            , gpusTester(&gpus, QAbstractItemModelTester::FailureReportingMode::QtTest)
        {
            containers.setGpus(state);
            inventory.start();
            sampler.setPace(gpu::Pace::Shown);
        }
        QString cell(const QString &id, ContainerColumn column) const
        {
            for (int row = 0; row < containers.rowCount(); ++row) {
                if (containers.at(row).id == id)
                    return containers.index(row, int(column)).data().toString();
            }
            return u"(no such row)"_s;
        }
        QString usedBy(int row) const { return gpus.index(row, int(GpuColumn::UsedBy)).data().toString(); }
    };

    /** Two GPUs and these lines of processes. */
    void drive(const QStringList &processes)
    {
        QByteArray text = "driver 550.54\n";
        for (int i = 0; i < 2; ++i)
            text += "gpu GPU-" + QByteArray::number(i) + " NVIDIA_A100 81920 20480 600 " + QByteArray::number(i * 50)
                + " 10 50 300 400 -1 1400 1200 0\n";
        for (const QString &line : processes)
            text += "proc " + line.toLatin1() + '\n';
        QFile file(m_folder.filePath(u"state.new"_s));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
        file.close();
        QVERIFY(::rename(QFile::encodeName(file.fileName()), QFile::encodeName(m_folder.filePath(u"state"_s))) == 0);
    }

    QString run(const QStringList &arguments) const
    {
        const auto result = m_daemon->docker(QStringList{u"run"_s, u"-d"_s, u"--network=host"_s} + arguments);
        if (!result.ok())
            qWarning() << result.err;
        return result.text();
    }
    QString pidOf(const QString &id) const
    {
        return m_daemon->docker({u"inspect"_s, u"-f"_s, u"{{.State.Pid}}"_s, id}).text();
    }
    /** The words of a launch with any GPUs, from a file. */
    QStringList launchAny(const QString &name, int count, const QString &minFree = {}) const
    {
        QJsonObject any{{u"any"_s, count}};
        if (!minFree.isEmpty())
            any.insert(u"minFree"_s, minFree);
        const QJsonObject config{{u"slipway"_s, 1}, {u"name"_s, name}, {u"image"_s, u"bb:1"_s}, {u"gpus"_s, any},
            {u"network"_s, u"host"_s}, {u"command"_s, QJsonArray{u"sleep"_s, u"1000"_s}}};
        const QString path = m_folder.filePath(name + u".json"_s);
        QFile file(path);
        if (file.open(QIODevice::WriteOnly))
            file.write(QJsonDocument(config).toJson());
        return {u"--host"_s, m_daemon->host(), u"launch"_s, u"--detach"_s, path};
    }
    QStringList devicesOf(const QString &name) const
    {
        const QJsonArray all = QJsonDocument::fromJson(m_daemon->docker({u"inspect"_s, name}).out).array();
        const QJsonArray requests = all[0].toObject()["HostConfig"_L1].toObject()["DeviceRequests"_L1].toArray();
        return requests[0].toObject()["DeviceIDs"_L1].toVariant().toStringList();
    }
    QJsonObject gpusJson(const QString &host) const
    {
        const auto result = runCommand(QStringLiteral(SLIPWAY_PROGRAM), {u"--host"_s, host, u"gpus"_s, u"--json"_s});
        if (!result.ok() || !result.err.isEmpty())
            qInfo() << result.exitCode << result.err;
        return QJsonDocument::fromJson(result.out).object();
    }

private Q_SLOTS:
    void initTestCase()
    {
        if (const QString reason = PrivateDaemon::skipReason(); !reason.isEmpty())
            QSKIP(qPrintable(reason));
        m_daemon = std::make_unique<PrivateDaemon>();
        QVERIFY2(m_daemon->start(), qPrintable(m_daemon->failure()));
        QVERIFY(m_daemon->makeBusybox());
        qputenv("SLIPWAY_NVML", SLIPWAY_FAKE_NVML);
        qputenv("FAKE_NVML", QFile::encodeName(m_folder.filePath(u"state"_s)));
        drive({});
    }

    void cleanupTestCase() { m_daemon.reset(); }
    void cleanup()
    {
        if (m_daemon)
            m_daemon->docker({u"rm"_s, u"-f"_s, u"resnet"_s, u"vit"_s, u"odd"_s});
    }

    void containersAndTheirProcesses()
    {
        const QString resnet
            = run({u"--name"_s, u"resnet"_s, u"--gpus"_s, u"device=0"_s, u"bb:1"_s, u"sleep"_s, u"1000"_s});
        const QString vit = run({u"--name"_s, u"vit"_s, u"bb:1"_s, u"sh"_s, u"-c"_s, u"sleep 1000; true"_s});
        // Another parent group, as cluster people have it: the id still tells.
        const QString odd
            = run({u"--name"_s, u"odd"_s, u"--cgroup-parent"_s, u"/slipway-test"_s, u"bb:1"_s, u"sleep"_s, u"1000"_s});
        const QString self = QString::number(QCoreApplication::applicationPid());
        Program program(m_daemon->socketPath());
        QTRY_COMPARE(program.cell(resnet, ContainerColumn::Gpus), u"0 (unused)"_s);
        QTRY_COMPARE(program.usedBy(0), u"resnet (asked for it, unused)"_s);

        // An exec'd process counts as its container's.
        QVERIFY(m_daemon->docker({u"exec"_s, u"-d"_s, resnet, u"sleep"_s, u"2000"_s}).ok());
        const QStringList all = m_daemon->docker({u"top"_s, resnet, u"-eo"_s, u"pid,args"_s}).text().split(u'\n');
        const QString execed = all.filter(u"sleep 2000"_s).value(0).simplified().section(u' ', 0, 0);
        QVERIFY(!execed.isEmpty());
        drive({u"0 %1 1024 40 C"_s.arg(pidOf(resnet)), u"0 %1 512 -1 C"_s.arg(execed),
            u"1 %1 2048 50 C"_s.arg(pidOf(vit)), u"1 %1 100 -1 C"_s.arg(pidOf(odd)), u"1 %1 50 -1 G"_s.arg(self)});
        QTRY_COMPARE(program.cell(resnet, ContainerColumn::GpuMemory), u"1.5 GiB"_s);
        QVERIFY(program.cell(resnet, ContainerColumn::Gpus).startsWith(u"0 · "));
        QTRY_COMPARE(program.cell(vit, ContainerColumn::GpuMemory), u"2 GiB"_s);
        QVERIFY(program.cell(vit, ContainerColumn::Gpus).startsWith(u"1"));
        QCOMPARE(program.usedBy(0), u"resnet"_s);
        QTRY_VERIFY(program.usedBy(1).startsWith(u"vit, odd, ") && program.usedBy(1).contains(u": tst_gpus"));
        QCOMPARE(program.state.containerGpu(resnet).utilisation, 40);

        // The terminal says the same.
        const QJsonObject report = gpusJson(m_daemon->host());
        const QJsonArray gpus = report.value("gpus"_L1).toArray();
        QCOMPARE(gpus.size(), 2);
        QMap<QString, qint64> memory;
        for (const auto &gpu : gpus) {
            for (const auto &process : gpu.toObject().value("processes"_L1).toArray()) {
                const QJsonObject object = process.toObject();
                memory[object.value("container"_L1).toString()] += object.value("memory_bytes"_L1).toInteger();
            }
        }
        QCOMPARE(memory,
            (QMap<QString, qint64>{
                {u"resnet"_s, 1536 * mib}, {u"vit"_s, 2048 * mib}, {u"odd"_s, 100 * mib}, {QString(), 50 * mib}}));
        const auto table = runCommand(QStringLiteral(SLIPWAY_PROGRAM), {u"--host"_s, m_daemon->host(), u"gpus"_s});
        QVERIFY2(table.ok(), table.err.constData());
        QCOMPARE(table.err, QByteArray());
        const QStringList lines = table.text().split(u'\n');
        QCOMPARE(lines.size(), 3);
        for (const QString &line : lines)
            QCOMPARE(line.indexOf(u"NVIDIA A100"), line == lines[0] ? -1 : lines[0].indexOf(u"Name"));
        QVERIFY(lines[1].endsWith(u"  resnet"));

        // They vanish: by the driver's word, and with their container.
        drive({u"1 %1 2048 50 C"_s.arg(pidOf(vit))});
        QTRY_COMPARE(program.cell(resnet, ContainerColumn::Gpus), u"0 (unused)"_s);
        QCOMPARE(program.cell(resnet, ContainerColumn::GpuMemory), u"–"_s);
        QTRY_COMPARE(program.usedBy(1), u"vit"_s);
        QVERIFY(m_daemon->docker({u"rm"_s, u"-f"_s, u"resnet"_s}).ok());
        QTRY_COMPARE(program.usedBy(0), u"–"_s);
    }

    void withoutADaemon()
    {
        drive({u"0 %1 1024 40 C"_s.arg(QCoreApplication::applicationPid())});
        const QString nowhere = u"unix://"_s + m_folder.filePath(u"none.sock"_s);
        const auto result = runCommand(QStringLiteral(SLIPWAY_PROGRAM), {u"--host"_s, nowhere, u"gpus"_s, u"--json"_s});
        QCOMPARE(result.exitCode, 0);
        QVERIFY(result.err.contains("Docker does not answer"));
        const QJsonObject report = QJsonDocument::fromJson(result.out).object();
        QVERIFY(report.value("containers"_L1).isNull());
        const QJsonObject process
            = report.value("gpus"_L1).toArray()[0].toObject().value("processes"_L1).toArray()[0].toObject();
        QVERIFY(process.value("container"_L1).isNull());
        QVERIFY(process.value("command"_L1).toString().contains(u"tst_gpus"));
        QVERIFY(!process.value("user"_L1).toString().isEmpty());
        drive({});
    }

    void theNvidiaRuntimeAsksByItsVariable()
    {
        const QString id = run({u"--name"_s, u"odd"_s, u"--runtime"_s, u"nvidia"_s, u"-e"_s,
            u"NVIDIA_VISIBLE_DEVICES=GPU-1"_s, u"bb:1"_s, u"sleep"_s, u"1000"_s});
        Program program(m_daemon->socketPath());
        QTRY_COMPARE(program.cell(id, ContainerColumn::Gpus), u"1 (unused)"_s);
        QCOMPARE(program.state.waiting(u"GPU-1"_s), QStringList{u"odd"_s});
    }

    void whatGpusAskForArrives_data()
    {
        QTest::addColumn<QStringList>("options");
        QTest::addColumn<QString>("visible");
        QTest::addColumn<QString>("asked");
        const auto gpus = [](const QString &value) { return QStringList{u"--gpus"_s, value}; };
        QTest::newRow("none") << QStringList() << QString() << QString();
        QTest::newRow("device=0") << gpus(u"device=0"_s) << u"0"_s << u"0"_s;
        QTest::newRow("two") << gpus(u"\"device=0,1\""_s) << u"0,1"_s << u"0,1"_s;
        QTest::newRow("all") << gpus(u"all"_s) << u"all"_s << u"all"_s;
        QTest::newRow("2") << gpus(u"2"_s) << u"0,1"_s << u"2 GPUs"_s;
        QTest::newRow("uuid") << gpus(u"device=GPU-1"_s) << u"GPU-1"_s << u"1"_s;
        QTest::newRow("0") << gpus(u"0"_s) << QString() << QString();
    }
    void whatGpusAskForArrives()
    {
        QFETCH(QStringList, options);
        QFETCH(QString, visible);
        QFETCH(QString, asked);
        // Launched by Slipway, which sends them as DeviceRequests.
        const auto launched = runCommand(QStringLiteral(SLIPWAY_PROGRAM),
            QStringList{u"--host"_s, m_daemon->host(), u"launch"_s, u"--detach"_s, u"--"_s, u"docker"_s, u"run"_s,
                u"-d"_s, u"--name"_s, u"odd"_s, u"--network=host"_s}
                + options + QStringList{u"bb:1"_s, u"sh"_s, u"-c"_s, u"env; sleep 1000"_s});
        QVERIFY2(launched.ok(), launched.err.constData());
        const QString id = launched.text();
        const auto variable = [&] {
            const QStringList lines = m_daemon->docker({u"logs"_s, id}).text().split(u'\n');
            return lines.filter(u"PATH="_s).isEmpty()
                ? u"(no output yet)"_s
                : lines.filter(u"NVIDIA_VISIBLE_DEVICES="_s).value(0).section(u'=', 1);
        };
        QTRY_COMPARE(variable(), visible);
        Program program(m_daemon->socketPath());
        QTRY_VERIFY(program.inventory.container(id) && program.inventory.container(id)->detailed);
        QTRY_COMPARE(program.state.containerGpu(id).asked, asked);
        QTRY_COMPARE(program.cell(id, ContainerColumn::Gpus), asked.isEmpty() ? u"–"_s : QString(asked + u" (unused)"));
    }

    void anyGpuIsOneThatIsFree()
    {
        // GPU 0 is in use.
        const QString vit = run({u"--name"_s, u"vit"_s, u"bb:1"_s, u"sleep"_s, u"1000"_s});
        drive({u"0 %1 2048 50 C"_s.arg(pidOf(vit))});
        const auto one = runCommand(QStringLiteral(SLIPWAY_PROGRAM), launchAny(u"odd"_s, 1));
        QVERIFY2(one.ok(), one.err.constData());
        QCOMPARE(one.err.split('\n').first(), QByteArray("slipway: Taking GPU 1 (GPU-1)."));
        QCOMPARE(devicesOf(u"odd"_s), QStringList{u"GPU-1"_s});
        // Asked for and not used yet: still better than one that is in use.
        const auto two = runCommand(QStringLiteral(SLIPWAY_PROGRAM), launchAny(u"resnet"_s, 2));
        QVERIFY2(two.ok(), two.err.constData());
        QCOMPARE(two.err.split('\n').first(),
            QByteArray("slipway: Taking GPUs 0 (GPU-0, shared with vit) and 1 (GPU-1, shared with odd)."));
    }

    void tooFewGpusAreRefused()
    {
        drive({});
        const auto result = runCommand(QStringLiteral(SLIPWAY_PROGRAM), launchAny(u"odd"_s, 3));
        QCOMPARE(result.exitCode, 125);
        QCOMPARE(result.err, QByteArray("slipway: There are only 2 GPUs to choose from.\n"));
        const auto memory = runCommand(QStringLiteral(SLIPWAY_PROGRAM), launchAny(u"odd"_s, 1, u"70g"_s));
        QCOMPARE(memory.exitCode, 125);
        QCOMPARE(memory.err, QByteArray("slipway: No GPU has 70 GiB free now.\n"));
        QVERIFY(!m_daemon->docker({u"inspect"_s, u"odd"_s}).ok());
    }

    void twoAtOnceTakeDifferentGpus()
    {
        drive({});
        for (int round = 0; round < 3; ++round) {
            QProcess first;
            QProcess second;
            first.start(QStringLiteral(SLIPWAY_PROGRAM), launchAny(u"resnet"_s, 1));
            second.start(QStringLiteral(SLIPWAY_PROGRAM), launchAny(u"odd"_s, 1));
            for (QProcess *process : {&first, &second}) {
                QVERIFY(process->waitForFinished());
                QVERIFY2(process->exitCode() == 0, process->readAllStandardError().constData());
            }
            QStringList given = devicesOf(u"resnet"_s) + devicesOf(u"odd"_s);
            given.sort();
            QCOMPARE(given, (QStringList{u"GPU-0"_s, u"GPU-1"_s}));
            QVERIFY(m_daemon->docker({u"rm"_s, u"-f"_s, u"resnet"_s, u"odd"_s}).ok());
        }
    }
};

QTEST_GUILESS_MAIN(GpusTest)
#include "tst_gpus.moc"
