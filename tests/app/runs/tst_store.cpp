#include "runs/history.h"
#include "runs/store.h"

#include "support/await.h"

#include <QDir>
#include <QElapsedTimer>
#include <QProcess>
#include <QSignalSpy>
#include <QSqlDatabase>
#include <QSqlQuery>
#include <QTemporaryDir>
#include <QTest>
#include <csignal>
#include <cstdio>

using namespace runs;
using namespace Qt::StringLiterals;

namespace {

Record sample(const QString &id)
{
    Record record;
    record.id = id;
    record.configName = u"vit/large"_s;
    record.config = "{\"slipway\": 1, \"image\": \"bb:1\"}";
    record.line = u"docker run 'bb:1' \"ö\""_s;
    record.host = u"unix:///x.sock"_s;
    record.containerId = u"c-"_s + id;
    record.containerName = u"vit"_s;
    record.image = u"bb:1"_s;
    record.imageId = u"sha256:1"_s;
    record.imageDigest = u"bb@sha256:2"_s;
    record.commits = {{u"/w, x"_s, u"abc"_s}, {u"/v"_s, u"def"_s, true}};
    record.gpus = {u"0"_s, u"GPU-1"_s};
    record.created = 100;
    record.started = 101;
    record.stage = Stage::Running;
    record.logFile = u"/l"_s;
    record.origin = Origin::RunAgain;
    return record;
}

/** Writes records until it is killed; says each on standard output once it is on the disk. */
int writeForever(const QString &file)
{
    Store store(file);
    if (!store.open())
        return 1;
    for (int i = 0;; ++i) {
        if (!store.put(sample(QString::number(i))))
            return 2;
        std::printf("%d\n", i);
        std::fflush(stdout);
    }
}

} // namespace

/** The history's file: what survives, who may share it, and what happens to a broken one. */
class TestStore : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    int m_count = 0;

    QString freshFile() { return m_folder.filePath(u"%1/history.sqlite"_s.arg(++m_count)); }
    /** As somebody else who has the file open. */
    static bool onFile(const QString &file, const QString &statement)
    {
        bool done = false;
        {
            QSqlDatabase database = QSqlDatabase::addDatabase(u"QSQLITE"_s, u"else"_s);
            database.setDatabaseName(file);
            done = database.open() && QSqlQuery(database).exec(statement);
        }
        QSqlDatabase::removeDatabase(u"else"_s);
        return done;
    }
    static bool opens(Store &store)
    {
        const auto opened = store.open();
        return opened && opened->isEmpty();
    }

