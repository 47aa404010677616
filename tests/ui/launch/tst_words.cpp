#include "launch/words.h"
#include "recipe/startcommand.h"

#include <QRandomGenerator>
#include <QTest>

using namespace launch;
using namespace recipe;

/** The command's line is split as a shell would, and is the inverse of shellJoin(). */
class WordsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
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

QTEST_APPLESS_MAIN(WordsTest)
#include "tst_words.moc"
