#include "runs/runlist.h"

#include "common/emptystate.h"
#include "common/messagebar.h"
#include "common/tableview.h"
#include "models/tablefilter.h"
#include "recipe/configfile.h"
#include "runs/comparedialog.h"
#include "runs/labels.h"
#include "support/await.h"
#include "support/fakedaemon.h"

#include <QAbstractItemModelTester>
#include <QAction>
#include <QClipboard>
#include <QGuiApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QMessageBox>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace runs;
using namespace Qt::StringLiterals;
using support::FakeReply;

namespace {

Record record(const QString &id)
{
    recipe::RunConfig config;
    config.image = u"bb:1"_s;
    config.name = id;
    config.useShell = true;
    config.script = u"echo ${HOME}"_s;
    Record made;
    made.id = id;
    made.config = recipe::toJson(config);
    made.line = u"docker run --name "_s + id + u" bb:1"_s;
    made.host = u"here"_s;
    made.containerId = u"c-"_s + id;
    made.containerName = id;
    made.image = u"bb:1"_s;
    made.imageId = u"sha256:1"_s;
    made.imageDigest = u"bb@sha256:2"_s;
    made.created = 1700000000;
    made.started = 1700000001;
    made.finished = 1700000061;
    made.stage = Stage::Ended;
    return made;
}

QJsonObject container(const Record &of)
{
    QJsonObject labels;
    for (const auto &[key, value] : toLabels(of))
        labels[key] = value;
    return {{u"Id"_s, of.containerId}, {u"Names"_s, QJsonArray{QString(u"/"_s + of.containerName)}},
        {u"Image"_s, of.image}, {u"State"_s, u"exited"_s}, {u"Status"_s, u"Exited (0) 2 hours ago"_s},
        {u"Labels"_s, labels}};
}

} // namespace

/** The table of runs: what each button asks for and when it may be pressed, and that nothing is forgotten unasked. */
class RunListTest : public QObject
{
    Q_OBJECT

    /** A daemon that has the containers of "old" and of "theirs", which another Slipway launched; "gone" has none. */
    struct Rig
    {
        QTemporaryDir folder;
        support::FakeDaemon daemon;
        docker::Engine engine{{daemon.socketPath()}};
        inventory::Inventory inventory{engine};
        History history{folder.filePath(u"history.sqlite"_s)};
        settings::Settings settings{folder.filePath(u"slipway.conf"_s)};
        common::MessageBar bar;
        std::unique_ptr<RunList> list;

        Rig()
        {
            const QJsonArray containers{container(record(u"old"_s)), container(record(u"theirs"_s))};
            daemon.route("GET", "/containers/json", FakeReply::json(QJsonDocument(containers).toJson()));
            daemon.route("GET", "/images/json", FakeReply::json("[]"));
            list = std::make_unique<RunList>(RunList::Parts{history, inventory, settings, u"here"_s,
                                                 [](const QModelIndex &) { return common::CellLook(); }},
                bar);
        }
        ~Rig() { list.reset(); }
    };
    std::unique_ptr<Rig> m_rig;
    common::TableView *m_table = nullptr;

    QAction *action(const QString &text) const
    {
        for (QAction *action : m_table->actions()) {
            if (QString(action->text()).remove(u'&') == text)
                return action;
        }
        qFatal("no action %s", qPrintable(text));
    }
    QStringList enabled() const
    {
        QStringList texts;
        for (QAction *action : m_table->actions()) {
            if (action->isEnabled())
                texts += QString(action->text()).remove(u'&');
        }
        return texts;
    }
    QStringList rows() const
    {
        QStringList names;
        for (int row = 0; row < m_table->model()->rowCount(); ++row)
            names += m_table->model()->index(row, 0).data().toString();
        names.sort();
        return names;
    }
    void select(const QStringList &names)
    {
        m_table->clearSelection();
        for (int row = 0; row < m_table->model()->rowCount(); ++row) {
            if (names.contains(m_table->model()->index(row, 0).data().toString()))
                m_table->selectionModel()->select(
                    m_table->model()->index(row, 0), QItemSelectionModel::Select | QItemSelectionModel::Rows);
        }
        QCOMPARE(m_rig->list->selected().size(), names.size());
    }
    QMessageBox *question() const
    {
        QMessageBox *box = nullptr;
        (void)QTest::qWaitFor([&] { return (box = m_rig->list->findChild<QMessageBox *>()) && box->isVisible(); });
        return box;
    }

private Q_SLOTS:
    void init()
    {
        m_rig = std::make_unique<Rig>();
        m_table = m_rig->list->findChild<common::TableView *>();
        new QAbstractItemModelTester(
            m_table->model(), QAbstractItemModelTester::FailureReportingMode::QtTest, m_table->model());
        m_rig->list->resize(1000, 400);
        m_rig->list->show();
        QVERIFY(!m_rig->list->count()); // not read yet
        QCOMPARE(m_table->findChild<common::EmptyState *>()->sentence(), u"Reading the history…"_s);
        QSignalSpy counted(m_rig->list.get(), &RunList::countChanged);
        QVERIFY(support::await(m_rig->history.put(record(u"old"_s))).ok());
        QVERIFY(support::await(m_rig->history.put(record(u"gone"_s))).ok());
        m_rig->inventory.start();
        QTRY_COMPARE(rows(), QStringList({u"gone"_s, u"old"_s, u"theirs"_s}));
        QTRY_COMPARE(m_rig->inventory.link(), inventory::Inventory::Link::Live);
        QCOMPARE(m_rig->list->count(), std::optional(3));
        QVERIFY(!counted.isEmpty());
    }
    void cleanup() { m_rig.reset(); }

