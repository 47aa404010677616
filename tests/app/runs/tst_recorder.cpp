#include "recipe/configfile.h"
#include "runs/again.h"
#include "runs/labels.h"
#include "runs/library.h"
#include "runs/recorder.h"

#include "support/await.h"
#include "support/privatedaemon.h"

#include <QDir>
#include <QDirIterator>
#include <QTest>

using namespace runs;
using namespace Qt::StringLiterals;

/** Launches on a real daemon, and what is written down of them and of their ends. */
class TestRecorder : public QObject
{
    Q_OBJECT

    std::unique_ptr<support::PrivateDaemon> m_daemon;
    std::unique_ptr<docker::Engine> m_engine;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<History> m_history;
    std::unique_ptr<inventory::Inventory> m_inventory;
    std::unique_ptr<Recorder> m_recorder;

    QString docker(const QStringList &arguments) const { return m_daemon->docker(arguments).text(); }

    static Launch shell(const QString &script, bool remove = false)
    {
        Launch launch;
        launch.config.image = u"bb:1"_s;
        launch.config.command = {u"sh"_s, u"-c"_s, script};
        launch.config.network = u"none"_s;
        launch.config.removeWhenFinished = remove;
        return launch;
    }

    /** Launches it and answers the record's id, once the launch is finished. */
    QString launch(const Launch &what)
    {
        launch::LaunchOptions options;
        const QString id = m_recorder->begin(what, options);
        launch::LaunchJob job(*m_engine, what.config, options);
        m_recorder->follow(id, job);
        job.start();
        support::awaitSignal(&job, &launch::LaunchJob::finished, 30000);
        return id;
    }

    void openSlipway()
    {
        m_history = std::make_unique<History>(m_folder->filePath(u"history.sqlite"_s));
        m_inventory = std::make_unique<inventory::Inventory>(*m_engine);
        m_recorder = std::make_unique<Recorder>(*m_history, *m_engine, m_daemon->host());
        m_recorder->watch(*m_inventory);
        m_inventory->start();
        QTRY_VERIFY(m_history->loaded() && m_inventory->link() == inventory::Inventory::Link::Live);
    }
    void closeSlipway()
    {
        m_recorder.reset();
        m_inventory.reset();
        m_history.reset();
    }

