#include "docker/apiversion.h"

#include <QTest>

using docker::ApiVersion;

/** Negotiation: never above what either side knows, never pinned. */
class ApiVersionTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void parse()
    {
        QCOMPARE(ApiVersion::parse("1.41").text(), QByteArray("1.41"));
        for (const char *bad : {"", "1", ".41", "1.", "x.y", "1.x", "-1.41", "0.9"})
            QVERIFY2(!ApiVersion::parse(bad).valid(), bad);
        QVERIFY(ApiVersion::parse("1.9") < ApiVersion::parse("1.41"));
    }

    void negotiate_data()
    {
        QTest::addColumn<QByteArray>("offered");
        QTest::addColumn<QByteArray>("spoken"); // empty: refused
        QTest::newRow("oldest") << QByteArray("1.41") << QByteArray("1.41");
        QTest::newRow("between") << QByteArray("1.47") << QByteArray("1.47");
        QTest::newRow("newest") << QByteArray("1.55") << QByteArray("1.55");
        QTest::newRow("newer than we know") << QByteArray("1.57") << QByteArray("1.55");
        QTest::newRow("too old") << QByteArray("1.40") << QByteArray();
        QTest::newRow("no header") << QByteArray() << QByteArray();
    }
    void negotiate()
    {
        QFETCH(QByteArray, offered);
        QFETCH(QByteArray, spoken);
        const auto version = docker::negotiate(ApiVersion::parse(offered));
        QCOMPARE(version ? version->text() : QByteArray(), spoken);
        if (!version)
            QVERIFY(!version.error().message.isEmpty());
    }
};

QTEST_APPLESS_MAIN(ApiVersionTest)
#include "tst_apiversion.moc"
