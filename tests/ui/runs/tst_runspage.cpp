#include "runs/runspage.h"

#include "common/messagebar.h"
#include "common/tableview.h"
#include "recipe/configfile.h"
#include "runs/runpanel.h"
#include "support/await.h"
#include "support/fakedaemon.h"

#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QSplitter>
#include <QTemporaryDir>
#include <QTest>

using namespace runs;
using namespace Qt::StringLiterals;

namespace {

Record record(const QString &name, Stage stage)
{
    recipe::RunConfig config;
    config.image = u"bb:1"_s;
    Record made;
    made.id = name;
    made.containerName = name;
    made.config = recipe::toJson(config);
    made.line = u"docker run --name "_s + name + u" bb:1"_s;
    made.host = u"here"_s;
    made.image = u"bb:1"_s;
    made.imageId = u"sha256:1"_s;
    made.created = made.started = 1700000000;
    made.finished = stage == Stage::Running ? 0 : 1700000065;
    made.stage = stage;
    made.exitCode = stage == Stage::Ended ? 3 : 0;
    return made;
}

} // namespace

/** The page: one selection of two tables, the panel of the run that is selected, and what is told to the window. */
class RunsPageTest : public QObject
{
    Q_OBJECT

    /** A library with "vit" and a history with "night" and "day". */
    struct Rig
    {
        QTemporaryDir folder;
        support::FakeDaemon daemon;
        docker::Engine engine{{daemon.socketPath()}};
        inventory::Inventory inventory{engine};
        Library library{folder.filePath(u"runs"_s)};
        History history;
        settings::Settings settings{folder.filePath(u"slipway.conf"_s)};
        std::unique_ptr<RunsPage> page;

        explicit Rig(const QString &file = u"history.sqlite"_s)
            : history(folder.filePath(file))
        {
            recipe::ConfigFile training;
            training.config.image = u"bb:1"_s;
            (void)library.save(u"vit"_s, training);
        }
        void show()
        {
            page = std::make_unique<RunsPage>(library,
                RunList::Parts{
                    history, inventory, settings, u"here"_s, [](const QModelIndex &) { return common::CellLook(); }});
            page->resize(1000, 700);
            page->show();
        }
        common::TableView *table(const QString &name) const
        {
            for (auto *one : page->findChildren<common::TableView *>()) {
                if (one->accessibleName() == name)
                    return one;
            }
            qFatal("no table %s", qPrintable(name));
        }
        common::TableView *saved() const { return table(u"Saved configurations"_s); }
        common::TableView *runs() const { return table(u"Runs"_s); }
        void select(const QString &name) const
        {
            for (int row = 0; row < runs()->model()->rowCount(); ++row) {
                if (runs()->model()->index(row, 0).data().toString() == name)
                    runs()->selectRow(row);
            }
        }
        QString fact(const QString &name) const
        {
            for (auto *label : page->findChild<RunPanel *>()->findChildren<QLabel *>()) {
                if (label->accessibleName() == name)
                    return label->isVisible() ? label->text() : QString();
            }
            qFatal("no fact %s", qPrintable(name));
        }
    };

    static void fill(Rig &rig)
    {
        QVERIFY(support::await(rig.history.put(record(u"night"_s, Stage::Ended))).ok());
        QVERIFY(support::await(rig.history.put(record(u"day"_s, Stage::Running))).ok());
        rig.show();
        rig.inventory.start();
        QTRY_COMPARE(rig.inventory.link(), inventory::Inventory::Link::Live);
        QCOMPARE(rig.runs()->model()->rowCount(), 2);
    }

private Q_SLOTS:
    void aRefusedImageLeadsToTheSignIn()
    {
        Rig rig;
        rig.show();
        recipe::RunConfig config;
        config.image = u"nvcr.io/team/secret:1"_s;
        const core::Error refusal{core::ErrorKind::Unauthorized, 0, u"unauthorized: authentication required"_s, {}};
        const auto button = [&rig](const QString &text) -> QPushButton * {
            for (auto *one : rig.page->findChildren<QPushButton *>()) {
                if (one->isVisible() && one->accessibleName() == text)
                    return one;
            }
            return nullptr;
        };
        // Nobody could do it: no button for it.
        rig.page->showLaunchFailure(config, u"nightly"_s, refusal);
        QVERIFY(!button(u"Sign in…"_s) && button(u"Open in New run…"_s));
        QSignalSpy signIn(rig.page.get(), &RunsPage::signInRequested);
        QSignalSpy edit(rig.page.get(), &RunsPage::editRequested);
        rig.page->showLaunchFailure(config, u"nightly"_s, refusal);
        QVERIFY(button(u"Sign in…"_s));
        button(u"Sign in…"_s)->click();
        QCOMPARE(signIn.value(0).value(0).toString(), config.image);
        QVERIFY(edit.isEmpty());
        // Signed in there, it is launched again, once; elsewhere, nothing.
        QSignalSpy launch(rig.page.get(), &RunsPage::launchRequested);
        rig.page->signedIn(u"ghcr.io"_s);
        QVERIFY(launch.isEmpty() && button(u"Sign in…"_s));
        rig.page->signedIn(u"nvcr.io"_s);
        QCOMPARE(launch.size(), 1);
        QCOMPARE(launch[0][0].value<recipe::RunConfig>().image, config.image);
        QCOMPARE(launch[0][1].toString(), u"nightly"_s);
        QVERIFY(!button(u"Sign in…"_s));
        rig.page->signedIn(u"nvcr.io"_s);
        QCOMPARE(launch.size(), 1);
        // Another failure is none of the registry's.
        rig.page->showLaunchFailure(config, {}, {core::ErrorKind::Daemon, 500, u"no space left on device"_s, {}});
        QVERIFY(button(u"Open in New run…"_s));
        button(u"Open in New run…"_s)->click();
        QCOMPARE(edit.size(), 1);
        QCOMPARE(signIn.size(), 1);
    }

