#include "runs/labels.h"
#include "runs/runsmodel.h"

#include "support/await.h"
#include "support/fakedaemon.h"

#include <QAbstractItemModelTester>
#include <QJsonArray>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

using namespace runs;
using namespace Qt::StringLiterals;
using support::FakeDaemon;
using support::FakeReply;

/** The table of runs: the history, and what containers' labels tell of others' runs. */
class TestRunsModel : public QObject
{
    Q_OBJECT

    static Record record(const QString &id)
    {
        Record made;
        made.id = id;
        made.configName = u"vit "_s + id;
        made.config = "{\n    \"image\": \"bb:1\",\n    \"slipway\": 1\n}\n";
        made.line = u"docker run bb:1"_s;
        made.host = u"here"_s;
        made.image = u"bb:1"_s;
        made.imageId = u"sha256:1"_s;
        made.imageDigest = u"bb@sha256:2"_s;
        made.commits = {{u"/a b"_s, u"abc"_s}, {u"/c d"_s, u"def"_s, true}};
        made.gpus = {u"0"_s, u"1"_s};
        made.created = 1700000000;
        made.origin = Origin::CommandLine;
        return made;
    }
    static QJsonObject container(const Record &of)
    {
        QJsonObject labels;
        for (const auto &[key, value] : toLabels(of))
            labels[key] = value;
        return {{u"Id"_s, QString(u"c-"_s + of.id)}, {u"Names"_s, QJsonArray{u"/c"_s}}, {u"Image"_s, of.image},
            {u"State"_s, u"exited"_s}, {u"Status"_s, u"Exited (3) 2 hours ago"_s}, {u"Labels"_s, labels}};
    }

private Q_SLOTS:
    void labelsTellIt()
    {
        inventory::Container made;
        made.id = u"c"_s;
        made.name = u"n"_s;
        made.image = u"bb:1"_s;
        made.phase = inventory::Phase::OutOfMemory;
        made.exitCode = 137;
        made.finishedAt = 9;
        QVERIFY(!fromLabels(made, u"here"_s));
        for (const auto &[key, value] : toLabels(record(u"a"_s)))
            made.labels[key] = value;
        Record expected = record(u"a"_s);
        expected.containerId = u"c"_s;
        expected.containerName = u"n"_s;
        expected.stage = Stage::Ended;
        expected.exitCode = 137;
        expected.oomKilled = true;
        expected.finished = 9;
        expected.elsewhere = true;
        QVERIFY(fromLabels(made, u"here"_s) == expected);
    }

    void mergesBoth()
    {
        FakeDaemon daemon;
        daemon.route("GET", "/images/json", FakeReply::json("[]"));
        const QJsonArray list{
            container(record(u"mine"_s)), container(record(u"other"_s)), QJsonObject{{u"Id"_s, u"x"_s}}};
        daemon.route("GET", "/containers/json", FakeReply::json(QJsonDocument(list).toJson()));
        docker::Engine engine({daemon.socketPath()});
        inventory::Inventory inventory(engine);
        QTemporaryDir folder;
        History history(folder.filePath(u"h.sqlite"_s));
        RunsModel model(history, inventory, u"here"_s);
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QVERIFY(support::await(history.put(record(u"mine"_s))).ok());
        inventory.start();
        QTRY_COMPARE(model.rowCount(), 2);
        QCOMPARE(model.index(0, int(RunColumn::Name)).data().toString(), u"vit mine"_s);
        QCOMPARE(model.index(0, int(RunColumn::Origin)).data().toString(), u"Command line"_s);
        QCOMPARE(model.index(1, int(RunColumn::Name)).data().toString(), u"vit other"_s);
        QCOMPARE(model.index(1, int(RunColumn::State)).data().toString(), u"Failed (exit 3)"_s);
        QCOMPARE(model.index(1, int(RunColumn::Origin)).data().toString(), u"Elsewhere"_s);
        QCOMPARE(model.index(1, 0).data(models::IdRole).toString(), u"other"_s);

        QVERIFY(support::await(history.end(u"mine"_s, {.exitCode = 0, .started = 100, .finished = 160})).ok());
        QCOMPARE(model.index(0, int(RunColumn::State)).data().toString(), u"Finished"_s);
        QCOMPARE(model.index(0, int(RunColumn::Duration)).data().toString(), u"1 min"_s);
        QVERIFY(support::await(history.remove({u"mine"_s})).ok());
        QCOMPARE(model.rowCount(), 2); // its container is still there
        QVERIFY(model.at(1).elsewhere);
    }

    void saysHowItEnded_data()
    {
        QTest::addColumn<int>("stage");
        QTest::addColumn<int>("exitCode");
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("sentence");
        QTest::newRow("away") << int(Stage::EndUnknown) << 0 << u"Ended while Slipway was away"_s
                              << u"It ended while Slipway was away; how is not known."_s;
        QTest::newRow("not started") << int(Stage::NotStarted) << 0 << u"Not started"_s
                                     << u"It was not started: no such image"_s;
        QTest::newRow("failed") << int(Stage::Ended) << 3 << u"Failed (exit 3)"_s << u"Failed (exit 3)."_s;
        QTest::newRow("killed") << int(Stage::Ended) << 137 << u"Stopped by signal 9"_s
                                << u"Stopped by signal 9 (exit 137)."_s;
    }
    void saysHowItEnded()
    {
        QFETCH(int, stage);
        QFETCH(int, exitCode);
        QFETCH(QString, text);
        QFETCH(QString, sentence);
        Record made;
        made.stage = Stage(stage);
        made.exitCode = exitCode;
        made.note = u"no such image"_s;
        QCOMPARE(stageText(made, 0), text);
        QCOMPARE(endSentence(made), sentence);
    }
};

QTEST_GUILESS_MAIN(TestRunsModel)
#include "tst_runsmodel.moc"
