#include "recipe/startcommand.h"

#include <QProcess>
#include <QTest>

using namespace recipe;

class TestStartCommand : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void quotesOnlyWhatNeedsIt_data()
    {
        QTest::addColumn<QString>("word");
        QTest::addColumn<QString>("quoted");
        QTest::newRow("plain") << QStringLiteral("train.py") << QStringLiteral("train.py");
        QTest::newRow("empty") << QString() << QStringLiteral("''");
        QTest::newRow("blank") << QStringLiteral("a b") << QStringLiteral("\"a b\"");
        QTest::newRow("single quote") << QStringLiteral("it's") << QStringLiteral("\"it's\"");
        QTest::newRow("dollar") << QStringLiteral("$HOME") << QStringLiteral("'$HOME'");
        QTest::newRow("both quotes") << QStringLiteral("a'b\"c") << QStringLiteral("'a'\\''b\"c'");
        QTest::newRow("tilde") << QStringLiteral("~/x") << QStringLiteral("\"~/x\"");
        QTest::newRow("history") << QStringLiteral("a!b") << QStringLiteral("'a!b'");
        QTest::newRow("line end") << QStringLiteral("a\n") << QStringLiteral("\"a\n\"");
        QTest::newRow("accent") << QStringLiteral("é") << QStringLiteral("\"é\"");
    }
    void quotesOnlyWhatNeedsIt()
    {
        QFETCH(QString, word);
        QTEST(shellQuote(word), "quoted");
        QProcess shell; // the witness
        shell.start(
            QStringLiteral("sh"), {QStringLiteral("-c"), QString(QStringLiteral("printf %s ") + shellQuote(word))});
        QVERIFY(shell.waitForFinished());
        QCOMPARE(QString::fromUtf8(shell.readAllStandardOutput()), word);
    }

    void quotesOnlyTheValueOfAnOption()
    {
        QCOMPARE(shellJoin({QStringLiteral("--gpus=\"device=0,1\""), QStringLiteral("x y")}),
            QStringLiteral("--gpus='\"device=0,1\"' \"x y\""));
    }

    void composesTheCodeStep()
    {
        RunConfig config;
        config.code = {QStringLiteral("/work space"), CodeStep::Update::Pull, QStringLiteral("my_branch"), {}, {}, {}};
        config.useShell = true;
        config.script = QStringLiteral("export A=1 && python3 train.py");
        QCOMPARE(startCommand(config),
            QStringList({QStringLiteral("bash"), QStringLiteral("-c"),
                QStringLiteral(
                    "cd \"/work space\" && git pull && git checkout my_branch && export A=1 && python3 train.py")}));
        config.useShell = false;
        config.command = {QStringLiteral("python"), QStringLiteral("a b.py")};
        config.code = {QStringLiteral("/w"), CodeStep::Update::None, {}, {}, {}, {}};
        QCOMPARE(startCommand(config).last(), QStringLiteral("cd /w && python \"a b.py\""));
        config.command = {QStringLiteral("A=1"), QStringLiteral("x")}; // a program of that name, not an assignment
        QCOMPARE(startCommand(config).last(), QStringLiteral("cd /w && 'A=1' x"));
    }

    void aFailedPullStopsEveryScript_data()
    {
        QTest::addColumn<QString>("script");
        QTest::newRow("semicolon") << QStringLiteral("echo ran; echo ran");
        QTest::newRow("or") << QStringLiteral("true || echo ran");
        QTest::newRow("lines") << QStringLiteral("true\necho ran");
        QTest::newRow("background") << QStringLiteral("true & echo ran");
    }
    void aFailedPullStopsEveryScript()
    {
        QFETCH(QString, script);
        RunConfig config;
        config.code = {QStringLiteral("/nonexistent/folder"), CodeStep::Update::None, {}, {}, {}, {}};
        config.useShell = true;
        config.script = script;
        QStringList words = startCommand(config);
        QProcess shell;
        const QString program = words.takeFirst();
        shell.start(program, words);
        QVERIFY(shell.waitForFinished());
        QCOMPARE(shell.readAllStandardOutput(), QByteArray());
        QVERIFY(shell.exitCode() != 0);
    }

    void recognisesTheCodeStep_data()
    {
        QTest::addColumn<QString>("script");
        QTest::addColumn<QString>("folder");
        QTest::addColumn<bool>("pull");
        QTest::addColumn<QString>("checkout");
        QTest::addColumn<QString>("rest");
        const auto row = [](const char *name, const char *script, const char *folder, bool pull, const char *checkout,
                             const char *rest) {
            QTest::newRow(name) << QString::fromUtf8(script) << QString::fromUtf8(folder) << pull
                                << QString::fromUtf8(checkout) << QString::fromUtf8(rest);
        };
        row("whole", "cd /r && git pull && git checkout b && python t.py", "/r", true, "b", "python t.py");
        row("no pull", "cd /r && git checkout b && python t.py", "/r", false, "b", "python t.py");
        row("only cd", "cd /r && python t.py", "/r", false, "", "python t.py");
        row("nothing after", "cd /r && git pull", "/r", true, "", "");
        row("quoted", "cd \"/a b\" && git checkout \"x'y\" && z", "/a b", false, "x'y", "z");
        row("braces", "cd /r && git pull && {\na; b\n}", "/r", true, "", "a; b");
        row("other quoting stays whole", "cd '/r' && git pull", "", true, "", "cd '/r' && git pull");
        row("other order stays whole", "git pull && cd /r && x", "", true, "", "git pull && cd /r && x");
        row("pull with a remote is the script's", "cd /r && git pull origin && x", "/r", false, "",
            "git pull origin && x");
        row("two blanks stay whole", "cd  /r && x", "", true, "", "cd  /r && x");
        row("or stays whole", "cd /r && a || b", "", true, "", "cd /r && a || b");
        row("variable stays whole", "cd $R && a", "", true, "", "cd $R && a");
    }
    void recognisesTheCodeStep()
    {
        QFETCH(QString, script);
        const QStringList words = {QStringLiteral("bash"), QStringLiteral("-c"), script};
        RunConfig config;
        setStartCommand(config, words);
        QVERIFY(config.useShell);
        QTEST(config.code.folder, "folder");
        QFETCH(bool, pull);
        QCOMPARE(config.code.update == CodeStep::Update::Pull, pull);
        QTEST(config.code.checkout, "checkout");
        QTEST(config.script, "rest");
        QCOMPARE(startCommand(config), words);
    }

    void leavesOtherCommandsAsWords()
    {
        for (const QStringList &words :
            {QStringList(), QStringList{QStringLiteral("python"), QStringLiteral("-c"), QStringLiteral("x")},
                QStringList{QStringLiteral("bash"), QStringLiteral("-c"), QString()},
                QStringList{QStringLiteral("bash"), QStringLiteral("-lc"), QStringLiteral("x")}}) {
            RunConfig config;
            setStartCommand(config, words);
            QVERIFY(!config.useShell);
            QCOMPARE(config.command, words);
            QCOMPARE(startCommand(config), words);
        }
    }
};

QTEST_GUILESS_MAIN(TestStartCommand)
#include "tst_startcommand.moc"