    void buttonsFollowTheSelection()
    {
        QCOMPARE(enabled(), QStringList());
        select({u"old"_s});
        QCOMPARE(enabled().join(u'|'),
            u"Run again|Duplicate as new run…|Show container|Copy docker run line|Remove from history…"_s);
        select({u"gone"_s}); // its container is no more
        QCOMPARE(enabled().join(u'|'), u"Run again|Duplicate as new run…|Copy docker run line|Remove from history…"_s);
        select({u"theirs"_s}); // not in the history here
        QCOMPARE(enabled().join(u'|'), u"Run again|Duplicate as new run…|Show container|Copy docker run line"_s);
        select({u"old"_s, u"gone"_s});
        QCOMPARE(enabled().join(u'|'), u"Compare|Remove from history…"_s);
        select({u"old"_s, u"gone"_s, u"theirs"_s});
        QCOMPARE(enabled(), QStringList(u"Remove from history…"_s));
        m_rig->daemon.shutDown();
        select({u"old"_s});
        QTRY_VERIFY(!action(u"Run again"_s)->isEnabled());
        QVERIFY(action(u"Duplicate as new run…"_s)->isEnabled());
    }

    void runsAgainWhatRan()
    {
        QSignalSpy launch(m_rig->list.get(), &RunList::launchRequested);
        select({u"old"_s});
        action(u"Run again"_s)->trigger();
        QCOMPARE(launch.size(), 1);
        const auto config = launch[0][0].value<recipe::RunConfig>();
        QCOMPARE(config.image, u"bb@sha256:2"_s);
        QCOMPARE(config.name, u"old-2"_s);
        QCOMPARE(config.script, u"echo ${HOME}"_s); // the shell's own business, and stays that
        QVERIFY(config.parameters.isEmpty());

        QSignalSpy edit(m_rig->list.get(), &RunList::editRequested);
        select({u"gone"_s});
        action(u"Duplicate as new run…"_s)->trigger();
        QCOMPARE(edit.size(), 1);
        QCOMPARE(edit[0][0].value<recipe::RunConfig>().name, u"gone"_s); // nobody has the name any more
        QCOMPARE(edit[0][1].toString(), u"The same image and commit as “gone”."_s);
    }

    void saysWhyItCannotRunAgain()
    {
        Record unreadable = record(u"odd"_s);
        unreadable.config = "{";
        QVERIFY(support::await(m_rig->history.put(unreadable)).ok());
        QSignalSpy launch(m_rig->list.get(), &RunList::launchRequested);
        select({u"odd"_s});
        action(u"Run again"_s)->trigger();
        QCOMPARE(launch.size(), 0);
        QVERIFY(m_rig->bar.isVisible());
        QVERIFY(!m_rig->bar.title().isEmpty());
    }

    void showsTheContainerAndCopiesTheLine()
    {
        QSignalSpy show(m_rig->list.get(), &RunList::containerRequested);
        select({u"old"_s});
        action(u"Show container"_s)->trigger();
        QCOMPARE(show.value(0).value(0).toString(), u"c-old"_s);
        action(u"Copy docker run line"_s)->trigger();
        QCOMPARE(QGuiApplication::clipboard()->text(), u"docker run --name old bb:1"_s);
    }

