#include "inventory/operations.h"
#include "models/containersmodel.h"
#include "models/imagesmodel.h"
#include "models/tablefilter.h"
#include "support/privatedaemon.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using inventory::Action;
using inventory::Container;
using inventory::ContainerColumn;
using inventory::Inventory;
using inventory::Phase;
using support::PrivateDaemon;
using namespace Qt::StringLiterals;

/** Every action on a container, and every change somebody else makes, as the tables show it. */
class ActionsTest : public QObject
{
    Q_OBJECT

    std::unique_ptr<PrivateDaemon> m_daemon;

    /** What the window is made of, on the private daemon. */
    struct Program
    {
        QTemporaryDir folder;
        settings::Settings settings;
        settings::Protection protection;
        docker::Engine engine;
        Inventory inventory;
        inventory::LiveFigures figures;
        inventory::Operations operations;
        models::ContainersModel containers;
        models::TableFilter filter;
        models::ImagesModel images;
        QAbstractItemModelTester modelTester;
        QAbstractItemModelTester filterTester;
        QAbstractItemModelTester imagesTester;

        explicit Program(const QString &socket)
            : settings(folder.filePath(u"slipway.conf"_s))
            , protection(settings)
            , engine({socket})
            , inventory(engine)
            , figures(engine)
            , operations(engine, inventory, protection)
            , containers(inventory, figures)
            , images(inventory)
            , modelTester(&containers, QAbstractItemModelTester::FailureReportingMode::QtTest)
            , filterTester(&filter, QAbstractItemModelTester::FailureReportingMode::QtTest)
            , imagesTester(&images, QAbstractItemModelTester::FailureReportingMode::QtTest)
        {
            filter.setSourceModel(&containers);
            filter.sort(int(ContainerColumn::Created), Qt::DescendingOrder);
            inventory.start();
        }

        QString cell(const QString &id, ContainerColumn column) const
        {
            for (int row = 0; row < containers.rowCount(); ++row) {
                if (containers.at(row).id == id)
                    return containers.index(row, int(column)).data().toString();
            }
            return u"(no such row)"_s;
        }
        QString state(const QString &id) const { return cell(id, ContainerColumn::State); }
    };

    QString run(const QStringList &arguments) const
    {
        const auto result = m_daemon->docker(QStringList{u"run"_s, u"-d"_s, u"--network=host"_s} + arguments);
        if (!result.ok())
            qWarning() << result.err;
        return result.text();
    }

private Q_SLOTS:
    void initTestCase()
    {
        if (const QString reason = PrivateDaemon::skipReason(); !reason.isEmpty())
            QSKIP(qPrintable(reason));
        m_daemon = std::make_unique<PrivateDaemon>();
        QVERIFY2(m_daemon->start(), qPrintable(m_daemon->failure()));
        QVERIFY(m_daemon->makeBusybox());
    }

    void cleanupTestCase() { m_daemon.reset(); }