    Stage stageOf(const QString &id) const
    {
        const Record *record = m_history->find(id);
        return record ? record->stage : Stage::Launching;
    }

private Q_SLOTS:
    void initTestCase()
    {
        if (const QString reason = support::PrivateDaemon::skipReason(); !reason.isEmpty())
            QSKIP(qPrintable(reason));
        m_daemon = std::make_unique<support::PrivateDaemon>();
        QVERIFY2(m_daemon->start(), qPrintable(m_daemon->failure()));
        QVERIFY2(m_daemon->makeBusybox(), qPrintable(m_daemon->failure()));
        m_engine = std::make_unique<docker::Engine>(http::Endpoint{m_daemon->socketPath()});
    }
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        openSlipway();
    }
    void cleanup() { closeSlipway(); }
    void cleanupTestCase()
    {
        m_engine.reset();
        m_daemon.reset();
    }

    void keepsTheCommitThatWasLaunched()
    {
        const QString hash(40, u'a');
        Launch what = shell(u"true"_s);
        what.config.code.folder = u"/w"_s;
        what.config.code.update = recipe::CodeStep::Update::None;
        what.config.env = {{u"KEY"_s, u"hush"_s, true}};
        what.config.command = {u"true"_s};
        what.config.shell = u"sh"_s;
        QString secret;
        m_recorder->setCommitFinder([&](const recipe::RunConfig &config) {
            secret = config.env.isEmpty() ? QString() : u"it was told"_s;
            return core::Pending<QList<Commit>>::ready(QList<Commit>{{config.code.folder, hash}});
        });
        const QString id = launch(what);
        QTRY_VERIFY(m_history->find(id) && m_history->find(id)->stage != Stage::Launching);
        const Record record = *m_history->find(id);
        QCOMPARE(record.commits, (QList<Commit>{{u"/w"_s, hash}}));
        QCOMPARE(runAgain(record)->code.commit, hash);
        QCOMPARE(secret, QString());
        QCOMPARE(
            docker({u"inspect"_s, u"-f"_s, u"{{index .Config.Labels \"io.slipway.commit\"}}"_s, record.containerId}),
            u"%1 /w"_s.arg(hash));
    }

    void keepsThatThereWereChanges()
    {
        const QString hash(40, u'a');
        Launch what = shell(u"true"_s);
        what.config.code.folder = u"/w"_s;
        what.config.code.commit = hash; // pinned: what it is pinned to is known, the changes are not
        what.config.command = {u"true"_s};
        what.config.shell = u"sh"_s;
        m_recorder->setCommitFinder([&](const recipe::RunConfig &config) {
            return core::Pending<QList<Commit>>::ready(QList<Commit>{{config.code.folder, hash, true}});
        });
        const QString id = launch(what);
        QTRY_VERIFY(m_history->find(id) && m_history->find(id)->stage != Stage::Launching);
        const Record record = *m_history->find(id);
        QCOMPARE(record.commits, (QList<Commit>{{u"/w"_s, hash, true}}));
        QCOMPARE(docker({u"inspect"_s, u"-f"_s, u"{{index .Config.Labels \"io.slipway.uncommitted\"}}"_s,
                     record.containerId}),
            u"/w"_s);
    }

    void knowsARunAgainByItsImagesName()
    {
        const QString id = launch(shell(u"true"_s));
        QTRY_COMPARE(stageOf(id), Stage::Ended);
        Launch again = shell(u"true"_s);
        again.config.image = runAgain(*m_history->find(id))->image;
        QVERIFY(again.config.image.startsWith(u"sha256:"_s));
        const QString second = launch(again);
        QTRY_COMPARE(stageOf(second), Stage::Ended);
        QCOMPARE(m_history->find(second)->image, u"bb:1"_s);
        QCOMPARE(m_history->find(second)->imageId, again.config.image);
        QCOMPARE(docker({u"inspect"_s, u"-f"_s, u"{{index .Config.Labels \"io.slipway.image\"}}"_s,
                     m_history->find(second)->containerId}),
            u"bb:1"_s);
    }

    void waitsForNoCommit()
    {
        core::Promise<QList<Commit>> late;
        m_recorder->setCommitFinder([&](const recipe::RunConfig &) { return late.pending(); });
        Launch what = shell(u"true"_s);
        what.config.workingDir = u"/w"_s;
        const QString id = launch(what); // though nobody answers
        QTRY_VERIFY(m_history->find(id) && m_history->find(id)->stage == Stage::Ended);
        late.answer(QList<Commit>{{u"/w"_s, u"abc"_s}});
        QTRY_COMPARE(m_history->find(id)->commits.size(), 1);
        QCOMPARE(m_history->find(id)->stage, Stage::Ended);
        // Nobody knows: the launch goes on at once.
        m_recorder->setCommitFinder([](const recipe::RunConfig &) {
            return core::Pending<QList<Commit>>::ready(core::Error{core::ErrorKind::NotFound, 0, u"no"_s, {}});
        });
        const QString second = launch(what);
        QTRY_COMPARE(stageOf(second), Stage::Ended);
        QVERIFY(m_history->find(second)->commits.isEmpty());
    }

    void writesDownARun()
    {
        Launch what = shell(u"sleep 0.3; exit 3"_s);
        what.config.name = u"written"_s;
        what.configName = u"vit/large"_s;
        what.origin = Origin::CommandLine;
        what.commits = {{u"/w"_s, u"abc"_s}};
        const QString id = launch(what);
        QTRY_COMPARE(stageOf(id), Stage::Ended);
        const Record record = *m_history->find(id);
        QCOMPARE(record.exitCode, 3);
        QCOMPARE(record.containerName, u"written"_s);
        QCOMPARE(record.containerId, docker({u"inspect"_s, u"-f"_s, u"{{.Id}}"_s, u"written"_s}));
        QCOMPARE(record.imageId, docker({u"image"_s, u"inspect"_s, u"-f"_s, u"{{.Id}}"_s, u"bb:1"_s}));
        QVERIFY(record.line.startsWith(u"docker run"_s) && !record.line.contains(u"io.slipway"_s));
        QVERIFY(record.created > 0 && record.started >= record.created && record.finished >= record.started);
        QCOMPARE(endSentence(record), u"Failed (exit 3)."_s);

        // The same on the container, for others.
        const QString labels = docker({u"inspect"_s, u"-f"_s, u"{{json .Config.Labels}}"_s, u"written"_s});
        for (const QString &part : {id, u"vit/large"_s, record.imageId, u"abc /w"_s, u"io.slipway.recipe"_s})
            QVERIFY2(labels.contains(part), qPrintable(labels));
        QTRY_VERIFY(m_inventory->container(record.containerId));
        const auto seen = fromLabels(*m_inventory->container(record.containerId), m_daemon->host());
        QVERIFY(seen && seen->id == id && seen->config == record.config && seen->line == record.line);
    }

    void seesRunsThatAreRemovedOrTooShort()
    {
        for (int i = 0; i < 5; ++i) {
            const QString id = launch(shell(u"exit 5"_s, true));
            QTRY_COMPARE(stageOf(id), Stage::Ended);
            QCOMPARE(m_history->find(id)->exitCode, 5);
        }
    }

    void seesKills()
    {
        Launch what = shell(u"sleep 1000"_s);
        what.config.name = u"killed"_s;
        const QString id = launch(what);
        QTRY_COMPARE(stageOf(id), Stage::Running);
        QVERIFY(m_daemon->docker({u"kill"_s, u"killed"_s}).ok());
        QTRY_COMPARE(stageOf(id), Stage::Ended);
        QCOMPARE(stageText(*m_history->find(id), 0), u"Stopped by signal 9"_s);
        // Somebody starts it again: the run goes on.
        QVERIFY(m_daemon->docker({u"start"_s, u"killed"_s}).ok());
        QTRY_COMPARE(stageOf(id), Stage::Running);
        QVERIFY(m_daemon->docker({u"rm"_s, u"-f"_s, u"killed"_s}).ok());
        QTRY_COMPARE(stageOf(id), Stage::Ended);
    }

    void catchesUp()
    {
        Launch keeps = shell(u"sleep 1; exit 4"_s);
        const QString kept = launch(keeps);
        const QString gone = launch(shell(u"sleep 1"_s, true));
        Launch stays = shell(u"sleep 1000"_s);
        stays.config.name = u"stays"_s;
        const QString runs = launch(stays);
        QTRY_COMPARE(stageOf(runs), Stage::Running);
        QTRY_COMPARE(stageOf(kept), Stage::Running);
        QTRY_COMPARE(stageOf(gone), Stage::Running);
        const QString goneContainer = m_history->find(gone)->containerId;
        closeSlipway();
        QTRY_VERIFY_WITH_TIMEOUT(!docker({u"ps"_s, u"-aq"_s, u"--no-trunc"_s}).contains(goneContainer), 20000);
        openSlipway();
        QTRY_COMPARE(stageOf(kept), Stage::Ended);
        QCOMPARE(m_history->find(kept)->exitCode, 4);
        QVERIFY(m_history->find(kept)->finished > 0);
        QTRY_COMPARE(stageOf(gone), Stage::EndUnknown);
        QCOMPARE(stageOf(runs), Stage::Running);
        QVERIFY(m_daemon->docker({u"rm"_s, u"-f"_s, u"stays"_s}).ok());
        QTRY_COMPARE(stageOf(runs), Stage::Ended);
    }

    void findsTheContainerOfALaunchThatWasCutOff()
    {
        Launch what = shell(u"sleep 1000"_s);
        what.config.name = u"cutoff"_s;
        const QString id = launch(what);
        QTRY_COMPARE(stageOf(id), Stage::Running);
        Record asBefore = *m_history->find(id); // what is on the disk between writing down and hearing of it
        asBefore.containerId.clear();
        asBefore.stage = Stage::Launching;
        QVERIFY(support::await(m_history->put(asBefore)).ok());
        closeSlipway();
        openSlipway();
        QTRY_COMPARE(stageOf(id), Stage::Running);
        QVERIFY(!m_history->find(id)->containerId.isEmpty());
        QVERIFY(m_daemon->docker({u"rm"_s, u"-f"_s, u"cutoff"_s}).ok());
    }

    void saysWhyItDidNotStart()
    {
        Launch what = shell(u"exit 0"_s);
        what.config.image = u"127.0.0.1:1/nosuch:1"_s; // nobody listens there
        const QString id = launch(what);
        QTRY_COMPARE(stageOf(id), Stage::NotStarted);
        QVERIFY2(m_history->find(id)->note.contains(u"127.0.0.1:1"_s), qPrintable(m_history->find(id)->note));
    }

    void runsAgainByTheSameImage()
    {
        const QString id = launch(shell(u"exit 0"_s));
        QTRY_COMPARE(stageOf(id), Stage::Ended);
        const Record first = *m_history->find(id);
        // The name goes to another image meanwhile.
        QVERIFY(m_daemon->docker({u"tag"_s, u"bb:1"_s, u"keep:1"_s}).ok());
        QVERIFY(m_daemon->docker({u"build"_s, u"-t"_s, u"bb:1"_s, u"-"_s}, "FROM keep:1\nLABEL other=1\n").ok());
        Launch again;
        const auto config = runAgain(first);
        QVERIFY(config.ok());
        again.config = *config;
        again.origin = Origin::RunAgain;
        const QString second = launch(again);
        QTRY_COMPARE(stageOf(second), Stage::Ended);
        QCOMPARE(m_history->find(second)->imageId, first.imageId);
        QCOMPARE(compare(first, *m_history->find(second)), QList<Difference>()); // one image, under two names
        QVERIFY(m_daemon->docker({u"tag"_s, u"keep:1"_s, u"bb:1"_s}).ok());
    }

    void writesNoSecret()
    {
        const QString secret = u"hush-4711-hush"_s;
        Launch what = shell(u"test \"$KEY\" = hush-4711-hush"_s);
        what.config.command = {u"sh"_s, u"-c"_s, u"[ ${#KEY} = 14 ]"_s};
        what.config.name = u"secretive"_s;
        what.config.env = {{u"KEY"_s, secret, true}};
        Library library(m_folder->filePath(u"runs"_s));
        QVERIFY(library.save(u"with a secret"_s, {what.config, {}, {}, {}}).ok());
        const QString id = launch(what);
        QTRY_COMPARE(stageOf(id), Stage::Ended);
        QCOMPARE(m_history->find(id)->exitCode, 0); // it got it
        QVERIFY2(m_history->find(id)->line.contains(u"-e KEY "_s), qPrintable(m_history->find(id)->line));
        QVERIFY(!docker({u"inspect"_s, u"-f"_s, u"{{json .Config.Labels}}"_s, u"secretive"_s}).contains(secret));
        closeSlipway();
        int files = 0;
        for (QDirIterator it(m_folder->path(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories); it.hasNext();
             ++files) {
            QFile file(it.next());
            QVERIFY(file.open(QIODevice::ReadOnly));
            QVERIFY2(!file.readAll().contains(secret.toUtf8()), qPrintable(file.fileName()));
        }
        QVERIFY(files >= 2);
        openSlipway();
    }
};

QTEST_GUILESS_MAIN(TestRecorder)
#include "tst_recorder.moc"
