#include "dockerline/fields.h"
#include "recipe/startcommand.h"

#include <QRandomGenerator>
#include <QRegularExpression>
#include <QTest>

using namespace dockerline;
using namespace recipe;

/** What is typed into the steps' fields: sizes, CPUs, limits, a command's words, and the name that is suggested. */
class FieldsTest : public QObject
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

    void lines_data()
    {
        QTest::addColumn<QString>("line");
        QTest::addColumn<QStringList>("words");
        const auto row = [](const char *line, const QStringList &words) {
            QTest::newRow(line) << QString::fromUtf8(line) << words;
        };
        row("", {});
        row("  \n ", {});
        row("python3 train.py", {QStringLiteral("python3"), QStringLiteral("train.py")});
        row("a\n b\t c", {QStringLiteral("a"), QStringLiteral("b"), QStringLiteral("c")});
        row("echo 'a b' \"c d\"", {QStringLiteral("echo"), QStringLiteral("a b"), QStringLiteral("c d")});
        row("a'b'\"c\"d", {QStringLiteral("abcd")});
        row("'' \"\"", {QString(), QString()});
        row("a\\ b", {QStringLiteral("a b")});
        row("a\\\nb", {QStringLiteral("ab")});
        row("a \\\n b", {QStringLiteral("a"), QStringLiteral("b")});
        row("\"a\\n\\\"\\$\"", {QStringLiteral("a\\n\"$")});
        row("'\\'", {QStringLiteral("\\")});
        row("$HOME && x", {QStringLiteral("$HOME"), QStringLiteral("&&"), QStringLiteral("x")});
    }
    void lines()
    {
        QFETCH(QString, line);
        const auto words = shellSplit(line);
        QVERIFY(words);
        QTEST(*words, "words");
    }

    void openQuotesAreRefused()
    {
        for (const QString &line :
            {QStringLiteral("'a"), QStringLiteral("a \"b"), QStringLiteral("a\\"), QStringLiteral("\"a\\\"")})
            QVERIFY2(!shellSplit(line), qPrintable(line));
    }

    void joinAndSplitAreInverse()
    {
        QRandomGenerator random(7);
        const QString letters = QStringLiteral("ab '\"\\$`!=-\n\t&|;*~é");
        for (int round = 0; round < 2000; ++round) {
            QStringList words;
            for (int i = random.bounded(5); i > 0; --i) {
                QString word;
                for (int j = random.bounded(6); j > 0; --j)
                    word += letters[random.bounded(int(letters.size()))];
                words += word;
            }
            const auto split = shellSplit(shellJoin(words));
            QVERIFY(split);
            QCOMPARE(*split, words);
        }
    }
};

QTEST_APPLESS_MAIN(FieldsTest)
#include "tst_fields.moc"
