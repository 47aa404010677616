#include "gpus/gpustrip.h"

#include <QAccessible>
#include <QSignalSpy>
#include <QTest>

using namespace gpus;
using namespace Qt::StringLiterals;

Q_DECLARE_METATYPE(gpu::Gpu)

namespace {

constexpr qint64 gib = qint64(1) << 30;

gpu::Gpu card(int index, int utilisation, qint64 used)
{
    gpu::Gpu gpu;
    gpu.uuid = u"GPU-%1"_s.arg(index);
    gpu.index = index;
    gpu.name = u"NVIDIA H100 80GB HBM3"_s;
    gpu.utilisation = utilisation;
    gpu.memoryTotal = 80 * gib;
    gpu.memoryUsed = used;
    return gpu;
}

inventory::GpuUser user(const QString &name, bool idle = false)
{
    inventory::GpuUser user;
    user.containerId = name;
    user.name = name;
    user.memory = 18 * gib;
    user.idle = idle;
    return user;
}

GpuCell cellOf(const gpu::Gpu &gpu, const QList<inventory::GpuUser> &users = {})
{
    gpu::Snapshot snapshot;
    snapshot.gpus = {gpu};
    return gpuCells(snapshot, [&](const QString &) { return users; }).first();
}

QList<GpuCell> many(int count)
{
    gpu::Snapshot snapshot;
    for (int i = 0; i < count; ++i)
        snapshot.gpus += card(i, 97, 40 * gib);
    return gpuCells(snapshot, [](const QString &) { return QList{user(u"tensorflow2-container"_s)}; });
}

} // namespace

