#include "house.h"

#include <QDir>
#include <QFile>
#include <QLibraryInfo>
#include <QTemporaryDir>
#include <QTest>

namespace {

QString qtHeaders() { return QLibraryInfo::path(QLibraryInfo::HeadersPath); }

void put(const QTemporaryDir &folder, const QString &path, const QByteArray &text)
{
    QDir(folder.path()).mkpath(QStringLiteral("./") + path.section(u'/', 0, -2));
    QFile file(folder.filePath(path));
    if (file.open(QIODevice::WriteOnly))
        file.write(text);
}

} // namespace

/** The rules of the house hold for the program's sources, and each rule notices when it is broken. */
class ShapeTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY2(QFile::exists(qtHeaders() + QStringLiteral("/QtWidgets/QWidget")), qPrintable(qtHeaders()));
        QVERIFY(m_house.fileCount() > 20);
    }

    void rules_data()
    {
        QTest::addColumn<QStringList>("broken");
        QTest::newRow("top level") << m_house.topLevel();
        QTest::newRow("loose files") << m_house.looseFiles();
        QTest::newRow("includes carry the folder") << m_house.includesCarryTheFolder();
        QTest::newRow("include direction") << m_house.includeDirection();
        QTest::newRow("no include cycles") << m_house.noIncludeCycles();
        QTest::newRow("app is widget-free") << m_house.appIsWidgetFree();
        QTest::newRow("third-party headers have one home") << m_house.thirdPartyHomes();
        QTest::newRow("sizes") << m_house.sizes();
        QTest::newRow("nothing waits") << m_house.forbiddenWords();
        QTest::newRow("classes say what they are for") << m_house.classComments();
        QTest::newRow("tests link only their library") << m_house.testsLinkOnlyTheirLibrary();
    }

    void rules()
    {
        QFETCH(QStringList, broken);
        QVERIFY2(broken.isEmpty(), qPrintable(QStringLiteral("\n  ") + broken.join(QStringLiteral("\n  "))));
    }

    void aSmallHouseInOrder()
    {
        QTemporaryDir root;
        furnish(root);
        const QStringList broken = House(root.path(), qtHeaders()).all();
        QVERIFY2(broken.isEmpty(), qPrintable(broken.join(u'\n')));
    }

    void everyRuleNotices_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("words");
        const auto row = [](const char *name, const char *path, const QByteArray &text, const char *words) {
            QTest::newRow(name) << QString::fromLatin1(path) << text << QString::fromUtf8(words);
        };
        row("top level", "notes.txt", "", "notes.txt does not belong");
        row("loose in app", "app/loose.h", "", "no loose sources");
        row("unknown folder", "app/stuff/a.h", "", "no folder stuff");
        row("loose in ui", "ui/helper.cpp", "", "loose files of ui/");
        row("folder in a folder", "app/core/deep/a.h", "", "app/ has no folder core/deep");
        row("no folder", "app/http/x.cpp", "#include \"client.h\"\n", "without its folder");
        row("no such file", "app/http/x.cpp", "#include \"http/nosuch.h\"\n", "neither in app/ nor in ui/");
        row("upwards", "app/core/x.cpp", "#include \"http/client.h\"\n", "http is not below core");
        row("sideways", "app/settings/x.cpp", "#include \"http/client.h\"\n", "http is not below settings");
        row("app knows ui", "app/logs/x.cpp", "#include \"containers/page.h\"\n", "app/ does not know ui/");
        row("page knows page", "ui/logs/x.cpp", "#include \"containers/page.h\"\n", "do not know each other");
        row("common knows Docker", "ui/common/x.cpp", "#include \"http/client.h\"\n", "ui/common knows core only");
        row("somebody includes a loose file", "ui/logs/x.cpp", "#include \"mainwindow.h\"\n",
            "nobody includes the loose files");
        row("cycle", "app/core/error.h", "#include \"core/result.h\"\n", "a cycle");
        row("widget", "app/logs/x.cpp", "#include <QWidget>\n", "<QWidget>");
        row("gui type", "app/logs/x.cpp", "#include <QtGui/QColor>\n", "<QtGui/QColor>");
        row("gui linked", "app/logs/CMakeLists.txt", "slipway_library(logs USES Qt6::Gui)\n", "links Qt6::Gui");
        row("boost elsewhere", "app/logs/x.cpp", "#include <boost/asio.hpp>\n", "<boost…>");
        row("long source", "app/logs/x.cpp", QByteArray(501, '\n'), "501 lines");
        row("long header", "app/logs/x.h", QByteArray(251, '\n'), "251 lines");
        row("waits", "ui/logs/x.cpp", "void f(QProcess &p)\n{\n    p.waitForFinished();\n}\n",
            "x.cpp:3: waitForFinished(");
        row("events", "app/logs/x.cpp", "    QCoreApplication::processEvents();\n", "processEvents");
        row("nested loop", "ui/logs/x.cpp", "    dialog->exec();\n", "no nested event loops");
        row("static dialog", "ui/logs/x.cpp", "    QMessageBox::question(this, a, b);\n", "no nested event loops");
        row("throw", "app/logs/x.cpp", "    throw 1;\n", "no exceptions");
        row("no comment", "app/logs/x.h", "namespace logs {\n\nclass Nameless\n{\n};\n}\n", "Nameless has no comment");
        row("test links too much", "tests/app/http/CMakeLists.txt",
            "slipway_test(tst_x USES slipway_http slipway_docker)\n", "links slipway_docker");
    }

    void everyRuleNotices()
    {
        QFETCH(QString, path);
        QFETCH(QByteArray, text);
        QFETCH(QString, words);
        QTemporaryDir root;
        furnish(root);
        put(root, path, text);
        const QStringList broken = House(root.path(), qtHeaders()).all();
        QVERIFY2(broken.join(u'\n').contains(words), qPrintable(QStringLiteral("said: ") + broken.join(u'\n')));
        QCOMPARE(broken.size(), 1);
    }

    void aCrowdedFolderIsNoticed()
    {
        QTemporaryDir root;
        furnish(root);
        for (int i = 0; i < 17; ++i)
            put(root, QStringLiteral("app/logs/unit%1.cpp").arg(i), "");
        QVERIFY(House(root.path(), qtHeaders()).sizes().join(u'\n').contains(QStringLiteral("app/logs has 18 units")));
    }

