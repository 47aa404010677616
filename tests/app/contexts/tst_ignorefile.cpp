#include "contexts/ignorefile.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using contexts::IgnoreFile;
using namespace Qt::StringLiterals;

/** Docker's rules, case by case; tst_builds compares whole folders with Docker's own client. */
class IgnoreFileTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void excludes_data()
    {
        QTest::addColumn<QByteArray>("rules");
        QTest::addColumn<QString>("path");
        QTest::addColumn<bool>("excluded");
        int number = 0;
        const auto row = [&number](const char *rules, const char *path, bool excluded) {
            QTest::addRow("%d: %s of %s", ++number, path, QByteArray(rules).replace('\n', '|').constData())
                << QByteArray(rules) << QString::fromUtf8(path) << excluded;
        };
        row("", "a", false);
        row("a", "a", true);
        row("a", "b/a", false);
        row("a", "a/b/c", true);
        row("/a", "a", true);
        row("a/", "a/b", true);
        row("./a", "a", true);
        row("b/../a", "a", true);
        row("*.log", "x.log", true);
        row("*.log", "d/x.log", false);
        row("*/*.log", "d/x.log", true);
        row("*/*.log", "d/e/x.log", false);
        row("**/*.log", "x.log", true);
        row("**/*.log", "d/e/x.log", true);
        row("**/*.log", "d/x.log/inside", true);
        row("**", "anything/at/all", true);
        row("a/**", "a", false);
        row("a/**", "a/b/c", true);
        row("a/**/z", "a/z", true);
        row("a/**/z", "a/b/c/z", true);
        row("a/**/z", "a/bz", false);
        row("a**", "abc", true);
        row("a**", "abc/d", true);
        row("**foo", "barfoo", false);
        row("**/foo", "x/barfoo", false);
        row("?.py", "a.py", true);
        row("?.py", "ab.py", false);
        row("?.py", "/.py", false);
        row("?.py", "é.py", true);
        row("[ab].py", "b.py", true);
        row("[^ab].py", "b.py", false);
        row("[a-c]*", "cat", true);
        row("we\\[i\\]rd", "we[i]rd", true);
        row("a.b", "axb", false);
        row("a+b(c)|$", "a+b(c)|$", true);
        row("# comment", "# comment", false);
        row("\\#x", "#x", true);
        row("  spaced  ", "spaced", true);
        row("\t", "x", false);
        row("a\r\nb\r\n", "b", true);
        row("\xef\xbb\xbf"
            "first",
            "first", true);
        row("*\n!keep", "keep", false);
        row("*\n!keep", "keep/below", false);
        row("*\n!keep", "other", true);
        row("*\n! keep", "keep", false);
        row("*\n!/keep", "keep", false);
        row("!keep\n*", "keep", true);
        row("a\n!a/b\na/b/c", "a/b/x", false);
        row("a\n!a/b\na/b/c", "a/b/c/d", true);
        row("*\n!*.md\nREADME*", "README.md", true);
        row("A", "a", false);
    }
    void excludes()
    {
        QFETCH(QByteArray, rules);
        QFETCH(QString, path);
        QFETCH(bool, excluded);
        const auto file = IgnoreFile::parse(rules);
        QVERIFY(file.ok());
        QCOMPARE(file->excludes(path), excluded);
        // A walk, which knows of the folders, comes to the same.
        IgnoreFile::Matches above(file->rules().size(), false);
        IgnoreFile::Matches own;
        bool walked = false;
        for (qsizetype end = path.indexOf(u'/', 1);; end = path.indexOf(u'/', end + 1)) {
            walked = file->excludes(end < 0 ? path : path.left(end), above, own);
            above = own;
            if (end < 0)
                break;
        }
        QCOMPARE(walked, excluded);
    }

    void refusesWhatDockerRefuses_data()
    {
        QTest::addColumn<QByteArray>("rules");
        QTest::addColumn<QString>("line");
        QTest::newRow("open class") << QByteArray("a\n[b\n") << u"line 2"_s;
        QTest::newRow("empty class") << QByteArray("[]") << u"line 1"_s;
        QTest::newRow("only !") << QByteArray("\n\n!\n") << u"line 3"_s;
        QTest::newRow("last backslash") << QByteArray("a\\") << u"line 1"_s;
    }
    void refusesWhatDockerRefuses()
    {
        QFETCH(QByteArray, rules);
        QFETCH(QString, line);
        const auto file = IgnoreFile::parse(rules);
        QVERIFY(!file.ok());
        QVERIFY2(file.error().message.startsWith(line), qPrintable(file.error().message));
    }

    void readsGarbage()
    {
        for (int seed = 0; seed < 300; ++seed) {
            QByteArray text;
            for (int i = 0; i < 40; ++i)
                text += "*?[]!\\/a.#\n-^ {}()|+$\xc3\xff"[(seed * 7 + i * i * 13 + i) % 24];
            if (const auto file = IgnoreFile::parse(text)) {
                file->excludes(u"a/b.c"_s);
                file->mayKeepBelow(u"a"_s);
            }
        }
    }

    void keepsWhatIsAlwaysSent()
    {
        auto file = *IgnoreFile::parse("*\ndocker/**\n");
        file.keep(u"docker/Dockerfile"_s);
        QVERIFY(!file.excludes(u"docker/Dockerfile"_s));
        QVERIFY(file.excludes(u"docker/other"_s));
        QVERIFY(file.mayKeepBelow(u"docker"_s));
        QVERIFY(!file.mayKeepBelow(u"data"_s));
        auto none = *IgnoreFile::parse("data\n");
        none.keep(u"Dockerfile"_s);
        QCOMPARE(none.rules().size(), 1);
    }

    void lineForOnePath_data()
    {
        QTest::addColumn<QString>("path");
        for (const char *path :
            {"data", "data/train set", "a*b", "[x]", "#notes", "!bang", " lead", "trail ", "back\\slash", "q?"})
            QTest::newRow(path) << QString::fromUtf8(path);
    }
    void lineForOnePath()
    {
        QFETCH(QString, path);
        const auto file = IgnoreFile::parse(contexts::ignoreLine(path).toUtf8() + '\n');
        QVERIFY(file.ok());
        QVERIFY2(file->excludes(path), qPrintable(contexts::ignoreLine(path)));
        QVERIFY(!file->excludes(u"aXb"_s));
        QVERIFY(!file->excludes(u"x"_s));
    }

    void addsALineAndKeepsTheRest()
    {
        QTemporaryDir folder;
        const QString path = folder.filePath(u".dockerignore"_s);
        const auto content = [&path] {
            QFile file(path);
            return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("?");
        };
        QVERIFY(contexts::addIgnoreLine(path, u"data"_s).ok());
        QCOMPARE(content(), QByteArray("data\n"));
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("# mine\n\xff\xfe bytes\n*.log");
        file.close();
        QVERIFY(contexts::addIgnoreLine(path, u"data"_s).ok());
        QCOMPARE(content(), QByteArray("# mine\n\xff\xfe bytes\n*.log\ndata\n"));
        QCOMPARE(contexts::withIgnoreLine("a\r\n", u"b"_s), QByteArray("a\r\nb\r\n"));
        QVERIFY(!contexts::addIgnoreLine(folder.filePath(u"no/such/.dockerignore"_s), u"x"_s).ok());
    }

    void besideTheDockerfileFirst()
    {
        QTemporaryDir folder;
        const QString dockerfile = folder.filePath(u"train.Dockerfile"_s);
        QCOMPARE(contexts::ignoreFilePath(folder.path(), dockerfile), folder.filePath(u".dockerignore"_s));
        QFile beside(dockerfile + u".dockerignore"_s);
        QVERIFY(beside.open(QIODevice::WriteOnly));
        QCOMPARE(contexts::ignoreFilePath(folder.path(), dockerfile), beside.fileName());
    }
};

QTEST_GUILESS_MAIN(IgnoreFileTest)
#include "tst_ignorefile.moc"
