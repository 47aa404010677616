#include "dockerline/shellwords.h"

#include <QTest>
#include <pwd.h>
#include <unistd.h>

using namespace recipe;
using namespace dockerline;

static ShellContext context()
{
    ShellContext context;
    context.environment.clear();
    context.environment.insert(QStringLiteral("HOME"), QStringLiteral("/home/me"));
    context.environment.insert(QStringLiteral("X"), QStringLiteral("a b"));
    context.environment.insert(QStringLiteral("EMPTY"), QString());
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
        row("variables", "$HOME/x ${X} $PWD `pwd` \"$(pwd)/y\"", {"/home/me/x", "a", "b", "/cwd", "/cwd", "/cwd/y"});
        row("tilde", "~ ~/x a~ '~'", {"/home/me", "/home/me/x", "a~", "~"});
        row("lone dollar", "$ a$ \"b$\"", {"$", "a$", "b$"});
        row("escaped", "a\\ b \\$X \\'", {"a b", "$X", "'"});
        row("whole in quotes", "\"${X}\" A=$X", {"a b", "A=a", "b"});
        row("nothing in it", "a $EMPTY \"$EMPTY\" b", {"a", "", "b"});
        row("unset", "$NONE:x '$X' \"$NONE\"", {"${NONE}:x", "$X", "${NONE}"});
        row("defaults", "${X:-c} ${NIL:-c} ${NIL-$HOME/d} \"${NIL:-a b}\" ${EMPTY:-e} ${EMPTY-e}f ${NIL:-${NIL2:-g}}",
            {"a", "b", "c", "/home/me/d", "a b", "e", "f", "g"});
        row("alternatives", "${X:+yes} ${EMPTY:+yes} ${NIL+yes} ${X+\"y z\"}", {"yes", "y", "z"});
        row("default is kept", "${NIL:=1} $NIL", {"1", "1"});
        row("ansi", "$'a\\n\\'b\\x41\\u00e9\\xc3\\xa9\\101\\e' a$'\\t'b $\"c\" \"$'d'\"",
            {"a\n'bA\u00e9\u00e9A\x1b", "a\tb", "c", "$'d'"});
        row("blank behind the line end", "a \\ \n b", {"a", "b"});
        row("prompts", "(base) me@box:~/x$ docker run \\\n> -d \\\n> x", {"docker", "run", "-d", "x"});
        row("prompt of root", "# docker run x", {"docker", "run", "x"});
        row("no prompt", "# docker run does it\ndocker run x", {"docker", "run", "x"});
        row("cell of a notebook", "!docker run x", {"docker", "run", "x"});
        row("code block", "```bash\ndocker run x\n```\n", {"docker", "run", "x"});
        row("folder before", "cd /tmp && cd a/../b; docker run -v $PWD:/x -v $(pwd):/y z",
            {"docker", "run", "-v", "/tmp/b:/x", "-v", "/tmp/b:/y", "z"});
        row("script before",
            "#!/bin/bash\nset -euo pipefail\nexport A=~/q\nB='c d' # why\n\ndocker run -v $A:/x \"$B\" ${C:-e}\n",
            {"docker", "run", "-v", "/home/me/q:/x", "c d", "e"});
        row("assignments", "A=1 env B=\"$X\" exec docker run -e A x", {"docker", "run", "-e", "A", "x"});
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
        const bool warned = line.contains(QStringLiteral("$NONE")) || line.contains(QStringLiteral("\\ \n"));
        QCOMPARE(std::get<ShellWords>(read).warnings.size(), warned ? 1 : 0);
    }

    void pointsAtWhatItCannotRead_data()
    {
        QTest::addColumn<QString>("line");
        QTest::addColumn<QString>("where");
        QTest::addColumn<QString>("says");
        const auto row = [](const char *line, const char *where, const char *says) {
            QTest::newRow(line) << QString::fromUtf8(line) << QString::fromUtf8(where) << QString::fromUtf8(says);
        };
        row("a 'b", "'b", "not closed");
        row("a \"b", "\"b", "not closed");
        row("a $'b\\'", "$'b\\'", "not closed");
        row("a ${b", "${", "not closed");
        row("a $(b", "$(", "not closed");
        row("docker run a | b", "|", "without the shell's “|”");
        row("docker run a > log", ">", "keeps the log");
        row("docker run a 2>&1 x", "2>&", "keeps the log");
        row("docker run a &", "&", "-d runs");
        row("docker run a || true", "||", "“||”");
        row("docker run a; b", "b", "behind “;”");
        row("docker run a && docker run b", "docker run b", "behind “&&”");
        row("docker run a\n\nb c", "b c", "end a line with \\");
        row("docker run \\\n # why\n -d a", "-d a", "comment");
        row("docker rm -f a; docker run a", "docker rm -f a", "without “docker” before it");
        row("mkdir -p a && docker run a", "mkdir -p a", "without “mkdir” before it");
        row("&& docker run a", "&&", "missing");
        row("a $(date +%s) b", "$(date +%s)", "does not run");
        row("a \"$(echo \\) (x))\" b", "$(echo \\) (x))", "does not run");
        row("a ${X%b}", "${X%b}", "put its value");
        row("a $1", "$1", "only in the script");
        row("a \"$@\"", "$@", "only in the script");
        row("a ~bob/x", "~", "home");
        row("docker run ^\r\n x", "^", "Windows");
        row("docker run `\n x", "`", "Windows");
        row("a –gpus all", "–", "dash");
        row("a -e A=“b”", "“", "typographic quote");
    }
    void pointsAtWhatItCannotRead()
    {
        QFETCH(QString, line);
        const auto read = shellWords(line, context());
        QVERIFY(std::holds_alternative<ParseError>(read));
        const auto &error = std::get<ParseError>(read);
        QTEST(line.mid(error.position, error.length), "where");
        QFETCH(QString, says);
        QVERIFY2(error.message.contains(says), qPrintable(error.message));
        QVERIFY(error.message.endsWith(u'.'));
    }

    void listsWhatIsNotSet()
    {
        const QString line = QStringLiteral("docker run -v $DATA:/x -e A=${DATA} -p ${PORT:?which}:80 ${X} 'open");
        QStringList places;
        for (const UnknownVariable &unknown : unknownVariables(line, context()))
            places += unknown.name + u' ' + line.mid(unknown.position, unknown.length);
        QCOMPARE(places,
            QStringList(
                {QStringLiteral("DATA $DATA"), QStringLiteral("DATA ${DATA}"), QStringLiteral("PORT ${PORT:?which}")}));
        QVERIFY(std::holds_alternative<ParseError>(shellWords(line, context())));
    }

    void asksTheSystemInsteadOfPrograms()
    {
        const QString line = QStringLiteral("$(id -u):$(id -g) $UID `id -u` $(id -u $USER) \"$(whoami)\" $USER");
        const auto read = shellWords(line, context());
        QStringList words;
        for (const Word &word : std::get<ShellWords>(read).words)
            words += word.text;
        const QString uid = QString::number(::getuid());
        const QString user = QString::fromLocal8Bit(::getpwuid(::getuid())->pw_name);
        QCOMPARE(words, QStringList({uid + u':' + QString::number(::getgid()), uid, uid, uid, user, user}));
    }

    void tellsWhatTheLineSetsItself()
    {
        const QString line = QStringLiteral("export A=1; B=2; docker pull y && cd /d && A=3 C=4 docker run x");
        const auto read = shellWords(line, context());
        const auto words = std::get<ShellWords>(read);
        QCOMPARE(words.environment,
            (QMap<QString, QString>{
                {QStringLiteral("A"), QStringLiteral("3")}, {QStringLiteral("C"), QStringLiteral("4")}}));
        QCOMPARE(words.folder, QStringLiteral("/d"));
        QCOMPARE(words.warnings, QStringList{QStringLiteral("“docker pull y” before the run is left out.")});
        QCOMPARE(words.words.size(), 3);
    }

    void survivesEveryCut()
    {
        const QString line
            = QStringLiteral("a 'b' \"c $X\" ${X} $(pwd) \\\n d\\ e ~/f $'\\x41\\n' ${N:-${M:-\"q\"}} # g");
        for (qsizetype i = 0; i <= line.size(); ++i) {
            const auto read = shellWords(line.left(i), context());
            if (const auto *error = std::get_if<ParseError>(&read))
                QVERIFY(error->position >= 0 && error->position <= i);
        }
    }
};

QTEST_GUILESS_MAIN(TestShellWords)
#include "tst_shellwords.moc"
