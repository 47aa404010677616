#include "launch/launchjob.h"

#include "dockerline/dockerparser.h"
#include "launch/check.h"
#include "launch/sampletraining.h"
#include "support/await.h"
#include "support/privatedaemon.h"

#include <QDir>
#include <QTest>

using namespace launch;
using namespace recipe;
using namespace dockerline;

/** The job and the sample's image on a real daemon of our own. */
class TestSampleRun : public QObject
{
    Q_OBJECT

    std::unique_ptr<support::PrivateDaemon> m_daemon;
    std::unique_ptr<docker::Engine> m_engine;
    QByteArray m_printed;

    /** Launches and waits for finished(). */
    core::Result<Launched> launch(LaunchJob &job)
    {
        core::Result<Launched> result = core::Error{core::ErrorKind::Daemon, 0, QStringLiteral("no answer"), {}};
        connect(&job, &LaunchJob::finished, this, [&result](const core::Result<Launched> &r) { result = r; });
        job.start();
        support::awaitSignal(&job, &LaunchJob::finished, 30000);
        return result;
    }

    LaunchOptions options()
    {
        m_printed.clear();
        LaunchOptions options;
        options.output = [this](docker::Output, const QByteArray &bytes) { m_printed += bytes; };
        options.waitForEnd = true;
        return options;
    }

    static RunConfig quick(const QStringList &more = {})
    {
        RunConfig config = sampleTraining();
        config.command
            = QStringList{QStringLiteral("--epochs=2"), QStringLiteral("--steps=20"), QStringLiteral("--step-ms=5")}
            + more;
        return config;
    }

    QString docker(const QStringList &arguments) const { return m_daemon->docker(arguments).text(); }

private Q_SLOTS:
    void initTestCase()
    {
        if (const QString reason = support::PrivateDaemon::skipReason(); !reason.isEmpty())
            QSKIP(qPrintable(reason));
        m_daemon = std::make_unique<support::PrivateDaemon>();
        QVERIFY2(m_daemon->start(), qPrintable(m_daemon->failure()));
        m_engine = std::make_unique<docker::Engine>(http::Endpoint{m_daemon->socketPath()});
    }
    void cleanupTestCase()
    {
        m_engine.reset();
        m_daemon.reset();
    }

    void trainsInAnImageMadeFromNothing()
    {
        QTemporaryDir workspace;
        QFile::setPermissions(workspace.path(), QFile::Permissions(0x7777));
        RunConfig config = quick({QStringLiteral("--exit-code=3")});
        config.mounts = {{workspace.path(), QStringLiteral("/workspace"), false, true, {}}};
        config.user = QStringLiteral("1000:1000");
        LaunchJob job(*m_engine, config, options());
        const auto launched = launch(job);
        QVERIFY2(launched.ok(), qPrintable(launched.ok() ? QString() : launched.error().message));
        QVERIFY(!launched->name.isEmpty());
        const auto end = support::await(job.end(), 20000);
        QVERIFY(end.ok());
        QCOMPARE(end->statusCode, 3);
        QTRY_VERIFY(m_printed.contains("epoch 2/2 loss="));
        QVERIFY(m_printed.startsWith("training on two spirals"));
        QVERIFY(m_printed.contains("100%|##########| 20/20"));
        QVERIFY(QFile::exists(workspace.filePath(QStringLiteral("checkpoint-epoch2.txt"))));
        QCOMPARE(docker({QStringLiteral("inspect"), QStringLiteral("-f"), QStringLiteral("{{.State.ExitCode}}"),
                     launched->id}),
            QStringLiteral("3"));
        const QString image = docker({QStringLiteral("image"), QStringLiteral("inspect"), QStringLiteral("-f"),
            QStringLiteral("{{.Architecture}} {{.Config.WorkingDir}}"), sampleImageName()});
        QVERIFY2(image.endsWith(QStringLiteral(" /workspace")) && image.size() > 11, qPrintable(image));
    }

    void seesTheEndOfARunThatIsRemoved()
    {
        RunConfig config = quick();
        config.removeWhenFinished = true;
        config.tty = true;
        LaunchJob job(*m_engine, config, options());
        const auto launched = launch(job);
        QVERIFY(launched.ok());
        const auto end = support::await(job.end(), 20000);
        QVERIFY(end.ok());
        QCOMPARE(end->statusCode, 0);
        QTRY_VERIFY(m_printed.contains("epoch 2/2 loss="));
        QVERIFY(!docker({QStringLiteral("ps"), QStringLiteral("-aq"), QStringLiteral("--no-trunc")})
                     .contains(launched->id));
    }

