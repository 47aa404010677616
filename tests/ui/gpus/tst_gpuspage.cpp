#include "common/emptystate.h"
#include "common/messagebar.h"
#include "common/tableview.h"
#include "docker/engine.h"
#include "gpus/gpuplots.h"
#include "gpus/gpuspage.h"
#include "inventory/gpuwords.h"
#include "inventory/inventory.h"
#include "support/fakedaemon.h"

#include <QDateTime>
#include <QHeaderView>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QSplitter>
#include <QTemporaryDir>
#include <QTest>
#include <cmath>

using namespace gpus;
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
    gpu.utilisation = 10 * index;
    gpu.memoryTotal = 80 * gib;
    gpu.memoryUsed = index * gib;
    return gpu;
}

gpu::Process process(qint64 pid, qint64 memory)
{
    gpu::Process process;
    process.pid = pid;
    process.memory = memory;
    process.name = u"python3"_s;
    return process;
}

/** A daemon with one container, "run", whose process is 100, and GPUs as the test says. */
struct Fixture
{
    QTemporaryDir folder;
    support::FakeDaemon daemon;
    docker::Engine engine{{daemon.socketPath()}};
    inventory::Inventory inventory{engine};
    gpu::Sampler sampler;
    inventory::GpuState state{sampler, inventory, engine, nullptr, QString()};
    settings::Settings settings{folder.filePath(u"slipway.conf"_s)};
    gpu::Snapshot snapshot;

    Fixture()
    {
        daemon.route("GET", "/containers/json",
            FakeReply::json(
                R"([{"Id":"run","Names":["/run"],"Image":"bb:1","State":"running","Status":"Up 1 hour"}])"));
        daemon.route("GET", "/containers/run/json",
            FakeReply::json(R"({"Id":"run","State":{"Status":"running","Pid":100},"HostConfig":)"
                            R"({"DeviceRequests":[{"Count":1,"Capabilities":[["gpu"]]}]}})"));
        daemon.route("GET", "/containers/run/top",
            FakeReply::json(R"({"Titles":["UID","PID","CMD"],"Processes":[["anna","100","python3 train.py"]]})"));
        inventory.start();
    }
    void sample(qint64 seconds)
    {
        snapshot.taken = seconds * 1000;
        Q_EMIT sampler.sampled(snapshot);
    }
    static common::TableView *table(QWidget &page, const QString &name)
    {
        for (auto *table : page.findChildren<common::TableView *>()) {
            if (table->accessibleName() == name)
                return table;
        }
        qFatal("no table %s", qPrintable(name));
    }
};

} // namespace

/** The GPUs page over a GpuState: its tables, what a selection narrows, the way to a container, and honest sentences.
 */
class GpusPageTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aFaultIsSaidAndLeadsToItsContainer()
    {
        Fixture f;
        f.snapshot.gpus = {card(0), card(1)};
        f.snapshot.gpus[1].processes = {process(100, gib)};
        GpusPage page(f.state, f.settings);
        page.show();
        f.sample(1);
        QTRY_COMPARE(f.state.users(u"GPU-1"_s).value(0).name, u"run"_s);
        common::MessageBar *bar = nullptr;
        const auto shown = [&] {
            for (auto *one : page.findChildren<common::MessageBar *>()) {
                if (one->isVisible())
                    bar = one;
            }
            return bar && bar->isVisible();
        };
        QVERIFY(!shown());
        f.snapshot.gpus[1].xid = gpu::Xid{79, QDateTime::currentMSecsSinceEpoch()};
        f.sample(2);
        QVERIFY(shown());
        QVERIFY2(bar->title().startsWith(u"GPU 1 had a fault at ") && bar->title().endsWith(u" used by run."),
            qPrintable(bar->title()));
        QCOMPARE(bar->whatToDo(), inventory::xidSentence(79));
        QSignalSpy requested(&page, &GpusPage::containerRequested);
        bar->findChild<QPushButton *>()->click();
        QCOMPARE(requested.value(0).value(0).toString(), u"run"_s);

        bar->clear(); // as closing does
        f.sample(3);
        QVERIFY(!shown());
        f.snapshot.gpus[0].xid = gpu::Xid{31, QDateTime::currentMSecsSinceEpoch() + 1};
        f.sample(4);
        QVERIFY(shown());
        QVERIFY(bar->title().startsWith(u"GPU 0 had a fault at ") && !bar->title().contains(u"used by"));
        QVERIFY(!bar->findChild<QPushButton *>()->isVisible());
    }

    void anOldFaultIsNoNews()
    {
        Fixture f;
        f.snapshot.gpus = {card(0)};
        f.snapshot.gpus[0].xid = gpu::Xid{79, QDateTime::currentMSecsSinceEpoch() - 2 * 3600 * 1000};
        GpusPage page(f.state, f.settings);
        page.show();
        f.sample(1);
        for (auto *bar : page.findChildren<common::MessageBar *>())
            QVERIFY(!bar->isVisible());
    }

    void idleTimeIsSet()
    {
        Fixture f;
        f.snapshot.gpus = {card(0)};
        f.snapshot.gpus[0].utilisation = 0;
        f.snapshot.gpus[0].processes = {process(100, gib)};
        f.sample(1);
        QTRY_COMPARE(f.state.users(u"GPU-0"_s).value(0).name, u"run"_s);
        for (int minute = 1; minute <= 5; ++minute)
            f.sample(1 + minute * 60);
        QVERIFY(!f.state.containerGpu(u"run"_s).idle);
        GpusPage page(f.state, f.settings);
        QSpinBox *minutes = page.findChild<QSpinBox *>();
        QCOMPARE(minutes->value(), 15);
        QCOMPARE(minutes->accessibleName(), u"Mark as idle after"_s);
        minutes->setValue(3);
        QVERIFY(f.state.containerGpu(u"run"_s).idle);
        QCOMPARE(f.settings.value(settings::keys::gpuIdleMinutes), 3);
    }

    void showsGpusAndProcesses()
    {
        Fixture f;
        for (int i = 0; i < 3; ++i)
            f.snapshot.gpus += card(i);
        f.snapshot.gpus[1].processes = {process(100, gib)};
        f.snapshot.gpus[2].processes = {process(999, 2 * gib)};
        GpusPage page(f.state, f.settings);
        page.resize(1000, 700);
        page.show();
        f.sample(1);
        auto *gpus = Fixture::table(page, u"GPUs"_s);
        auto *processes = Fixture::table(page, u"GPU processes"_s);
        QCOMPARE(gpus->model()->rowCount(), 3);
        QTRY_COMPARE(processes->model()->rowCount(), 2);
        QStringList headings;
        for (int i = 0; i < gpus->model()->columnCount(); ++i)
            headings += gpus->model()->headerData(i, Qt::Horizontal).toString();
        QCOMPARE(headings.join(u' '), u"GPU Name Utilisation Memory Temperature Power Used by"_s);

        page.select(u"GPU-1"_s);
        QCOMPARE(processes->model()->rowCount(), 1);
        QCOMPARE(processes->model()->index(0, 1).data().toString(), u"100"_s);
        page.select(u"GPU-0"_s);
        QCOMPARE(processes->model()->rowCount(), 0);
        gpus->clearSelection();
        QCOMPARE(processes->model()->rowCount(), 2);
        page.setFilter(u"999"_s);
        QCOMPARE(processes->model()->rowCount(), 1);
    }

    void showsAllRowsUntilSetOtherwise()
    {
        Fixture f;
        for (int i = 0; i < 10; ++i)
            f.snapshot.gpus += card(i);
        const auto rowsInSight = [](GpusPage &page) {
            return Fixture::table(page, u"GPUs"_s)->viewport()->height()
                / Fixture::table(page, u"GPUs"_s)->rowHeight(0);
        };
        {
            GpusPage page(f.state, f.settings);
            page.resize(1000, 640);
            page.show();
            f.sample(1);
            QTRY_COMPARE(rowsInSight(page), 10);
            page.resize(1000, 900); // room goes to the plots and processes
            QTRY_COMPARE(page.height(), 900);
            QCOMPARE(rowsInSight(page), 10);
            f.snapshot.gpus.resize(2);
            f.sample(2);
            QCOMPARE(rowsInSight(page), 2);
        }
        QVERIFY(f.settings.value(settings::keys::gpuSplitter).isEmpty());
        int chosen = 0;
        {
            GpusPage page(f.state, f.settings);
            page.resize(1000, 640);
            page.show();
            f.sample(3);
            auto *splitter = page.findChild<QSplitter *>();
            const QPoint at = splitter->handle(1)->rect().center();
            QTest::mousePress(splitter->handle(1), Qt::LeftButton, {}, at);
            QTest::mouseMove(splitter->handle(1), at + QPoint(0, 60));
            QTest::mouseRelease(splitter->handle(1), Qt::LeftButton, {}, at + QPoint(0, 60));
            chosen = splitter->sizes().first();
            f.sample(4);
            QCOMPARE(splitter->sizes().first(), chosen);
            QVERIFY(rowsInSight(page) > 2);
        }
        GpusPage page(f.state, f.settings);
        page.resize(1000, 640);
        page.show();
        f.sample(5);
        QCOMPARE(page.findChild<QSplitter *>()->sizes().first(), chosen);
    }

    void leadsToTheContainer()
    {
        Fixture f;
        f.snapshot.gpus = {card(0)};
        f.snapshot.gpus[0].processes = {process(100, gib), process(999, gib)};
        GpusPage page(f.state, f.settings);
        page.resize(1000, 700);
        page.show();
        f.sample(1);
        QTRY_VERIFY(f.state.settled() && f.inventory.containersKnown() && f.inventory.containers()[0].detailed);
        f.sample(2);
        auto *processes = Fixture::table(page, u"GPU processes"_s);
        const int column = int(inventory::GpuProcessColumn::Container);
        const auto cell = [&](const QString &text) {
            for (int row = 0; row < processes->model()->rowCount(); ++row) {
                if (processes->model()->index(row, column).data().toString() == text)
                    return processes->model()->index(row, column);
            }
            return QModelIndex();
        };
        QTRY_VERIFY(cell(u"run"_s).isValid());
        QSignalSpy asked(&page, &GpusPage::containerRequested);
        const auto click = [&](const QModelIndex &index) {
            QTest::mouseClick(processes->viewport(), Qt::LeftButton, {}, processes->visualRect(index).center());
        };
        click(cell(u"–"_s));
        QCOMPARE(asked.size(), 0);
        click(cell(u"run"_s));
        QCOMPARE(asked.size(), 1);
        QCOMPARE(asked[0][0].toString(), u"run"_s);
    }

    void saysWhyThereIsNothing_data()
    {
        QTest::addColumn<int>("kind");
        QTest::newRow("no gpu") << int(gpu::TroubleKind::NoGpu);
        QTest::newRow("no driver") << int(gpu::TroubleKind::NoDriver);
        QTest::newRow("mismatch") << int(gpu::TroubleKind::Mismatch);
        QTest::newRow("denied") << int(gpu::TroubleKind::Denied);
        QTest::newRow("broken") << int(gpu::TroubleKind::Broken);
    }
    void saysWhyThereIsNothing()
    {
        QFETCH(int, kind);
        Fixture f;
        GpusPage page(f.state, f.settings);
        page.show();
        auto *empty = Fixture::table(page, u"GPUs"_s)->findChild<common::EmptyState *>();
        QCOMPARE(empty->sentence(), u"Asking the driver…"_s);
        f.snapshot.trouble = gpu::Trouble{gpu::TroubleKind(kind), u"One honest sentence."_s, {}};
        f.sample(1);
        QVERIFY(empty->isVisible());
        QCOMPARE(empty->sentence(), u"One honest sentence."_s);
        QVERIFY(!Fixture::table(page, u"GPU processes"_s)->isVisible());
        // And then there is one, while another vendor's still are in trouble.
        f.snapshot.gpus = {card(0)};
        f.sample(2);
        QVERIFY(!empty->isVisible());
        QVERIFY(Fixture::table(page, u"GPU processes"_s)->isVisible());
    }

    void aLineHasOnePointAStep()
    {
        gpu::History history;
        gpu::Snapshot snapshot;
        snapshot.gpus = {card(0)};
        const auto add = [&](qint64 second, int utilisation) {
            snapshot.gpus[0].utilisation = utilisation;
            snapshot.taken = second * 1000;
            history.append(snapshot);
        };
        for (int second = 0; second < 12; ++second)
            add(100 + second, second % 2 ? 100 : 0);
        const auto value = [](const gpu::HistoryPoint &point) {
            return point.utilisation < 0 ? std::nan("") : double(point.utilisation);
        };
        const auto line = steps(history, u"GPU-0"_s, 111'000, 4000, value);
        QCOMPARE(line.size(), 3);
        for (const auto &[time, v] : line)
            QCOMPARE(v, 50.0);
        QCOMPARE(line[0].first, 102'000.0 - 111'000.0);
        // A minute later the same steps are at the same times: the line moves as one.
        QCOMPARE(steps(history, u"GPU-0"_s, 171'000, 4000, value)[0].first, line[0].first - 60'000);

        add(112, gpu::unknown);
        add(200, 40);
        const auto gaps = steps(history, u"GPU-0"_s, 200'000, 4000, value);
        QCOMPARE(gaps.size(), 6);
        QVERIFY(std::isnan(gaps[3].second)); // unknown
        QVERIFY(std::isnan(gaps[4].second)); // nobody sampled
        QCOMPARE(gaps[5].second, 40.0);
        QVERIFY(steps(history, u"GPU-9"_s, 0, 4000, value).isEmpty());
    }

    void plotsOnlyWhileSeenAndOncePerPixel()
    {
        gpu::History history;
        GpuPlots plots(history);
        plots.setLines({{u"GPU-0"_s, u"0"_s, 80 * gib}}, {{u"GPU-0"_s, u"0"_s, 80 * gib}});
        plots.resize(900, 200);
        const int hidden = plots.replots();
        plots.advance(1000);
        QCOMPARE(plots.replots(), hidden);
        plots.show();
        QVERIFY(QTest::qWaitForWindowExposed(&plots));
        plots.advance(60'000);
        const int before = plots.replots();
        for (int second = 0; second < 60; ++second)
            plots.advance(60'000 + second * 1000);
        // A pixel of some 400 stands for about 4 s.
        QVERIFY2(plots.replots() > before && plots.replots() - before <= 20,
            qPrintable(QString::number(plots.replots() - before)));
    }
};

QTEST_MAIN(GpusPageTest)
#include "tst_gpuspage.moc"
