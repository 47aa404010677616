#include "cleanup/cleanuppage.h"

#include "cleanup/candidatesmodel.h"
#include "cleanup/candidatestree.h"
#include "cleanup/confirmdialog.h"
#include "common/messagebar.h"
#include "support/fakedaemon.h"

#include <QAbstractItemModelTester>
#include <QCheckBox>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using cleanup::CandidatesTree;
using cleanup::CleanupPage;
using cleanup::ConfirmDialog;
using cleanup::Kind;
using support::FakeDaemon;
using support::FakeReply;
using support::FakeRequest;
using namespace Qt::StringLiterals;

namespace {

const QByteArray anonymous(64, 'a');

/** The page on a daemon that has two dangling images, an unused one, a container, two volumes and a network. */
struct Rig
{
    QTemporaryDir folder;
    FakeDaemon daemon;
    settings::Settings settings{folder.filePath(u"slipway.conf"_s)};
    settings::Protection protection{settings};
    docker::Engine engine{{daemon.socketPath()}};
    inventory::Inventory inventory{engine};
    runs::Library library{folder.filePath(u"runs"_s)};
    runs::History history{folder.filePath(u"history.sqlite"_s)};
    cleanup::Candidates candidates{{engine, inventory, library, history, protection}};
    CleanupPage page{{engine, inventory, candidates, protection, settings}};
    QAbstractItemModelTester tester{tree()->model(), QAbstractItemModelTester::FailureReportingMode::QtTest};

    Rig()
    {
        daemon.route("GET", "/containers/json",
            FakeReply::json(
                R"([{"Id":"c1","Names":["/old-run"],"Image":"used:1","ImageID":"sha256:44","State":"exited",)"
                R"("Status":"Exited (0) 2 days ago"}])"));
        daemon.route("GET", "/images/json",
            FakeReply::json(R"([{"Id":"sha256:11","RepoTags":null,"Size":1048576},)"
                            R"({"Id":"sha256:22","RepoTags":["<none>:<none>"],"Size":2097152},)"
                            R"({"Id":"sha256:33","RepoTags":["spare:1"],"Size":3145728},)"
                            R"({"Id":"sha256:44","RepoTags":["used:1"],"Size":4194304}])"));
        daemon.route(
            "GET", "/volumes", FakeReply::json(R"({"Volumes":[{"Name":"datasets"},{"Name":")" + anonymous + R"("}]})"));
        daemon.route("GET", "/networks", FakeReply::json(R"([{"Id":"n1","Name":"old-net"}])"));
        page.resize(1200, 800);
        page.show();
        inventory.start();
        page.setWatched(true);
        QTRY_COMPARE(shown().size(), 7);
    }
    CandidatesTree *tree() const { return page.findChild<CandidatesTree *>(); }
    QStringList shown() const
    {
        QStringList names;
        for (const cleanup::Candidate &item : candidates.list())
            names.append(item.name);
        return names;
    }
    QModelIndex group(Kind kind) const { return tree()->model()->index(int(kind), 0); }
    QModelIndex item(const QString &name) const
    {
        for (int kind = 0; kind < cleanup::kindCount; ++kind) {
            const QModelIndex parent = group(Kind(kind));
            for (int row = 0; row < tree()->model()->rowCount(parent); ++row) {
                const QModelIndex index = tree()->model()->index(row, 0, parent);
                if (index.data().toString() == name)
                    return index;
            }
        }
        qFatal("nothing is called %s", qPrintable(name));
    }
    /** A click into its box. */
    void click(const QModelIndex &index) const
    {
        const bool on = index.data(Qt::CheckStateRole).toInt() == Qt::Checked;
        tree()->model()->setData(index, on ? Qt::Unchecked : Qt::Checked, Qt::CheckStateRole);
    }
    QStringList ticked() const
    {
        QStringList names;
        for (int kind = 0; kind < cleanup::kindCount; ++kind) {
            const QModelIndex parent = group(Kind(kind));
            for (int row = 0; row < tree()->model()->rowCount(parent); ++row) {
                const QModelIndex index = tree()->model()->index(row, 0, parent);
                if (index.data(Qt::CheckStateRole).toInt() == Qt::Checked)
                    names.append(index.data().toString());
            }
        }
        return names;
    }
    QPushButton *button(const QString &begin, const QWidget *within = nullptr) const
    {
        for (auto *one : (within ? within : &page)->findChildren<QPushButton *>()) {
            if (one->text().startsWith(begin) && (!within || one->window() == within))
                return one;
        }
        qFatal("no button %s", qPrintable(begin));
    }
    bool says(const QString &words, const QWidget *within = nullptr) const
    {
        for (const QLabel *label : (within ? within : &page)->findChildren<QLabel *>()) {
            if (label->isVisible() && label->text().contains(words))
                return true;
        }
        return false;
    }
    ConfirmDialog *confirm()
    {
        button(u"Remove"_s)->click();
        return page.findChild<ConfirmDialog *>();
    }
};

} // namespace

