#include "core/units.h"

#include <QTest>

/** Sizes, durations and ages: the text people read and the sizes Docker's options take. */
class UnitsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void bytesText_data()
    {
        QTest::addColumn<qint64>("bytes");
        QTest::addColumn<QString>("text");
        QTest::newRow("zero") << qint64(0) << QStringLiteral("0 B");
        QTest::newRow("bytes") << qint64(999) << QStringLiteral("999 B");
        QTest::newRow("four digits go to the next unit") << qint64(1000) << QStringLiteral("1 KiB");
        QTest::newRow("mebi") << (qint64(512) << 20) << QStringLiteral("512 MiB");
        QTest::newRow("fraction") << (qint64(3) << 29) << QStringLiteral("1.5 GiB");
        QTest::newRow("no fraction above ten") << qint64(43.6 * (1 << 30)) << QStringLiteral("44 GiB");
        QTest::newRow("unknown") << qint64(-1) << QStringLiteral("–");
    }
    void bytesText()
    {
        QFETCH(qint64, bytes);
        QTEST(core::bytesText(bytes), "text");
    }

    void parseBytes_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<qint64>("bytes"); // −1: not a size
        QTest::newRow("plain") << QStringLiteral("1024") << qint64(1024);
        QTest::newRow("g") << QStringLiteral("1g") << (qint64(1) << 30);
        QTest::newRow("GB is GiB") << QStringLiteral("2GB") << (qint64(2) << 30);
        QTest::newRow("fraction") << QStringLiteral("1.5gb") << (qint64(3) << 29);
        QTest::newRow("KiB") << QStringLiteral("64KiB") << qint64(65536);
        QTest::newRow("blank") << QStringLiteral("64 m") << (qint64(64) << 20);
        QTest::newRow("b") << QStringLiteral("10b") << qint64(10);
        QTest::newRow("empty") << QString() << qint64(-1);
        QTest::newRow("negative") << QStringLiteral("-1") << qint64(-1);
        QTest::newRow("word") << QStringLiteral("lots") << qint64(-1);
        QTest::newRow("too big") << QStringLiteral("99999999p") << qint64(-1);
    }
    void parseBytes()
    {
        QFETCH(QString, text);
        QTEST(core::parseBytes(text).value_or(-1), "bytes");
    }

    void dockerBytesRoundTrips()
    {
        for (const qint64 bytes : {qint64(0), qint64(1), qint64(1023), qint64(1024), qint64(1) << 30, (qint64(3) << 29),
                 (qint64(1) << 40) + 1}) {
            const QString text = core::dockerBytes(bytes);
            QCOMPARE(core::parseBytes(text).value_or(-1), bytes);
        }
        QCOMPARE(core::dockerBytes(qint64(1) << 30), QStringLiteral("1g"));
        QCOMPARE(core::dockerBytes(qint64(3) << 29), QStringLiteral("1536m"));
    }

    void durations()
    {
        QCOMPARE(core::durationText(-5), QStringLiteral("0 s"));
        QCOMPARE(core::durationText(59), QStringLiteral("59 s"));
        QCOMPARE(core::durationText(60), QStringLiteral("1 min"));
        QCOMPARE(core::durationText(3 * 3600 + 59), QStringLiteral("3 h"));
        QCOMPARE(core::durationText(47 * 3600), QStringLiteral("47 h"));
        QCOMPARE(core::durationText(48 * 3600), QStringLiteral("2 d"));
        QCOMPARE(core::ageText(0, 100), QStringLiteral("–"));
        QCOMPARE(core::ageText(100, 101), QStringLiteral("just now"));
        QCOMPARE(core::ageText(100, 159), QStringLiteral("just now"));
        QCOMPARE(core::ageText(100, 160), QStringLiteral("1 min ago"));
        QCOMPARE(core::ageText(100, 220), QStringLiteral("2 min ago"));
    }

    void percents()
    {
        QCOMPARE(core::percentText(0), QStringLiteral("0 %"));
        QCOMPARE(core::percentText(0.44), QStringLiteral("0.4 %"));
        QCOMPARE(core::percentText(7.04), QStringLiteral("7.0 %"));
        QCOMPARE(core::percentText(7), QStringLiteral("7 %"));
        QCOMPARE(core::percentText(780.2), QStringLiteral("780 %"));
        QCOMPARE(core::percentText(-1.0), QStringLiteral("–"));
        QCOMPARE(core::percentText(-1), QStringLiteral("–"));
    }
};

QTEST_APPLESS_MAIN(UnitsTest)
#include "tst_units.moc"
