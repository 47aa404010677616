#include "app/logs/terminalmodel.h"
#include "logs/ansi.h"
#include "logs/document.h"

#include <QElapsedTimer>
#include <QRandomGenerator>
#include <QSignalSpy>
#include <QTest>

using docker::Output;
using logs::Document;
using logs::LineKind;

namespace {

QStringList list(std::initializer_list<const char *> lines)
{
    QStringList all;
    for (const char *line : lines)
        all += QString::fromUtf8(line);
    return all;
}

QStringList shown(const Document &document)
{
    QStringList lines;
    for (qint64 n = document.firstLine(); n < document.endLine(); ++n)
        lines += logs::decode(document.line(n).bytes).text;
    return lines;
}

QStringList shownOf(const QByteArray &stream, Output output = Output::Stdout)
{
    Document document;
    document.append(output, stream);
    document.flush();
    return shown(document);
}

/** What tqdm writes to a file or pipe for one bar of n steps, as recorded from 4.66 (ncols=60). */
QByteArray tqdmBar(int n, const QByteArray &description = "train")
{
    QByteArray out;
    for (int i = 0; i <= n; ++i) {
        const int percent = i * 100 / n;
        const int eighths = i * 80 / n;
        static const QByteArrayList parts = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
        QByteArray bar = QByteArray("█").repeated(eighths / 8) + parts[eighths % 8];
        bar += QByteArray(10 - eighths / 8 - (eighths % 8 ? 1 : 0), ' ');
        out += '\r' + description + ": " + QByteArray::number(percent).rightJustified(3) + "%|" + bar + "| "
            + QByteArray::number(i) + '/' + QByteArray::number(n) + " [00:0" + QByteArray::number(i % 10)
            + "<00:00, 10.0it/s]";
    }
    return out + '\n';
}

/** Two nested tqdm bars: the inner one is drawn a row below, and the cursor comes back up. */
QByteArray nestedBars(int epochs, int batches)
{
    QByteArray out;
    for (int e = 0; e < epochs; ++e) {
        out += "\repochs: " + QByteArray::number(e) + '/' + QByteArray::number(epochs);
        for (int b = 0; b <= batches; ++b)
            out += "\n\rbatches: " + QByteArray::number(b) + '/' + QByteArray::number(batches) + "\x1b[A";
        out += "\n\r            \r\x1b[A"; // leave=False
    }
    return out + "\repochs: " + QByteArray::number(epochs) + '/' + QByteArray::number(epochs) + '\n';
}

} // namespace

