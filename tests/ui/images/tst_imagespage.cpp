#include "images/imagespage.h"

#include "common/messagebar.h"
#include "common/tableview.h"
#include "images/archivebars.h"
#include "images/removeimagesdialog.h"
#include "recipe/configfile.h"
#include "support/fakedaemon.h"

#include <QAction>
#include <QFileDialog>
#include <QLabel>
#include <QMenu>
#include <QProgressBar>
#include <QPushButton>
#include <QSignalSpy>
#include <QTabWidget>
#include <QTemporaryDir>
#include <QTest>
#include <QTextBrowser>
#include <QToolButton>
#include <QWidgetAction>

using images::ImagesPage;
using support::FakeDaemon;
using support::FakeReply;
using namespace Qt::StringLiterals;

namespace {

const QByteArray idA = "sha256:aaaa000000000000000000000000000000000000000000000000000000000000";
const QByteArray idB = "sha256:bbbb000000000000000000000000000000000000000000000000000000000000";
const QByteArray digest = "sha256:cccc000000000000000000000000000000000000000000000000000000000000";

/** A base and an image on it, which has two names, a container and a saved configuration. */
struct Rig
{
    QTemporaryDir folder;
    FakeDaemon daemon;
    docker::Engine engine{{daemon.socketPath()}};
    inventory::Inventory inventory{engine};
    settings::Settings settings{folder.filePath(u"slipway.conf"_s)};
    settings::Protection protection{settings};
    inventory::Operations operations{engine, inventory, protection};
    runs::Library library{folder.filePath(u"runs"_s)};
    std::unique_ptr<ImagesPage> page;

    Rig()
    {
        daemon.route("GET", "/images/json",
            FakeReply::json("[{\"Id\":\"" + idA
                + "\",\"RepoTags\":[\"base:1\"],\"Size\":100,\"Created\":1700000000},{\"Id\":\"" + idB
                + "\",\"RepoTags\":[\"nvcr.io/mine:1\",\"other:2\"],\"RepoDigests\":[\"nvcr.io/mine@" + digest
                + "\"],\"Size\":1124,\"Created\":1700000001}]"));
        daemon.route("GET", "/containers/json",
            FakeReply::json("[{\"Id\":\"c1\",\"Names\":[\"/resnet\"],\"Image\":\"nvcr.io/mine:1\",\"ImageID\":\"" + idB
                + "\",\"State\":\"exited\",\"Status\":\"Exited (0) 1 hour ago\"}]"));
        daemon.route("GET", "/images/" + idA + "/json",
            FakeReply::json("{\"Id\":\"" + idA + "\",\"RootFS\":{\"Layers\":[\"d1\"]}}"));
        daemon.route("GET", "/images/" + idA + "/history", FakeReply::json("[{\"CreatedBy\":\"ADD x\",\"Size\":100}]"));
        daemon.route("GET", "/images/" + idB + "/json",
            FakeReply::json("{\"Id\":\"" + idB
                + "\",\"Os\":\"linux\",\"Architecture\":\"amd64\",\"Size\":1124,\"Config\":{\"Env\":[\"PYTORCH_VERSION="
                  "2.4.0\","
                  "\"A=<b>\"],\"Cmd\":[\"bash\",\"-c\",\"a b\"]},\"RootFS\":{\"Layers\":[\"d1\",\"d2\"]}}"));
        daemon.route("GET", "/images/" + idB + "/history",
            FakeReply::json("[{\"CreatedBy\":\"RUN /bin/sh -c make # buildkit\",\"Size\":1024},"
                            "{\"CreatedBy\":\"ADD x\",\"Size\":100}]"));
        recipe::ConfigFile file;
        file.config.image = u"nvcr.io/mine:1"_s;
        QVERIFY(library.save(u"vit"_s, file));
        page = std::make_unique<ImagesPage>(
            ImagesPage::Parts{engine, inventory, operations, library, protection, settings, {}});
        page->resize(1100, 700);
        inventory.start();
        QTRY_COMPARE(table()->model()->rowCount(), 3);
    }
    /** The dialog asks the daemon first. */
    images::RemoveImagesDialog *removal() const
    {
        const auto find = [this] { return page->findChild<images::RemoveImagesDialog *>(); };
        (void)QTest::qWaitFor([&find] { return find() != nullptr; });
        return find();
    }
    common::TableView *table() const { return find<common::TableView>(u"Images"_s); }
    QTextBrowser *text() const { return page->findChild<QTextBrowser *>(); }
    template <typename T> T *find(const QString &name) const
    {
        for (T *widget : page->findChildren<T *>()) {
            if (widget->accessibleName() == name)
                return widget;
        }
        return nullptr;
    }
    QStringList offered() const
    {
        QStringList texts;
        for (QAction *action : page->toolBarActions()) {
            if (auto *widget = qobject_cast<QWidgetAction *>(action)) {
                for (QAction *more : qobject_cast<QToolButton *>(widget->defaultWidget())->menu()->actions())
                    texts.append(more->text());
            } else {
                texts.append(action->text());
            }
        }
        texts.removeAll(QString());
        return texts.replaceInStrings(u"&"_s, QString());
    }
    void select(const QString &tag)
    {
        table()->clearSelection();
        for (int row = 0; row < table()->model()->rowCount(); ++row) {
            if (table()->model()->index(row, 1).data() == tag)
                table()->selectRow(row);
        }
    }
    QAction *action(const QString &text) const
    {
        for (QAction *one : table()->actions()) {
            if (QString(one->text()).remove(u'&') == text)
                return one;
        }
        return nullptr;
    }
    bool says(const QString &words) const
    {
        for (const QLabel *label : page->findChildren<QLabel *>()) {
            if (label->text().contains(words))
                return true;
        }
        return false;
    }
};

} // namespace

