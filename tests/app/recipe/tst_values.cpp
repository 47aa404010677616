#include "recipe/values.h"

#include <QTest>

using namespace recipe;
using namespace Qt::StringLiterals;

/** The forms of values, each as Docker 28.2.2 was seen to take or refuse it. */
class TestValues : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void readsWholeNumbers()
    {
        const auto is = [](const char *text, qint64 number) { return readWholeNumber(QLatin1String(text)) == number; };
        QVERIFY(is("42", 42) && is("-1", -1) && is("+5", 5) && is("010", 8) && is("0", 0));
        QVERIFY(is("0x10", 16) && is("0X1f", 31) && is("0b11", 3) && is("0o17", 15) && is("0x_f", 15));
        QVERIFY(is("1_000", 1000) && is("0_7", 7));
        for (const char *text :
            {"", "_1", "1_", "1__0", " 5", "5s", "0x", "08", "--1", "-+1", "f", "99999999999999999999"})
            QVERIFY2(!readWholeNumber(QLatin1String(text)), text);
    }

    void readsDecimalNumbers()
    {
        QCOMPARE(readDecimalNumber(u"+5"_s), 5);
        QCOMPARE(readDecimalNumber(u"-08"_s), -8);
        for (const char *text : {"", "0x1", "1.5", " 1", "1_0"})
            QVERIFY2(!readDecimalNumber(QLatin1String(text)), text);
    }

    void readsDurations()
    {
        const auto is = [](const QString &text, qint64 ns) { return readDuration(text) == ns; };
        QVERIFY(is(u"30s"_s, 30'000'000'000) && is(u"1m30s"_s, 90'000'000'000) && is(u"1.5h"_s, 5'400'000'000'000));
        QVERIFY(is(u"0"_s, 0) && is(u"100us"_s, 100'000) && is(u"1µs"_s, 1000) && is(u".5s"_s, 500'000'000));
        QVERIFY(is(u"+5s"_s, 5'000'000'000) && is(u"-1s"_s, -1'000'000'000) && is(u"1h1h"_s, 7'200'000'000'000));
        for (const char *text : {"", "30", "1d", "s", "1 s", "9999999h", ".s"})
            QVERIFY2(!readDuration(QLatin1String(text)), text);
    }

    void readsBillionths()
    {
        const auto is = [](const char *text, qint64 n) { return readBillionths(QLatin1String(text)) == n; };
        QVERIFY(is("2", 2'000'000'000) && is("1/2", 500'000'000) && is(".5", 500'000'000) && is("2.", 2'000'000'000));
        QVERIFY(is("1e1", 10'000'000'000) && is("1e-3", 1'000'000) && is("0.000000001", 1) && is("-1", -1'000'000'000));
        QVERIFY(is("1_0", 10'000'000'000) && is("0x2", 2'000'000'000) && is("2.5000000000", 2'500'000'000));
        for (const char *text : {"", ".", "two", "1/3", "1/0", "0.0000000001", "1 ", "1e", "99999999999"})
            QVERIFY2(!readBillionths(QLatin1String(text)), text);
    }

    void readsAddresses()
    {
        QCOMPARE(readIpAddress(u"8.8.8.8"_s), u"8.8.8.8"_s);
        QCOMPARE(readIpAddress(u"0:0:0:0:0:0:0:1"_s), u"::1"_s);
        QCOMPARE(readIpAddress(u"2001:DB8::0001"_s), u"2001:db8::1"_s);
        QCOMPARE(readIpAddress(u"::FFFF:1.2.3.4"_s), u"1.2.3.4"_s);
        for (const char *text :
            {"", "01.2.3.4", "1.2.3", "1.2.3.4.", "256.1.1.1", "fe80::1%eth0", "[::1]", "foo", "10"})
            QVERIFY2(!readIpAddress(QLatin1String(text)), text);
    }

    void readsMacAddresses()
    {
        for (const char *text : {"92:d0:c6:0a:29:33", "92-D0-c6-0a-29-33", "92d0.c60a.2933", "02:00:5e:10:00:00:00:01",
                 "0200.5e10.0000.0001"})
            QVERIFY2(isMacAddress(QLatin1String(text)), text);
        for (const char *text : {"", "zz", "92:d0:c6:0a:29", "92:d0-c6:0a:29:33", "92:d0:c6:0a:29:33:44", "92d0.c60a"})
            QVERIFY2(!isMacAddress(QLatin1String(text)), text);
    }

    void readsPlatforms()
    {
        const auto is = [](const char *text, const char *platform) {
            return readPlatform(QLatin1String(text)) == QLatin1String(platform);
        };
        QVERIFY(is("linux/amd64", "linux/amd64") && is("LINUX/x86_64", "linux/amd64") && is("aarch64", "linux/arm64"));
        QVERIFY(is("linux/arm", "linux/arm") && is("armhf", "linux/arm") && is("linux/arm/7", "linux/arm/v7"));
        QVERIFY(is("linux/arm64/8", "linux/arm64/v8") && is("linux/amd64/v1", "linux/amd64"));
        QVERIFY(is("linux/i386", "linux/386") && is("macos/arm64", "darwin/arm64") && is("linux/foo", "linux/foo"));
        QVERIFY(is("linux(1)/amd64", "linux/amd64"));
        for (const char *text : {"", "foo", "a/b/c/d", "linux//x", "linux/a b"})
            QVERIFY2(!readPlatform(QLatin1String(text)), text);
    }

    void readsFields()
    {
        QCOMPARE(csvFields(u"a,\"b,\"\"c\"\"\",d"_s), QStringList({u"a"_s, u"b,\"c\""_s, u"d"_s}));
        QCOMPARE(csvFields(u"a,"_s), QStringList({u"a"_s, u""_s}));
        for (const char *text : {"", "a\"b", "\"ab", "\"a\"b"})
            QVERIFY2(csvFields(QLatin1String(text)).isEmpty(), text);
        QCOMPARE(csvFields(csvField(u"x\"y,z"_s)), QStringList{u"x\"y,z"_s});
    }
};

QTEST_GUILESS_MAIN(TestValues)
#include "tst_values.moc"
