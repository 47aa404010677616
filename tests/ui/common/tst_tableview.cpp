#include "common/emptystate.h"
#include "common/statedelegate.h"
#include "common/tableview.h"

#include <QAccessible>
#include <QHeaderView>
#include <QScrollBar>
#include <QSignalSpy>
#include <QSortFilterProxyModel>
#include <QStandardItemModel>
#include <QTest>

using namespace common;

/** Columns are remembered, the rows in sight are told once things settle, an empty table says what to do. */
class TableViewTest : public QObject
{
    Q_OBJECT
private:
    struct Fixture
    {
        QStandardItemModel model;
        QSortFilterProxyModel proxy;
        TableView view;

        explicit Fixture(int rows)
        {
            model.setHorizontalHeaderLabels({QStringLiteral("Name"), QStringLiteral("Size"), QStringLiteral("State")});
            add(rows);
            proxy.setSourceModel(&model);
            view.setModel(&proxy);
            view.resize(400, 300);
        }
        void add(int rows)
        {
            for (int i = 0; i < rows; ++i) {
                auto *number = new QStandardItem;
                number->setData(i, Qt::DisplayRole);
                model.appendRow({new QStandardItem(QStringLiteral("row %1").arg(i, 4, 10, QLatin1Char('0'))), number,
                    new QStandardItem(QStringLiteral("Running"))});
            }
        }
    };

private Q_SLOTS:
    void hiddenColumnsMakeNoRoom()
    {
        Fixture a(0);
        a.view.resize(300, 300);
        a.view.setColumnHidden(2, true);
        a.view.show();
        a.model.appendRow({new QStandardItem(QString(60, u'n')), new QStandardItem(QStringLiteral("7")),
            new QStandardItem(QString(90, u'h'))}); // the widest, which nobody sees
        QVERIFY(a.view.columnWidth(0) + a.view.columnWidth(1) <= a.view.viewport()->width());
        QVERIFY(a.view.columnWidth(0) > 150);
    }

    void columnsAreRemembered()
    {
        Fixture a(5);
        a.view.show();
        a.view.setColumnWidth(1, 123);
        a.view.setColumnHidden(2, true);
        a.view.horizontalHeader()->moveSection(1, 0);
        a.view.sortByColumn(1, Qt::DescendingOrder);
        const QByteArray state = a.view.saveColumns();

        Fixture b(5);
        QVERIFY(b.view.restoreColumns(state));
        QCOMPARE(b.view.columnWidth(1), 123);
        QVERIFY(b.view.isColumnHidden(2));
        QCOMPARE(b.view.horizontalHeader()->visualIndex(1), 0);
        QCOMPARE(b.proxy.index(0, 1).data().toInt(), 4);
        // Rows that come later do not measure the columns again.
        b.add(60);
        QCOMPARE(b.view.columnWidth(1), 123);
    }

    void aStateOfAnotherTableIsRefused()
    {
        Fixture a(1);
        QStandardItemModel two(0, 2);
        TableView other;
        other.setModel(&two);
        const QByteArray state = other.saveColumns();
        a.view.setColumnWidth(0, 77);
        QVERIFY(!a.view.restoreColumns(state));
        QVERIFY(!a.view.restoreColumns(QByteArray("rubbish")));
        QVERIFY(!a.view.restoreColumns({}));
        QCOMPARE(a.view.columnWidth(0), 77);
    }

    void columnsAreMeasuredWhenTheFirstRowsCome()
    {
        Fixture a(0);
        a.view.show();
        const int before = a.view.columnWidth(0);
        a.model.appendRow(new QStandardItem(QStringLiteral("a name that is a good deal longer than that")));
        QVERIFY(a.view.columnWidth(0) > before);
        a.model.appendRow(new QStandardItem(QString(400, u'x')));
        const int measured = a.view.columnWidth(0);
        QVERIFY(measured <= 40 * grid);
    }

    void columnsAreMeasuredForTheWidthTheTableIsShownWith()
    {
        Fixture a(0);
        a.view.resize(100, 80); // as a page that was never shown
        const QString name(30, u'm');
        a.model.appendRow({new QStandardItem(name), new QStandardItem(name), new QStandardItem(QStringLiteral("x"))});
        QVERIFY(a.view.saveColumns().isEmpty());
        a.view.resize(1600, 300);
        a.view.show();
        const int text = a.view.fontMetrics().horizontalAdvance(name);
        QVERIFY(a.view.columnWidth(0) >= std::min(text, 30 * grid));
        QVERIFY(!a.view.saveColumns().isEmpty());
    }