/** The document shows what a terminal would, however the stream is cut, in bounded memory. */
class DocumentTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aHeadNoteStaysBeforeTheFirstLine()
    {
        logs::Document document(2 * 1024 * 1024);
        QSignalSpy changed(&document, &logs::Document::tailChanged);
        document.append(docker::Output::Stdout, "one\n");
        document.flush();
        document.setHeadNote(QStringLiteral("no more"));
        document.flush();
        QCOMPARE(changed.last(), QVariantList{-1});
        QCOMPARE(document.firstLine(), -1);
        QCOMPARE(document.line(-1).bytes, "no more");
        QCOMPARE(document.line(-1).kind, logs::LineKind::Note);
        QCOMPARE(document.line(0).bytes, "one");
        QSignalSpy dropped(&document, &logs::Document::linesDropped);
        for (int i = 0; i < 40'000; ++i)
            document.append(docker::Output::Stdout, QByteArray(QByteArray(99, 'x') + '\n'));
        document.flush();
        QCOMPARE(dropped.count(), 1);
        QVERIFY(document.firstLine() > 0);
        QCOMPARE(dropped.first(), QVariantList{document.firstLine()});
        QCOMPARE(document.line(document.firstLine()).bytes, "no more");
        QCOMPARE(document.line(document.firstLine() + 1).bytes.size(), 99);
    }

    void plainLines()
    {
        QCOMPARE(shownOf("one\ntwo\n\nfour"), list({"one", "two", "", "four"}));
        QCOMPARE(shownOf("one\r\ntwo\r\r\nthree\r\n"), list({"one", "two", "three"}));
        QCOMPARE(shownOf(""), QStringList());
    }

    void carriageReturns_data()
    {
        QTest::addColumn<QByteArray>("stream");
        QTest::addColumn<QStringList>("lines");
        QTest::newRow("overwrite") << QByteArray("abcdef\rXY\n") << list({"XYcdef"});
        QTest::newRow("erase to the end") << QByteArray("abcdef\rXY\x1b[K\n") << list({"XY"});
        QTest::newRow("erase all") << QByteArray("abcdef\x1b[2K\rXY\n") << list({"XY"});
        QTest::newRow("erase up to here") << QByteArray("abcdef\b\b\b\x1b[1K\n") << list({"    ef"});
        QTest::newRow("backspace") << QByteArray("12%\b\b\b13%\n") << list({"13%"});
        QTest::newRow("wide overwritten by half") << QByteArray("日本\rX\n") << list({"X 本"});
        QTest::newRow("combining mark stays") << QByteArray("e\xcc\x81z\rx\n") << list({"xz"});
        QTest::newRow("one row up") << QByteArray("one\ntwo\n\x1b[2A\rONE\n\n") << list({"ONE", "two"});
        QTest::newRow("up beyond the top") << QByteArray("one\n\x1b[99A\rX\n") << list({"Xne"});
        QTest::newRow("columns") << QByteArray("abcdef\x1b[3G-\x1b[C-\x1b[4D*\n") << list({"a*-d-f"});
        QTest::newRow("clear below") << QByteArray("one\ntwo\nthree\x1b[2A\x1b[G\x1b[Jnew\n") << list({"new", ""});
        QTest::newRow("others skipped") << QByteArray("\x1b]0;title\aa\x1b(Bb\x1b[?25lc\x1b=d\n") << list({"abcd"});
        QTest::newRow("tab") << QByteArray("a\tb\rX\n") << list({"X       b"});
        QTest::newRow("tqdm") << tqdmBar(20) + "done\n"
                              << list({"train: 100%|██████████| 20/20 [00:00<00:00, 10.0it/s]", "done"});
        QTest::newRow("nested tqdm") << nestedBars(3, 4) + "done\n" << list({"epochs: 3/3", "done        "});
        QTest::newRow("rich, two rows") << QByteArray("a 1\nb 1\n\x1b[1A\x1b[2K\x1b[1A\x1b[2Ka 2\nb 2\n")
                                        << list({"a 2", "b 2"});
    }

    void carriageReturns()
    {
        QFETCH(QByteArray, stream);
        QFETCH(QStringList, lines);
        QCOMPARE(shownOf(stream), lines);
    }

    void cutAnywhere_data() { carriageReturns_data(); }

    void cutAnywhere()
    {
        QFETCH(QByteArray, stream);
        QFETCH(QStringList, lines);
        for (qsizetype cut = 0; cut <= stream.size(); ++cut) {
            Document document;
            document.append(Output::Stderr, stream.first(cut));
            document.flush();
            document.append(Output::Stderr, stream.sliced(cut));
            document.flush();
            QCOMPARE(shown(document), lines);
        }
        Document byByte;
        for (const char c : stream)
            byByte.append(Output::Stdout, {&c, 1});
        byByte.flush();
        QCOMPARE(shown(byByte), lines);
    }

    /** Random streams in random pieces, against a terminal with no fast path. */
    void agreesWithTheModel()
    {
        const QByteArrayList tokens = {"a", "bc", "hello world", "\n", "\n", "\r", "\r\n", "\b", "\t", "\x1b[A",
            "\x1b[2A", "\x1b[B", "\x1b[K", "\x1b[1K", "\x1b[2K", "\x1b[J", "\x1b[31m", "\x1b[0m", "\x1b[1;44m",
            "\x1b[38;5;200m", "\x1b[m", "\x1b]0;t\x07", "\a", "plain\n"};
        for (quint32 seed = 0; seed < 400; ++seed) {
            QRandomGenerator random(seed);
            QByteArray stream;
            for (int i = 0; i < 300; ++i)
                stream += tokens[random.bounded(int(tokens.size()))];
            TerminalModel model;
            model.feed(stream);
            Document document;
            for (qsizetype at = 0; at < stream.size();) {
                const qsizetype size = std::min<qsizetype>(stream.size() - at, random.bounded(1, 40));
                document.append(Output::Stdout, QByteArrayView(stream).sliced(at, size));
                at += size;
                if (random.bounded(4) == 0)
                    document.flush();
            }
            document.append(Output::Stdout, "\x1b[0m"); // frees an escape sequence held back
            document.flush();
            // An open row with nothing to see on it may be shown or not.
            if (model.rows.back().empty() && document.endLine() < qint64(model.rows.size()))
                model.rows.pop_back();
            QCOMPARE(document.endLine(), qint64(model.rows.size()));
            for (qint64 n = 0; n < document.endLine(); ++n)
                compareRow(document.line(n).bytes, model.rows[size_t(n)], seed, n);
        }
    }

    void coloursLastOverLineEnds()
    {
        Document document;
        document.append(Output::Stdout, "\x1b[31mred\nstill\x1b[0m\nplain\n");
        document.flush();
        for (const qint64 line : {0, 1}) {
            const auto spans = logs::decode(document.line(line).bytes).spans;
            QCOMPARE(spans.size(), 1);
            QCOMPARE(spans[0].style.foreground.value, 1u);
        }
        QVERIFY(logs::decode(document.line(2).bytes).spans.isEmpty());
    }

    void eachOutputHasItsOwnOpenLine()
    {
        Document document;
        document.append(Output::Stderr, "\r 10%");
        document.append(Output::Stdout, "loss 1\nloss");
        document.append(Output::Stderr, "\r 20%");
        document.flush();
        QCOMPARE(shown(document), list({"loss 1", "loss", " 20%"}));
        QCOMPARE(document.line(2).kind, LineKind::Stderr);
        QCOMPARE(document.finishedEnd(), 1);
        document.append(Output::Stdout, " 2\n");
        document.append(Output::Stderr, "\r 30%\n");
        document.flush();
        QCOMPARE(shown(document), list({"loss 1", "loss 2", " 30%"}));
    }

    void aLiveLineStandsInForTheUnfinishedOne()
    {
        Document document;
        QSignalSpy tail(&document, &Document::tailChanged);
        document.append(Output::Stderr, "start\n");
        document.flush();
        document.appendLive(Output::Stderr, "start\n\r 10%");
        document.flush();
        QCOMPARE(shown(document), list({"start", " 10%"}));
        document.appendLive(Output::Stderr, "\r 20%");
        document.append(Output::Stderr, "\r 10%\r 15%"); // the slow source's lump
        document.flush();
        QCOMPARE(shown(document), list({"start", " 20%"}));
        QCOMPARE(tail.count(), 2);
        document.appendLive(Output::Stderr, "\r100%\nnext");
        document.append(Output::Stderr, "\r100%\n");
        document.flush();
        QCOMPARE(shown(document), list({"start", "100%", "next"}));
        document.clearLive();
        document.flush();
        QCOMPARE(shown(document), list({"start", "100%"}));
    }

    /** Nested bars live: edits of rows above are shown, and are gone when the live line is. */
    void aLiveLineEditsRowsAbove()
    {
        Document document;
        document.append(Output::Stderr, "epochs 0\n\rbatch 1\x1b[A\n");
        document.appendLive(Output::Stderr, "\rbatch 2\x1b[A\repochs 1");
        document.flush();
        QCOMPARE(shown(document), list({"epochs 1", "batch 2"}));
        document.clearLive();
        document.flush();
        QCOMPARE(shown(document), list({"epochs 0", "batch 1"}));
    }

    void hoursOfALiveBarStayBounded()
    {
        Document document;
        for (int i = 0; i < 20000; ++i) {
            document.appendLive(Output::Stderr, QByteArray("\rstep " + QByteArray::number(i) + QByteArray(100, '.')));
            if (i % 1000 == 0)
                document.flush();
        }
        document.flush();
        QCOMPARE(shown(document), QStringList{QStringLiteral("step 19999") + QString(100, u'.')});
    }

    void restartLinesForgetsWhatComesAgain()
    {
        Document document;
        document.append(Output::Stdout, "one\ntw");
        document.restartLines();
        document.append(Output::Stdout, "two\n\r 1%\r 2%");
        document.restartLines();
        document.append(Output::Stdout, "\r 3%");
        document.flush();
        QCOMPARE(shown(document), list({"one", "two", " 3%"}));
    }

    void finishLinesKeepsWhatHasNoLineFeed()
    {
        Document document;
        document.append(Output::Stdout, "out");
        document.append(Output::Stderr, "err\xe2\x96"); // a cut character
        document.finishLines();
        document.appendNote(QStringLiteral("Finished"));
        document.flush();
        QCOMPARE(shown(document), list({"out", "err\uFFFD", "Finished"}));
        QCOMPARE(document.finishedEnd(), 3);
        QCOMPARE(document.line(2).kind, LineKind::Note);
    }

    void signalsTellWhatChanged()
    {
        Document document;
        QSignalSpy added(&document, &Document::linesAdded);
        QSignalSpy tail(&document, &Document::tailChanged);
        document.append(Output::Stdout, "1\n2\n3\nopen");
        QCOMPARE(added.count(), 0);
        document.flush();
        QCOMPARE(added.takeFirst(), (QVariantList{0, 3}));
        QCOMPARE(tail.takeFirst(), QVariantList{0});
        document.flush();
        QVERIFY(added.isEmpty() && tail.isEmpty());
        document.append(Output::Stdout, "\x1b[2A\rX");
        document.flush();
        QVERIFY(added.isEmpty());
        QCOMPARE(tail.takeFirst(), QVariantList{1});
        QCOMPARE(shown(document), list({"1", "X", "3", "open"}));
    }

    void theOldestGoAndNumbersStay()
    {
        Document document(4 * 1024 * 1024);
        QSignalSpy dropped(&document, &Document::linesDropped);
        const int lines = 100'000;
        for (int i = 0; i < lines; ++i) {
            document.append(Output::Stdout, QByteArray(QByteArray::number(i).rightJustified(99, '.') + '\n'));
            if (i % 1000 == 0)
                document.flush();
        }
        document.flush();
        QVERIFY(dropped.count() > 0);
        QVERIFY(document.bytes() <= 4 * 1024 * 1024);
        QCOMPARE(document.endLine(), qint64(lines));
        QVERIFY(document.firstLine() > 0);
        QCOMPARE(dropped.last().at(0).toLongLong(), document.firstLine());
        for (const qint64 n : {document.firstLine(), qint64(lines - 1)})
            QCOMPARE(document.line(n).bytes.toByteArray(), QByteArray::number(n).rightJustified(99, '.'));
        QVERIFY(document.line(document.firstLine() - 1).bytes.isEmpty());
    }

    void longLinesAreKeptWholeOverSeveral()
    {
        Document document;
        document.append(Output::Stdout, QByteArray(QByteArray(logs::Screen::longestLine * 5 / 2, 'x') + "\nshort\n"));
        document.flush();
        qsizetype size = 0;
        for (qint64 n = 0; n < document.endLine() - 1; ++n)
            size += document.line(n).bytes.size();
        QCOMPARE(size, logs::Screen::longestLine * 5 / 2);
        QCOMPARE(document.line(document.endLine() - 1).bytes.toByteArray(), QByteArray("short"));
    }

    void garbageIsHarmless()
    {
        QRandomGenerator random(7);
        Document document;
        for (int i = 0; i < 200; ++i) {
            QByteArray bytes(1000, Qt::Uninitialized);
            for (char &c : bytes)
                c = random.bounded(5) == 0 ? "\x1b[]\r\n\b;KJA"[random.bounded(10)] : char(random.bounded(256));
            document.append(Output(random.bounded(3)), bytes);
            document.appendLive(Output(random.bounded(3)), bytes);
            document.flush();
            (void)shown(document);
        }
        document.finishLines();
        document.flush();
        QVERIFY(document.finishedEnd() > 0);
    }

    void appendingIsFast()
    {
        QByteArray megabyte;
        while (megabyte.size() < 1024 * 1024)
            megabyte += QByteArray("epoch 3/20 loss=0.2130 acc=0.91 ").rightJustified(99, '-') + '\n';
        Document document;
        QBENCHMARK_ONCE
        {
            for (int i = 0; i < 100; ++i) {
                document.append(Output::Stdout, megabyte);
                document.flush();
            }
        }
        QVERIFY(document.endLine() > 1'000'000);
    }

private:
    static void compareRow(QByteArrayView bytes, const TerminalModel::Row &row, quint32 seed, qint64 n)
    {
        const logs::StyledLine line = logs::decode(bytes);
        QString text;
        for (const auto &cell : row)
            text += QLatin1Char(cell.character);
        const QByteArray where = "seed " + QByteArray::number(seed) + " line " + QByteArray::number(n);
        QVERIFY2(
            line.text == text, QByteArray(where + ": " + line.text.toUtf8() + " is not " + text.toUtf8()).constData());
        std::vector<logs::Style> styles(size_t(text.size()));
        for (const logs::Span &span : line.spans)
            std::fill_n(styles.begin() + span.begin, span.length, span.style);
        for (size_t i = 0; i < row.size(); ++i)
            QVERIFY2(styles[i] == row[i].style,
                QByteArray(where + ": style of column " + QByteArray::number(i)).constData());
    }
};

QTEST_GUILESS_MAIN(DocumentTest)
#include "tst_document.moc"