    void comparesTheOlderOnTheLeft()
    {
        Record later = record(u"later"_s);
        later.created += 100;
        later.imageDigest = u"bb@sha256:3"_s;
        QVERIFY(support::await(m_rig->history.put(later)).ok());
        select({u"later"_s, u"old"_s});
        action(u"Compare"_s)->trigger();
        QPointer<CompareDialog> dialog = m_rig->list->findChild<CompareDialog *>();
        QVERIFY(dialog && dialog->isVisible());
        auto *table = dialog->findChild<common::TableView *>();
        const auto cell = [&](int row, int column) { return table->model()->index(row, column).data().toString(); };
        const auto heading = [&](int column) { return table->model()->headerData(column, Qt::Horizontal).toString(); };
        QVERIFY(heading(1).startsWith(u"old, ") && heading(2).startsWith(u"later, "));
        QStringList fields;
        for (int row = 0; row < table->model()->rowCount(); ++row) {
            fields += cell(row, 0);
            if (cell(row, 0) == "Container name"_L1)
                QCOMPARE(cell(row, 1) + u" → " + cell(row, 2), u"old → later"_s);
        }
        QVERIFY2(fields == QStringList(u"Container name"_s), qPrintable(fields.join(u'|')));
        QVERIFY(!table->findChild<common::EmptyState *>()->isVisible());
        dialog->close();
        QTRY_VERIFY(!dialog);
    }

    void saysThatNothingDiffers()
    {
        Record twin = record(u"old"_s);
        twin.id = u"twin"_s;
        twin.created += 5;
        CompareDialog *dialog = new CompareDialog(record(u"old"_s), twin, m_rig->list.get());
        dialog->show();
        auto *empty = dialog->findChild<common::EmptyState *>();
        QVERIFY(empty->isVisible());
        QVERIFY(empty->sentence().startsWith(u"Nothing differs"));
    }

    void asksBeforeItForgets()
    {
        select({u"gone"_s, u"theirs"_s});
        action(u"Remove from history…"_s)->trigger();
        QMessageBox *box = question();
        QVERIFY(box);
        QCOMPARE(box->text(), u"Remove gone from the history?"_s); // of two the one that can go
        QVERIFY(box->defaultButton() == box->button(QMessageBox::Cancel));
        box->reject();
        QTRY_VERIFY(!m_rig->list->findChild<QMessageBox *>());
        QCOMPARE(rows().size(), 3);

        action(u"Remove from history…"_s)->trigger();
        box = question();
        QVERIFY(box);
        for (QAbstractButton *button : box->buttons()) {
            if (box->buttonRole(button) == QMessageBox::DestructiveRole)
                button->click();
        }
        QTRY_COMPARE(rows(), QStringList({u"old"_s, u"theirs"_s}));
        QVERIFY(!m_rig->history.find(u"gone"_s));
        QCOMPARE(m_rig->list->count(), std::optional(2));
    }

    void saysThatAContainerKeepsItsRow()
    {
        select({u"old"_s});
        action(u"Remove from history…"_s)->trigger();
        QMessageBox *box = question();
        QVERIFY(box);
        QVERIFY2(
            box->informativeText().contains(u"until its container is removed"), qPrintable(box->informativeText()));
    }

    void saysWhyItIsEmpty()
    {
        auto *empty = m_table->findChild<common::EmptyState *>();
        QVERIFY(!empty->isVisible());
        m_rig->list->setFilter(u"GONE"_s);
        QCOMPARE(rows(), QStringList(u"gone"_s));
        m_rig->list->setFilter(u"nothing"_s);
        QVERIFY(empty->isVisible());
        QCOMPARE(empty->sentence(), u"No run matches the filter."_s);
        QCOMPARE(m_rig->list->count(), std::optional(3)); // of the section, not of the filter

        QTemporaryDir folder;
        History none(folder.filePath(u"h.sqlite"_s));
        inventory::Inventory nowhere(m_rig->engine);
        RunList list(
            {none, nowhere, m_rig->settings, u"here"_s, [](const QModelIndex &) { return common::CellLook(); }},
            m_rig->bar);
        list.show();
        QTRY_COMPARE(list.count(), std::optional(0));
        QVERIFY(list.findChild<common::EmptyState *>()->sentence().startsWith(u"No runs yet."));
    }
};

QTEST_MAIN(RunListTest)
#include "tst_runlist.moc"
