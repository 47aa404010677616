#include "dockerline/namedfiles.h"

#include <QSemaphore>
#include <QSignalSpy>
#include <QTest>
#include <atomic>

using namespace Qt::StringLiterals;
using dockerline::NamedFiles;

/** Files are read beside the thread that asks, whatever folder they lie in. */
class TestNamedFiles : public QObject
{
    Q_OBJECT
private:
    /** A file system that answers when it is told to. Outlives the threads: they share it. */
    struct Disk
    {
        QSemaphore answers;
        std::atomic<int> reads = 0;
        std::atomic<int> content = 1;
    };
    static NamedFiles::Read reader(const std::shared_ptr<Disk> &disk)
    {
        return [disk](const QString &path) -> core::Result<QByteArray> {
            ++disk->reads;
            disk->answers.acquire();
            if (path == "/gone"_L1)
                return core::Error{core::ErrorKind::NotFound, 0, u"gone"_s, {}};
            return QByteArray(path.toUtf8() + ' ' + QByteArray::number(disk->content.load()));
        };
    }

private Q_SLOTS:
    void nobodyWaits()
    {
        const auto disk = std::make_shared<Disk>();
        NamedFiles files(reader(disk));
        QSignalSpy arrived(&files, &NamedFiles::arrived);
        files.begin();
        const auto first = files.content(u"/dead/env"_s);
        QVERIFY(!first && first.error().message.contains(u"/dead/env"_s));
        QCOMPARE(files.awaited(), QStringList{u"/dead/env"_s});
        QTRY_COMPARE(disk->reads.load(), 1);
        files.begin();
        QVERIFY(!files.content(u"/dead/env"_s)); // asked for once
        disk->answers.release();
        QTRY_COMPARE(arrived.size(), 1);
        QCOMPARE(disk->reads.load(), 1);
        files.begin();
        QCOMPARE(*files.content(u"/dead/env"_s), QByteArray("/dead/env 1"));
        QVERIFY(files.awaited().isEmpty());
        QVERIFY(!files.content(u"/gone"_s));
        disk->answers.release();
        QTRY_COMPARE(arrived.size(), 2);
        QCOMPARE(files.content(u"/gone"_s).error().message, u"gone"_s);
    }

    void oneDeadFolderHoldsUpNoOther()
    {
        const auto disk = std::make_shared<Disk>();
        const NamedFiles::Read slow = reader(disk);
        NamedFiles files([slow](const QString &path) -> core::Result<QByteArray> {
            return path.startsWith("/dead"_L1) ? slow(path) : core::Result<QByteArray>(QByteArray("here"));
        });
        files.content(u"/dead/env"_s);
        QTRY_COMPARE(disk->reads.load(), 1);
        files.content(u"/env"_s);
        QTRY_VERIFY(files.content(u"/env"_s).ok());
        // What is typed letter by letter is read when the typing rests.
        const QString path = u"/dead/other"_s;
        for (qsizetype n = 6; n <= path.size(); ++n) {
            files.begin();
            files.content(path.first(n));
        }
        QTRY_COMPARE(disk->reads.load(), 2);
    }

    void manyDeadOnesTakeFewThreads()
    {
        const auto disk = std::make_shared<Disk>();
        NamedFiles files(reader(disk));
        QStringList paths;
        for (int i = 0; i < 40; ++i)
            paths += u"/dead/%1"_s.arg(i);
        for (const QString &path : std::as_const(paths))
            files.content(path);
        QTRY_COMPARE(disk->reads.load(), 8);
        files.forget();
        for (const QString &path : std::as_const(paths))
            files.content(path);
        QTest::qWait(200); // longer than the typing has to rest
        QCOMPARE(disk->reads.load(), 8);
        disk->answers.release(100);
        QTRY_COMPARE(disk->reads.load(), 48); // the rest comes when those are through
        QTRY_VERIFY(files.content(paths.last()).ok());
    }

    void readsAgainBeforeItCounts()
    {
        const auto disk = std::make_shared<Disk>();
        disk->answers.release(100);
        NamedFiles files(reader(disk));
        files.content(u"/e"_s);
        QTRY_VERIFY(files.content(u"/e"_s).ok());
        disk->content = 2;
        QCOMPARE(*files.content(u"/e"_s), QByteArray("/e 1"));
        files.forget();
        QVERIFY(!files.content(u"/e"_s));
        QTRY_VERIFY(files.content(u"/e"_s).ok());
        QCOMPARE(*files.content(u"/e"_s), QByteArray("/e 2"));
    }

    void anAnswerFromBeforeForgetIsNone()
    {
        const auto disk = std::make_shared<Disk>();
        NamedFiles files(reader(disk));
        QSignalSpy arrived(&files, &NamedFiles::arrived);
        files.content(u"/e"_s);
        QTRY_COMPARE(disk->reads.load(), 1);
        files.forget();
        files.content(u"/e"_s);
        QTRY_COMPARE(disk->reads.load(), 2);
        disk->answers.release(2);
        QTRY_COMPARE(arrived.size(), 1);
        QVERIFY(files.content(u"/e"_s).ok());
    }

    void itMayGoBeforeTheAnswer()
    {
        const auto disk = std::make_shared<Disk>();
        {
            NamedFiles files(reader(disk));
            files.content(u"/dead/env"_s);
            QTRY_COMPARE(disk->reads.load(), 1);
        }
        disk->answers.release();
        QTRY_COMPARE(disk.use_count(), 1L); // the thread is over
    }
};

QTEST_GUILESS_MAIN(TestNamedFiles)
#include "tst_namedfiles.moc"
