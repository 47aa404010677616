#include "contexts/contextfiles.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <unistd.h>

using contexts::ContextFiles;
using session::FileRequest;
using namespace Qt::StringLiterals;

/** Which files of a folder a builder is offered. */
class ContextFilesTest : public QObject
{
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;

    void put(const QString &name) const
    {
        QDir(m_folder->path()).mkpath(QFileInfo(m_folder->filePath(name)).path());
        QFile file(m_folder->filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
    }
    void link(const QByteArray &target, const QString &name) const
    {
        QDir(m_folder->path()).mkpath(QFileInfo(m_folder->filePath(name)).path());
        QCOMPARE(::symlink(target.constData(), QFile::encodeName(m_folder->filePath(name)).constData()), 0);
    }
    QStringList offered(const FileRequest &request) const
    {
        auto files = ContextFiles::make(QFile::encodeName(m_folder->path()), request);
        if (!files)
            return {files.error().message};
        QStringList paths;
        for (;;) {
            const auto entry = (*files)->next();
            if (!entry)
                return paths + QStringList{entry.error().message};
            if (!*entry)
                return paths;
            paths += QString::fromUtf8((*entry)->path);
        }
    }

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        for (const QString &name :
            {u"Dockerfile"_s, u"a/b/c.py"_s, u"a/b/d.txt"_s, u"a.txt"_s, u"data/big.bin"_s, u"req.txt"_s, u"z"_s})
            put(name);
    }

    void all()
    {
        // Folders first, siblings by name: what fsutil's validator wants.
        const QStringList everything{u"Dockerfile"_s, u"a"_s, u"a/b"_s, u"a/b/c.py"_s, u"a/b/d.txt"_s, u"a.txt"_s,
            u"data"_s, u"data/big.bin"_s, u"req.txt"_s, u"z"_s};
        QCOMPARE(offered({"context", {}, {}, {}}), everything);
        QCOMPARE(offered({"context", {}, {}, {u"/"_s}}), everything);
        QCOMPARE(offered({"context", {}, {}, {u"."_s, u"z"_s}}), everything);
    }

    void onlyWhatIsNamed_data()
    {
        QTest::addColumn<FileRequest>("request");
        QTest::addColumn<QStringList>("expected");
        const auto row = [](const char *name, const FileRequest &request, const QStringList &expected) {
            QTest::newRow(name) << request << expected;
        };
        row("a file", {"dockerfile", {u"Dockerfile"_s, u"Dockerfile.dockerignore"_s}, {}, {}}, {u"Dockerfile"_s});
        row("none", {"context", {}, {}, {u".dockerignore"_s}}, {});
        row("with the folders on its way", {"context", {}, {}, {u"a/b/d.txt"_s}}, {u"a"_s, u"a/b"_s, u"a/b/d.txt"_s});
        row("a folder", {"context", {}, {}, {u"/a/"_s}}, {u"a"_s, u"a/b"_s, u"a/b/c.py"_s, u"a/b/d.txt"_s});
        row("wildcards", {"context", {}, {}, {u"*.txt"_s}}, {u"a.txt"_s, u"req.txt"_s});
        row("wildcards below", {"context", {}, {}, {u"a/*/*.py"_s}}, {u"a"_s, u"a/b"_s, u"a/b/c.py"_s});
        row("excluded all the same", {"context", {}, {u"a/b/c.py"_s}, {u"a"_s}}, {u"a"_s, u"a/b"_s, u"a/b/d.txt"_s});
        row("kept below what is excluded", {"context", {}, {u"a"_s, u"!a/b/c.py"_s, u"data"_s}, {}},
            {u"Dockerfile"_s, u"a"_s, u"a/b"_s, u"a/b/c.py"_s, u"a.txt"_s, u"req.txt"_s, u"z"_s});
        row("out of the folder is in it", {"context", {}, {}, {u"../../z"_s, u"/../a.txt"_s}}, {u"a.txt"_s, u"z"_s});
        row("kept by a wildcard", {"context", {}, {u"*"_s, u"!**/*.py"_s}, {}}, {u"a"_s, u"a/b"_s, u"a/b/c.py"_s});
    }
    void onlyWhatIsNamed()
    {
        QFETCH(FileRequest, request);
        QFETCH(QStringList, expected);
        QCOMPARE(offered(request), expected);
    }

    void followsLinks_data()
    {
        QTest::addColumn<QString>("wanted");
        QTest::addColumn<QStringList>("expected");
        QTest::newRow("at the end") << u"link"_s << QStringList{u"data"_s, u"data/big.bin"_s, u"link"_s};
        QTest::newRow("on the way") << u"way/big.bin"_s << QStringList{u"data"_s, u"data/big.bin"_s, u"way"_s};
        QTest::newRow("from the root") << u"rooted"_s << QStringList{u"rooted"_s, u"z"_s};
        // As if the folder were the root, where ".." leads nowhere.
        QTest::newRow("out of the root") << u"out"_s << QStringList{u"out"_s, u"z"_s};
        QTest::newRow("by a wildcard") << u"l*"_s << QStringList{u"data"_s, u"data/big.bin"_s, u"link"_s, u"loop"_s};
        QTest::newRow("in a circle") << u"loop/x"_s << QStringList{u"loop"_s};
        QTest::newRow("strange names") << u"[x]*"_s << QStringList{u"x1"_s, u"[y]"_s};
    }
    void followsLinks()
    {
        link("data", u"link"_s);
        link("./data", u"way"_s);
        link("/z", u"rooted"_s);
        link("../../z", u"out"_s);
        link("loop", u"loop"_s);
        link("[y]", u"x1"_s);
        put(u"[y]"_s);
        QFETCH(QString, wanted);
        QFETCH(QStringList, expected);
        expected.sort();
        QCOMPARE(offered({"context", {}, {}, {wanted}}), expected);
    }

    void pausesInALongSearch()
    {
        contexts::ContextWalk walk(
            QFile::encodeName(m_folder->path()), {}, *contexts::IgnoreFile::fromPatterns({u"*.none"_s}));
        walk.setPatience(std::chrono::milliseconds(-1)); // at once
        int pauses = 0;
        for (;;) {
            const auto entry = walk.next();
            QVERIFY(entry.ok() && !*entry);
            if (!walk.pauses())
                break;
            QVERIFY(++pauses < 10);
            walk.setPatience(std::chrono::seconds(60));
        }
        QCOMPARE(pauses, 1);
    }

    void patternsThatAreNone()
    {
        QVERIFY(!ContextFiles::make("/tmp", {"context", {}, {u"[oops"_s}, {}}).ok());
        QVERIFY(!ContextFiles::make("/tmp", {"context", {u"[oops"_s}, {}, {}}).ok());
    }

    void aFolderThatCannotBeRead()
    {
        if (::geteuid() == 0)
            QSKIP("root can read everything");
        QFile(m_folder->filePath(u"data"_s)).setPermissions({});
        QVERIFY(offered({"context", {}, {}, {}}).last().contains(u"data"_s));
        QFile(m_folder->filePath(u"data"_s)).setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    }
};

QTEST_GUILESS_MAIN(ContextFilesTest)
#include "tst_contextfiles.moc"
