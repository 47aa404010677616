#include "cli/gpuchooser.h"

#include "support/fakedaemon.h"

#include <QFile>
#include <QProcess>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <csignal>
#include <cstdio>
#include <sys/stat.h>
#include <unistd.h>

using namespace Qt::StringLiterals;
using cli::GpuChooser;
using cli::Turn;

/** Of all launches of this machine's command lines one at a time chooses its GPUs. */
class TestGpuChooser : public QObject
{
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        qputenv("TMPDIR", QFile::encodeName(m_folder->path()));
    }
    void cleanup() { qunsetenv("TMPDIR"); }

    void oneAtATime()
    {
        auto first = std::make_unique<Turn>();
        Turn second;
        QVERIFY(first->take());
        QVERIFY(first->take());
        QVERIFY(!second.take());
        first.reset();
        QVERIFY(second.take());
    }

    void itEndsWithItsProcess()
    {
        QProcess other;
        other.start(QCoreApplication::applicationFilePath(), {u"--take-turn"_s});
        QTRY_VERIFY(other.bytesAvailable() > 0);
        Turn mine;
        QVERIFY(!mine.take());
        ::kill(pid_t(other.processId()), SIGKILL);
        QVERIFY(other.waitForFinished());
        QVERIFY(mine.take());
    }

    void anotherUsersFileIsEnough()
    {
        const QString path = m_folder->filePath(u"slipway-choosing-gpus"_s);
        {
            Turn maker;
        }
        struct stat status = {};
        QCOMPARE(::stat(QFile::encodeName(path).constData(), &status), 0);
        QVERIFY(status.st_mode & S_IROTH); // for all of them
        if (::geteuid() == 0)
            QCOMPARE(::chown(QFile::encodeName(path).constData(), 1234, 1234), 0);
        QCOMPARE(::chmod(QFile::encodeName(path).constData(), 0444), 0);
        Turn first;
        Turn second;
        QVERIFY(first.take());
        QVERIFY(!second.take());
    }

    void aLinkIsNotFollowed()
    {
        const QString precious = m_folder->filePath(u"precious"_s);
        QVERIFY(QFile::link(precious, m_folder->filePath(u"slipway-choosing-gpus"_s)));
        Turn first;
        Turn second;
        QVERIFY(!QFile::exists(precious));
        QVERIFY(first.take() && second.take()); // nobody can have one: all go on
    }

    void withoutAFolderAllGoOn()
    {
        qputenv("TMPDIR", "/nosuch/folder");
        Turn first;
        Turn second;
        QVERIFY(first.take() && second.take());
    }

    void waitsForItsTurn()
    {
        qputenv("SLIPWAY_NVML", "/nosuch/library");
        auto turn = std::make_unique<Turn>();
        QVERIFY(turn->take());
        support::FakeDaemon daemon;
        GpuChooser chooser({daemon.socketPath()}, {recipe::GpuRequest::Kind::Any, 1, {}, 0});
        QSignalSpy finished(&chooser, &GpuChooser::finished);
        chooser.start();
        QTest::qWait(300); // several times what it waits before it asks again
        QVERIFY(daemon.requests().isEmpty()); // does not even look while another one chooses
        QVERIFY(finished.isEmpty());
        turn.reset();
        QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, 20000);
        // Until the container has started it keeps the turn.
        Turn next;
        QVERIFY(!next.take());
    }
};

int main(int argc, char *argv[])
{
    QCoreApplication app(argc, argv);
    if (app.arguments().contains(u"--take-turn"_s)) {
        Turn turn;
        std::puts(turn.take() ? "taken" : "not taken");
        std::fflush(stdout);
        ::pause();
        return 0;
    }
    TestGpuChooser test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_gpuchooser.moc"
