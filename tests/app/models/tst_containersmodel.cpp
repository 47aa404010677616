#include "models/containersmodel.h"
#include "models/tablefilter.h"
#include "support/fakedaemon.h"

#include <QAbstractItemModelTester>
#include <QDateTime>
#include <QSignalSpy>
#include <QTest>

using inventory::ContainerColumn;
using inventory::Inventory;
using models::ContainersModel;
using models::TableFilter;
using support::FakeDaemon;
using support::FakeReply;
using namespace Qt::StringLiterals;

namespace {

QByteArray summary(const QByteArray &id, const QByteArray &name, qint64 created, const QByteArray &state = "running",
    const QByteArray &status = "Up 3 hours")
{
    return R"({"Id":")" + id + R"(","Names":["/)" + name + R"("],"Image":"bb:1","ImageID":"sha256:1","Created":)"
        + QByteArray::number(created) + R"(,"State":")" + state + R"(","Status":")" + status + R"("})";
}

} // namespace

/** The containers table and its filter, under the model testers. */
class ContainersModelTest : public QObject
{
    Q_OBJECT

    QStringList names(const QAbstractItemModel &model) const
    {
        QStringList names;
        for (int row = 0; row < model.rowCount(); ++row)
            names.append(model.index(row, 0).data().toString());
        return names;
    }

private Q_SLOTS:
    void rowsComeChangeAndGoWithoutAReset()
    {
        FakeDaemon daemon;
        daemon.route("GET", "/containers/json",
            FakeReply::json("[" + summary("a", "run-2", 10) + "," + summary("b", "run-10", 30) + ","
                + summary("c", "x", 20) + "]"));
        docker::Engine engine({daemon.socketPath()});
        Inventory inventory(engine);
        inventory::LiveFigures figures(engine);
        ContainersModel model(inventory, figures);
        TableFilter proxy;
        proxy.setSourceModel(&model);
        QAbstractItemModelTester modelTester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QAbstractItemModelTester proxyTester(&proxy, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
        inventory.start();
        QTRY_COMPARE(model.rowCount(), 3);

        // Names as people count, dates by number.
        proxy.sort(int(ContainerColumn::Name));
        QCOMPARE(names(proxy), (QStringList{u"run-2"_s, u"run-10"_s, u"x"_s}));
        proxy.sort(int(ContainerColumn::Created), Qt::DescendingOrder);
        QCOMPARE(names(proxy), (QStringList{u"run-10"_s, u"x"_s, u"run-2"_s}));

        proxy.setText(u"BB RUN-1"_s);
        QCOMPARE(names(proxy), QStringList{u"run-10"_s});
        proxy.setText({});
        QCOMPARE(proxy.rowCount(), 3);

        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        daemon.route("GET", "/containers/json",
            FakeReply::json("[" + summary("a", "run-2", 10, "exited", "Exited (1) 1 second ago") + ","
                + summary("d", "new", 40) + "]"));
        inventory.refresh();
        QTRY_COMPARE(names(model), (QStringList{u"run-2"_s, u"new"_s}));
        QCOMPARE(model.index(0, int(ContainerColumn::State)).data().toString(), u"Failed (exit 1)"_s);
        QCOMPARE(changed.size(), 1);
        QCOMPARE(changed[0][0].toModelIndex().row(), 0);
        QVERIFY(reset.isEmpty());
        QCOMPARE(proxy.rowCount(), 2);
    }

    void columnsAndCells()
    {
        FakeDaemon daemon;
        daemon.route("GET", "/containers/json",
            FakeReply::json("[" + summary("a", "run", QDateTime::currentSecsSinceEpoch() - 7300) + "]"));
        docker::Engine engine({daemon.socketPath()});
        Inventory inventory(engine);
        inventory::LiveFigures figures(engine);
        ContainersModel model(inventory, figures);
        inventory.start();
        QTRY_COMPARE(model.rowCount(), 1);
        QStringList headings;
        QStringList cells;
        for (int column = 0; column < model.columnCount(); ++column) {
            headings.append(model.headerData(column, Qt::Horizontal, Qt::DisplayRole).toString());
            cells.append(model.index(0, column).data().toString());
        }
        QCOMPARE(headings,
            (QStringList{u"Name"_s, u"Image"_s, u"State"_s, u"GPUs"_s, u"CPU"_s, u"Memory"_s, u"GPU memory"_s,
                u"Ports"_s, u"Created"_s}));
        QCOMPARE(cells,
            (QStringList{u"run"_s, u"bb:1"_s, u"Running 3 h"_s, u"–"_s, u"–"_s, u"–"_s, u"–"_s, {}, u"2 h ago"_s}));

        model.setNow(QDateTime::currentSecsSinceEpoch() + 3600);
        QCOMPARE(model.index(0, int(ContainerColumn::State)).data().toString(), u"Running 4 h"_s);
    }

    void figuresAreOneSignalARun()
    {
        FakeDaemon daemon;
        daemon.route(
            "GET", "/containers/json", FakeReply::json("[" + summary("a", "a", 1) + "," + summary("b", "b", 1) + "]"));
        daemon.route("GET", "/containers/a/stats",
            FakeReply::stream("application/json",
                R"({"memory_stats":{"usage":1048576}})"
                "\n"));
        docker::Engine engine({daemon.socketPath()});
        Inventory inventory(engine);
        inventory::LiveFigures figures(engine);
        ContainersModel model(inventory, figures);
        inventory.start();
        QTRY_COMPARE(model.rowCount(), 2);
        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        figures.watch({u"a"_s});
        QTRY_COMPARE(model.index(0, int(ContainerColumn::Memory)).data().toString(), u"1 MiB"_s);
        QTRY_COMPARE(changed.size(), 1);
        QCOMPARE(model.index(0, int(ContainerColumn::Memory)).data(models::SortRole).toLongLong(), 1048576);
    }

    void manyRunsAreOneRange()
    {
        FakeDaemon daemon;
        daemon.route("GET", "/containers/json", FakeReply::json(support::containerListJson(2000)));
        docker::Engine engine({daemon.socketPath()});
        Inventory inventory(engine);
        inventory::LiveFigures figures(engine);
        ContainersModel model(inventory, figures);
        inventory.start();
        QTRY_COMPARE(model.rowCount(), 2000);
        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        inventory::ListChange change;
        for (qsizetype row = 0; row < 1000; row += 2)
            change.changed.append({row, 1, 1});
        model.apply(change, inventory.containers());
        QCOMPARE(changed.size(), 1);
        QCOMPARE(changed[0][0].toModelIndex().row(), 0);
        QCOMPARE(changed[0][1].toModelIndex().row(), 998);
    }
};

QTEST_GUILESS_MAIN(ContainersModelTest)
#include "tst_containersmodel.moc"