    void oneSelectionAtATime()
    {
        Rig rig;
        fill(rig);
        auto *panel = rig.page->findChild<RunPanel *>()->findChild<QPlainTextEdit *>(); // of a run
        const int height = rig.runs()->height();
        rig.saved()->selectRow(0);
        QCOMPARE(rig.saved()->selectedRowIndexes().size(), 1);
        QVERIFY(!panel->isVisible());
        rig.select(u"night"_s);
        QCOMPARE(rig.saved()->selectedRowIndexes().size(), 0);
        QVERIFY(panel->isVisible());
        QCOMPARE(rig.runs()->height(), height); // the rows stay where they were
        rig.saved()->selectRow(0);
        QCOMPARE(rig.runs()->selectedRowIndexes().size(), 0);
        QVERIFY(!panel->isVisible());
        rig.runs()->selectAll();
        QCOMPARE(rig.saved()->selectedRowIndexes().size(), 0);
        QVERIFY(!panel->isVisible()); // of two runs there is nothing to read here
    }

    void aPanelMadeSmallMovesNoRowEither()
    {
        Rig rig;
        fill(rig);
        auto *splitter = rig.page->findChild<QSplitter *>();
        splitter->setSizes({100, 10000, 0});
        QTest::qWait(0);
        const int height = rig.runs()->height();
        rig.select(u"night"_s);
        QVERIFY(rig.page->findChild<RunPanel *>()->findChild<QPlainTextEdit *>()->isVisible());
        QCOMPARE(rig.runs()->height(), height);
    }

    void thePanelHasWhatWasWrittenDown()
    {
        Rig rig;
        fill(rig);
        rig.select(u"night"_s);
        QCOMPARE(rig.fact(u"How it went"_s), u"Failed (exit 3)."_s);
        QVERIFY2(rig.fact(u"When"_s).endsWith(u" (1 min)"), qPrintable(rig.fact(u"When"_s)));
        QCOMPARE(rig.fact(u"Image"_s), u"bb:1, that is sha256:1 (it never was in a registry)"_s);
        QCOMPARE(rig.fact(u"Commit"_s), QString()); // nothing is said of what is not known
        auto *line = rig.page->findChild<RunPanel *>()->findChild<QPlainTextEdit *>();
        QCOMPARE(line->toPlainText(), u"docker run --name night bb:1"_s);
        rig.select(u"day"_s);
        QCOMPARE(rig.fact(u"How it went"_s), u"It has not ended yet."_s);
        QVERIFY(support::await(rig.history.end(u"day"_s, {.exitCode = 0, .finished = 1700000100})).ok());
        QCOMPARE(rig.fact(u"How it went"_s), u"Finished (exit 0)."_s); // while it is looked at
    }

    void tellsTheWindow()
    {
        Rig rig;
        fill(rig);
        QSignalSpy launch(rig.page.get(), &RunsPage::launchRequested);
        const auto press = [&](common::TableView *table, const QString &text) {
            for (QAction *action : table->actions()) {
                if (QString(action->text()).remove(u'&') == text)
                    action->trigger();
            }
        };
        rig.saved()->selectRow(0);
        press(rig.saved(), u"Launch"_s);
        QCOMPARE(launch.value(0).value(1).toString(), u"vit"_s);
        rig.select(u"night"_s);
        press(rig.runs(), u"Run again"_s);
        QCOMPARE(launch.size(), 2);
        QCOMPARE(launch[1][0].value<recipe::RunConfig>().image, u"sha256:1"_s);
        QCOMPARE(launch[1][1].toString(), QString());
        QSignalSpy counted(rig.page.get(), &RunsPage::countChanged);
        QVERIFY(support::await(rig.history.put(record(u"third"_s, Stage::Ended))).ok());
        QVERIFY(!counted.isEmpty());
        QCOMPARE(rig.page->count(), std::optional(3));
    }

    void filtersBothTables()
    {
        Rig rig;
        fill(rig);
        rig.page->setFilter(u"night"_s);
        QCOMPARE(rig.saved()->model()->rowCount(), 0);
        QCOMPARE(rig.runs()->model()->rowCount(), 1);
        rig.page->setFilter({});
        QCOMPARE(rig.saved()->model()->rowCount(), 1);
        QCOMPARE(rig.runs()->model()->rowCount(), 2);
    }

    void remembersItsColumnsAndParts()
    {
        Rig rig;
        fill(rig);
        rig.select(u"night"_s);
        rig.runs()->setColumnWidth(0, 222);
        rig.page.reset();
        QVERIFY(!rig.settings.value(settings::keys::runSplitter).isEmpty());
        rig.show();
        QCOMPARE(rig.runs()->columnWidth(0), 222);
        QVERIFY(rig.page->findChild<RunPanel *>()->isVisible());
    }
};

QTEST_MAIN(RunsPageTest)
#include "tst_runspage.moc"
