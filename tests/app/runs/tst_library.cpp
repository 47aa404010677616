#include "runs/configsmodel.h"
#include "runs/library.h"

#include <QAbstractItemModelTester>
#include <QDir>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace runs;
using namespace Qt::StringLiterals;

/** Saved configurations: names, files, what others do to the files, and undo. */
class TestLibrary : public QObject
{
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Library> m_library;

    static recipe::ConfigFile training(const QString &image = u"bb:1"_s)
    {
        recipe::ConfigFile file;
        file.config.image = image;
        return file;
    }
    void write(const QString &file, const QByteArray &bytes) const
    {
        QFile out(m_folder->filePath(file));
        QVERIFY(out.open(QIODevice::WriteOnly));
        out.write(bytes);
    }
    QByteArray read(const QString &file) const
    {
        QFile in(m_folder->filePath(file));
        return in.open(QIODevice::ReadOnly) ? in.readAll() : QByteArray();
    }

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_library = std::make_unique<Library>(m_folder->path());
    }
    void cleanup() { m_library.reset(); }

    void namesHoldAnything_data()
    {
        QTest::addColumn<QString>("name");
        for (const QString &name :
            {u"vit"_s, u"vit/large"_s, u"../../etc/passwd"_s, u".hidden"_s, u"100 %"_s, u"a%2Fb"_s, u"Größe × 2 😀"_s,
                u"tab\tline\nend"_s, u" x "_s, u"a\\b:c*d?e\"f<g>h|i"_s, u"x.json"_s, u"-rf"_s})
            QTest::newRow(qPrintable(name)) << name;
    }
    void namesHoldAnything()
    {
        QFETCH(QString, name);
        QCOMPARE(nameOfFile(fileNameOf(name)), name);
        QVERIFY(m_library->save(name, training()).ok());
        QCOMPARE(m_library->configs().size(), 1);
        QVERIFY(m_library->find(name));
        QCOMPARE(QDir(m_folder->path()).entryList(QDir::Files).size(), 1);
        QCOMPARE(Library(m_folder->path()).configs().value(0).name, name);
    }

    void refusesNamesThatAreNone()
    {
        QVERIFY(!m_library->save(u"  "_s, training()).ok());
        QVERIFY(m_library->save(QString(300, u'a'), training()).error().message.contains(u"too long"_s));
        QVERIFY(m_library->configs().isEmpty());
    }

    void listsFilesOfOthers()
    {
        write(u"100%.json"_s, R"({"slipway": 1, "image": "x"})");
        write(u"a%20b.json"_s, R"({"slipway": 1, "image": "y"})");
        m_library->reload();
        QVERIFY(m_library->find(u"100%"_s) && m_library->find(u"a%20b"_s));
        QVERIFY(m_library->save(u"100%"_s, training(u"z"_s), IfTaken::Replace).ok());
        QVERIFY(read(u"100%.json"_s).contains("\"z\"")); // in its place, not beside it
    }

    void collides()
    {
        QVERIFY(m_library->save(u"a"_s, training(u"1"_s)).ok());
        const auto again = m_library->save(u"a"_s, training(u"2"_s));
        QCOMPARE(again.error().kind, core::ErrorKind::Conflict);
        QCOMPARE(m_library->find(u"a"_s)->file.config.image, u"1"_s);
        QVERIFY(m_library->save(u"a"_s, training(u"2"_s), IfTaken::Replace).ok());
        QCOMPARE(m_library->find(u"a"_s)->file.config.image, u"2"_s);
        QCOMPARE(*m_library->duplicate(u"a"_s), u"a 2"_s);
        QCOMPARE(*m_library->duplicate(u"a"_s), u"a 3"_s);
        QSignalSpy renamed(m_library.get(), &Library::renamed);
        QCOMPARE(m_library->rename(u"a"_s, u"a 2"_s).error().kind, core::ErrorKind::Conflict);
        QVERIFY(m_library->rename(u"a"_s, u"b/c"_s).ok());
        QVERIFY(!m_library->find(u"a"_s) && m_library->find(u"b/c"_s));
        QCOMPARE(m_library->rename(u"a"_s, u"d"_s).error().kind, core::ErrorKind::NotFound);
        QCOMPARE(renamed.size(), 1);
        QCOMPARE(renamed[0], (QVariantList{u"a"_s, u"b/c"_s}));
    }

    void neverReplacesABrokenFile()
    {
        const QByteArray broken = "{\n\"slipway\": 1,\n\"image\": 3\n}";
        write(u"mine.json"_s, broken);
        m_library->reload();
        QVERIFY(!m_library->find(u"mine"_s)->readable());
        QVERIFY2(m_library->find(u"mine"_s)->trouble.endsWith(u"(line 3)."_s),
            qPrintable(m_library->find(u"mine"_s)->trouble));
        QVERIFY(m_library->save(u"mine"_s, training(), IfTaken::Replace)
                    .error()
                    .message.startsWith(u"“mine” is not replaced"_s));
        QVERIFY(m_library->save(u"good"_s, training()).ok());
        QVERIFY(!m_library->rename(u"good"_s, u"mine"_s).ok());
        QCOMPARE(read(u"mine.json"_s), broken);

        // Also when it broke a moment ago, and nobody has seen it yet.
        write(u"good.json"_s, broken);
        QVERIFY(!m_library->save(u"good"_s, training(), IfTaken::Replace).ok());
        QCOMPARE(read(u"good.json"_s), broken);
    }

    void keepsFieldsOfOthers()
    {
        write(u"a.json"_s,
            R"({"slipway": 1, "image": "x", "owner": "nlp", "mounts": [{"target": "/d", "why": "data"}]})");
        recipe::ConfigFile file = training();
        file.config.mounts = {{u"/x"_s, u"/d"_s, false, false, {}}};
        QVERIFY(m_library->save(u"a"_s, file, IfTaken::Replace).ok());
        const QByteArray now = read(u"a.json"_s);
        QVERIFY2(now.contains("\"owner\": \"nlp\"") && now.contains("\"why\": \"data\"") && now.contains("bb:1"),
            now.constData());
        QCOMPARE(now.count("\"why\""), 1);
    }

    void seesWhatOthersDo()
    {
        QSignalSpy spy(m_library.get(), &Library::changed);
        ConfigsModel model(*m_library);
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        write(u"new.json"_s, R"({"slipway": 1, "image": "x"})");
        QTRY_COMPARE(model.rowCount(), 1);
        QCOMPARE(model.index(0, int(ConfigColumn::Image)).data().toString(), u"x"_s);
        write(u"new.json"_s, R"({"slipway": 1, "image": "other"})"); // in place
        QTRY_COMPARE(model.index(0, int(ConfigColumn::Image)).data().toString(), u"other"_s);
        Library elsewhere(m_folder->path());
        QVERIFY(elsewhere.save(u"new"_s, training(u"third"_s), IfTaken::Replace).ok()); // by replacing it
        QTRY_COMPARE(model.index(0, int(ConfigColumn::Image)).data().toString(), u"third"_s);
        QVERIFY(elsewhere.save(u"new"_s, training(u"fourth"_s), IfTaken::Replace).ok());
        QTRY_COMPARE(model.index(0, int(ConfigColumn::Image)).data().toString(), u"fourth"_s);
        write(u"new.json"_s, "{");
        QTRY_COMPARE(model.index(0, int(ConfigColumn::Name)).data(models::StateRole).toInt(), 1);
        QVERIFY(QFile::remove(m_folder->filePath(u"new.json"_s)));
        QTRY_COMPARE(model.rowCount(), 0);
        QVERIFY(spy.size() >= 5);
    }

    void removesWithUndo()
    {
        QVERIFY(m_library->save(u"a"_s, training(u"1"_s)).ok());
        const QByteArray before = read(u"a.json"_s);
        QVERIFY(m_library->remove(u"a"_s).ok());
        QVERIFY(!m_library->find(u"a"_s) && read(u"a.json"_s).isEmpty());
        m_library = std::make_unique<Library>(m_folder->path()); // as after a crash
        QVERIFY(m_library->undoRemove(u"a"_s).ok());
        QCOMPARE(read(u"a.json"_s), before);
        QVERIFY(m_library->remove(u"a"_s).ok());
        QVERIFY(m_library->save(u"a"_s, training(u"2"_s)).ok());
        QCOMPARE(m_library->undoRemove(u"a"_s).error().kind, core::ErrorKind::Conflict);
        QCOMPARE(m_library->find(u"a"_s)->file.config.image, u"2"_s);
        QCOMPARE(m_library->remove(u"nosuch"_s).error().kind, core::ErrorKind::NotFound);
    }

    void travels()
    {
        QVERIFY(m_library->save(u"a/b"_s, training(u"1"_s)).ok());
        QTemporaryDir other;
        QVERIFY(m_library->exportTo(u"a/b"_s, other.filePath(u"slipway.json"_s)).ok());
        const auto beside = findBeside(other.path());
        QVERIFY(beside && beside->readable());
        QCOMPARE(beside->file.config.image, u"1"_s);
        QVERIFY(!findBeside(m_folder->path()));
        // Above a folder of a repository, not above one that is in none.
        QVERIFY(QDir(other.path()).mkpath(u"src/deep"_s));
        QVERIFY(findAround(other.path()));
        QVERIFY(!findAround(other.filePath(u"src"_s)));
        QVERIFY(QDir(other.path()).mkdir(u".git"_s));
        QVERIFY(findAround(other.filePath(u"src/deep"_s)));
        QVERIFY(QDir(other.path()).mkdir(u"src/deep/.git"_s));
        QVERIFY(!findAround(other.filePath(u"src/deep"_s)));
        QCOMPARE(*m_library->importFrom(other.filePath(u"slipway.json"_s)), u"slipway"_s);
        QCOMPARE(m_library->importFrom(other.filePath(u"slipway.json"_s)).error().kind, core::ErrorKind::Conflict);
        QCOMPARE(m_library->importName(other.filePath(u"slipway.json"_s)), u"slipway-2"_s);
        QCOMPARE(*m_library->importFrom(other.filePath(u"slipway.json"_s), u"slipway-2"_s), u"slipway-2"_s);
        const auto missing = m_library->importFrom(other.filePath(u"no.json"_s));
        QVERIFY(missing.error().message.contains(u"no.json"_s));
        QVERIFY(!m_library->exportTo(u"a/b"_s, u"/nosuch/folder/x.json"_s).ok());
    }
};

QTEST_GUILESS_MAIN(TestLibrary)
#include "tst_library.moc"