private:
    /** A small tree that breaks nothing, with what is easily mistaken for a breach. */
    static void furnish(const QTemporaryDir &root)
    {
        put(root, QStringLiteral("CMakeLists.txt"), "");
        put(root, QStringLiteral("app/core/error.h"),
            "#include <QString>\n/** A failure. */\nstruct Error {\n};\nclass Declared;\n");
        put(root, QStringLiteral("app/core/result.h"),
            "#include \"core/error.h\"\n/** A value. */\ntemplate <typename T>\nclass Result\n{\n};\n");
        put(root, QStringLiteral("app/http/client.h"),
            "#include \"core/result.h\"\n#include <QLocalSocket>\n#include <boost/beast.hpp>\n#include <sys/un.h>\n");
        put(root, QStringLiteral("app/logs/document.h"),
            "#include \"http/client.h\"\n// waitForFinished() and throw in words\nconst char *s = "
            "\"processEvents\";\n");
        put(root, QStringLiteral("ui/common/table.h"), "#include <QTableView>\n#include \"core/error.h\"\n");
        put(root, QStringLiteral("ui/containers/page.h"), "#include \"common/table.h\"\n");
        put(root, QStringLiteral("ui/logs/view.h"), "#include \"logs/document.h\"\n#include \"common/table.h\"\n");
        put(root, QStringLiteral("ui/mainwindow.h"), "#include \"logs/view.h\"\n");
        put(root, QStringLiteral("ui/main.cpp"), "#include \"mainwindow.h\"\n    return app.exec();\n");
        put(root, QStringLiteral("tests/app/http/CMakeLists.txt"),
            "slipway_test(tst_x USES slipway_http slipway_testsupport)\n");
    }

    House m_house{QStringLiteral(SLIPWAY_SOURCE_DIR), qtHeaders()};
};

QTEST_APPLESS_MAIN(ShapeTest)
#include "tst_shape.moc"