    void everyAction()
    {
        Program program(m_daemon->socketPath());
        QTRY_VERIFY(program.inventory.imagesKnown());
        QCOMPARE(program.images.index(0, 0).data().toString(), u"bb"_s);

        // Somebody else starts one: its row comes by an event.
        const QString id
            = run({u"--name"_s, u"worker"_s, u"--stop-timeout"_s, u"1"_s, u"bb:1"_s, u"sleep"_s, u"1000"_s});
        QTRY_VERIFY(program.state(id).startsWith(u"Running"));
        QCOMPARE(program.cell(id, ContainerColumn::Name), u"worker"_s);
        QCOMPARE(program.cell(id, ContainerColumn::Image), u"bb:1"_s);
        QTRY_COMPARE(program.images.index(0, int(inventory::ImageColumn::UsedBy)).data().toString(), u"worker"_s);

        program.figures.watch({id});
        QTRY_VERIFY(program.cell(id, ContainerColumn::Memory).contains(u"iB"));
        QTRY_VERIFY(program.cell(id, ContainerColumn::Cpu).contains(u'%'));
        program.figures.watch({});

        QSignalSpy failed(&program.operations, &inventory::Operations::failed);
        program.operations.run(Action::Pause, {id});
        QTRY_COMPARE(program.state(id), u"Paused"_s);
        program.operations.run(Action::Unpause, {id});
        QTRY_VERIFY(program.state(id).startsWith(u"Running"));
        program.operations.rename(id, u"renamed"_s);
        QTRY_COMPARE(program.cell(id, ContainerColumn::Name), u"renamed"_s);
        QCOMPARE(m_daemon->docker({u"inspect"_s, u"-f"_s, u"{{.Name}}"_s, id}).text(), u"/renamed"_s);

        QSignalSpy started(&program.inventory, &Inventory::containerStarted);
        program.operations.run(Action::Restart, {id});
        QCOMPARE(program.state(id), u"Restarting…"_s);
        QTRY_COMPARE_WITH_TIMEOUT(started.size(), 1, 20000);
        QTRY_VERIFY(program.state(id).startsWith(u"Running"));

        QSignalSpy ended(&program.inventory, &Inventory::containerEnded);
        program.operations.run(Action::Kill, {id});
        QTRY_COMPARE(program.state(id), u"Stopped by signal 9"_s);
        QCOMPARE(ended.size(), 1);
        program.operations.run(Action::Start, {id});
        QTRY_VERIFY(program.state(id).startsWith(u"Running"));
        // sleep as process 1 ignores TERM: Docker kills it after its stop timeout.
        program.operations.run(Action::Stop, {id});
        QCOMPARE(program.state(id), u"Stopping…"_s);
        QTRY_COMPARE_WITH_TIMEOUT(program.state(id), u"Stopped by signal 9"_s, 20000);
        program.operations.remove({id}, {});
        QTRY_VERIFY(!program.inventory.container(id));
        QVERIFY(failed.isEmpty());
        QVERIFY(m_daemon->docker({u"ps"_s, u"-aq"_s}).text().isEmpty());
    }

    void endsInWords()
    {
        Program program(m_daemon->socketPath());
        const QString good = run({u"bb:1"_s, u"true"_s});
        const QString bad = run({u"bb:1"_s, u"sh"_s, u"-c"_s, u"exit 3"_s});
        const QString term = run({u"bb:1"_s, u"sh"_s, u"-c"_s, u"trap 'exit 143' TERM; while :; do sleep 0.1; done"_s});
        QTRY_COMPARE(program.state(good), u"Finished"_s);
        QTRY_COMPARE(program.state(bad), u"Failed (exit 3)"_s);
        QTRY_VERIFY(program.state(term).startsWith(u"Running"));
        program.operations.run(Action::Stop, {term});
        QTRY_COMPARE_WITH_TIMEOUT(program.state(term), u"Stopped by signal 15"_s, 20000);
        program.operations.remove({good, bad, term}, {});
        QTRY_COMPARE(program.containers.rowCount(), 0);
    }

    void refusalsComeInTheDaemonsWords()
    {
        Program program(m_daemon->socketPath());
        const QString one = run({u"--name"_s, u"one"_s, u"bb:1"_s, u"sleep"_s, u"1000"_s});
        const QString two = run({u"--name"_s, u"two"_s, u"bb:1"_s, u"true"_s});
        QTRY_COMPARE(program.containers.rowCount(), 2);
        QSignalSpy failed(&program.operations, &inventory::Operations::failed);
        program.operations.rename(two, u"one"_s);
        QTRY_COMPARE(failed.size(), 1);
        const auto conflict = failed[0][3].value<core::Error>();
        QVERIFY(conflict.kind == core::ErrorKind::Conflict);
        QVERIFY(conflict.message.contains(u"already in use"));
        // Without force a running container stays.
        program.operations.remove({one}, {});
        QTRY_COMPARE(failed.size(), 2);
        QVERIFY(program.inventory.container(one));
        QSignalSpy imageFailed(&program.operations, &inventory::Operations::imageFailed);
        program.operations.removeImages({u"bb:1"_s});
        QTRY_COMPARE(imageFailed.size(), 1);
        program.operations.remove({one, two}, {true, false});
        QTRY_COMPARE(program.containers.rowCount(), 0);
    }