/** Clean up as a person uses it: look, tick, read what is asked, read what came of it. */
class CleanupPageTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void nothingIsTickedByItself()
    {
        Rig rig;
        QVERIFY(rig.ticked().isEmpty());
        QVERIFY(rig.says(u"Nothing is ticked."_s));
        QVERIFY(!rig.button(u"Remove…"_s)->isEnabled());
        rig.click(rig.item(u"spare:1"_s));
        rig.click(rig.group(Kind::DanglingImage));
        QVERIFY(rig.says(u"Ticked: 2 dangling images, 1 unused image."_s));
        QCOMPARE(rig.button(u"Remove "_s)->text(), u"Remove 3 items, up to 6 MiB…"_s);
        // Partly ticked, and then off again.
        rig.click(rig.item(u"11"_s));
        QCOMPARE(rig.group(Kind::DanglingImage).data(Qt::CheckStateRole).toInt(), int(Qt::PartiallyChecked));
        rig.click(rig.group(Kind::DanglingImage));
        rig.click(rig.group(Kind::DanglingImage));
        QCOMPARE(rig.ticked(), QStringList{u"spare:1"_s});
        rig.button(u"Untick all"_s)->click();
        QVERIFY(rig.ticked().isEmpty());
        QCOMPARE(rig.daemon.count("DELETE", ""), 0);
    }

    void commandsOnlyTick()
    {
        Rig rig;
        rig.daemon.forgetRequests();
        rig.button(u"docker container prune"_s)->click();
        QCOMPARE(rig.ticked(), QStringList{u"old-run"_s});
        QVERIFY(rig.says(u"1 more ticked. "_s));
        rig.button(u"docker container prune"_s)->click();
        QVERIFY(rig.says(u"All of it was ticked already. "_s));
        // Each adds to what is ticked.
        rig.button(u"docker image prune"_s)->click();
        QCOMPARE(rig.ticked().size(), 3);
        rig.button(u"docker image prune -a"_s)->click();
        QCOMPARE(rig.ticked().size(), 4);
        rig.button(u"docker volume prune"_s)->click();
        QCOMPARE(rig.ticked().size(), 5);
        QVERIFY(!rig.ticked().contains(u"datasets"_s));
        rig.button(u"docker builder prune"_s)->click();
        QCOMPARE(rig.ticked().size(), 5);
        QVERIFY(rig.says(u"choose Compute sizes… first"_s));
        QCOMPARE(rig.daemon.count("DELETE", ""), 0);
        QCOMPARE(rig.daemon.count("POST", ""), 0);
    }

    void volumesWithANameAreTickedOneByOneAndAskedForTwice()
    {
        Rig rig;
        rig.click(rig.group(Kind::UnusedVolume));
        QCOMPARE(rig.ticked(), QStringList{QString::fromLatin1(anonymous.left(12))});
        rig.click(rig.group(Kind::UnusedVolume)); // nothing more to tick: off again
        QVERIFY(rig.ticked().isEmpty());
        rig.click(rig.item(u"datasets"_s));
        QVERIFY(rig.says(u"The size of 1 is not computed."_s));
        ConfirmDialog *dialog = rig.confirm();
        QVERIFY(dialog);
        QPushButton *sure = rig.button(u"Remove 1 item"_s, dialog);
        QVERIFY(!sure->isEnabled() && !sure->isDefault());
        auto *also = dialog->findChild<QCheckBox *>();
        QVERIFY(also->isVisible());
        QVERIFY(also->text().contains(u"1 volume with a name and all data in it, for good"_s));
        also->click();
        QVERIFY(sure->isEnabled());
        dialog->reject();
        QCOMPARE(rig.daemon.count("DELETE", ""), 0);
    }

    void theRestGoesWithoutThem()
    {
        Rig rig;
        rig.daemon.route("DELETE", "/networks/n1", FakeReply::status(204));
        rig.click(rig.item(u"datasets"_s));
        rig.click(rig.item(u"old-net"_s));
        rig.click(rig.item(u"spare:1"_s));
        ConfirmDialog *dialog = rig.confirm();
        QVERIFY(rig.says(u"maybe the only copy: spare:1."_s, dialog));
        auto *also = dialog->findChild<QCheckBox *>();
        also->click();
        QCOMPARE(rig.button(u"Remove "_s, dialog)->text().section(u',', 0, 0), u"Remove 3 items"_s);
        also->click();
        QCOMPARE(rig.button(u"Remove "_s, dialog)->text().section(u',', 0, 0), u"Remove 2 items"_s);
        QVERIFY(
            dialog->findChild<QPlainTextEdit *>()->toPlainText().contains(u"stays unless the box below is ticked"_s));
        QSignalSpy confirmed(dialog, &ConfirmDialog::confirmed);
        rig.button(u"Remove 2 items"_s, dialog)->click();
        QCOMPARE(confirmed.size(), 1);
        QCOMPARE(confirmed.first().first().value<QList<cleanup::Candidate>>().size(), 2);
        // The focus is nowhere that typing would do something else.
        QTRY_COMPARE(rig.page.focusWidget(), rig.tree());
        QTRY_VERIFY(rig.daemon.count("DELETE", "/networks/n1") == 1);
        QCOMPARE(rig.daemon.count("DELETE", "/volumes/"), 0);
    }

    void whatIsShownGoesAndIsReported()
    {
        Rig rig;
        rig.daemon.route("GET", "/containers/c1/json", FakeReply::json(R"({"Id":"c1","State":{"Status":"exited"}})"));
        rig.daemon.route("DELETE", "/containers/c1", FakeReply::status(204));
        rig.daemon.route("DELETE", "/networks/n1", FakeReply::status(403, "error while removing network: busy"));
        rig.click(rig.item(u"old-run"_s));
        rig.click(rig.item(u"old-net"_s));
        ConfirmDialog *dialog = rig.confirm();
        QVERIFY(dialog);
        const QString list = dialog->findChild<QPlainTextEdit *>()->toPlainText();
        for (const QString &words : {u"1 stopped container"_s, u"old-run"_s, u"1 unused network"_s, u"old-net"_s})
            QVERIFY2(list.contains(words), qPrintable(list));
        QVERIFY(!list.contains(u"datasets"_s) && !list.contains(u"spare"_s));
        QVERIFY(rig.says(u"their logs are deleted for good"_s, dialog));
        QVERIFY(dialog->findChild<QCheckBox *>()->isHidden());
        // Ticked behind the dialog: not shown, so it stays.
        rig.click(rig.item(u"spare:1"_s));
        rig.button(u"Remove 2 items"_s, dialog)->click();
        common::MessageBar *report = rig.page.findChildren<common::MessageBar *>().at(2);
        QTRY_VERIFY2(report->title().startsWith(u"Removed 1 of 2 items"_s), qPrintable(report->title()));
        QVERIFY(rig.says(u"1 failed."_s));
        QCOMPARE(rig.daemon.count("DELETE", ""), 2);
        QVERIFY(rig.button(u"Remove"_s)->isVisible());
        QVERIFY(!rig.button(u"Cancel"_s)->isVisible());
    }

    void sizesSayWhenTheyWereComputed()
    {
        Rig rig;
        QVERIFY(rig.says(u"Not computed yet"_s));
        rig.daemon.route("GET", "/system/df",
            FakeReply::json(R"({"LayersSize":30,"Volumes":[{"Name":"datasets","UsageData":{"Size":5242880}}],)"
                            R"("BuildCache":[{"ID":"r","Description":"x","Size":7}]})"));
        rig.button(u"Compute sizes…"_s)->click();
        QTRY_VERIFY(rig.says(u"Computed now"_s) || rig.says(u"Computed 0 s ago"_s) || rig.says(u"Computed just now"_s));
        QCOMPARE(rig.item(u"datasets"_s).siblingAtColumn(1).data().toString(), u"5 MiB"_s);
        QCOMPARE(rig.tree()->model()->rowCount(rig.group(Kind::BuildCache)), 1);
    }
};

QTEST_MAIN(CleanupPageTest)
#include "tst_cleanuppage.moc"
