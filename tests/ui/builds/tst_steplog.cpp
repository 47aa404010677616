#include "builds/steplog.h"

#include <QScrollBar>
#include <QTest>

using builds::PrintedText;
using builds::StepLog;
using namespace Qt::StringLiterals;

namespace {

/** What stands there after all pieces. */
QString shown(const QList<QByteArray> &pieces)
{
    PrintedText text;
    QString whole;
    for (const QByteArray &piece : pieces) {
        const PrintedText::Change change = text.feed(piece);
        if (change.replacesLine)
            whole.truncate(whole.lastIndexOf(u'\n') + 1);
        whole += change.text;
    }
    return whole;
}

} // namespace

/** A step's output as lines. */
class StepLogTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void everyCutShowsTheSame()
    {
        const QByteArray printed = "one\r\n\033[91mtw\xc3\xb6\033[0m\n 10%\r 55%\r100%\n\033]0;title\atab\there\n"
                                   "\033]8;;x\033\\link\nlast";
        const QString expected = u"one\ntwö\n100%\ntab\there\nlink\nlast"_s;
        QCOMPARE(shown({printed}), expected);
        for (qsizetype cut = 0; cut <= printed.size(); ++cut)
            QCOMPARE(shown({printed.left(cut), printed.mid(cut)}), expected);
        QList<QByteArray> bytes;
        for (const char byte : printed)
            bytes.append(QByteArray(1, byte));
        QCOMPARE(shown(bytes), expected);
    }

    void followsUntilSomebodyScrolls()
    {
        StepLog log;
        log.resize(300, 200);
        log.show();
        QByteArray lines;
        for (int i = 0; i < 500; ++i)
            lines += "line " + QByteArray::number(i) + '\n';
        log.append(lines);
        QCOMPARE(log.verticalScrollBar()->value(), log.verticalScrollBar()->maximum());
        log.verticalScrollBar()->setValue(3);
        log.append("more\n");
        QCOMPARE(log.verticalScrollBar()->value(), 3);
        QVERIFY(log.toPlainText().endsWith(u"line 499\nmore\n"_s));
    }

    void holdsTheEndOfAFlood()
    {
        StepLog log;
        const QByteArray lines = QByteArray("a line of a build's output\n").repeated(1000);
        for (int i = 0; i < 30; ++i)
            log.append(lines);
        QVERIFY(log.blockCount() <= 10'000);
        log.setOutput(lines.repeated(100), 5000);
        QVERIFY(log.toPlainText().startsWith(u"… "_s));
        QVERIFY(log.toPlainText().size() < 600 * 1024);
        log.setOutput({}, 0);
        QVERIFY(log.toPlainText().isEmpty());
    }
};

QTEST_MAIN(StepLogTest)
#include "tst_steplog.moc"