    void anonymousVolumesGoOnlyWhenAsked()
    {
        Program program(m_daemon->socketPath());
        const QString keep = run({u"-v"_s, u"/data"_s, u"bb:1"_s, u"true"_s});
        const QString drop = run({u"-v"_s, u"/data"_s, u"bb:1"_s, u"true"_s});
        QTRY_COMPARE(program.containers.rowCount(), 2);
        program.inventory.setInSight({keep, drop});
        QTRY_COMPARE(program.inventory.container(drop)->anonymousVolumes, 1);
        const auto volumes = [this] {
            return m_daemon->docker({u"volume"_s, u"ls"_s, u"-q"_s}).text().split(u'\n', Qt::SkipEmptyParts).size();
        };
        QCOMPARE(volumes(), 2);
        program.operations.remove({drop}, {false, true});
        QTRY_COMPARE(program.containers.rowCount(), 1);
        QCOMPARE(volumes(), 1);
        program.operations.remove({keep}, {});
        QTRY_COMPARE(program.containers.rowCount(), 0);
        QCOMPARE(volumes(), 1);
    }

    void gpusAskedFor()
    {
        Program program(m_daemon->socketPath());
        const QString id = run({u"--gpus"_s, u"\"device=0,1\""_s, u"bb:1"_s, u"env"_s});
        QTRY_COMPARE(program.state(id), u"Finished"_s);
        program.inventory.setInSight({id});
        QTRY_COMPARE(program.cell(id, ContainerColumn::Gpus), u"0,1"_s);
        QVERIFY(m_daemon->docker({u"logs"_s, id}).out.contains("NVIDIA_VISIBLE_DEVICES=0,1"));
        program.operations.remove({id}, {});
        QTRY_COMPARE(program.containers.rowCount(), 0);
    }

    void twoHundred()
    {
        Program program(m_daemon->socketPath());
        QTRY_VERIFY(program.inventory.containersKnown());
        QByteArray script;
        for (int i = 0; i < 200; ++i)
            script += "docker -H " + m_daemon->host().toUtf8() + " create --name many" + QByteArray::number(i)
                + " bb:1 true >/dev/null\n";
        QVERIFY(support::runCommand(u"sh"_s, {u"-e"_s}, script, 240000).ok());
        QTRY_COMPARE_WITH_TIMEOUT(program.containers.rowCount(), 200, 20000);
        program.filter.setText(u"many19"_s);
        QCOMPARE(program.filter.rowCount(), 11);
        QStringList ids;
        for (const Container &container : program.inventory.containers())
            ids.append(container.id);
        program.operations.remove(ids, {});
        QTRY_COMPARE_WITH_TIMEOUT(program.containers.rowCount(), 0, 60000);
        QCOMPARE(m_daemon->docker({u"ps"_s, u"-aq"_s}).text(), QString());
    }

    void theDaemonGoesAndComesBack()
    {
        Program program(m_daemon->socketPath());
        const QString id = run({u"--name"_s, u"survivor"_s, u"bb:1"_s, u"sleep"_s, u"1000"_s});
        QTRY_COMPARE(program.containers.rowCount(), 1);
        m_daemon->kill();
        QTRY_COMPARE_WITH_TIMEOUT(program.inventory.link(), Inventory::Link::Lost, 20000);
        QCOMPARE(program.containers.rowCount(), 1);
        QVERIFY(m_daemon->start());
        QTRY_COMPARE_WITH_TIMEOUT(program.inventory.link(), Inventory::Link::Live, 20000);
        QTRY_VERIFY_WITH_TIMEOUT(!program.inventory.container(id)->running(), 20000);
        QVERIFY(m_daemon->stop());
        QTRY_COMPARE_WITH_TIMEOUT(program.inventory.link(), Inventory::Link::Lost, 20000);
        QVERIFY(m_daemon->start());
        QTRY_COMPARE_WITH_TIMEOUT(program.inventory.link(), Inventory::Link::Live, 20000);
        program.operations.remove({id}, {true, false});
        QTRY_COMPARE_WITH_TIMEOUT(program.containers.rowCount(), 0, 20000);
    }
};

QTEST_GUILESS_MAIN(ActionsTest)
#include "tst_actions.moc"
