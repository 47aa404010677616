#include "support/privatedaemon.h"

#include "runs/store.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using support::CommandResult;
using support::PrivateDaemon;
using namespace Qt::StringLiterals;

/** `slipway launch NAME` as a process: saved runs, their blanks and secrets, and what is left of them on the disk. */
class SavedRunsTest : public QObject
{
    Q_OBJECT

    PrivateDaemon m_daemon;
    QTemporaryDir m_home;

    /** Without a terminal, whoever runs the tests. */
    CommandResult launch(const QStringList &words) const
    {
        return support::runCommand(u"setsid"_s,
            QStringList{u"-w"_s, QStringLiteral(SLIPWAY_PROGRAM), u"launch"_s, u"--host"_s, m_daemon.host()} + words);
    }
    void save(const QString &fileName, const QByteArray &json) const
    {
        QFile file(m_home.filePath(u"config/slipway/runs/"_s + fileName));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(json);
    }
    QList<runs::Record> history() const
    {
        runs::Store store(m_home.filePath(u"data/slipway/history.sqlite"_s));
        if (!store.open())
            return {};
        return *store.all();
    }
    QStringList filesWith(const QByteArray &text) const
    {
        QStringList found;
        for (QDirIterator it(m_home.path(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories); it.hasNext();) {
            QFile file(it.next());
            if (!file.open(QIODevice::ReadOnly) || file.readAll().contains(text))
                found += file.fileName();
        }
        return found;
    }

private Q_SLOTS:
    void initTestCase()
    {
        if (const QString reason = PrivateDaemon::skipReason(); !reason.isEmpty())
            QSKIP(qPrintable(reason));
        QVERIFY2(m_daemon.start(), qPrintable(m_daemon.failure()));
        QVERIFY2(m_daemon.makeBusybox(), qPrintable(m_daemon.failure()));
        qputenv("XDG_CONFIG_HOME", m_home.filePath(u"config"_s).toLocal8Bit());
        qputenv("XDG_DATA_HOME", m_home.filePath(u"data"_s).toLocal8Bit());
        QVERIFY(QDir().mkpath(m_home.filePath(u"config/slipway/runs"_s)));
        save(u"vit.json"_s,
            R"({"slipway": 1, "image": "bb:${TAG}", "network": "none", "script": "echo lr=${LR} $((1+1)) ${HOME}", "shell": "sh",
                "env": ["FROM=${HOME}", "HOME=/inside"], "parameters": [{"name": "LR", "default": "3e-4"}, {"name": "TAG"}]})");
        save(u"secret.json"_s,
            R"({"slipway": 1, "image": "bb:1", "network": "none", "command": ["sh", "-c", "echo $SECRET_KEY | wc -c"],
                "env": [{"name": "SECRET_KEY", "secret": true}]})");
        save(u"broken.json"_s, "{\"slipway\": 1,\n\"image\": 5}");
    }

    void byNameWithValues()
    {
        const CommandResult run = launch({u"--set"_s, u"LR=1e-3"_s, u"vit"_s, u"--set=TAG=1"_s});
        QVERIFY2(run.ok(), run.err.constData());
        QCOMPARE(run.text(), u"lr=1e-3 2 /inside"_s); // $HOME is the container's own in a script
        const QList<runs::Record> records = history();
        QCOMPARE(records.size(), 1);
        QCOMPARE(records[0].configName, u"vit"_s);
        QCOMPARE(records[0].image, u"bb:1"_s);
        QCOMPARE(records[0].stage, runs::Stage::Ended);
        QCOMPARE(records[0].origin, runs::Origin::CommandLine);
        QVERIFY(records[0].line.contains(u"lr=1e-3"_s) && records[0].line.contains(u"FROM="_s + QDir::homePath()));
    }

    void theEndIsWrittenDown()
    {
        QCOMPARE(launch({u"--"_s, u"docker"_s, u"run"_s, u"--rm"_s, u"--network=none"_s, u"--name"_s, u"ends"_s,
                            u"bb:1"_s, u"sh"_s, u"-c"_s, u"exit 7"_s})
                     .exitCode,
            7);
        QCOMPARE(launch({u"--"_s, u"docker"_s, u"run"_s, u"127.0.0.1:1/no-such:1"_s}).exitCode, 125);
        const QList<runs::Record> records = history();
        QVERIFY(records.size() >= 2);
        for (const runs::Record &record : records) {
            if (record.containerName == u"ends"_s)
                QVERIFY(record.stage == runs::Stage::Ended && record.exitCode == 7);
            if (record.image == u"127.0.0.1:1/no-such:1"_s)
                QVERIFY(record.stage == runs::Stage::NotStarted && record.note.contains(u"127.0.0.1:1"_s));
        }
    }

    void saysWhatIsWrong_data()
    {
        QTest::addColumn<QStringList>("words");
        QTest::addColumn<QByteArray>("says");
        QTest::newRow("no such run") << QStringList{u"nosuch"_s}
                                     << QByteArray("no saved run “nosuch”; there are: broken, secret, vit.");
        QTest::newRow("no such file") << QStringList{u"./nosuch"_s} << QByteArray("./nosuch cannot be read");
        QTest::newRow("no such json") << QStringList{u"nosuch.json"_s} << QByteArray("nosuch.json cannot be read");
        QTest::newRow("broken") << QStringList{u"broken"_s} << QByteArray("“image” should be a text (line 2).");
        QTest::newRow("a value is missing")
            << QStringList{u"vit"_s} << QByteArray("A value is missing for TAG. Give it with --set TAG=VALUE.");
        QTest::newRow("no such parameter") << QStringList{u"vit"_s, u"--set"_s, u"TAG=1"_s, u"--set"_s, u"X=1"_s}
                                           << QByteArray("no parameter “X”; it has: LR, TAG.");
        QTest::newRow("no value") << QStringList{u"vit"_s, u"--set"_s, u"TAG"_s}
                                  << QByteArray("--set takes NAME=VALUE");
        QTest::newRow("for the sample") << QStringList{u"--sample"_s, u"--set"_s, u"A=1"_s}
                                        << QByteArray("--set fills in the parameters");
        QTest::newRow("nobody knows the secret")
            << QStringList{u"secret"_s} << QByteArray("secret SECRET_KEY is neither in the environment");
    }
    void saysWhatIsWrong()
    {
        QFETCH(QStringList, words);
        QFETCH(QByteArray, says);
        const CommandResult run = launch(words);
        QCOMPARE(run.exitCode, 2);
        QVERIFY2(run.err.contains(says) && run.err.count('\n') == 1, run.err.constData());
        QVERIFY(run.out.isEmpty());
    }

    void secretsStayInMemory()
    {
        qputenv("SECRET_KEY", "hush-env-4711");
        const CommandResult run = launch({u"secret"_s});
        qunsetenv("SECRET_KEY");
        QVERIFY2(run.ok(), run.err.constData());
        QCOMPARE(run.text(), u"14"_s); // with its line end
        QCOMPARE(filesWith("hush-env-4711"), QStringList());
        QVERIFY(!filesWith("SECRET_KEY").isEmpty()); // it does look into the files
    }

    void secretsAreAskedForUnseen()
    {
        const QString command = u"%1 launch --host %2 secret"_s.arg(QStringLiteral(SLIPWAY_PROGRAM), m_daemon.host());
        // script(1) gives it a terminal, and types what comes on its input.
        QProcess terminal;
        terminal.start(u"script"_s, {u"-qefc"_s, command, u"/dev/null"_s});
        QByteArray seen;
        QTRY_VERIFY_WITH_TIMEOUT((seen += terminal.readAll()).contains("SECRET_KEY: "), 10000);
        terminal.write("hush-typX\x7f"
                       "ed\n");
        QTRY_VERIFY_WITH_TIMEOUT((seen += terminal.readAll()).contains("11"), 20000);
        terminal.closeWriteChannel();
        QVERIFY(terminal.waitForFinished());
        QCOMPARE(terminal.exitCode(), 0);
        QVERIFY2(!seen.contains("hush"), seen.constData());
        QCOMPARE(filesWith("hush-typ"), QStringList());
    }

    void takesTheNextFreeName()
    {
        save(u"twice.json"_s,
            R"({"slipway": 1, "image": "bb:1", "name": "twice", "network": "none", "removeWhenFinished": false, "command": ["true"]})");
        QVERIFY(launch({u"twice"_s}).ok());
        const CommandResult second = launch({u"twice"_s});
        QVERIFY2(second.ok(), second.err.constData());
        QCOMPARE(QString::fromUtf8(second.err), u"slipway: The name twice is taken: this run is called twice-2.\n"_s);
        bool found = false;
        for (const runs::Record &record : history())
            found = found || record.containerName == u"twice-2"_s;
        QVERIFY(found);
        const CommandResult typed = launch({u"--"_s, u"docker"_s, u"run"_s, u"--name"_s, u"twice"_s, u"bb:1"_s});
        QCOMPARE(typed.exitCode, 125);
        QVERIFY2(typed.err.contains("twice"), typed.err.constData());
    }

    void runsWithoutAnEntryPointThatCannot()
    {
        QVERIFY(m_daemon.docker({u"create"_s, u"--name"_s, u"seed"_s, u"bb:1"_s}).ok());
        QVERIFY(m_daemon
                    .docker({u"commit"_s, u"--change"_s, u"ENTRYPOINT [\"/bin/sh\"]"_s, u"--change"_s,
                        u"CMD [\"-c\", \"true\"]"_s, u"seed"_s, u"entry:1"_s})
                    .ok());
        save(u"entry.json"_s,
            R"({"slipway": 1, "image": "entry:1", "network": "none", "shell": "sh", "script": "cd /tmp && pwd"})");
        const CommandResult run = launch({u"entry"_s});
        QVERIFY2(run.ok(), run.err.constData());
        QCOMPARE(run.text(), u"/tmp"_s);
        QVERIFY2(run.err.contains("Done: Run without it."), run.err.constData());
        const CommandResult typed = launch({u"--"_s, u"docker"_s, u"run"_s, u"entry:1"_s, u"sh"_s, u"-c"_s, u"pwd"_s});
        QCOMPARE(typed.exitCode, 2);
        QVERIFY2(typed.err.contains("Add --entrypoint \"\" to run without it."), typed.err.constData());
        QVERIFY(launch({u"--"_s, u"docker"_s, u"run"_s, u"--rm"_s, u"entry:1"_s, u"-c"_s, u"exit 0"_s}).ok());
    }

    void takesTheRunBesideTheCode()
    {
        const QString repository = m_home.filePath(u"code"_s);
        QVERIFY(QDir().mkpath(repository + u"/src"_s));
        QVERIFY(QDir().mkpath(repository + u"/.git"_s));
        QFile file(repository + u"/slipway.json"_s);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(R"({"slipway": 1, "image": "bb:1", "network": "none", "command": ["ls", "/here"],
            "mounts": [{"source": "${PWD}", "target": "/here"}]})");
        file.close();
        for (const QString &folder : {repository, QString(repository + u"/src"_s)}) {
            const CommandResult run = launch({folder});
            QVERIFY2(run.ok(), run.err.constData());
            QCOMPARE(run.text(), u"slipway.json\nsrc"_s);
        }
        const CommandResult none = launch({m_home.path()});
        QCOMPARE(none.exitCode, 2);
        QVERIFY2(none.err.contains("There is no slipway.json in the folder"), none.err.constData());
        // A saved run of the name of something that lies here.
        const QString before = QDir::currentPath();
        QVERIFY(QDir::setCurrent(m_home.path()));
        save(u"code.json"_s, R"({"slipway": 1, "image": "bb:1", "network": "none", "command": ["echo", "saved"]})");
        const CommandResult named = launch({u"code"_s});
        QDir::setCurrent(before);
        QCOMPARE(named.text(), u"saved"_s);
        QVERIFY2(named.err.contains("Launching the saved run “code”; what lies here under that name is ./code."),
            named.err.constData());
    }

    void sharesWithAnotherProcess()
    {
        QList<QProcess *> all;
        for (int i = 0; i < 4; ++i) {
            all += new QProcess(this);
            all.last()->start(QStringLiteral(SLIPWAY_PROGRAM),
                {u"launch"_s, u"--host"_s, m_daemon.host(), u"--set"_s, u"TAG=1"_s, u"--set"_s, u"LR=share%1"_s.arg(i),
                    u"vit"_s});
        }
        for (QProcess *process : std::as_const(all)) {
            QVERIFY(process->waitForFinished());
            QCOMPARE(process->exitCode(), 0);
        }
        int found = 0;
        for (const runs::Record &record : history()) {
            if (record.line.contains(u"lr=share"_s)) {
                ++found;
                QCOMPARE(record.stage, runs::Stage::Ended);
            }
        }
        QCOMPARE(found, 4);
    }
};

QTEST_GUILESS_MAIN(SavedRunsTest)
#include "tst_savedruns.moc"
