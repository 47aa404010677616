#include "recipe/startcommand.h"

#include <QProcess>
#include <QRandomGenerator>
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

    void recognisesFetchCloneAndPin()
    {
        const QString hash(40, u'a');
        const auto read = [](const QString &script) {
            RunConfig config;
            setStartCommand(config, {QStringLiteral("bash"), QStringLiteral("-c"), script});
            return config;
        };
        using Update = CodeStep::Update;
        using Source = CodeStep::Source;
        const auto fetch = read(QStringLiteral("cd /r && git fetch && git checkout v1 && x"));
        QVERIFY(fetch.code == (CodeStep{QStringLiteral("/r"), Update::Fetch, QStringLiteral("v1"), {}, {}, {}}));
        const auto pinned = read(QString(QStringLiteral("cd /r && git fetch && git checkout ") + hash));
        QVERIFY(pinned.code == (CodeStep{QStringLiteral("/r"), Update::Fetch, {}, hash, {}, {}}));
        const auto clone = read(QStringLiteral("git clone git@h:a/b '/$r' && cd '/$r' && git checkout \"b'c\" && x"));
        QVERIFY(clone.code
            == (CodeStep{QStringLiteral("/$r"), Update::None, QStringLiteral("b'c"), {}, Source::Clone,
                QStringLiteral("git@h:a/b")}));
        QCOMPARE(clone.script, QStringLiteral("x"));
        for (const char *other : {"git clone u /r && cd /s && x", "git clone --depth 1 u /r && cd /r && x",
                 "git clone u && cd u && x", "git clone u /r || cd /r"}) {
            const RunConfig config = read(QString::fromUtf8(other));
            QVERIFY2(config.code == CodeStep(), other);
            QCOMPARE(config.script, QString::fromUtf8(other));
        }
        // After a clone there is nothing to fetch: those words are the script's.
        const auto twice = read(QStringLiteral("git clone u /r && cd /r && git fetch && x"));
        QCOMPARE(twice.script, QStringLiteral("git fetch && x"));
    }

    void pinningFetches()
    {
        CodeStep code{QStringLiteral("/r"), CodeStep::Update::Pull, QStringLiteral("main"), {}, {}, {}};
        pin(code, QString(40, u'b'));
        QCOMPARE(int(code.update), int(CodeStep::Update::Fetch));
        RunConfig config;
        config.code = code;
        QCOMPARE(startCommand(config).last(),
            QString(QStringLiteral("cd /r && git fetch && git checkout ") + QString(40, u'b')));
        QVERIFY(
            !isFullCommit(QString(39, u'a')) && !isFullCommit(QString(40, u'g')) && isFullCommit(QString(64, u'0')));
    }

    /** Whatever is typed comes back exactly, and so does every line that looks nearly like ours. */
    void everyStepComesBack()
    {
        QRandomGenerator random(20240607);
        const auto text = [&random](int most) {
            static const QString letters = QStringLiteral("ab/ '\"\\$`!&|;\n~#*ä-=(){}");
            QString word;
            for (int i = random.bounded(1, most + 1); i > 0; --i)
                word += letters[random.bounded(letters.size())];
            return word;
        };
        for (int i = 0; i < 3000; ++i) {
            RunConfig config;
            config.useShell = true;
            config.script = text(6);
            CodeStep &code = config.code;
            code.folder = text(8);
            code.source = CodeStep::Source(random.bounded(2));
            const bool clones = code.source == CodeStep::Source::Clone;
            code.update = clones ? CodeStep::Update::None : CodeStep::Update(random.bounded(3));
            code.url = clones ? text(8) : QString();
            if (random.bounded(2))
                code.checkout = text(8);
            else if (random.bounded(2))
                code.commit = QString(40, QChar(u'0' + random.bounded(10)));
            RunConfig back;
            setStartCommand(back, startCommand(config));
            QCOMPARE(startCommand(back), startCommand(config));
            if (!config.script.trimmed().isEmpty())
                QVERIFY2(back.code == code && back.script == config.script, qPrintable(startCommand(config).last()));
        }
    }

    void everyLineComesBack()
    {
        static const QStringList parts = {QStringLiteral("git clone "), QStringLiteral("cd "),
            QStringLiteral("git pull"), QStringLiteral("git fetch"), QStringLiteral("git checkout "),
            QStringLiteral(" && "), QStringLiteral(" && "), QStringLiteral("/r"), QStringLiteral("'/r'"),
            QStringLiteral("\"/r s\""), QStringLiteral("main"), QString(40, u'a'), QStringLiteral("{\n"),
            QStringLiteral("\n}"), QStringLiteral(" "), QStringLiteral("'"), QStringLiteral("; x")};
        QRandomGenerator random(7);
        for (int i = 0; i < 20000; ++i) {
            QString script;
            for (int n = random.bounded(1, 14); n > 0; --n)
                script += parts[random.bounded(parts.size())];
            const QStringList words{QStringLiteral("bash"), QStringLiteral("-c"), script};
            RunConfig config;
            setStartCommand(config, words);
            QCOMPARE(startCommand(config), words);
        }
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
