#include "builds/buildrequest.h"
#include "builds/contextscan.h"
#include "builds/contextwalk.h"
#include "support/await.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <sys/stat.h>
#include <unistd.h>

using builds::ContextScan;
using builds::ContextSummary;
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
        return builds::scanContext(m_folder.path(), m_folder.filePath(u"Dockerfile"_s), cancelled);
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
        QVERIFY(builds::unreadableSentence(*summary).isEmpty());
    }

    void oneLineMakesItSmall()
    {
        QVERIFY(builds::addIgnoreLine(m_folder.filePath(u".dockerignore"_s), builds::ignoreLine(u"data"_s)).ok());
        const auto summary = scan();
        QVERIFY(summary.ok());
        QVERIFY(summary->ignoreFile);
        QCOMPARE(summary->bytes, 1'500'105);
    }

    void aBadLineIsSaid()
    {
        QVERIFY(builds::addIgnoreLine(m_folder.filePath(u".dockerignore"_s), u"[oops"_s).ok());
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
        QCOMPARE(builds::unreadableSentence(summary),
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
        QVERIFY(!builds::scanContext(u"/nowhere/at/all"_s, u"/nowhere/Dockerfile"_s, no).ok());
    }

    void requests()
    {
        using Field = builds::RequestProblem::Field;
        builds::BuildRequest request;
        QCOMPARE(builds::problemsOf(request).value(0).field, Field::Context);
        request.context = m_folder.path();
        QVERIFY(builds::problemsOf(request).isEmpty());
        QCOMPARE(request.dockerfileInContext(), u"Dockerfile"_s);
        request.dockerfile = u"/etc/passwd"_s;
        QCOMPARE(request.dockerfileInContext(), QString());
        request.dockerfile = u"nosuch"_s;
        request.names = {u"UPPER:1"_s};
        request.platform = u"amd64"_s;
        request.args = {{u"1X"_s, {}}};
        const auto problems = builds::problemsOf(request);
        QCOMPARE(problems.size(), 4);
    }

    void secretsStayOut()
    {
        builds::BuildRequest request;
        request.context = u"/src/my train"_s;
        request.names = {u"me/train:1"_s};
        request.args = {{u"HF_TOKEN"_s, u"hf_topsecret"_s}, {u"LR"_s, u"1e-3"_s},
            {u"PIP_INDEX_URL"_s, u"https://me:pw123@host/simple"_s}};
        request.shmSize = 1 << 30;
        const QString line = builds::dockerLine(request);
        QVERIFY2(!line.contains(u"topsecret"_s) && !line.contains(u"pw123"_s), qPrintable(line));
        QVERIFY2(line.contains(u"--build-arg LR=1e-3"_s) && line.contains(u"--build-arg HF_TOKEN "_s)
                && line.contains(u"--shm-size=1g"_s),
            qPrintable(line));
        const builds::BuildRequest again = builds::requestFromJson(builds::toJson(request));
        QCOMPARE(again.args.value(u"LR"_s), u"1e-3"_s);
        QCOMPARE(again.args.value(u"HF_TOKEN"_s), QString());
        QCOMPARE(again.withheld, QStringList({u"HF_TOKEN"_s, u"PIP_INDEX_URL"_s}));
        QCOMPARE(again.shmSize, request.shmSize);
        QCOMPARE(builds::withoutSecrets(request, u"RUN x hf_topsecret"_s), u"RUN x •••"_s);
        QVERIFY(!builds::looksSecret(u"TORCH_VERSION"_s));
        QVERIFY(builds::looksSecret(u"WANDB_API_KEY"_s));
    }
};

QTEST_GUILESS_MAIN(ContextScanTest)
#include "tst_contextscan.moc"