/** The strip: what its cells say, and that they can be read, reached and hit with any number of GPUs. */
class GpuStripTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void saysWhoIsOnIt()
    {
        QCOMPARE(cellOf(card(0, 97, 40 * gib), {user(u"resnet-7"_s), user(u"vit-3"_s)}).text(),
            u"GPU 0: 97 %, 40/80 GiB, resnet-7, vit-3"_s);
        QCOMPARE(cellOf(card(2, 0, 0)).text(), u"GPU 2: 0 %, 0/80 GiB, free 80 GiB"_s);
        QCOMPARE(cellOf(card(2, 0, gib / 2)).text(), u"GPU 2: 0 %, 0.5/80 GiB, free 80 GiB"_s);
        const GpuCell idle = cellOf(card(3, 0, 18 * gib), {user(u"bert-9"_s, true)});
        QCOMPARE(idle.text(), u"GPU 3: 0 %, 18/80 GiB, idle, held"_s);
        QVERIFY(idle.toolTip.contains(u"bert-9 (idle, holds 18 GiB)"_s));
        QCOMPARE(cellOf(card(0, 0, 18 * gib), {user(u"a"_s, true), user(u"b"_s)}).who, u"a, b"_s);
        // Somebody is there whom the driver does not name.
        QCOMPARE(cellOf(card(0, 50, 30 * gib)).who, u"in use"_s);
    }

    void saysWhatIsUnknownAsNothing()
    {
        gpu::Gpu lost = card(1, gpu::unknown, gpu::unknown);
        lost.memoryTotal = gpu::unknown;
        lost.lost = true;
        lost.error = u"The driver cannot reach this GPU."_s;
        QCOMPARE(cellOf(lost).text(), u"GPU 1: lost"_s);
        QVERIFY(cellOf(lost).toolTip.contains(lost.error));
        gpu::Gpu mig = card(1, gpu::unknown, 60 * gib);
        QCOMPARE(cellOf(mig, {user(u"vit-3"_s)}).text(), u"GPU 1: 60/80 GiB, vit-3"_s);
        gpu::Gpu asleep = card(0, gpu::unknown, gpu::unknown);
        asleep.asleep = true;
        QCOMPARE(cellOf(asleep).who, u"asleep"_s);
    }

    void isNotThereWithoutGpus()
    {
        QWidget window;
        auto *strip = new GpuStrip(&window);
        window.show();
        strip->setCells({});
        QVERIFY(!strip->isVisible());
        strip->setCells(many(1));
        QVERIFY(strip->isVisible());
        strip->setCells({});
        QVERIFY(!strip->isVisible() && strip->cells().isEmpty());
    }

    void fits_data()
    {
        QTest::addColumn<int>("width");
        QTest::addColumn<int>("gpus");
        for (int width : {640, 1280, 1920}) {
            for (int gpus : {1, 2, 4, 8, 16})
                QTest::addRow("%d GPUs in %d", gpus, width) << width << gpus;
        }
    }
    void fits()
    {
        QFETCH(int, width);
        QFETCH(int, gpus);
        GpuStrip strip;
        strip.setCells(many(gpus));
        strip.resize(width, 100);
        strip.resize(width, strip.sizeHint().height());
        QCOMPARE(strip.cells().size(), gpus);
        QRegion covered;
        for (const GpuCellButton *cell : strip.cells()) {
            QVERIFY(strip.rect().contains(cell->geometry()));
            QVERIFY(!covered.intersects(cell->geometry()));
            covered += cell->geometry();
            QCOMPARE(cell->detail(), strip.cells().first()->detail());
            if (width >= 1280)
                QVERIFY2(cell->width() >= GpuCellButton::widthFor(CellDetail::Short, strip.font()),
                    qPrintable(QString::number(cell->width())));
            // A click anywhere in it is that GPU's.
            QSignalSpy asked(&strip, &GpuStrip::gpuRequested);
            auto *hit = qobject_cast<GpuCellButton *>(strip.childAt(cell->geometry().center()));
            QVERIFY(hit);
            QTest::mouseClick(hit, Qt::LeftButton, {}, {2, 2});
            QCOMPARE(asked.size(), 1);
            QCOMPARE(asked[0][0].toString(), cell->cell().uuid);
        }
        QVERIFY(strip.sizeHint().height() <= 2 * GpuCellButton::heightFor(strip.font()) + 1);
        QCOMPARE(strip.sizeHint().height() > GpuCellButton::heightFor(strip.font()) + 1,
            strip.cells().last()->y() > strip.cells().first()->y());
    }

    void dropsTextInOrder()
    {
        GpuStrip strip;
        strip.setCells(many(4));
        CellDetail last = CellDetail::All;
        QSet<int> seen;
        for (int width = 2400; width > 200; width -= 20) {
            strip.resize(width, 80);
            const CellDetail detail = strip.cells().first()->detail();
            QVERIFY(detail >= last);
            last = detail;
            seen += int(detail);
        }
        QCOMPARE(seen.size(), 4);
    }

    void canBeReadAndPressedFromOutside()
    {
        GpuStrip strip;
        strip.setCells(many(4));
        strip.show();
        QAccessibleInterface *root = QAccessible::queryAccessibleInterface(&strip);
        QVERIFY(root);
        QCOMPARE(root->text(QAccessible::Name), u"GPU strip"_s);
        QAccessibleInterface *cell = QAccessible::queryAccessibleInterface(strip.cells()[2]);
        QCOMPARE(cell->text(QAccessible::Name), u"GPU 2: 97 %, 40/80 GiB, tensorflow2-container"_s);
        QVERIFY(root->indexOfChild(cell) >= 0);
        QSignalSpy asked(&strip, &GpuStrip::gpuRequested);
        QVERIFY(cell->actionInterface());
        cell->actionInterface()->doAction(QAccessibleActionInterface::pressAction());
        QTRY_COMPARE(asked.value(0).value(0).toString(), u"GPU-2"_s);
    }

    void arrowsGoFromCellToCell()
    {
        GpuStrip strip;
        strip.setCells(many(4));
        strip.show();
        QVERIFY(QTest::qWaitForWindowActive(&strip));
        strip.cells()[0]->setFocus();
        QTest::keyClick(strip.cells()[0], Qt::Key_Right);
        QVERIFY(strip.cells()[1]->hasFocus());
        QTest::keyClick(strip.cells()[1], Qt::Key_Left);
        QTest::keyClick(strip.cells()[0], Qt::Key_Left);
        QVERIFY(strip.cells()[0]->hasFocus());
        QSignalSpy asked(&strip, &GpuStrip::gpuRequested);
        QTest::keyClick(strip.cells()[0], Qt::Key_Return);
        QCOMPARE(asked.size(), 1);
    }

    void saysThatTheDriverDoesNotAnswer()
    {
        GpuStrip strip;
        strip.resize(1280, 60);
        strip.setStalled(10);
        QVERIFY(strip.isVisibleTo(nullptr));
        QCOMPARE(strip.stalledText(), u"GPUs: no answer for 10 s"_s);
        strip.setCells(many(4));
        QVERIFY(strip.cells().first()->x() > 0);
        strip.setStalled(0);
        QVERIFY(strip.stalledText().isEmpty());
        QCOMPARE(strip.cells().first()->x(), 0);
    }

    void repaintsOnlyWhatChanged()
    {
        /** Counts the paint events of one widget. */
        struct Painted : QObject
        {
            int count = 0;
            bool eventFilter(QObject *, QEvent *event) override
            {
                count += event->type() == QEvent::Paint;
                return false;
            }
        };
        GpuStrip strip;
        strip.resize(1280, 40);
        QList<GpuCell> cells = many(4);
        strip.setCells(cells);
        strip.show();
        QVERIFY(QTest::qWaitForWindowExposed(&strip));
        Painted first;
        Painted second;
        strip.cells()[0]->installEventFilter(&first);
        strip.cells()[1]->installEventFilter(&second);
        QCoreApplication::processEvents();
        first.count = second.count = 0;
        strip.setCells(cells);
        cells[1].utilisation = 12;
        strip.setCells(cells);
        QTRY_COMPARE(second.count, 1);
        QCOMPARE(first.count, 0);
    }
};

QTEST_MAIN(GpuStripTest)
#include "tst_gpustrip.moc"