/** The page: what is offered, who uses what, details only while seen, removing, saving and loading. */
class ImagesPageTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void offersOnlyWhatIsDone()
    {
        Rig rig;
        QCOMPARE(rig.offered(),
            (QStringList{
                u"Run…"_s, u"Remove…"_s, u"Save…"_s, u"Load…"_s, u"Copy name"_s, u"Protect"_s, u"Unprotect"_s}));
        Rig connected;
        connect(connected.page.get(), &ImagesPage::pullRequested, this, [] {});
        connect(connected.page.get(), &ImagesPage::accountsRequested, this, [] {});
        QCOMPARE(connected.offered(),
            (QStringList{u"Run…"_s, u"Pull…"_s, u"Remove…"_s, u"Accounts…"_s, u"Save…"_s, u"Load…"_s, u"Copy name"_s,
                u"Protect"_s, u"Unprotect"_s}));
    }

    void actionsSayWhatTheyMean()
    {
        Rig rig;
        QSignalSpy pull(rig.page.get(), &ImagesPage::pullRequested);
        QSignalSpy push(rig.page.get(), &ImagesPage::pushRequested);
        QSignalSpy tag(rig.page.get(), &ImagesPage::tagRequested);
        rig.page->toolBarActions();
        QVERIFY(!rig.action(u"Push…"_s)->isEnabled());
        rig.select(u"2"_s);
        rig.action(u"Pull…"_s)->trigger();
        rig.action(u"Pull again…"_s)->trigger();
        rig.action(u"Push…"_s)->trigger();
        rig.action(u"Add tag…"_s)->trigger();
        QCOMPARE(pull[0][0].toString(), QString());
        QCOMPARE(pull[1][0].toString(), u"other:2"_s);
        QCOMPARE(push[0][0].toString(), u"other:2"_s);
        QCOMPARE(tag[0][0].toString(), u"other:2"_s);
    }

    void savedConfigurationsCountAsUsers()
    {
        Rig rig;
        const auto usedBy = [&rig](const QString &tag) {
            rig.select(tag);
            return rig.table()->currentIndex().siblingAtColumn(5).data().toString();
        };
        QTRY_COMPARE(usedBy(u"1"_s).isEmpty(), false);
        rig.page->setFilter(u"nvcr.io/mine"_s);
        QTRY_COMPARE(rig.table()->model()->index(0, 5).data().toString(), u"resnet, vit (saved)"_s);
        rig.page->setFilter(u"vit"_s); // the filter knows them too
        QCOMPARE(rig.table()->model()->rowCount(), 1);
        QVERIFY(rig.library.remove(u"vit"_s));
        QTRY_COMPARE(rig.table()->model()->rowCount(), 0);
    }

    void detailsOnlyWhileSeen()
    {
        Rig rig;
        rig.page->addPanelTab(new QLabel(u"t"_s), u"Transfers"_s);
        rig.select(u"2"_s);
        QCoreApplication::processEvents();
        QCOMPARE(rig.daemon.count("GET", "/images/sha256"), 0); // nobody sees it
        rig.page->show();
        QTRY_COMPARE(rig.daemon.count("GET", "/images/sha256"), 3);
        QTRY_VERIFY(rig.text()->toPlainText().contains(u"1 KiB its own, 100 B shared with base:1"_s));
        const QString text = rig.text()->toPlainText();
        for (const QString &part : {u"nvcr.io/mine:1"_s, u"other:2"_s, u"resnet"_s, u"vit"_s, u"2.4.0"_s, u"A=<b>"_s,
                 u"bash -c \"a b\""_s, u"linux/amd64"_s, QString::fromLatin1(digest)})
            QVERIFY2(text.contains(part), qPrintable(part));
        auto *layers = rig.find<common::TableView>(u"Layers"_s);
        QCOMPARE(layers->model()->rowCount(), 2);
        QCOMPARE(layers->model()->index(0, 4).data().toString(), u"RUN make"_s); // the biggest first
        // The size of the row tells it as well now.
        QVERIFY(rig.table()->currentIndex().siblingAtColumn(3).data(Qt::ToolTipRole).toString().contains(u"1 KiB"_s));
    }

    void thePanelStandsStill()
    {
        Rig rig;
        rig.page->show();
        QVERIFY(QTest::qWaitForWindowExposed(rig.page.get()));
        auto *tabs = rig.page->findChild<QTabWidget *>();
        const QRect before = tabs->geometry();
        rig.select(u"2"_s);
        QTRY_VERIFY(rig.text()->toPlainText().contains(u"its own"_s));
        QCOMPARE(tabs->geometry(), before);
        rig.table()->clearSelection();
        QCOMPARE(tabs->geometry(), before);
        auto *extra = new QLabel(u"t"_s);
        rig.page->addPanelTab(extra, u"Transfers"_s);
        rig.page->showPanelTab(extra);
        QCOMPARE(tabs->currentWidget(), extra);
        QLabel stranger;
        rig.page->showPanelTab(&stranger);
        QCOMPARE(tabs->currentWidget(), extra);
    }

    void linksLeadToUsers()
    {
        Rig rig;
        rig.page->show();
        rig.select(u"2"_s);
        QTRY_VERIFY(rig.text()->toPlainText().contains(u"resnet"_s));
        QSignalSpy container(rig.page.get(), &ImagesPage::containerRequested);
        QSignalSpy saved(rig.page.get(), &ImagesPage::savedRequested);
        Q_EMIT rig.text()->anchorClicked(QUrl(u"container:c1"_s));
        Q_EMIT rig.text()->anchorClicked(QUrl(u"saved:vit%20large%2F2"_s));
        QCOMPARE(container[0][0].toString(), u"c1"_s);
        QCOMPARE(saved[0][0].toString(), u"vit large/2"_s);
    }

    void askingForANewerImage()
    {
        Rig rig;
        connect(rig.page.get(), &ImagesPage::pullRequested, this, [] {});
        rig.page->toolBarActions();
        QSignalSpy pull(rig.page.get(), &ImagesPage::pullRequested);
        rig.page->show();
        auto *check = rig.find<QPushButton>(u"Check for a newer image"_s);
        rig.select(u"1"_s); // base:1 is also tagged 1: take the filter
        rig.page->setFilter(u"nvcr.io"_s);
        rig.table()->selectRow(0);
        QTRY_VERIFY(check->isVisible() && check->isEnabled());
        rig.daemon.route("GET", "/distribution/", FakeReply::json("{\"Descriptor\":{\"digest\":\"" + digest + "\"}}"));
        check->click();
        QTRY_VERIFY(rig.says(u"up to date"_s));
        rig.daemon.route("GET", "/distribution/", FakeReply::json("{\"Descriptor\":{\"digest\":\"" + idA + "\"}}"));
        check->click();
        QTRY_VERIFY(rig.says(u"has a newer one"_s));
        auto *button = rig.find<QPushButton>(u"Pull…"_s);
        QVERIFY(button->isVisible());
        button->click();
        QCOMPARE(pull[0][0].toString(), u"nvcr.io/mine:1"_s);
        rig.daemon.route("GET", "/distribution/", FakeReply::status(500, "toomanyrequests: slow down"));
        check->click();
        QTRY_VERIFY(rig.says(u"Could not ask the registry"_s));
        QVERIFY(!button->isVisible());
    }

    void removingTellsWhatGoes()
    {
        Rig rig;
        rig.page->setFilter(u"nvcr.io/mine"_s);
        rig.table()->selectRow(0);
        rig.action(u"Remove…"_s)->trigger();
        auto *dialog = rig.removal();
        QVERIFY(dialog);
        QString text;
        for (const QLabel *label : dialog->findChildren<QLabel *>())
            text += label->text() + u'\n';
        for (const QString &part : {u"Remove nvcr.io/mine:1?"_s, u"stays as other:2"_s, u"saved configuration vit"_s})
            QVERIFY2(text.contains(part), qPrintable(text));
        rig.daemon.route("DELETE", "/images/nvcr.io/mine:1", FakeReply::json("[]"));
        for (auto *button : dialog->findChildren<QPushButton *>()) {
            if (button->accessibleName() == u"Remove nvcr.io/mine:1")
                button->click();
        }
        QTRY_COMPARE(rig.daemon.count("DELETE", "/images/nvcr.io/mine:1"), 1);
        QCOMPARE(rig.daemon.count("DELETE", ""), 1);
    }

    void stepsOfAClassicBuildAreShownAndNoOthersGo()
    {
        Rig rig;
        const QByteArray step = "sha256:5555" + QByteArray(60, '0');
        const QByteArray withStep = "[{\"Id\":\"" + idA + "\",\"RepoTags\":[\"base:1\"],\"ParentId\":\"" + step
            + "\"},{\"Id\":\"" + step + "\",\"RepoTags\":null},{\"Id\":\"" + idB + "\",\"RepoTags\":[\"other:2\"]}]";
        rig.page->setFilter(u"base"_s);
        rig.table()->selectRow(0);
        rig.daemon.route("GET", "/images/json", FakeReply::json(withStep));
        rig.action(u"Remove…"_s)->trigger();
        auto *dialog = rig.removal();
        QVERIFY(dialog);
        const auto labels = dialog->findChildren<QLabel *>();
        QVERIFY(std::any_of(labels.begin(), labels.end(), [](const QLabel *label) {
            return label->text().contains(u"untagged 555500000000  –  only a step of what goes"_s);
        }));
        rig.daemon.route("DELETE", "/images/", FakeReply::json("[]"));
        // Gone by now; the step is left, and nothing is built on it.
        rig.daemon.route("GET", "/images/json", FakeReply::json("[{\"Id\":\"" + step + "\",\"RepoTags\":null}]"));
        for (auto *button : dialog->findChildren<QPushButton *>()) {
            if (button->accessibleName() == u"Remove base:1")
                button->click();
        }
        QTRY_COMPARE(rig.daemon.count("DELETE", ""), 2);
        QCOMPARE(rig.daemon.count("DELETE", "/images/base:1"), 1);
        QCOMPARE(rig.daemon.count("DELETE", "/images/" + step), 1);
        for (const support::FakeRequest &request : rig.daemon.requests())
            QVERIFY(request.method != "DELETE" || request.query.contains("noprune=1"));
    }

    void eachRefusalIsTold()
    {
        Rig rig;
        Q_EMIT rig.operations.imageFailed(u"a:1"_s,
            core::Error{core::ErrorKind::Conflict, 409,
                u"conflict: unable to remove repository reference \"a:1\" (must force) - container 12ab is using its referenced image"_s,
                {}});
        auto *bar = rig.page->findChildren<common::MessageBar *>().at(1);
        QVERIFY2(bar->title().startsWith(u"Could not remove a:1: the container 12ab uses the image"_s),
            qPrintable(bar->title()));
        Q_EMIT rig.operations.imageFailed(
            u"b:1"_s, core::Error{core::ErrorKind::NotFound, 404, u"No such image: b:1"_s, {}});
        QCOMPARE(bar->title(), u"2 images could not be removed."_s);
    }

    void protectedOnesStay()
    {
        Rig rig;
        rig.page->setFilter(u"nvcr.io/mine"_s);
        rig.table()->selectRow(0);
        QVERIFY(!rig.action(u"Unprotect"_s)->isVisible());
        rig.action(u"Protect"_s)->trigger();
        QTRY_COMPARE(rig.table()->model()->index(0, 5).data().toString(), u"protected, resnet, vit (saved)"_s);
        QVERIFY(!rig.action(u"Protect"_s)->isVisible());
        rig.action(u"Remove…"_s)->trigger();
        auto *dialog = rig.removal();
        QVERIFY(dialog);
        for (auto *button : dialog->findChildren<QPushButton *>()) {
            if (button->accessibleName().startsWith(u"Remove"))
                QVERIFY(!button->isEnabled());
        }
        dialog->reject();
        rig.page->setFilter(u"protected"_s); // its other name too
        QCOMPARE(rig.table()->model()->rowCount(), 2);
        rig.table()->selectRow(0);
        rig.action(u"Unprotect"_s)->trigger();
        QTRY_COMPARE(rig.table()->model()->rowCount(), 0);
    }

    void whereOneIsRefusedItCanBeUnprotected()
    {
        Rig rig;
        const auto button = [&rig](const QString &begin) {
            QPushButton *found = nullptr; // in the dialog that is open
            for (const auto *dialog : rig.page->findChildren<images::RemoveImagesDialog *>()) {
                for (auto *one : dialog->findChildren<QPushButton *>()) {
                    if (dialog->isVisible() && one->text().startsWith(begin))
                        found = one;
                }
            }
            return found;
        };
        rig.select(u"1"_s);
        rig.page->setFilter(u"base"_s);
        rig.table()->selectRow(0);
        rig.action(u"Remove…"_s)->trigger();
        QTRY_VERIFY(button(u"Remove"_s) && button(u"Remove"_s)->isEnabled());
        QVERIFY(!button(u"Unprotect"_s));
        button(u"Cancel"_s)->click();
        rig.action(u"Protect"_s)->trigger();
        rig.action(u"Remove…"_s)->trigger();
        QTRY_VERIFY(button(u"Remove"_s) && !button(u"Remove"_s)->isEnabled());
        button(u"Unprotect"_s)->click();
        QTRY_VERIFY(button(u"Remove"_s) && button(u"Remove"_s)->isEnabled());
        QVERIFY(!button(u"Unprotect"_s));
        QVERIFY(!rig.protection.contains(settings::Lockable::Image, QString::fromLatin1(idA)));
        QCOMPARE(rig.daemon.count("DELETE", ""), 0);
    }

    void savesWithProgressAndCancels()
    {
        Rig rig;
        rig.daemon.route("GET", "/images/get", FakeReply::stream("application/x-tar", QByteArray(900, 'x')));
        rig.page->show();
        rig.select(u"2"_s);
        rig.action(u"Save…"_s)->trigger();
        auto *dialog = rig.page->findChild<QFileDialog *>();
        QVERIFY(dialog);
        QCOMPARE(QFileInfo(dialog->selectedFiles().value(0)).fileName(), u"other_2.tar"_s);
        const QString path = rig.folder.filePath(u"x.tar"_s);
        Q_EMIT dialog->fileSelected(path);
        dialog->close();
        QTRY_VERIFY(rig.says(u"Saving other:2 to x.tar:  900 B of about 1.1 KiB"_s));
        QVERIFY(!QFile::exists(path));
        rig.daemon.push("/images/get", QByteArray(124, 'y'));
        rig.daemon.end("/images/get");
        QTRY_VERIFY(rig.says(u"Saved other:2 to "_s));
        QCOMPARE(QFileInfo(path).size(), 1024);
        QTRY_VERIFY(!rig.page->findChild<QProgressBar *>());
        QCOMPARE(rig.settings.value(settings::keys::imageFolder), rig.folder.path());

        rig.page->findChild<images::ArchiveBars *>()->save({u"nvcr.io/other:2"_s}, 10, 0);
        Q_EMIT rig.page->findChildren<QFileDialog *>().last()->fileSelected(rig.folder.filePath(u"y.tar"_s));
        QTRY_VERIFY(rig.says(u"Saving nvcr.io/other:2 to y.tar:"_s));
        rig.find<QPushButton>(u"Cancel"_s)->click();
        QTRY_VERIFY(!rig.page->findChild<QProgressBar *>());
        QCOMPARE(QDir(rig.folder.path()).entryList({u"y.tar*"_s}, QDir::Files), QStringList());
    }

    void loadsAndSaysWhatCame()
    {
        Rig rig;
        const QString path = rig.folder.filePath(u"in.tar"_s);
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write("tar") == 3);
        file.close();
        rig.page->show();
        rig.daemon.route("POST", "/images/load", FakeReply::json("{\"stream\":\"Loaded image: bb:1\\n\"}\n"));
        const auto load = [&](const QString &from) {
            rig.action(u"Load…"_s)->trigger();
            Q_EMIT rig.page->findChildren<QFileDialog *>().last()->fileSelected(from);
        };
        load(path);
        QTRY_VERIFY(rig.says(u"Loaded bb:1."_s));
        // It comes with the next list, and is selected then.
        rig.daemon.route("GET", "/images/json",
            FakeReply::json(
                "[{\"Id\":\"" + idA + "\",\"RepoTags\":[\"base:1\",\"bb:1\"],\"Size\":100,\"Created\":1}]"));
        rig.inventory.refresh();
        QTRY_COMPARE(rig.table()->selectedRowIndexes().size(), 1);
        QCOMPARE(rig.table()->selectedRowIndexes().first().siblingAtColumn(0).data().toString(), u"bb"_s);
        rig.daemon.route("POST", "/images/load", FakeReply::status(500, "archive/tar: invalid tar header"));
        load(path);
        QTRY_VERIFY(rig.says(u"Could not load in.tar: it is not an archive of images"_s));
        load(rig.folder.filePath(u"gone.tar"_s));
        QTRY_VERIFY(rig.says(u"gone.tar cannot be read"_s));
    }
};

QTEST_MAIN(ImagesPageTest)
#include "tst_imagespage.moc"
