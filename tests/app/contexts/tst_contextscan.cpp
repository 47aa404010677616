#include "contexts/contextscan.h"
#include "contexts/contextwalk.h"
#include "support/await.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <sys/stat.h>
#include <unistd.h>

using contexts::ContextScan;
using contexts::ContextSummary;
using namespace Qt::StringLiterals;

/** What of a folder is counted, and what is big in it. */
class ContextScanTest : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;

    void put(const QString &name, qint64 size)
    {
        QDir(m_folder.path()).mkpath(QFileInfo(m_folder.filePath(name)).path());
        QFile file(m_folder.filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        QVERIFY(file.resize(size));
    }
    core::Result<ContextSummary> scan(const std::atomic<bool> &cancelled = false) const
    {
        return contexts::scanContext(m_folder.path(), m_folder.filePath(u"Dockerfile"_s), cancelled);
    }

private Q_SLOTS:
    void counts()
    {
        put(u"Dockerfile"_s, 10);
        put(u"src/a.py"_s, 90);
        put(u"src/data/train.bin"_s, 1'000'000);
        put(u"data/x"_s, 3'000'000);
        put(u"data/deep/er/y"_s, 2'000'000);
        put(u"big.tar"_s, 500'000);
        QFile::link(u"/nowhere"_s, m_folder.filePath(u"link"_s));
        ::mkfifo(QFile::encodeName(m_folder.filePath(u"pipe"_s)).constData(), 0600);
        const auto summary = scan();
        QVERIFY(summary.ok());
        QCOMPARE(summary->files, 6);
        QCOMPARE(summary->links, 1);
        QCOMPARE(summary->special, 1);
        QCOMPARE(summary->firstSpecial, u"pipe"_s);
        QCOMPARE(summary->bytes, 6'500'100);
        QCOMPARE(summary->biggest.value(0).path, u"data"_s);
        QCOMPARE(summary->biggest.value(0).bytes, 5'000'000);
        QVERIFY(summary->biggest.value(0).folder);
        // Of src nearly all is src/data: that is what to leave out.
        QCOMPARE(summary->biggest.value(1).path, u"src/data"_s);
        QCOMPARE(summary->biggest.value(2).path, u"big.tar"_s);
        QVERIFY(!summary->biggest.value(2).folder);
        QVERIFY(!summary->ignoreFile);
        QVERIFY(contexts::unreadableSentence(*summary).isEmpty());
    }

    void oneLineMakesItSmall()
    {
        QVERIFY(contexts::addIgnoreLine(m_folder.filePath(u".dockerignore"_s), contexts::ignoreLine(u"data"_s)).ok());
        const auto summary = scan();
        QVERIFY(summary.ok());
        QVERIFY(summary->ignoreFile);
        QCOMPARE(summary->bytes, 1'500'105);
    }

    void aBadLineIsSaid()
    {
        QVERIFY(contexts::addIgnoreLine(m_folder.filePath(u".dockerignore"_s), u"[oops"_s).ok());
        const auto summary = scan();
        QVERIFY(!summary.ok());
        QVERIFY2(
            summary.error().message.startsWith(u"line 2 of the .dockerignore"_s), qPrintable(summary.error().message));
        QFile::remove(m_folder.filePath(u".dockerignore"_s));
    }

    void unreadableInOneSentence()
    {
        ContextSummary summary;
        summary.unreadable = 3;
        summary.firstUnreadable = u"a/b"_s;
        QCOMPARE(contexts::unreadableSentence(summary),
            u"“a/b” and 2 more cannot be read. Make them readable, or add them to .dockerignore."_s);
    }

    void inTheBackground()
    {
        ContextScan scanner;
        core::Result<ContextSummary> got = core::Error{};
        int ends = 0;
        connect(&scanner, &ContextScan::finished, this, [&](const core::Result<ContextSummary> &result) {
            got = result;
            ++ends;
        });
        scanner.start(u"/nowhere/at/all"_s, u"/nowhere/Dockerfile"_s);
        scanner.start(m_folder.path(), m_folder.filePath(u"Dockerfile"_s)); // the first is of no interest any more
        QVERIFY(scanner.running());
        QTRY_COMPARE(ends, 1);
        QVERIFY(got.ok());
        QVERIFY(!scanner.running());
        scanner.start(m_folder.path(), m_folder.filePath(u"Dockerfile"_s));
        scanner.abort();
        QTest::qWait(50); // nothing comes
        QCOMPARE(ends, 1);
        auto dying = std::make_unique<ContextScan>();
        dying->start(m_folder.path(), m_folder.filePath(u"Dockerfile"_s));
        dying.reset();
    }

    void cancelled()
    {
        const std::atomic<bool> yes = true;
        const auto summary = scan(yes);
        QVERIFY(!summary.ok());
        QCOMPARE(summary.error().kind, core::ErrorKind::Aborted);
    }

    void aFolderThatIsNone()
    {
        const std::atomic<bool> no = false;
        QVERIFY(!contexts::scanContext(u"/nowhere/at/all"_s, u"/nowhere/Dockerfile"_s, no).ok());
    }
};

QTEST_GUILESS_MAIN(ContextScanTest)
#include "tst_contextscan.moc"