    void stopsTheTrainingCleanly()
    {
        RunConfig config = sampleTraining();
        LaunchJob job(*m_engine, config, options());
        const auto launched = launch(job);
        QVERIFY(launched.ok());
        QTRY_VERIFY(m_printed.contains("epoch 1/20:  ")); // the moving bar, long before its line ends
        QVERIFY(support::await(m_engine->stopContainer(launched->id), 9000).ok());
        const auto end = support::await(job.end());
        QVERIFY(end.ok());
        QCOMPARE(end->statusCode, 143);
    }

    void removesWhatCouldNotStart()
    {
        const QString before = docker({QStringLiteral("ps"), QStringLiteral("-aq")});
        for (const bool remove : {false, true}) {
            RunConfig config = quick();
            config.name = QStringLiteral("will-not-start");
            config.entrypoint = QStringLiteral("/nosuch");
            config.removeWhenFinished = remove;
            LaunchJob job(*m_engine, config, options());
            const auto launched = launch(job);
            QVERIFY(!launched.ok());
            QVERIFY2(
                launched.error().message.contains(QStringLiteral("/nosuch")), qPrintable(launched.error().detail));
            QTRY_COMPARE(docker({QStringLiteral("ps"), QStringLiteral("-aq")}), before);
        }
    }

    void launchesTheReferenceLinesOptions()
    {
        QTemporaryDir folder;
        const QString line = QStringLiteral(
            "docker run -i -d --gpus=device=0 --name reference --network=host --shm-size=1g --ulimit memlock=-1 "
            "--ulimit stack=67108864 -v %1:/workspace --label team=nlp %2 --epochs 1 --steps 5")
                                 .arg(folder.path(), sampleImageName());
        const auto parsed = parseDockerRun(line);
        QVERIFY(std::holds_alternative<ParsedLine>(parsed));
        RunConfig config = std::get<ParsedLine>(parsed).config;
        QVERIFY(!hasErrors(check(config)));
        config.ulimits.removeFirst(); // a sandbox may not be allowed to raise memlock
        LaunchJob job(*m_engine, config, options());
        const auto launched = launch(job);
        QVERIFY2(launched.ok(), qPrintable(launched.ok() ? QString() : launched.error().message));
        const QString seen = docker({QStringLiteral("inspect"), QStringLiteral("-f"),
            QStringLiteral("{{.Name}} {{.HostConfig.NetworkMode}} {{.HostConfig.ShmSize}} {{(index "
                           ".HostConfig.DeviceRequests 0).DeviceIDs}} {{.Config.OpenStdin}}"),
            launched->id});
        QCOMPARE(seen, QStringLiteral("/reference host 1073741824 [0] true"));
        QCOMPARE(support::await(job.end(), 20000)->statusCode, 0);

        LaunchJob again(*m_engine, config, options()); // the name is taken, and the one that has it stays
        const auto refused = launch(again);
        QCOMPARE(refused.error().kind, core::ErrorKind::Conflict);
        QCOMPARE(docker({QStringLiteral("inspect"), QStringLiteral("-f"), QStringLiteral("{{.Id}}"),
                     QStringLiteral("reference")}),
            launched->id);
    }

    void theDockerfileGivesTheSameImage()
    {
        const auto built = m_daemon->docker(
            {QStringLiteral("build"), QStringLiteral("-t"), QStringLiteral("built:1"), QStringLiteral("-f"),
                QStringLiteral(SLIPWAY_SOURCE_DIR "/resources/sample/Dockerfile"), QStringLiteral(SAMPLE_ROOT)});
        QVERIFY2(built.ok(), built.err.constData());
        const QString what = QStringLiteral(
            "{{.Config.Env}} {{.Config.Entrypoint}} {{.Config.Cmd}} {{.Config.WorkingDir}} {{.Architecture}}");
        QCOMPARE(docker({QStringLiteral("image"), QStringLiteral("inspect"), QStringLiteral("-f"), what,
                     QStringLiteral("built:1")}),
            docker(
                {QStringLiteral("image"), QStringLiteral("inspect"), QStringLiteral("-f"), what, sampleImageName()}));
        const auto run = m_daemon->docker(
            {QStringLiteral("run"), QStringLiteral("--rm"), QStringLiteral("-u"), QStringLiteral("1000"),
                QStringLiteral("built:1"), QStringLiteral("--epochs=1"), QStringLiteral("--steps=1")});
        QVERIFY2(run.ok() && run.out.contains("epoch 1/1 loss="), run.err.constData());
    }

    void saysWhichImageIsMissing()
    {
        RunConfig config = quick();
        config.image = QStringLiteral("127.0.0.1:1/nosuch/image:1"); // nobody listens there
        LaunchJob job(*m_engine, config, options());
        const auto launched = launch(job);
        QVERIFY2(
            launched.error().detail.contains(QStringLiteral("nosuch/image:1")), qPrintable(launched.error().message));
    }
};

QTEST_GUILESS_MAIN(TestSampleRun)
#include "tst_samplerun.moc"
