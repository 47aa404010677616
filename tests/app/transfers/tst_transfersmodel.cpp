#include "support/fakedaemon.h"
#include "transfers/layersmodel.h"
#include "transfers/transfers.h"
#include "transfers/transfersmodel.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using docker::ImageReference;
using support::FakeReply;
using transfers::LayerColumn;
using transfers::TransferColumn;
using namespace Qt::StringLiterals;

/** The two tables, with Qt's own model test watching each step. */
class TransfersModelTest : public QObject
{
    Q_OBJECT

    static constexpr char create[] = "/images/create";

    static ImageReference image(const QString &text) { return ImageReference::parse(text).value(); }
    static QString cell(const QAbstractItemModel &model, int row, int column)
    {
        return model.index(row, column).data().toString();
    }
    template <typename Column> static QString cell(const QAbstractItemModel &model, int row, Column column)
    {
        return cell(model, row, int(column));
    }

private Q_SLOTS:
    void rowsComeChangeAndGo()
    {
        support::FakeDaemon daemon;
        docker::Engine engine(http::Endpoint{daemon.socketPath()});
        daemon.route("POST", create, FakeReply::stream());
        transfers::Transfers all(engine);
        transfers::TransfersModel model(all);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QCOMPARE(model.rowCount(), 0);
        const int first = all.pull(image(u"nvcr.io/nvidia/pytorch:24.05"_s));
        all.pull(image(u"ubuntu"_s));
        QCOMPARE(model.rowCount(), 2);
        QCOMPARE(cell(model, 0, TransferColumn::Image), u"nvcr.io/nvidia/pytorch:24.05"_s);
        QCOMPARE(cell(model, 1, TransferColumn::Image), u"ubuntu:latest"_s);
        QCOMPARE(cell(model, 0, TransferColumn::What), u"Pull"_s);
        QCOMPARE(cell(model, 0, TransferColumn::Progress), u"–"_s);
        QCOMPARE(cell(model, 0, TransferColumn::State), u"Asking the registry"_s);
        QVERIFY(!model.index(0, 0).data(transfers::FractionRole).isValid());

        QTRY_COMPARE(daemon.count("POST", create), 2);
        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        daemon.push(create,
            "{\"status\":\"Downloading\",\"progressDetail\":{\"current\":1048576,\"total\":4194304},\"id\":\"a\"}\r\n");
        QTRY_COMPARE(cell(model, 0, TransferColumn::Progress), u"1 of 4 MiB"_s);
        QCOMPARE(model.index(0, int(TransferColumn::Progress)).data(Qt::ToolTipRole).toString(),
            u"0 of 1 layer, 1 of 4 MiB"_s);
        QCOMPARE(model.index(0, 0).data(transfers::FractionRole).toDouble(), 1.0 / 8);
        QCOMPARE(cell(model, 0, TransferColumn::State), u"Downloading"_s);
        QVERIFY(!changed.isEmpty());
        QCOMPARE(changed[0][0].toModelIndex().column(), int(TransferColumn::Progress));

        all.cancel(first);
        QTRY_COMPARE(cell(model, 0, TransferColumn::State), u"Cancelled"_s);
        all.remove(first);
        QCOMPARE(model.rowCount(), 1);
        QCOMPARE(model.rowOf(first), -1);
        QCOMPARE(cell(model, 0, TransferColumn::Image), u"ubuntu:latest"_s);
        QCOMPARE(model.headerData(5, Qt::Horizontal, Qt::DisplayRole).toString(), u"State"_s);
        QVERIFY(!model.data(QModelIndex(), Qt::DisplayRole).isValid());
    }

    void layers()
    {
        transfers::LayersModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        docker::PullProgress progress;
        progress.take({u"a"_s, u"Pulling fs layer"_s});
        progress.take({u"b"_s, u"Pulling fs layer"_s});
        model.setProgress(progress);
        QCOMPARE(model.rowCount(), 2);
        progress.take({u"b"_s, u"Downloading"_s, 1, 4});
        progress.take({u"c"_s, u"Already exists"_s});
        model.setProgress(progress);
        QCOMPARE(model.rowCount(), 3);
        QCOMPARE(changed.size(), 1);
        QCOMPARE(changed[0][0].toModelIndex().row(), 1);
        QCOMPARE(cell(model, 1, LayerColumn::Layer), u"b"_s);
        QCOMPARE(cell(model, 1, LayerColumn::Size), u"4 B"_s);
        QCOMPARE(cell(model, 1, LayerColumn::State), u"Downloading 1 of 4 B"_s);
        QCOMPARE(cell(model, 2, LayerColumn::State), u"Already here"_s);
        QCOMPARE(model.index(1, 0).data(transfers::FractionRole).toDouble(), 0.25);
        QCOMPARE(model.index(2, 0).data(transfers::FractionRole).toDouble(), 1.0);
        QVERIFY(!model.index(0, 0).data(transfers::FractionRole).isValid());
        progress.take({u"b"_s, u"Extracting"_s, 3, -1});
        model.setProgress(progress);
        QVERIFY(!model.index(1, 0).data(transfers::FractionRole).isValid()); // seconds are no share
        QVERIFY(reset.isEmpty());
        model.setProgress({}); // another transfer
        QCOMPARE(model.rowCount(), 0);
        QCOMPARE(reset.size(), 1);
    }
};

QTEST_GUILESS_MAIN(TransfersModelTest)
#include "tst_transfersmodel.moc"
