#include "logs/stamps.h"

#include <QTest>
#include <ctime>

using docker::Output;
using logs::StampStripper;

namespace {

QByteArray stamp(int ns, int second = 0)
{
    return "2026-11-23T14:46:" + QByteArray::number(second).rightJustified(2, '0') + '.'
        + QByteArray::number(ns).rightJustified(9, '0') + "Z ";
}

} // namespace

/** Stamps come off however the stream is cut, and what was seen stays out. */
class StampsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void strips_data()
    {
        QTest::addColumn<QByteArray>("stream");
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("lines") << QByteArray(stamp(1) + "one\n" + stamp(2) + "\n" + stamp(3) + "three\n")
                               << QByteArray("one\n\nthree\n");
        QTest::newRow("no line feed") << QByteArray(stamp(1) + "one\n" + stamp(2) + "two") << QByteArray("one\ntwo");
        QTest::newRow("long line") << QByteArray(stamp(1) + QByteArray(16384, 'x') + stamp(1) + "yz\n")
                                   << QByteArray(16384, 'x') + "yz\n";
        QTest::newRow("two runs") << QByteArray(stamp(1) + "the end" + stamp(2) + "the start\n")
                                  << QByteArray("the end\nthe start\n");
        QTest::newRow("printed stamp") << QByteArray(stamp(5) + "at " + stamp(4) + "it happened\n")
                                       << QByteArray("at " + stamp(4) + "it happened\n");
        QTest::newRow("terminal") << QByteArray(stamp(1) + "one\r\n" + stamp(2) + "two\r\n")
                                  << QByteArray("one\r\ntwo\r\n");
        QTest::newRow("digits at the end") << QByteArray(stamp(1) + "acc=0.2026\n") << QByteArray("acc=0.2026\n");
    }

    void strips()
    {
        QFETCH(QByteArray, stream);
        QFETCH(QByteArray, text);
        const qsizetype step = stream.size() > 1000 ? 17 : 1;
        for (qsizetype cut = 0; cut <= stream.size(); cut += step) {
            StampStripper stripper;
            QByteArray got = stripper.strip(Output::Stdout, stream.first(cut));
            got += stripper.strip(Output::Stdout, stream.sliced(cut));
            got += stripper.finish()[size_t(Output::Stdout)];
            QCOMPARE(got, text);
        }
        StampStripper stripper;
        QByteArray got;
        for (const char c : stream)
            got += stripper.strip(Output::Stderr, {&c, 1});
        got += stripper.finish()[size_t(Output::Stderr)];
        QCOMPARE(got, text);
    }

    void goesOnAfterALoss()
    {
        StampStripper stripper;
        QVERIFY(!stripper.seenAny());
        QCOMPARE(
            stripper.strip(Output::Stdout, QByteArray(stamp(1) + "one\n" + stamp(2) + "tw")), QByteArray("one\ntw"));
        QCOMPARE(stripper.strip(Output::Stderr, QByteArray(stamp(9) + "err\n")), QByteArray("err\n"));
        QCOMPARE(stripper.since(), QByteArray("1795445158.000000009"));
        stripper.reopen();
        // The unfinished line comes again whole; each output has its own order.
        QCOMPARE(stripper.strip(Output::Stderr, QByteArray(stamp(9) + "err\n")), QByteArray());
        QCOMPARE(
            stripper.strip(Output::Stdout, QByteArray(stamp(1) + "one\n" + stamp(2) + "two\n")), QByteArray("two\n"));
    }

    void goesOnAfterTheEnd()
    {
        StampStripper stripper;
        QCOMPARE(stripper.strip(Output::Stdout, QByteArray(stamp(1) + "no line feed")), QByteArray("no line feed"));
        stripper.finish();
        QCOMPARE(stripper.strip(Output::Stdout, QByteArray(stamp(1) + "no line feed" + stamp(7) + "again\n")),
            QByteArray("again\n"));
    }

    void leavesOutWhatCameByAttach()
    {
        StampStripper stripper;
        stripper.leaveOutFirst(Output::Stdout);
        QCOMPARE(stripper.strip(Output::Stdout, QByteArray(stamp(1) + "no line feed" + stamp(7) + "again\n")),
            QByteArray("again\n"));
    }

    void aGapIsPassed()
    {
        StampStripper stripper;
        QCOMPARE(stripper.strip(Output::Stdout, QByteArray(stamp(1) + "one")), QByteArray("one"));
        stripper.resync();
        QCOMPARE(stripper.strip(Output::Stdout, QByteArray("alf\n" + stamp(3) + "three\n")), QByteArray("three\n"));
    }

    void tellsWhatWasNotKept()
    {
        StampStripper stripper;
        stripper.strip(Output::Stdout, QByteArray(stamp(1) + "one\n" + stamp(2) + "two\n"));
        QVERIFY(!stripper.takeGap());
        stripper.reopen();
        stripper.strip(Output::Stdout, QByteArray(stamp(2) + "two\n" + stamp(9) + "nine\n"));
        QVERIFY(!stripper.takeGap()); // it began with what was known
        stripper.reopen();
        stripper.strip(Output::Stderr, QByteArray(stamp(12) + "twelve\n"));
        QVERIFY(stripper.takeGap());
        QVERIFY(!stripper.takeGap());
    }

    /** 02:30 does not exist on that day in Berlin. */
    void timeIsUtcWhereverThisRuns()
    {
        const QByteArray zone = qgetenv("TZ");
        qputenv("TZ", "Europe/Berlin");
        tzset();
        StampStripper stripper;
        stripper.strip(Output::Stdout, "2026-03-29T02:30:00.000000007Z x\n");
        const QByteArray since = stripper.since();
        zone.isNull() ? qunsetenv("TZ") : qputenv("TZ", zone);
        tzset();
        QCOMPARE(since, QByteArray("1774751398.000000007"));
    }

    void recognises()
    {
        QVERIFY(logs::looksLikeStamp(stamp(1)));
        QVERIFY(logs::looksLikeStamp("2026-"));
        QVERIFY(!logs::looksLikeStamp("2026 "));
        QVERIFY(!logs::looksLikeStamp("x"));
    }
};

QTEST_GUILESS_MAIN(StampsTest)
#include "tst_stamps.moc"
