#include "dockerline/shellwords.h"

#include <QTest>

using namespace recipe;
using namespace dockerline;

static ShellContext context()
{
    ShellContext context;
    context.environment.clear();
    context.environment.insert(QStringLiteral("HOME"), QStringLiteral("/home/me"));
    context.environment.insert(QStringLiteral("X"), QStringLiteral("a b"));
    context.folder = QStringLiteral("/cwd");
    return context;
}

class TestShellWords : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void reads_data()
    {
        QTest::addColumn<QString>("line");
        QTest::addColumn<QStringList>("words");
        const auto row = [](const char *name, const char *line, std::initializer_list<const char *> words) {
            QStringList list;
            for (const char *word : words)
                list += QString::fromUtf8(word);
            QTest::newRow(name) << QString::fromUtf8(line) << list;
        };
        row("nothing", "  \n # comment", {});
        row("words", " a  b\tc ", {"a", "b", "c"});
        row("single", "'a $X \\' b", {"a $X \\", "b"});
        row("double", "\"a \\\"b\\\" \\x $X\"", {"a \"b\" \\x a b"});
        row("joined", "a'b c'\"d\"e", {"ab cde"});
        row("empty words", "'' \"\"", {"", ""});
        row("line ends", "a \\\n b\\\r\nc \\\n", {"a", "bc"});
        row("line end in quotes", "\"a\\\nb\"", {"ab"});
        row("comment", "a #b 'c\n# d", {"a"});
        row("hash inside", "a#b", {"a#b"});
        row("variables", "$HOME/x ${X} $PWD `pwd` \"$(pwd)/y\"", {"/home/me/x", "a b", "/cwd", "/cwd", "/cwd/y"});
        row("tilde", "~ ~/x a~ '~'", {"/home/me", "/home/me/x", "a~", "~"});
        row("lone dollar", "$ a$ \"b$\"", {"$", "a$", "b$"});
        row("escaped", "a\\ b \\$X \\'", {"a b", "$X", "'"});
        row("unset", "$NONE:x", {":x"});
        row("web blank", "a\u00a0b", {"a", "b"});
        row("gpus", "--gpus '\"device=0,1\"' --gpus \\\"device=2\\\"",
            {"--gpus", "\"device=0,1\"", "--gpus", "\"device=2\""});
    }
    void reads()
    {
        QFETCH(QString, line);
        const auto read = shellWords(line, context());
        QVERIFY(std::holds_alternative<ShellWords>(read));
        QStringList words;
        for (const Word &word : std::get<ShellWords>(read).words) {
            words += word.text;
            QVERIFY(word.position >= 0 && word.length > 0 && word.position + word.length <= line.size());
        }
        QTEST(words, "words");
        QCOMPARE(std::get<ShellWords>(read).warnings.size(), line.contains(QStringLiteral("$NONE")) ? 1 : 0);
    }

    void pointsAtWhatItCannotRead_data()
    {
        QTest::addColumn<QString>("line");
        QTest::addColumn<qsizetype>("position");
        QTest::newRow("open single") << QStringLiteral("a 'b") << qsizetype(2);
        QTest::newRow("open double") << QStringLiteral("a \"b") << qsizetype(2);
        QTest::newRow("pipe") << QStringLiteral("a | b") << qsizetype(2);
        QTest::newRow("semicolon") << QStringLiteral("a; b") << qsizetype(1);
        QTest::newRow("substitution") << QStringLiteral("a $(date)") << qsizetype(2);
        QTest::newRow("expansion") << QStringLiteral("a ${X:-b}") << qsizetype(2);
        QTest::newRow("second command") << QStringLiteral("a\n\nb") << qsizetype(3);
        QTest::newRow("somebody's home") << QStringLiteral("a ~bob/x") << qsizetype(2);
    }
    void pointsAtWhatItCannotRead()
    {
        QFETCH(QString, line);
        const auto read = shellWords(line, context());
        QVERIFY(std::holds_alternative<ParseError>(read));
        const auto &error = std::get<ParseError>(read);
        QTEST(error.position, "position");
        QVERIFY(error.length > 0 && error.position + error.length <= line.size());
        QVERIFY(error.message.endsWith(u'.'));
    }

    void survivesEveryCut()
    {
        const QString line = QStringLiteral("a 'b' \"c $X\" ${X} $(pwd) \\\n d\\ e ~/f # g");
        for (qsizetype i = 0; i <= line.size(); ++i) {
            const auto read = shellWords(line.left(i), context());
            if (const auto *error = std::get_if<ParseError>(&read))
                QVERIFY(error->position >= 0 && error->position <= i);
        }
    }
};

QTEST_GUILESS_MAIN(TestShellWords)
#include "tst_shellwords.moc"
