#include "builds/builds.h"
#include "builds/buildsmodel.h"
#include "builds/stepsmodel.h"
#include "support/fakedaemon.h"

#include <QAbstractItemModelTester>
#include <QDir>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using builds::BuildRequest;
using builds::Builds;
using builds::BuildsModel;
using builds::BuildState;
using builds::StepsModel;
using builds::StepState;
using support::FakeDaemon;
using support::FakeReply;
using namespace Qt::StringLiterals;

namespace {

QByteArray recording(const char *name)
{
    QFile file(QStringLiteral(SLIPWAY_SOURCE_DIR "/tests/support/recordings/") + QString::fromLatin1(name));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

/** Builds, their models and what is kept of them, on a daemon that tells recorded builds. */
class BuildListTest : public QObject
{
    Q_OBJECT

    std::unique_ptr<FakeDaemon> m_daemon;
    std::unique_ptr<QTemporaryDir> m_home;

    BuildRequest request() const
    {
        BuildRequest made;
        made.context = m_home->filePath(u"context"_s);
        made.names = {u"me/x:1"_s};
        made.args.insert(u"API_TOKEN"_s, u"s3cr3t-v4lue"_s);
        made.args.insert(u"MODE"_s, u"fast"_s);
        return made;
    }
    QString historyFolder() const { return m_home->filePath(u"builds"_s); }
    std::unique_ptr<Builds> builds() const
    {
        return std::make_unique<Builds>(http::Endpoint{m_daemon->socketPath()}, m_daemon->host(), historyFolder());
    }
    QByteArray onDisk() const
    {
        QByteArray all;
        for (const QFileInfo &info : QDir(historyFolder()).entryInfoList(QDir::Files)) {
            QFile file(info.filePath());
            if (file.open(QIODevice::ReadOnly))
                all += file.readAll();
        }
        return all;
    }

private Q_SLOTS:
    void init()
    {
        m_daemon = std::make_unique<FakeDaemon>();
        m_home = std::make_unique<QTemporaryDir>();
        QDir(m_home->path()).mkpath(u"context"_s);
        QFile file(m_home->filePath(u"context/Dockerfile"_s));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("FROM bb:1\n\nRUN echo hi; echo bad >&2; exit 3\n");
    }

    void stagesBecomeATree()
    {
        m_daemon->route("POST", "/build", FakeReply::stream("application/json", recording("build-buildkit.jsonl")));
        const auto list = builds();
        BuildsModel rows(*list);
        StepsModel steps(*list);
        QAbstractItemModelTester rowsTester(&rows, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QAbstractItemModelTester stepsTester(&steps, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QTRY_VERIFY(list->loaded());
        const QString id = list->start(request());
        steps.setBuild(id);
        QCOMPARE(rows.rowCount(), 1);
        QTRY_COMPARE(list->progress(*list->find(id)).steps().size(), 10);
        QCOMPARE(list->running(), 1);
        m_daemon->end("/build");
        QTRY_COMPARE(list->find(id)->state, BuildState::Succeeded);
        QCOMPARE(list->running(), 0);
        // load context, copy, metadata, stage-0, stage-1, exporting
        QCOMPARE(steps.rowCount(), 6);
        QModelIndex stage;
        QStringList names;
        for (int row = 0; row < steps.rowCount(); ++row) {
            names += steps.index(row, 0).data().toString();
            if (steps.index(row, 0).data().toString() == u"Stage stage-1"_s)
                stage = steps.index(row, 0);
        }
        QVERIFY(stage.isValid());
        QVERIFY2(names.contains(u"Receive the folder"_s) && names.contains(u"Look up bb:1"_s),
            qPrintable(names.join(u'\n')));
        QCOMPARE(steps.rowCount(stage), 3);
        QVERIFY(steps.index(0, 0, stage).data().toString().startsWith(u"2/4  RUN sleep"_s));
        QVERIFY(steps.index(2, 0, stage).data().toString().startsWith(u"4/4  RUN for"_s));
        QCOMPARE(StepState(stage.data(StepsModel::StateRole).toInt()), StepState::Done);
        for (int step = 0; step < 10; ++step)
            QCOMPARE(steps.indexOfStep(step).data(StepsModel::StepRole).toInt(), step);
        QCOMPARE(rows.index(0, BuildsModel::State).data().toString(), u"Built"_s);
        steps.setBuild({});
        QCOMPARE(steps.rowCount(), 0);
        QVERIFY(m_daemon->requests().last().query.contains("version=2") || m_daemon->count("POST", "/build") == 1);
    }

    void keepsPastBuildsWithoutSecrets()
    {
        m_daemon->route("POST", "/build",
            FakeReply::stream("application/json",
                recording("build-buildkit-fail.jsonl").replace("exit code: 3", "exit code: 3 s3cr3t-v4lue")));
        QString id;
        {
            const auto list = builds();
            id = list->start(request());
            QTRY_VERIFY(list->progress(*list->find(id)).failed() >= 0);
            m_daemon->end("/build");
            QTRY_COMPARE(list->find(id)->state, BuildState::Failed);
            QVERIFY(list->find(id)->error.contains(u"s3cr3t-v4lue"_s)); // on the screen it is the person's own
            QCOMPARE(list->find(id)->failedLines, QStringList{u"RUN echo hi; echo bad >&2; exit 3"_s});
        }
        const QByteArray kept = onDisk();
        QVERIFY(kept.contains(id.toUtf8()) && kept.contains("fast"));
        QVERIFY2(!kept.contains("s3cr3t-v4lue"), kept.constData());
        const auto again = builds();
        QTRY_VERIFY(again->loaded());
        const builds::BuildRecord *record = again->find(id);
        QVERIFY(record);
        QCOMPARE(record->state, BuildState::Failed);
        QCOMPARE(record->request.args.value(u"MODE"_s), u"fast"_s);
        QCOMPARE(record->request.withheld, QStringList{u"API_TOKEN"_s});
        QVERIFY(record->progress.failed() >= 0);
        QCOMPARE(record->progress.steps()[record->progress.failed()].line, 3);
        again->remove(id);
        QTRY_VERIFY(onDisk().isEmpty());
        QVERIFY(!again->find(id));
    }

    void theOutputOfOldBuildsIsLetGo()
    {
        m_daemon->route("POST", "/build", FakeReply::json(recording("build-buildkit.jsonl")));
        const auto list = builds();
        QTRY_VERIFY(list->loaded());
        const auto printed = [&list](int row) {
            qsizetype bytes = 0;
            for (const builds::Step &step : list->records()[row].progress.steps())
                bytes += step.log.size();
            return bytes;
        };
        for (int i = 0; i <= Builds::keptLogs; ++i) {
            list->start(request());
            QTRY_COMPARE(list->running(), 0);
        }
        QCOMPARE(list->records().first().state, BuildState::Succeeded);
        QVERIFY(printed(0) > 0 && printed(Builds::keptLogs - 1) > 0);
        QCOMPARE(printed(Builds::keptLogs), 0);
        QVERIFY(!list->records().last().progress.steps().isEmpty());
    }

    void nothingIsLeftOverOfASecret()
    {
        BuildRequest made = request();
        made.args = {{u"A_TOKEN"_s, u"abc"_s}, {u"B_TOKEN"_s, u"abcdef"_s}, {u"C_TOKEN"_s, u"two  spaces"_s}};
        // One holds another, and a step's name has its white space made one.
        QCOMPARE(
            builds::withoutSecrets(made, u"RUN x abcdef abc two spaces two  spaces"_s), u"RUN x ••• ••• ••• •••"_s);
    }

    void endsWhatRunsWithTheProgram()
    {
        m_daemon->route("POST", "/build", FakeReply::stream());
        QString id;
        {
            const auto list = builds();
            id = list->start(request());
            QTRY_COMPARE(m_daemon->count("POST", "/build"), 1);
            list->remove(id); // not while it runs
            QVERIFY(list->find(id));
        }
        QTRY_COMPARE(m_daemon->connectionsOpen(), 0);
        const auto again = builds();
        QTRY_VERIFY(again->loaded());
        QVERIFY(again->find(id));
        QCOMPARE(again->find(id)->state, BuildState::Cancelled); // whoever ended the program knew
    }

    void aCrashIsNoCancelling()
    {
        builds::BuildRecord record;
        record.id = u"crashed"_s;
        record.state = BuildState::Running;
        QVERIFY(builds::saveRecord(historyFolder(), record).ok());
        const auto list = builds();
        QTRY_VERIFY(list->loaded());
        QCOMPARE(list->find(u"crashed"_s)->state, BuildState::Interrupted);
    }

    void classicWhereBuildKitIsRefused()
    {
        int asked = 0;
        m_daemon->route("POST", "/build", [&asked](const support::FakeRequest &request) {
            ++asked;
            if (request.query.contains("version=2"))
                return FakeReply::status(400, "buildkit is not supported by this daemon");
            return FakeReply::stream("application/json", recording("build-classic.jsonl"));
        });
        const auto list = builds();
        const QString id = list->start(request());
        QTRY_COMPARE(list->progress(*list->find(id)).steps().size(), 19);
        m_daemon->end("/build");
        QTRY_COMPARE(list->find(id)->state, BuildState::Succeeded);
        QCOMPARE(asked, 2);
    }

    void aLostDaemonIsNoSuccess()
    {
        m_daemon->route(
            "POST", "/build", FakeReply::stream("application/json", recording("build-buildkit.jsonl").left(4000)));
        const auto list = builds();
        const QString id = list->start(request());
        QTRY_VERIFY(!list->progress(*list->find(id)).steps().isEmpty());
        m_daemon->dropConnections();
        QTRY_COMPARE(list->find(id)->state, BuildState::Failed);
        for (const builds::Step &step : list->find(id)->progress.steps())
            QVERIFY(step.state != StepState::Running && step.state != StepState::Waiting);
    }

    void cancelAsksTheDaemon()
    {
        m_daemon->route(
            "POST", "/build", FakeReply::stream("application/json", recording("build-buildkit.jsonl").left(3000)));
        m_daemon->route("POST", "/build/cancel", FakeReply::json("{}"));
        const auto list = builds();
        QSignalSpy ended(list.get(), &Builds::ended);
        const QString id = list->start(request());
        QTRY_VERIFY(!list->progress(*list->find(id)).steps().isEmpty());
        list->cancel(id);
        list->cancel(id);
        QTRY_COMPARE(list->find(id)->state, BuildState::Cancelled);
        QCOMPARE(m_daemon->count("POST", "/build/cancel"), 1);
        QCOMPARE(ended.size(), 1);
        list->cancel(id);
    }

    void aFloodIsCut()
    {
        int wakes = 0;
        builds::StepInbox inbox([&wakes] { ++wakes; });
        builds::StepEvent event;
        event.kind = builds::StepEvent::Kind::Log;
        event.step = u"a"_s;
        event.log = QByteArray(100'000, 'x');
        for (int i = 0; i < 1000; ++i)
            inbox.push({event});
        QCOMPARE(wakes, 1);
        qint64 kept = 0;
        qint64 skipped = 0;
        for (const builds::StepEvent &one : inbox.take()) {
            kept += one.log.size();
            skipped += one.skipped;
        }
        QVERIFY(kept < 10'000'000);
        QCOMPARE(kept + skipped, 100'000'000);
        inbox.push({event});
        QCOMPARE(wakes, 2);
    }
};

QTEST_GUILESS_MAIN(BuildListTest)
#include "tst_buildlist.moc"