private Q_SLOTS:
    void keepsAllOfARecord()
    {
        Store store(freshFile());
        QVERIFY(opens(store));
        QVERIFY(store.put(sample(u"a"_s)).ok());
        Record empty;
        empty.id = u"empty"_s;
        QVERIFY(store.put(empty).ok());
        QCOMPARE(store.all()->size(), 2);
        QVERIFY(store.all()->at(0) == sample(u"a"_s));
        QVERIFY(store.all()->at(1) == empty);
        QVERIFY(store.end(u"a"_s, {.exitCode = 137, .oomKilled = true, .finished = 200}).ok());
        const Record ended = store.all()->at(0);
        QCOMPARE(ended.stage, Stage::Ended);
        QCOMPARE(ended.exitCode, 137);
        QCOMPARE(ended.started, 101);
        QVERIFY(ended.oomKilled && ended.finished == 200);
        // Somebody else looked later and knows less.
        QVERIFY(store.end(u"a"_s, {.stage = Stage::EndUnknown}).ok());
        QVERIFY(store.all()->at(0) == ended);
        QVERIFY(store.remove({u"a"_s, u"nosuch"_s}).ok());
        QCOMPARE(store.all()->size(), 1);
    }

    void anUnknownEndMayBecomeKnown()
    {
        Store store(freshFile());
        QVERIFY(opens(store));
        QVERIFY(store.put(sample(u"a"_s)).ok());
        QVERIFY(store.end(u"a"_s, {.stage = Stage::EndUnknown}).ok());
        QVERIFY(store.end(u"a"_s, {.exitCode = 3, .started = 50, .finished = 60}).ok());
        QCOMPARE(store.all()->at(0).exitCode, 3);
        QCOMPARE(store.all()->at(0).started, 50);
    }

    void survivesBeingKilled()
    {
        const QString file = freshFile();
        for (int round = 0; round < 3; ++round) {
            QProcess writer;
            writer.start(QCoreApplication::applicationFilePath(), {u"--write-forever"_s, file});
            QByteArray said;
            QTRY_VERIFY_WITH_TIMEOUT((said += writer.readAllStandardOutput()).count('\n') > 20, 20000);
            ::kill(pid_t(writer.processId()), SIGKILL);
            QVERIFY(writer.waitForFinished());
            said += writer.readAllStandardOutput();
            said.truncate(said.lastIndexOf('\n') + 1);
            Store store(file);
            const auto opened = store.open();
            QVERIFY2(opened.ok() && opened->isEmpty(), "set aside");
            const auto records = store.all();
            QVERIFY(records.ok());
            QVERIFY(records->size() >= said.count('\n'));
            for (const Record &record : *records)
                QVERIFY(record == sample(record.id));
        }
    }

    void twoShareIt()
    {
        const QString file = freshFile();
        QList<QProcess *> writers;
        for (int i = 0; i < 2; ++i) {
            writers += new QProcess(this);
            writers.last()->start(QCoreApplication::applicationFilePath(), {u"--write-forever"_s, file});
        }
        // Both write as fast as they can, and this one besides.
        Store store(file);
        QVERIFY(opens(store));
        for (int i = 0; i < 50; ++i) {
            const auto put = store.put(sample(u"mine%1"_s.arg(i)));
            QVERIFY2(put.ok(), qPrintable(put.ok() ? QString() : put.error().message));
        }
        for (QProcess *writer : std::as_const(writers)) {
            QTRY_VERIFY(writer->bytesAvailable() > 0);
            QCOMPARE(writer->state(), QProcess::Running); // it ends at its first failure
            writer->kill();
            QVERIFY(writer->waitForFinished());
        }
        QVERIFY(store.changedElsewhere());
    }

    void setsABrokenFileAside_data()
    {
        QTest::addColumn<bool>("header");
        QTest::newRow("no database at all") << false;
        QTest::newRow("damaged inside") << true;
    }
    void setsABrokenFileAside()
    {
        QFETCH(bool, header);
        const QString file = freshFile();
        {
            Store store(file);
            QVERIFY(opens(store));
            for (int i = 0; i < 200; ++i)
                QVERIFY(store.put(sample(QString::number(i))).ok());
        }
        QFile broken(file);
        QVERIFY(broken.open(QIODevice::ReadWrite));
        const qint64 from = header ? 4096 : 0;
        QVERIFY(broken.size() > 20000 && broken.seek(from));
        broken.write(QByteArray(12000, 'x'));
        broken.close();
        Store store(file);
        const auto opened = store.open();
        QVERIFY2(opened.ok(), qPrintable(opened.ok() ? QString() : opened.error().message));
        QVERIFY2(opened->contains(u"was damaged"_s), qPrintable(*opened));
        QCOMPARE(QDir(QFileInfo(file).path()).entryList({u"*.broken-*"_s}).size(), 1);
        QVERIFY(store.all()->isEmpty());
        QVERIFY(store.put(sample(u"a"_s)).ok());
    }

    void leavesANewerFileAlone()
    {
        const QString file = freshFile();
        {
            Store store(file);
            QVERIFY(opens(store));
            QVERIFY(store.put(sample(u"a"_s)).ok());
        }
        {
            QSqlDatabase database = QSqlDatabase::addDatabase(u"QSQLITE"_s, u"newer"_s);
            database.setDatabaseName(file);
            QVERIFY(database.open());
            QVERIFY(QSqlQuery(database).exec(u"PRAGMA user_version = 99"_s));
        }
        QSqlDatabase::removeDatabase(u"newer"_s);
        Store store(file);
        const auto opened = store.open();
        QVERIFY(!opened.ok());
        QVERIFY(opened.error().message.contains(u"newer Slipway"_s));
        QVERIFY(!store.put(sample(u"b"_s)).ok());
        QVERIFY(QDir(QFileInfo(file).path()).entryList({u"*.broken-*"_s}).isEmpty());
    }

    void historyFollowsTheFile()
    {
        const QString file = freshFile();
        History mine(file);
        QTRY_VERIFY(mine.loaded());
        QVERIFY2(mine.trouble().isEmpty(), qPrintable(mine.trouble()));
        History other(file);
        QTRY_VERIFY(other.loaded());
        QVERIFY(support::await(other.put(sample(u"a"_s))).ok());
        QCOMPARE(other.records().size(), 1);
        QTRY_VERIFY(mine.find(u"a"_s));
        QVERIFY(support::await(mine.end(u"a"_s, {.exitCode = 1, .finished = 5})).ok());
        QTRY_COMPARE(other.ofContainer(u"c-a"_s)->stage, Stage::Ended);
        QVERIFY(support::await(mine.remove({u"a"_s})).ok());
        QTRY_VERIFY(other.records().isEmpty());
    }

    void nothingIsLostAtTheEnd()
    {
        const QString file = freshFile();
        {
            History history(file);
            for (int i = 0; i < 100; ++i)
                history.put(sample(QString::number(i))); // nobody waits
        }
        Store store(file);
        QVERIFY(opens(store));
        QCOMPARE(store.all()->size(), 100);
    }

    void goesOnWithoutAFile()
    {
        History history(u"/proc/nosuch/history.sqlite"_s);
        QTRY_VERIFY(history.loaded());
        QVERIFY(!history.trouble().isEmpty());
        QVERIFY(!support::await(history.put(sample(u"a"_s))).ok());
        QVERIFY(history.find(u"a"_s)); // for this session
    }

    void aTroubleGoesWithTheNextWrite_data()
    {
        QTest::addColumn<bool>("replaced");
        QTest::newRow("a good file") << false;
        QTest::newRow("a file that was set aside") << true; // which stays worth saying
    }
    void aTroubleGoesWithTheNextWrite()
    {
        QFETCH(bool, replaced);
        const QString file = freshFile();
        if (replaced) {
            QVERIFY(QDir().mkpath(QFileInfo(file).path()));
            QFile broken(file);
            QVERIFY(broken.open(QIODevice::WriteOnly));
            broken.write(QByteArray(8000, 'x'));
        }
        History history(file);
        QTRY_VERIFY(history.loaded());
        const QString before = history.trouble();
        QCOMPARE(before.isEmpty(), !replaced);
        QSignalSpy changed(&history, &History::troubleChanged);
        QVERIFY(
            onFile(file, u"CREATE TRIGGER full BEFORE INSERT ON runs BEGIN SELECT RAISE(ABORT, 'disk full'); END"_s));
        QVERIFY(!support::await(history.put(sample(u"a"_s))).ok());
        QVERIFY2(history.trouble().contains(u"disk full"_s), qPrintable(history.trouble()));
        QVERIFY(history.find(u"a"_s)); // for this session
        QCOMPARE(changed.size(), 1);
        QVERIFY(!support::await(history.put(sample(u"b"_s))).ok());
        QCOMPARE(changed.size(), 1);
        QVERIFY(onFile(file, u"DROP TRIGGER full"_s));
        QVERIFY(support::await(history.put(sample(u"c"_s))).ok());
        QCOMPARE(history.trouble(), before);
        QCOMPARE(changed.size(), 2);
    }

    void costsTheWindowNothing()
    {
        History history(freshFile());
        QTRY_VERIFY(history.loaded());
        QElapsedTimer timer;
        timer.start();
        for (int i = 0; i < 1000; ++i)
            history.put(sample(QString::number(i)));
        // What is left in this thread is the handing over.
        QVERIFY2(timer.elapsed() < 1000, qPrintable(QString::number(timer.elapsed())));
    }
};

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    if (argc == 3 && qstrcmp(argv[1], "--write-forever") == 0)
        return writeForever(QString::fromLocal8Bit(argv[2]));
    TestStore test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_store.moc"
