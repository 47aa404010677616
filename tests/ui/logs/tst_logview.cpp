#include "logs/logview.h"

#include <QAccessible>
#include <QClipboard>
#include <QGuiApplication>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>

using docker::Output;
using logs::Document;
using logs::LogView;

namespace {

QByteArray lines(int from, int count)
{
    QByteArray all;
    for (int i = from; i < from + count; ++i)
        all += "line " + QByteArray::number(i) + '\n';
    return all;
}

} // namespace

/** Paints what is there, follows until scrolled up, selects and copies, and can be read from outside. */
class LogViewTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        m_document = std::make_unique<Document>();
        m_view = std::make_unique<LogView>();
        m_view->setEmptyText(QStringLiteral("No output yet."));
        m_view->resize(600, 300);
        m_view->setDocument(m_document.get());
        m_view->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_view.get()));
    }

    void paintsTextAndColours()
    {
        append("\x1b[41m        \x1b[0m\n");
        const QImage image = m_view->viewport()->grab().toImage();
        QPalette palette = m_view->palette();
        const QColor red = logs::LogColors(palette).pair({{}, {logs::Color::Kind::Indexed, 1}, 0}).background;
        QCOMPARE(image.pixelColor(12, 4), red);
        QCOMPARE(image.pixelColor(500, 200), palette.color(QPalette::Base));
    }

    void standardErrorHasABar()
    {
        append("out\n");
        append("err\n", Output::Stderr);
        const QImage image = m_view->viewport()->grab().toImage();
        const QColor base = m_view->palette().color(QPalette::Base);
        const int row = QFontMetrics(m_view->viewport()->font()).height() + 2;
        QCOMPARE(image.pixelColor(2, row / 2), base);
        QVERIFY(image.pixelColor(2, row + row / 2) != base);
    }

    void paintsAtMostOnceAFrame()
    {
        QSignalSpy shown(m_view.get(), &LogView::shown);
        for (int i = 0; i < 1000; ++i) {
            m_document->append(Output::Stdout, "x\n");
            m_document->flush();
        }
        QCOMPARE(shown.count(), 0);
        QTRY_COMPARE(shown.count(), 1);
    }

    void followsTheEnd()
    {
        append(lines(0, 1000));
        QVERIFY(m_view->isFollowing());
        QVERIFY(m_view->topLine() > 900);
        append(lines(1000, 1000));
        QVERIFY(m_view->topLine() > 1900);
    }

    void scrollingUpPausesAndTheEndResumes()
    {
        append(lines(0, 1000));
        QSignalSpy newLines(m_view.get(), &LogView::newLinesChanged);
        QTest::keyClick(m_view.get(), Qt::Key_PageUp);
        QVERIFY(!m_view->isFollowing());
        const qint64 top = m_view->topLine();
        append(lines(1000, 137));
        QCOMPARE(m_view->topLine(), top);
        QCOMPARE(m_view->newLines(), 137);
        QCOMPARE(newLines.last(), QVariantList{137});
        QTest::keyClick(m_view.get(), Qt::Key_End);
        QVERIFY(m_view->isFollowing());
        QCOMPARE(m_view->newLines(), 0);
        QVERIFY(m_view->topLine() > top + 100);
    }

    void scrollingDownToTheEndResumes()
    {
        append(lines(0, 1000));
        QTest::keyClick(m_view.get(), Qt::Key_PageUp);
        QVERIFY(!m_view->isFollowing());
        m_view->verticalScrollBar()->setValue(m_view->verticalScrollBar()->maximum());
        QVERIFY(m_view->isFollowing());
    }

    void whatIsReadStaysWhenOldLinesGo()
    {
        Document small(2 * 1024 * 1024);
        m_view->setDocument(&small);
        const QByteArray line = QByteArray(99, 'x') + '\n';
        for (int i = 0; i < 15'000; ++i)
            small.append(Output::Stdout, line);
        small.flush();
        m_view->setFollowing(false);
        m_view->verticalScrollBar()->setValue(12'000);
        QCOMPARE(m_view->topLine(), 12'000);
        for (int i = 0; i < 10'000; ++i)
            small.append(Output::Stdout, line);
        small.flush();
        QSignalSpy shown(m_view.get(), &LogView::shown);
        QVERIFY(shown.wait());
        QVERIFY(small.firstLine() > 0);
        QCOMPARE(m_view->topLine(), std::max<qint64>(12'000, small.firstLine()));
        QCOMPARE(m_view->verticalScrollBar()->value(), int(m_view->topLine() - small.firstLine()));
        m_view->setDocument(nullptr);
    }

    void selectsByMouseAndCopies()
    {
        append("hello world\nsecond \x1b[31mred\x1b[0m line\n");
        const int row = QFontMetrics(m_view->viewport()->font()).height() + 2;
        const double column = QFontMetricsF(m_view->viewport()->font()).horizontalAdvance(u'M');
        const auto at = [&](int line, int col) { return QPoint(8 + int(col * column + 1), line * row + row / 2); };
        QTest::mousePress(m_view->viewport(), Qt::LeftButton, {}, at(0, 6));
        QTest::mouseMove(m_view->viewport(), at(1, 10));
        QTest::mouseRelease(m_view->viewport(), Qt::LeftButton, {}, at(1, 10));
        QCOMPARE(m_view->selectedText(), QStringLiteral("world\nsecond red"));
        QTest::keyClick(m_view.get(), Qt::Key_C, Qt::ControlModifier);
        QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("world\nsecond red"));
        QTest::mouseDClick(m_view->viewport(), Qt::LeftButton, {}, at(1, 2));
        QCOMPARE(m_view->selectedText(), QStringLiteral("second"));
    }

    void selectsAll()
    {
        append("one\n日本 x\n 5%");
        QTest::keyClick(m_view.get(), Qt::Key_A, Qt::ControlModifier);
        QCOMPARE(m_view->selectedText(), QStringLiteral("one\n日本 x\n 5%"));
        QTest::keyClick(m_view.get(), Qt::Key_Escape);
        QVERIFY(!m_view->hasSelection());
    }

    void copiesOnlyWhatIsQuick_data()
    {
        QTest::addColumn<QByteArray>("log");
        QTest::addColumn<qint64>("lines");
        QTest::addColumn<qint64>("size");
        QTest::newRow("lines") << QByteArray("x\n").repeated(50'001) << qint64(50'000) << qint64(99'999);
        const QByteArray line = QByteArray(1024 * 1024, 'x') + '\n';
        QTest::newRow("characters") << line.repeated(3) << qint64(2) << qint64(2 * 1024 * 1024);
    }

    void copiesOnlyWhatIsQuick()
    {
        QFETCH(QByteArray, log);
        append(log);
        QSignalSpy inPart(m_view.get(), &LogView::copiedInPart);
        m_view->selectAll();
        m_view->copy();
        QCOMPARE(inPart.count(), 1);
        const QString text = QGuiApplication::clipboard()->text();
        QTEST(qint64(text.count(u'\n')) + 1, "lines");
        QTEST(qint64(text.size()), "size");
    }

    void allThatJustFitsIsCopied()
    {
        append(QByteArray("x\n").repeated(50'000));
        QSignalSpy inPart(m_view.get(), &LogView::copiedInPart);
        m_view->selectAll();
        m_view->copy();
        QCOMPARE(inPart.count(), 0);
        QCOMPARE(QGuiApplication::clipboard()->text().count(u'\n'), 49'999);
    }

    void aSelectionKeepsItsLinesWhenMoreCome()
    {
        append("one\ntwo\n");
        m_view->selectAll();
        append("three\n");
        QCOMPARE(m_view->selectedText(), QStringLiteral("one\ntwo"));
    }

    void veryLongLinesAreCutOnTheScreenOnly()
    {
        const QByteArray text(500'000, 'x');
        append(text + '\n');
        (void)m_view->viewport()->grab();
        QTRY_VERIFY(m_view->horizontalScrollBar()->maximum() > 10'000);
        m_view->horizontalScrollBar()->setValue(m_view->horizontalScrollBar()->maximum());
        (void)m_view->viewport()->grab();
        m_view->selectAll();
        QCOMPARE(m_view->selectedText().size(), text.size());
    }

    void screenReadersReadTheLastLines()
    {
        m_view->setAccessibleName(QStringLiteral("Log of x"));
        append(lines(0, 3000) + " 45%|####5");
        QAccessibleInterface *interface = QAccessible::queryAccessibleInterface(m_view.get());
        QVERIFY(interface);
        QCOMPARE(interface->text(QAccessible::Name), QStringLiteral("Log of x"));
        QAccessibleTextInterface *text = interface->textInterface();
        QVERIFY(text);
        const QString all = text->text(0, text->characterCount());
        QVERIFY(all.endsWith(QStringLiteral("line 2999\n 45%|####5")));
        QCOMPARE(all.count(u'\n'), 999);
        QCOMPARE(text->text(text->characterCount() - 5, -1), QStringLiteral("####5"));
    }

    void outlivesItsDocument()
    {
        append(lines(0, 10));
        m_document.reset();
        (void)m_view->grab();
        QCOMPARE(m_view->lastText(5), QString());
    }

private:
    void append(const QByteArray &bytes, Output output = Output::Stdout)
    {
        QSignalSpy shown(m_view.get(), &LogView::shown);
        m_document->append(output, bytes);
        m_document->flush();
        QVERIFY(shown.wait());
    }

    std::unique_ptr<Document> m_document;
    std::unique_ptr<LogView> m_view;
};

QTEST_MAIN(LogViewTest)
#include "tst_logview.moc"
