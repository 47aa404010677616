#include "git/git.h"

#include "support/await.h"
#include "support/gitrig.h"

#include <QElapsedTimer>
#include <QTest>
#include <memory>
#include <signal.h>

using namespace git;
using namespace Qt::StringLiterals;
using core::ErrorKind;
using support::await;

/** The program is run as the person's, is ended with all it started, and never asks anything. */
class TestGit : public QObject
{
    Q_OBJECT

    static Command command(const QStringList &arguments, const QString &folder = {})
    {
        Command asked;
        asked.arguments = arguments;
        asked.folder = folder;
        return asked;
    }
    /** A call of git that sleeps, with a child whose number it leaves in `pids`. */
    static Command sleeper(const GitRig &rig)
    {
        return command(
            {u"-c"_s, u"alias.nap=!sleep 60 & echo $$ $! > '%1'; wait"_s.arg(rig.folder(u"pids"_s)), u"nap"_s});
    }
    static QList<int> sleeping(const GitRig &rig)
    {
        QList<int> numbers;
        QFile file(rig.folder(u"pids"_s));
        if (QTest::qWaitFor([&file] { return file.exists() && file.size() > 2; }) && file.open(QIODevice::ReadOnly)) {
            for (const QByteArray &number : file.readAll().simplified().split(' '))
                numbers += number.toInt();
        }
        return numbers;
    }
    static bool ended(int pid) // a zombie whose parent is not here has ended too
    {
        QFile file(u"/proc/%1/stat"_s.arg(pid));
        return ::kill(pid, 0) != 0 || !file.open(QIODevice::ReadOnly) || file.readAll().contains(") Z ");
    }

private Q_SLOTS:
    void answersWithAnyExitCode()
    {
        GitRig rig;
        Git git(rig.environment());
        const auto good = await(git.run(command({u"--version"_s})));
        QVERIFY(good.ok());
        QVERIFY(good->out.startsWith("git version "));
        const auto bad = await(git.run(command({u"rev-parse"_s, u"HEAD"_s}, rig.folder(QString()))));
        QVERIFY(bad.ok());
        QCOMPARE(bad->exitCode, 128);
        QVERIFY(!bad->err.isEmpty());
        const auto error = await(git.output(command({u"rev-parse"_s, u"HEAD"_s}, rig.folder(QString()))));
        QCOMPARE(error.error().kind, ErrorKind::NotFound);
    }

    void saysThatGitIsMissing()
    {
        GitRig rig;
        QDir().mkpath(rig.folder(u"bin"_s));
        for (const QString &path : {QString(), rig.folder(u"bin"_s)}) {
            rig.set("PATH", path);
            Git git(rig.environment());
            const auto result = await(git.run(command({u"--version"_s})));
            QCOMPARE(result.error().kind, ErrorKind::NotFound);
            QVERIFY(result.error().message.contains(u"not installed"_s));
        }
    }

    void saysThatTheFolderIsMissing()
    {
        GitRig rig;
        Git git(rig.environment());
        const auto result = await(git.run(command({u"status"_s}, rig.folder(u"nowhere"_s))));
        QCOMPARE(result.error().kind, ErrorKind::NotFound);
        QVERIFY(result.error().message.contains(u"nowhere"_s));
    }

    void abortingEndsAllThatItStarted()
    {
        GitRig rig;
        Git git(rig.environment());
        QList<core::Result<Output>> answers;
        const auto aborter = git.run(sleeper(rig)).then(this, [&](const core::Result<Output> &r) { answers += r; });
        const QList<int> pids = sleeping(rig);
        QCOMPARE(pids.size(), 2);
        QVERIFY(!ended(pids[0]) && !ended(pids[1]));
        aborter.abort();
        QTRY_COMPARE(answers.size(), 1);
        QCOMPARE(answers[0].error().kind, ErrorKind::Aborted);
        QTRY_VERIFY(ended(pids[0]) && ended(pids[1]));
        QTRY_VERIFY(git.children().isEmpty());
    }

    void goingAwayEndsAllThatItStarted()
    {
        GitRig rig;
        auto git = std::make_unique<Git>(rig.environment());
        bool answered = false;
        git->run(sleeper(rig)).then(this, [&](const core::Result<Output> &) { answered = true; });
        const QList<int> pids = sleeping(rig);
        QCOMPARE(pids.size(), 2);
        git.reset();
        QTRY_VERIFY(ended(pids[0]) && ended(pids[1]));
        QTest::qWait(20);
        QVERIFY(!answered);
    }

    void endsWhatTakesTooLong()
    {
        GitRig rig;
        Git git(rig.environment());
        Command nap = sleeper(rig);
        nap.timeout = std::chrono::milliseconds(500);
        const auto result = await(git.run(nap));
        QCOMPARE(result.error().kind, ErrorKind::Timeout);
        const QList<int> pids = sleeping(rig);
        QTRY_VERIFY(ended(pids.value(0)) && ended(pids.value(1)));
    }

    void oneFailureEndsTheOthers()
    {
        GitRig rig;
        Git git(rig.environment());
        QElapsedTimer watch;
        watch.start();
        const auto result = await(git.runAll({sleeper(rig), command({}, rig.folder(u"nowhere"_s))}));
        QCOMPARE(result.error().kind, ErrorKind::NotFound);
        QVERIFY(watch.elapsed() < 5000);
        QTRY_VERIFY(git.children().isEmpty());
    }

    void givesThePersonsEnvironmentWithoutQuestions()
    {
        GitRig rig;
        rig.set("GIT_DIR", u"/nowhere"_s);
        rig.set("SSH_ASKPASS", u"/usr/bin/ksshaskpass"_s);
        Git git(rig.environment());
        const auto result = await(git.run(command({u"-c"_s, u"alias.e=!env"_s, u"e"_s})));
        QVERIFY(result.ok());
        const QList<QByteArray> lines = result->out.split('\n');
        QVERIFY(lines.contains("GIT_TERMINAL_PROMPT=0"));
        QVERIFY(lines.contains("LC_ALL=C"));
        QVERIFY(lines.contains("SSH_ASKPASS=/usr/bin/ksshaskpass"));
        QVERIFY(!result->out.contains("GIT_DIR=/nowhere"));
    }

    void keepsSshQuietUnlessThePersonHasTheirOwn()
    {
        const auto sshOf = [](GitRig &rig) {
            Git git(rig.environment());
            Command asked = command({u"-c"_s, u"alias.e=!env"_s, u"e"_s}, rig.folder(QString()));
            asked.remote = true;
            const auto result = await(git.run(asked));
            QByteArray found;
            for (const QByteArray &line : result.ok() ? result->out.split('\n') : QList<QByteArray>()) {
                if (line.startsWith("GIT_SSH_COMMAND="))
                    found = line.mid(16);
            }
            return found;
        };
        GitRig rig;
        QCOMPARE(sshOf(rig), QByteArray("ssh -o BatchMode=yes -o ConnectTimeout=20"));
        rig.git(rig.folder(QString()), {u"config"_s, u"--global"_s, u"core.sshCommand"_s, u"my-ssh"_s});
        QCOMPARE(sshOf(rig), QByteArray());
        rig.set("GIT_SSH_COMMAND", u"other-ssh"_s);
        QCOMPARE(sshOf(rig), QByteArray("other-ssh"));
    }
};

QTEST_GUILESS_MAIN(TestGit)
#include "tst_git.moc"
