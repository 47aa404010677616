#include "transfers/speed.h"

#include <QTest>

using transfers::Speed;

/** A figure that can be read: steady, soon right, never guessed. */
class SpeedTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void unknownAtFirst()
    {
        Speed speed;
        QVERIFY(!speed.bytesPerSecond() && !speed.secondsFor(1));
        speed.sample(0, 500);
        speed.sample(1000, 1000);
        QVERIFY(!speed.bytesPerSecond());
        speed.sample(2000, 1500);
        QCOMPARE(speed.bytesPerSecond().value(), 2000);
        QCOMPARE(speed.secondsFor(10000).value(), 5);
        QCOMPARE(speed.secondsFor(10001).value(), 6);
    }

    void smooth()
    {
        Speed speed;
        qint64 bytes = 0;
        for (int i = 0; i <= 80; ++i) { // 250 ms each: nothing and then a lump, 1,000 B/s in all
            speed.sample(bytes, i * 250);
            bytes += i % 4 == 3 ? 1000 : 0;
            if (i > 20)
                QVERIFY2(qAbs(speed.bytesPerSecond().value() - 1000) < 200,
                    qPrintable(QString::number(*speed.bytesPerSecond())));
        }
    }

    void followsAndComesToRest()
    {
        Speed speed;
        for (int i = 0; i <= 20; ++i)
            speed.sample(i * 1000, i * 1000);
        for (int i = 1; i <= 10; ++i)
            speed.sample(20000 + i * 9000, 20000 + i * 1000);
        QVERIFY(speed.bytesPerSecond().value() > 8000);
        for (int i = 1; i <= 60; ++i)
            speed.sample(110000, 30000 + i * 1000);
        QCOMPARE(speed.bytesPerSecond().value(), 0);
        QVERIFY(!speed.secondsFor(1)); // for ever is no time
    }

    void aStepBackIsNoSpeed()
    {
        Speed speed;
        for (int i = 0; i <= 4; ++i)
            speed.sample(i * 1000, i * 1000);
        speed.sample(0, 5000); // a layer is tried again
        QVERIFY(speed.bytesPerSecond().value() > 0 && *speed.bytesPerSecond() < 1000);
        speed.sample(0, 5000); // the same moment
        QVERIFY(speed.bytesPerSecond().has_value());
    }
};

QTEST_APPLESS_MAIN(SpeedTest)
#include "tst_speed.moc"
