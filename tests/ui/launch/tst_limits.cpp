#include "launch/limits.h"

#include <QRegularExpression>
#include <QTest>

using namespace launch;
using namespace recipe;

/** What is typed into the fields of Resources: sizes, CPUs, limits, and the name that is suggested. */
class LimitsTest : public QObject
{
    Q_OBJECT
private:
    static QStringList row(const char *name, const char *soft, const char *hard)
    {
        return {QString::fromUtf8(name), QString::fromUtf8(soft), QString::fromUtf8(hard)};
    }

private Q_SLOTS:
    void sizes()
    {
        QCOMPARE(sizeOf(QString()), std::optional<qint64>(0));
        QCOMPARE(sizeOf(QStringLiteral(" 8g ")), std::optional<qint64>(qint64(8) << 30));
        QCOMPARE(sizeOf(QStringLiteral("lots")), std::nullopt);
        QCOMPARE(sizeOf(QStringLiteral("-1")), std::nullopt);
    }

    void cpus()
    {
        QCOMPARE(cpusOf(QString()), std::optional<double>(0));
        QCOMPARE(cpusOf(QStringLiteral("1.5")), std::optional<double>(1.5));
        for (const char *wrong : {"1,5", "-1", "nan", "inf", "four"})
            QCOMPARE(cpusOf(QString::fromUtf8(wrong)), std::nullopt);
    }

    void ulimits()
    {
        QCOMPARE(ulimitOf(row("", "", "")), std::optional(Ulimit()));
        QCOMPARE(
            ulimitOf(row("nofile", "1024", "65536")), std::optional(Ulimit{QStringLiteral("nofile"), 1024, 65536}));
        QCOMPARE(ulimitOf(row("core", "unlimited", "")), std::optional(Ulimit{QStringLiteral("core"), -1, -1}));
        for (const QStringList &wrong : {row("", "1", ""), row("nofile", "", ""), row("nofile", "many", ""),
                 row("nofile", "1", "x"), row("nofile", "-2", "")})
            QVERIFY(!ulimitOf(wrong));
    }

    void names()
    {
        const auto form = [](const char *pattern) { return QRegularExpression(QString::fromUtf8(pattern)); };
        QVERIFY(form("^pytorch-\\d{4}-\\d{4}$")
                    .match(suggestedName(QStringLiteral("nvcr.io/nvidia/pytorch:24.05-py3")))
                    .hasMatch());
        QVERIFY(form("^run-\\d{4}-\\d{4}$").match(suggestedName(QString())).hasMatch());
        QVERIFY(form("^x-").match(suggestedName(QStringLiteral("localhost:5000/x@sha256:abc"))).hasMatch());
    }
};

QTEST_APPLESS_MAIN(LimitsTest)
#include "tst_limits.moc"
