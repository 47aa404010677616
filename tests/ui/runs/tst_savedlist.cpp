#include "runs/savedlist.h"

#include "common/emptystate.h"
#include "common/messagebar.h"
#include "common/namedialog.h"
#include "common/tableview.h"

#include <QAbstractItemModelTester>
#include <QAction>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace runs;
using namespace Qt::StringLiterals;

/** The saved configurations on their page: what each button does to the library, and what is said when it cannot. */
class SavedListTest : public QObject
{
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Library> m_library;
    std::unique_ptr<settings::Settings> m_settings;
    std::unique_ptr<common::MessageBar> m_bar;
    std::unique_ptr<SavedList> m_list;
    common::TableView *m_table = nullptr;

    static recipe::ConfigFile training(const QString &image)
    {
        recipe::ConfigFile file;
        file.config.image = image;
        return file;
    }
    QString pathOf(const QString &name) const { return m_folder->filePath(u"runs/"_s + name + u".json"_s); }
    QByteArray read(const QString &name) const
    {
        QFile file(pathOf(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    void spoil(const QString &name, const QByteArray &bytes)
    {
        QFile file(pathOf(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(bytes);
        file.close();
        m_library->reload();
    }
    QAction *action(const QString &text) const
    {
        for (QAction *action : m_table->actions()) {
            if (QString(action->text()).remove(u'&') == text)
                return action;
        }
        qFatal("no action %s", qPrintable(text));
    }
    QStringList rows() const
    {
        QStringList names;
        for (int row = 0; row < m_table->model()->rowCount(); ++row)
            names += m_table->model()->index(row, 0).data().toString();
        return names;
    }
    void select(const QString &name)
    {
        const auto row = rows().indexOf(name);
        QVERIFY(row >= 0);
        m_table->selectRow(int(row));
    }
    common::MessageBar *fault() const { return m_list->findChild<common::MessageBar *>(); }
    /** Waits for the one window that was opened of that kind. */
    template <typename T> T *opened() const
    {
        T *found = nullptr;
        (void)QTest::qWaitFor([&] {
            for (auto *one : m_list->findChildren<T *>()) {
                if (one->isVisible())
                    found = one;
            }
            return found;
        });
        return found;
    }
    template <typename T> static QPushButton *button(const T *dialog, const QString &text)
    {
        for (auto *one : dialog->template findChildren<QPushButton *>()) {
            if (QString(one->text()).remove(u'&') == text)
                return one;
        }
        return nullptr;
    }

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_library = std::make_unique<Library>(m_folder->filePath(u"runs"_s));
        QVERIFY(m_library->save(u"bert"_s, training(u"bb:1"_s)).ok());
        QVERIFY(m_library->save(u"vit"_s, training(u"bb:2"_s)).ok());
        m_settings = std::make_unique<settings::Settings>(m_folder->filePath(u"slipway.conf"_s));
        m_bar = std::make_unique<common::MessageBar>();
        m_list = std::make_unique<SavedList>(*m_library, *m_settings, *m_bar);
        m_table = m_list->findChild<common::TableView *>();
        new QAbstractItemModelTester(
            m_table->model(), QAbstractItemModelTester::FailureReportingMode::QtTest, m_table->model());
        m_list->resize(800, 400);
        m_list->show();
        m_list->setLive(true);
    }
    void cleanup()
    {
        m_list.reset();
        m_bar.reset();
        m_settings.reset();
        m_library.reset();
    }

    void launchesAndOpens()
    {
        QSignalSpy launch(m_list.get(), &SavedList::launchRequested);
        QSignalSpy edit(m_list.get(), &SavedList::editRequested);
        for (const QString &text : {u"Launch"_s, u"Open in New run…"_s, u"Rename…"_s, u"Duplicate"_s, u"Remove"_s})
            QVERIFY2(!action(text)->isEnabled(), qPrintable(text));
        select(u"vit"_s);
        action(u"Launch"_s)->trigger();
        QCOMPARE(launch.size(), 1);
        QCOMPARE(launch[0][0].value<recipe::RunConfig>().image, u"bb:2"_s);
        QCOMPARE(launch[0][1].toString(), u"vit"_s);
        action(u"Open in New run…"_s)->trigger();
        QCOMPARE(edit.size(), 1);
        QCOMPARE(edit[0][0].value<recipe::RunConfig>().image, u"bb:2"_s);
        QCOMPARE(edit[0][1].toString(), u"Filled from “vit”."_s);
        m_list->setLive(false);
        QVERIFY(!action(u"Launch"_s)->isEnabled());
        QVERIFY(action(u"Open in New run…"_s)->isEnabled());
    }

    void renames()
    {
        select(u"vit"_s);
        action(u"Rename…"_s)->trigger();
        auto *dialog = opened<common::NameDialog>();
        QVERIFY(dialog);
        auto *name = dialog->findChild<QLineEdit *>();
        QCOMPARE(name->text(), u"vit"_s);
        name->setText(u"bert"_s);
        QVERIFY(!button(dialog, u"Rename"_s)->isEnabled());
        QStringList said;
        for (auto *label : dialog->findChildren<QLabel *>())
            said += label->text();
        QVERIFY2(said.contains(u"Another configuration is called bert."_s), qPrintable(said.join(u'|')));
        name->setText(u"vit/large"_s);
        button(dialog, u"Rename"_s)->click();
        QTRY_COMPARE(rows(), QStringList({u"bert"_s, u"vit/large"_s}));
        QCOMPARE(m_library->find(u"vit/large"_s)->file.config.image, u"bb:2"_s);
        QVERIFY(!m_bar->isVisible());
    }

    void aNameThatIsTakenMeanwhileIsSaid()
    {
        select(u"vit"_s);
        action(u"Rename…"_s)->trigger();
        auto *dialog = opened<common::NameDialog>();
        QVERIFY(dialog);
        dialog->findChild<QLineEdit *>()->setText(u"gpt"_s);
        QVERIFY(m_library->save(u"gpt"_s, training(u"bb:3"_s)).ok());
        button(dialog, u"Rename"_s)->click();
        QVERIFY(m_bar->isVisible());
        QVERIFY2(m_bar->title().startsWith(u"Could not rename vit"), qPrintable(m_bar->title()));
        QCOMPARE(m_library->find(u"gpt"_s)->file.config.image, u"bb:3"_s);
        QVERIFY(m_library->find(u"vit"_s));
    }

    void duplicates()
    {
        select(u"vit"_s);
        action(u"Duplicate"_s)->trigger();
        QCOMPARE(rows(), QStringList({u"bert"_s, u"vit"_s, u"vit 2"_s}));
        QCOMPARE(read(u"vit 2"_s), read(u"vit"_s));
    }

    void undoBringsItBack()
    {
        const QByteArray before = read(u"vit"_s);
        select(u"vit"_s);
        action(u"Remove"_s)->trigger();
        QCOMPARE(rows(), QStringList(u"bert"_s));
        QVERIFY(!QFile::exists(pathOf(u"vit"_s)));
        QVERIFY(m_bar->isVisible());
        QCOMPARE(m_bar->title(), u"vit is no longer kept."_s);
        QVERIFY(button(m_bar.get(), u"Undo"_s));
        button(m_bar.get(), u"Undo"_s)->click();
        QVERIFY(!m_bar->isVisible());
        QCOMPARE(rows(), QStringList({u"bert"_s, u"vit"_s}));
        QCOMPARE(read(u"vit"_s), before);
    }

    void undoOverwritesNothing()
    {
        select(u"vit"_s);
        action(u"Remove"_s)->trigger();
        QVERIFY(m_library->save(u"vit"_s, training(u"bb:new"_s)).ok());
        button(m_bar.get(), u"Undo"_s)->click();
        QVERIFY(m_bar->isVisible());
        QVERIFY2(m_bar->title().startsWith(u"Could not bring vit back"), qPrintable(m_bar->title()));
        QCOMPARE(m_library->find(u"vit"_s)->file.config.image, u"bb:new"_s);
    }

    void aBrokenFileIsSaidAndLeftAlone()
    {
        const QByteArray bytes = "{\n    \"slipway\": 1,\n    \"image\": 5\n}\n";
        spoil(u"vit"_s, bytes);
        QVERIFY(!fault()->isVisible());
        select(u"vit"_s);
        QVERIFY(fault()->isVisible());
        QCOMPARE(fault()->title(), m_library->find(u"vit"_s)->trouble);
        QVERIFY2(fault()->title().contains(u"line 3"), qPrintable(fault()->title()));
        QVERIFY(button(fault(), u"Open file"_s)->isVisible());
        for (const QString &text : {u"Launch"_s, u"Open in New run…"_s, u"Duplicate"_s, u"Export…"_s})
            QVERIFY2(!action(text)->isEnabled(), qPrintable(text));
        QVERIFY(action(u"Remove"_s)->isEnabled());

        m_list->save(training(u"bb:9"_s).config, u"vit"_s);
        auto *dialog = opened<common::NameDialog>();
        QVERIFY(dialog);
        QVERIFY(!button(dialog, u"Save"_s)->isEnabled());
        dialog->reject();
        QCOMPARE(read(u"vit"_s), bytes);

        select(u"bert"_s);
        QVERIFY(!fault()->isVisible());
        select(u"vit"_s);
        spoil(u"vit"_s, "{\"slipway\": 1, \"image\": \"bb:5\"}"); // somebody mends it
        QVERIFY(!fault()->isVisible());
        QVERIFY(action(u"Launch"_s)->isEnabled());
    }

    void savesUnderANewName()
    {
        recipe::RunConfig config;
        config.image = u"bb:7"_s;
        config.env.append({u"KEY"_s, u"s3cret"_s});
        config.env.last().secret = true;
        m_list->save(config, u"gpt"_s);
        auto *dialog = opened<common::NameDialog>();
        QVERIFY(dialog);
        QCOMPARE(dialog->findChild<QLineEdit *>()->text(), u"gpt"_s);
        button(dialog, u"Save"_s)->click();
        QCOMPARE(rows(), QStringList({u"bert"_s, u"gpt"_s, u"vit"_s}));
        QVERIFY(read(u"gpt"_s).contains("KEY") && !read(u"gpt"_s).contains("s3cret"));
    }

    void asksBeforeItReplaces()
    {
        const QByteArray before = read(u"vit"_s);
        const auto ask = [this]() -> QMessageBox * {
            m_list->save(training(u"bb:9"_s).config, u"vit"_s);
            auto *dialog = opened<common::NameDialog>();
            if (!dialog)
                return nullptr;
            button(dialog, u"Save"_s)->click();
            return opened<QMessageBox>();
        };
        QMessageBox *box = ask();
        QVERIFY(box);
        QCOMPARE(read(u"vit"_s), before);
        QVERIFY(!button(box, u"Replace vit"_s)->isDefault());
        box->reject();
        QTRY_VERIFY(m_list->findChildren<QMessageBox *>().isEmpty());
        QCOMPARE(read(u"vit"_s), before);
        box = ask();
        QVERIFY(box);
        button(box, u"Replace vit"_s)->click();
        QCOMPARE(m_library->find(u"vit"_s)->file.config.image, u"bb:9"_s);
    }

    void sayingThatNothingWasSaved()
    {
        QVERIFY(QDir(m_folder->filePath(u"runs"_s)).removeRecursively());
        QFile inTheWay(m_folder->filePath(u"runs"_s));
        QVERIFY(inTheWay.open(QIODevice::WriteOnly));
        m_library->reload();
        m_list->save(training(u"bb:9"_s).config, u"gpt"_s);
        auto *dialog = opened<common::NameDialog>();
        QVERIFY(dialog);
        button(dialog, u"Save"_s)->click();
        auto *box = opened<QMessageBox>();
        QVERIFY(box);
        QVERIFY2(box->text().startsWith(u"Could not save gpt"), qPrintable(box->text()));
    }

    void saysWhyItIsEmpty()
    {
        auto *empty = m_table->findChild<common::EmptyState *>();
        QVERIFY(!empty->isVisible());
        m_list->setFilter(u"BB:2"_s);
        QCOMPARE(rows(), QStringList(u"vit"_s));
        m_list->setFilter(u"nothing"_s);
        QVERIFY(empty->isVisible());
        QCOMPARE(empty->sentence(), u"No saved configuration matches the filter."_s);
        m_list->setFilter({});
        QVERIFY(m_library->remove(u"vit"_s).ok() && m_library->remove(u"bert"_s).ok());
        QVERIFY(empty->isVisible());
        QVERIFY(empty->sentence().startsWith(u"Nothing saved yet."));
    }
};

QTEST_MAIN(SavedListTest)
#include "tst_savedlist.moc"
