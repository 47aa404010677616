#include "support/privatedaemon.h"
#include "support/privateregistry.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>
#include <csignal>

using support::CommandResult;
using support::PrivateDaemon;
using support::PrivateRegistry;
using namespace Qt::StringLiterals;

namespace {

constexpr int wrongUsage = 2;
constexpr int refused = 125;

const QString program = QStringLiteral(SLIPWAY_PROGRAM);

/** One line for people on standard error, from Slipway, and nothing else. */
bool oneLine(const QByteArray &err)
{
    return err.startsWith("slipway: ") && err.endsWith(".\n") && err.count('\n') == 1;
}

/** Without the lines on how far a pull is. */
QByteArray lastLine(const QByteArray &err) { return err.mid(err.lastIndexOf('\n', err.size() - 2) + 1); }

} // namespace

/** `slipway launch` as a process, on a real daemon: exit codes, where output goes, and what is said when it fails. */
class CliTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        if (const QString reason = PrivateDaemon::skipReason(); !reason.isEmpty())
            QSKIP(qPrintable(reason));
        QVERIFY2(m_daemon.start(), qPrintable(m_daemon.failure()));
        QVERIFY2(m_daemon.makeBusybox(), qPrintable(m_daemon.failure()));
    }

    void sampleAndItsExitCode_data()
    {
        QTest::addColumn<int>("exitCode");
        QTest::newRow("0") << 0;
        QTest::newRow("3") << 3;
    }
    void sampleAndItsExitCode()
    {
        QFETCH(int, exitCode);
        const CommandResult run = launch({u"--"_s, u"docker"_s, u"run"_s, u"--rm"_s, u"slipway/sample-training"_s,
            u"--epochs"_s, u"2"_s, u"--steps"_s, u"20"_s, u"--exit-code"_s, QString::number(exitCode)});
        QCOMPARE(run.exitCode, exitCode);
        QVERIFY2(run.out.contains("epoch 1/2 loss=") && run.out.contains("epoch 2/2 loss="), run.out.constData());
        QVERIFY2(run.err.contains("\r") && run.err.contains("20/20 ["), run.err.constData());
        QVERIFY(!run.out.contains('\r'));
    }

    void aSavedConfiguration()
    {
        QTemporaryDir folder;
        QFile file(folder.filePath(u"run.json"_s));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(R"({"slipway": 1, "image": "bb:1", "command": ["sh", "-c", "echo from a file; exit 4"]})");
        file.close();
        const CommandResult run = launch({file.fileName()});
        QCOMPARE(run.exitCode, 4);
        QCOMPARE(run.text(), u"from a file"_s);
    }

    void detachPrintsTheId()
    {
        const CommandResult run = launch({u"--detach"_s, u"--"_s, u"docker"_s, u"run"_s, u"--network=none"_s,
            u"--name"_s, u"detached"_s, u"bb:1"_s, u"sleep"_s, u"1000"_s});
        QCOMPARE(run.exitCode, 0);
        static const QRegularExpression id(u"^[0-9a-f]{64}$"_s);
        QVERIFY2(id.match(run.text()).hasMatch(), run.out.constData());
        QCOMPARE(m_daemon.docker({u"inspect"_s, u"-f"_s, u"{{.Id}} {{.State.Running}}"_s, u"detached"_s}).text(),
            QString(run.text() + u" true"));
        QVERIFY(m_daemon.docker({u"rm"_s, u"-f"_s, u"detached"_s}).ok());
    }

    void aTakenName()
    {
        QVERIFY(m_daemon.docker({u"create"_s, u"--name"_s, u"taken"_s, u"bb:1"_s}).ok());
        const CommandResult run
            = launch({u"--"_s, u"docker"_s, u"run"_s, u"--name"_s, u"taken"_s, u"bb:1"_s, u"true"_s});
        QCOMPARE(run.exitCode, refused);
        QVERIFY2(run.err.contains("the name taken is taken by another container"), run.err.constData());
        QVERIFY2(oneLine(run.err), run.err.constData());
        QVERIFY(m_daemon.docker({u"rm"_s, u"taken"_s}).ok());
    }

    void aMissingImage()
    {
        const CommandResult run = launch({u"--"_s, u"docker"_s, u"run"_s, u"127.0.0.1:1/no-such-image:7"_s});
        QCOMPARE(run.exitCode, refused);
        QVERIFY2(run.err.contains("the registry 127.0.0.1:1 cannot be reached"), run.err.constData());
    }

    void aPrivateImage_data()
    {
        QTest::addColumn<QString>("password");
        QTest::addColumn<int>("exitCode");
        QTest::newRow("right password") << u"correct-horse"_s << 7;
        QTest::newRow("wrong password") << u"battery-staple"_s << refused;
        QTest::newRow("nobody") << QString() << refused;
    }
    void aPrivateImage()
    {
        QFETCH(QString, password);
        QFETCH(int, exitCode);
        if (const QString reason = PrivateRegistry::skipReason(); !reason.isEmpty())
            QSKIP(qPrintable(reason));
        PrivateRegistry registry(u"me"_s, u"correct-horse"_s);
        QVERIFY(registry.start(m_daemon));
        QVERIFY(registry.put(m_daemon, u"bb:1"_s, u"team/bb:1"_s));
        // As `docker login` writes it.
        QTemporaryDir folder;
        QFile config(folder.filePath(u"config.json"_s));
        QVERIFY(config.open(QIODevice::WriteOnly));
        QJsonObject logins;
        if (!password.isEmpty())
            logins[PrivateRegistry::host()] = QJsonObject{
                {u"auth"_s, QString::fromLatin1((registry.user() + u':' + password).toUtf8().toBase64())}};
        config.write(QJsonDocument(QJsonObject{{u"auths"_s, logins}}).toJson());
        config.close();
        const CommandResult run = support::runCommand(u"env"_s,
            {u"DOCKER_CONFIG="_s + folder.path(), program, u"launch"_s, u"--host"_s, m_daemon.host(), u"--"_s,
                u"docker"_s, u"run"_s, u"--rm"_s, u"--network=none"_s, PrivateRegistry::host() + u"/team/bb:1"_s,
                u"sh"_s, u"-c"_s, u"echo private; exit 7"_s});
        QVERIFY2(run.exitCode == exitCode, run.err.constData());
        if (exitCode == refused) {
            const QByteArray said = lastLine(run.err);
            QVERIFY2(oneLine(said) && said.contains("the registry wants a sign-in, or another account"),
                run.err.constData());
            QVERIFY2(said.contains("docker login"), run.err.constData());
        } else {
            QCOMPARE(run.text(), u"private"_s);
            QVERIFY(m_daemon.docker({u"rmi"_s, PrivateRegistry::host() + u"/team/bb:1"_s}).ok());
        }
        QVERIFY2(password.isEmpty() || !QByteArray(run.out + run.err).contains(password.toUtf8()), run.err.constData());
    }

    void aSignInThatCannotBeUsedIsSaid()
    {
        if (const QString reason = PrivateRegistry::skipReason(); !reason.isEmpty())
            QSKIP(qPrintable(reason));
        PrivateRegistry registry;
        QVERIFY(registry.start(m_daemon));
        QVERIFY(registry.put(m_daemon, u"bb:1"_s, u"team/bb:1"_s));
        QTemporaryDir folder;
        QFile config(folder.filePath(u"config.json"_s));
        QVERIFY(config.open(QIODevice::WriteOnly));
        config.write(R"({"credsStore": "nowhere"})");
        config.close();
        const CommandResult run = support::runCommand(u"env"_s,
            {u"DOCKER_CONFIG="_s + folder.path(), program, u"launch"_s, u"--host"_s, m_daemon.host(), u"--"_s,
                u"docker"_s, u"run"_s, PrivateRegistry::host() + u"/team/bb:1"_s});
        QCOMPARE(run.exitCode, refused);
        const QByteArray said = lastLine(run.err);
        QVERIFY2(
            oneLine(said) && said.contains("docker-credential-nowhere, which is not installed"), run.err.constData());
    }

    void aProgramThatIsNotThereLeavesNothing()
    {
        const CommandResult run
            = launch({u"--"_s, u"docker"_s, u"run"_s, u"--name"_s, u"nothing"_s, u"bb:1"_s, u"no-such-program"_s});
        QCOMPARE(run.exitCode, refused);
        QVERIFY2(run.err.contains("no-such-program"), run.err.constData());
        QCOMPARE(m_daemon.docker({u"ps"_s, u"-aq"_s}).text(), QString());
    }

    void wrongWords_data()
    {
        QTest::addColumn<QStringList>("words");
        QTest::newRow("nothing to launch") << QStringList{};
        QTest::newRow("two things") << QStringList{u"--sample"_s, u"file.json"_s};
        QTest::newRow("no such option") << QStringList{u"--sampel"_s};
        QTest::newRow("no such file") << QStringList{u"/no/such/file.json"_s};
        QTest::newRow("no docker run") << QStringList{u"--"_s, u"docker"_s, u"pull"_s, u"bb:1"_s};
        QTest::newRow("no such option of docker run")
            << QStringList{u"--"_s, u"docker"_s, u"run"_s, u"--nonsense"_s, u"bb:1"_s};
        QTest::newRow("no image") << QStringList{u"--"_s, u"docker"_s, u"run"_s, u"-d"_s};
    }
    void wrongWords()
    {
        QFETCH(QStringList, words);
        const CommandResult run = launch(words);
        QCOMPARE(run.exitCode, wrongUsage);
        QVERIFY2(oneLine(run.err), run.err.constData());
        QVERIFY(run.out.isEmpty());
    }

    void noDaemon()
    {
        const CommandResult run
            = support::runCommand(program, {u"launch"_s, u"--host"_s, u"unix:///no/such/docker.sock"_s, u"--sample"_s});
        QCOMPARE(run.exitCode, refused);
        QVERIFY2(oneLine(run.err), run.err.constData());
        QVERIFY2(run.err.contains("Docker does not answer"), run.err.constData());
    }

    void noPermission()
    {
        // As in life: the socket can be seen, and is root's and the group docker's.
        QVERIFY(QFile::setPermissions(m_daemon.folder(), QFile::permissions(m_daemon.folder()) | QFile::ExeOther));
        QTemporaryDir folder(u"/tmp/slipway-cli-XXXXXX"_s);
        const QString copy = folder.filePath(u"slipway"_s); // the build may be where nobody may look
        QVERIFY(QFile::copy(program, copy));
        QVERIFY(QFile::setPermissions(folder.path(), QFile::permissions(folder.path()) | QFile::ExeOther));
        const CommandResult run = support::runCommand(u"setpriv"_s,
            {u"--reuid=65534"_s, u"--regid=65534"_s, u"--clear-groups"_s, copy, u"launch"_s, u"--host"_s,
                m_daemon.host(), u"--sample"_s});
        QCOMPARE(run.exitCode, refused);
        QVERIFY2(oneLine(run.err), run.err.constData());
        QVERIFY2(run.err.contains("group docker"), run.err.constData());
    }

    void interruptStopsAForegroundRun()
    {
        QProcess process;
        process.start(program,
            {u"launch"_s, u"--host"_s, m_daemon.host(), u"--"_s, u"docker"_s, u"run"_s, u"--name"_s, u"interrupted"_s,
                u"bb:1"_s, u"sh"_s, u"-c"_s,
                u"trap 'echo bye; exit 9' INT; while true; do echo tick; sleep 0.1; done"_s});
        QByteArray out;
        while (out.count("tick") < 10 && process.waitForReadyRead(20000))
            out += process.readAllStandardOutput();
        QVERIFY2(out.count("tick") >= 10, process.readAllStandardError().constData());
        ::kill(pid_t(process.processId()), SIGINT);
        QVERIFY(process.waitForFinished(20000));
        out += process.readAllStandardOutput();
        QVERIFY2(process.exitCode() == 9, process.readAllStandardError().constData());
        QVERIFY2(out.contains("bye"), out.constData());
        QCOMPARE(
            m_daemon.docker({u"inspect"_s, u"-f"_s, u"{{.State.Running}}"_s, u"interrupted"_s}).text(), u"false"_s);
        QVERIFY(m_daemon.docker({u"rm"_s, u"interrupted"_s}).ok());
    }

    void shortRunsLoseNothing()
    {
        // --rm takes the container and its log away the moment it ends: what was not attached in time is lost.
        constexpr int runs = 50;
        for (int i = 0; i < runs; ++i) {
            const CommandResult run = launch({u"--"_s, u"docker"_s, u"run"_s, u"--rm"_s, u"--network=none"_s, u"bb:1"_s,
                u"sh"_s, u"-c"_s, u"echo first; seq 1 200; echo last; exit %1"_s.arg(i)});
            QCOMPARE(run.exitCode, i);
            QList<QByteArray> lines = run.out.trimmed().split('\n');
            QCOMPARE(lines.size(), 202);
            QCOMPARE(lines.first(), QByteArray("first"));
            QCOMPARE(lines.last(), QByteArray("last"));
        }
        QTRY_COMPARE(m_daemon.docker({u"ps"_s, u"-aq"_s}).text(), QString());
    }

private:
    CommandResult launch(const QStringList &words) const
    {
        return support::runCommand(program, QStringList{u"launch"_s, u"--host"_s, m_daemon.host()} + words);
    }

    PrivateDaemon m_daemon;
};

QTEST_GUILESS_MAIN(CliTest)
#include "tst_cli.moc"