    void visibleRowsAreToldWhenScrollingStops()
    {
        Fixture a(500);
        QSignalSpy told(&a.view, &TableView::visibleRowsChanged);
        a.view.show();
        QVERIFY(told.wait());
        QCOMPARE(told.size(), 1);
        QCOMPARE(told.last().at(0).toInt(), 0);
        const int last = told.last().at(1).toInt();
        QVERIFY2(last > 5 && last < 30, qPrintable(QString::number(last)));

        for (int i = 0; i < 50; ++i)
            a.view.verticalScrollBar()->setValue(i * 20);
        QCOMPARE(told.size(), 1);
        QVERIFY(told.wait());
        QCOMPARE(told.size(), 2);
        QVERIFY(told.last().at(0).toInt() > last);
        QCOMPARE(told.last().at(0).toInt(), a.view.visibleRows().first);

        a.view.hide();
        QCOMPARE(told.size(), 3);
        QCOMPARE(told.last().at(0).toInt(), -1);
    }

    void sortingTellsTheRowsAgain()
    {
        Fixture a(500);
        QSignalSpy told(&a.view, &TableView::visibleRowsChanged);
        a.view.show();
        QVERIFY(told.wait());
        a.view.sortByColumn(1, Qt::DescendingOrder);
        QVERIFY(told.wait());
        QCOMPARE(told.last().at(0).toInt(), 0);
    }

    void fewRowsAreAllVisible()
    {
        Fixture a(3);
        a.view.show();
        QCOMPARE(a.view.visibleRows(), (std::pair{0, 2}));
        Fixture none(0);
        none.view.show();
        QCOMPARE(none.view.visibleRows(), (std::pair{-1, -1}));
    }

    void emptyTableSaysWhatToDo()
    {
        Fixture a(0);
        auto *empty = new EmptyState;
        empty->setContent({}, QStringLiteral("No container yet."), QStringLiteral("New &run…"));
        a.view.setEmptyState(empty);
        a.view.show();
        QVERIFY(empty->isVisible());
        a.add(1);
        QVERIFY(!empty->isVisible());
        a.proxy.setFilterFixedString(QStringLiteral("nothing has this"));
        QVERIFY(empty->isVisible());
    }

    void selectionIsInRowOrder()
    {
        Fixture a(5);
        a.view.sortByColumn(1, Qt::AscendingOrder);
        a.view.selectRow(3);
        a.view.selectionModel()->select(a.proxy.index(1, 0), QItemSelectionModel::Select | QItemSelectionModel::Rows);
        const auto rows = a.view.selectedRowIndexes();
        QCOMPARE(rows.size(), 2);
        QCOMPARE(rows[0].row(), 1);
        QCOMPARE(rows[1].row(), 3);
    }

    void staleRowsAreMuted()
    {
        Fixture a(1);
        const QColor before = a.view.palette().color(QPalette::Text);
        a.view.setStale(true);
        QVERIFY(a.view.stale());
        QVERIFY(a.view.palette().color(QPalette::Text) != before);
        a.view.setStale(false);
        QCOMPARE(a.view.palette().color(QPalette::Text), before);
    }

    void theMenuKeyAsksForTheMenu()
    {
        Fixture a(3);
        a.view.show();
        a.view.setCurrentIndex(a.proxy.index(1, 0));
        QSignalSpy menu(&a.view, &TableView::menuRequested);
        QContextMenuEvent event(QContextMenuEvent::Keyboard, QPoint(0, 0), QPoint(0, 0));
        QApplication::sendEvent(a.view.viewport(), &event);
        QCOMPARE(menu.size(), 1);
        const QPoint below = a.view.viewport()->mapFromGlobal(menu[0][0].toPoint());
        QCOMPARE(below.y(), a.view.visualRect(a.proxy.index(1, 0)).bottom());
    }

    void cellsExposeTheirText()
    {
        Fixture a(2);
        a.view.setItemDelegateForColumn(2,
            new StateDelegate(
                [](const QModelIndex &) {
                    return CellLook{QStringLiteral("x"), Tone::Running};
                },
                &a.view));
        a.view.show();
        QAccessibleInterface *table = QAccessible::queryAccessibleInterface(&a.view);
        QVERIFY(table && table->tableInterface());
        QCOMPARE(table->tableInterface()->cellAt(1, 0)->text(QAccessible::Name), QStringLiteral("row 0001"));
        QCOMPARE(table->tableInterface()->cellAt(1, 2)->text(QAccessible::Name), QStringLiteral("Running"));
    }

    void theDelegatePaintsTheTone()
    {
        QApplication::setPalette(paletteFor(Scheme::Light));
        Fixture a(1);
        a.view.setItemDelegateForColumn(2,
            new StateDelegate(
                [](const QModelIndex &) {
                    return CellLook{QStringLiteral("no-such-icon"), Tone::Failed};
                },
                &a.view));
        a.view.show();
        const QRect cell = a.view.visualRect(a.proxy.index(0, 2));
        const QImage image = a.view.viewport()->grab(cell).toImage();
        const QRgb failed = toneColor(Tone::Failed, a.view.palette()).rgb();
        int painted = 0;
        for (int y = 0; y < image.height(); ++y) {
            for (int x = 0; x < image.width(); ++x)
                painted += image.pixel(x, y) == failed;
        }
        QVERIFY(painted > 20);
    }
};

QTEST_MAIN(TableViewTest)
#include "tst_tableview.moc"
