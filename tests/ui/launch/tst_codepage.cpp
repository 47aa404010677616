#include "launch/codepage.h"

#include "common/tablecombo.h"
#include "common/theme.h"
#include "recipe/configfile.h"
#include "recipe/startcommand.h"
#include "support/gitrig.h"

#include <QAbstractItemView>
#include <QCheckBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QRadioButton>
#include <QSignalSpy>
#include <QTest>
#include <QVBoxLayout>

using namespace launch;
using namespace recipe;
using namespace Qt::StringLiterals;
using common::Scheme;

Q_DECLARE_METATYPE(recipe::RunConfig)

/** The Code step with real repositories beneath it. */
class CodePageTest : public QObject
{
    Q_OBJECT
private:
    /** A page that is told of its own changes, as the wizard tells it. */
    struct Bench
    {
        GitRig rig;
        QString repo = rig.repository(u"repo"_s);
        RunConfig config;
        QWidget window;
        CodePage page{&window, rig.environment()};

        Bench()
        {
            auto *layout = new QVBoxLayout(&window);
            layout->setContentsMargins(0, 0, 0, 0);
            layout->addWidget(&page);
            window.resize(830, 600);
            QObject::connect(&page, &StepPage::edited, &page, [this] {
                page.store(config);
                page.refresh(config);
            });
            QObject::connect(
                &page, &StepPage::ownFindingsChanged, &page, [this] { page.showFindings(page.ownFindings()); });
            QObject::connect(
                &page, &CodePage::configOffered, &page, [this](const RunConfig &offered) { load(offered); });
        }
        void load(const RunConfig &fresh)
        {
            config = fresh;
            page.load(config);
            page.refresh(config);
        }
        RunConfig mounted(const QString &checkout = {}) const
        {
            RunConfig run;
            run.mounts = {{rig.folder({}), u"/w"_s, false, false, {}}};
            run.code.folder = u"/w/repo"_s;
            run.code.checkout = checkout;
            return run;
        }
        template <typename W> W *named(const QString &name)
        {
            for (W *widget : page.findChildren<W *>()) {
                QString own = widget->accessibleName();
                if constexpr (std::is_base_of_v<QAbstractButton, W>) {
                    if (own.isEmpty())
                        own = widget->text();
                }
                if (own == name)
                    return widget;
            }
            qFatal("nothing is named %s", qPrintable(name));
        }
        bool says(const QString &text)
        {
            for (const QLabel *label : page.findChildren<QLabel *>()) {
                if (label->isVisibleTo(&page) && label->text().contains(text))
                    return true;
            }
            return false;
        }
        bool shows(const QString &button)
        {
            const auto buttons = page.findChildren<QPushButton *>();
            return std::ranges::any_of(
                buttons, [&](const QPushButton *b) { return b->text() == button && b->isVisibleTo(&page); });
        }
    };

private Q_SLOTS:
    void saysHowTheWorkingCopyStands()
    {
        Bench bench;
        bench.rig.write(bench.repo + u"/train.py"_s, "changed");
        bench.load(bench.mounted());
        QVERIFY(bench.says(u"Looking at "_s));
        QTRY_VERIFY(bench.says(u"Branch main, 1 uncommitted change (train.py)"_s));
        QVERIFY(bench.says(u"has uncommitted changes"_s));
        QCOMPARE(bench.page.ownFindings().size(), 1);
        QCOMPARE(bench.page.ownFindings().first().fixes.size(), 1); // for the Review step
        bench.page.setHostIsLocal(false);
        QVERIFY(!bench.says(u"Branch main"_s));
        QVERIFY(!bench.shows(u"Use a separate worktree for this run"_s));
    }

    void offersWhatCanBeCheckedOut()
    {
        Bench bench;
        bench.rig.git(bench.repo, {u"tag"_s, u"v1"_s});
        bench.load(bench.mounted(u"half-typed"_s));
        auto *combo = bench.named<common::TableCombo>(u"Check out"_s);
        QTRY_COMPARE(combo->count(), 2);
        QCOMPARE(combo->currentText(), u"half-typed"_s);
        combo->setCurrentIndex(combo->findText(u"v1"_s));
        QCOMPARE(bench.config.code.checkout, u"v1"_s);
        combo->setEditText(u"anything/else"_s);
        QCOMPARE(bench.config.code.checkout, u"anything/else"_s);
    }

    void pinsAndFollowsTheRef()
    {
        Bench bench;
        const QString first = bench.rig.hash(bench.repo, u"main"_s);
        bench.rig.git(bench.repo, {u"branch"_s, u"old"_s});
        const QString second = bench.rig.commit(bench.repo, u"train.py"_s, "2", u"Second"_s);
        bench.load(bench.mounted(u"main"_s));
        bench.named<QCheckBox>(u"Pin to the commit it has now"_s)->setChecked(true);
        QCOMPARE(bench.config.code.update, CodeStep::Update::Fetch);
        QVERIFY(!bench.page.inputProblems().isEmpty());
        QTRY_COMPARE(bench.config.code.commit, second);
        QVERIFY(bench.page.inputProblems().isEmpty());
        QTRY_VERIFY(bench.says(u"main at %1 (Second, "_s.arg(second.left(7))));
        bench.named<QLineEdit>(u"Check out"_s)->setText(u"old"_s);
        QVERIFY(bench.config.code.commit.isEmpty());
        QTRY_COMPARE(bench.config.code.commit, first);
        bench.named<QLineEdit>(u"Check out"_s)->setText(u"nope"_s);
        QTRY_VERIFY(bench.says(u"no branch, tag or commit nope"_s));
        QVERIFY(!bench.page.inputProblems().isEmpty());
        bench.named<QCheckBox>(u"Pin to the commit it has now"_s)->setChecked(false);
        QCOMPARE(bench.config.code.update, CodeStep::Update::Pull);
        QVERIFY(bench.page.inputProblems().isEmpty());
    }

    void aSavedPinStaysWhatItWas()
    {
        Bench bench;
        RunConfig run = bench.mounted(u"main"_s);
        recipe::pin(run.code, QString(40, u'a'));
        bench.load(run);
        QTRY_VERIFY(bench.says(u"Branch main"_s));
        bench.page.store(bench.config);
        QCOMPARE(bench.config, run);
    }

    void clonesUnderTheNameOfTheRepository()
    {
        Bench bench;
        const QString head = bench.rig.hash(bench.repo, u"main"_s);
        bench.named<QRadioButton>(u"Clone a repository at start"_s)->click();
        bench.named<QLineEdit>(u"Repository"_s)->setText(bench.repo);
        QCOMPARE(bench.config.code.folder, u"/workspace/repo"_s);
        QCOMPARE(bench.config.code.source, CodeStep::Source::Clone);
        QCOMPARE(bench.config.code.url, bench.repo);
        Q_EMIT bench.named<QLineEdit>(u"Repository"_s)->editingFinished();
        QTRY_COMPARE(bench.named<common::TableCombo>(u"Check out"_s)->count(), 1);
        bench.named<QCheckBox>(u"Pin to the commit it has now"_s)->setChecked(true);
        QTRY_COMPARE(bench.config.code.commit, head);
        bench.named<QLineEdit>(u"Repository"_s)->setText(bench.rig.folder(u"nowhere"_s));
        QCOMPARE(bench.config.code.folder, u"/workspace/nowhere"_s);
        bench.named<QPushButton>(u"Look at the server"_s)->click();
        QTRY_VERIFY(bench.shows(u"Try again"_s));
    }

    void aRunBesideAnotherGetsAWorktree()
    {
        Bench bench;
        bench.rig.git(bench.repo, {u"branch"_s, u"dev"_s});
        RunConfig run = bench.mounted(u"dev"_s);
        run.name = u"resnet-7"_s;
        bench.load(run);
        QTRY_VERIFY(bench.says(u"Branch main"_s));
        QVERIFY(!bench.shows(u"Use a separate worktree for this run"_s));
        bench.page.setRunningUses({{u"other"_s, bench.repo, u"main"_s}});
        QVERIFY(bench.says(u"other runs from the same folder at main"_s));
        const QString folder = bench.repo + u"-worktrees/resnet-7"_s;
        QVERIFY(bench.says(folder));
        auto *button = bench.named<QPushButton>(u"Use a separate worktree for this run"_s);
        QTRY_VERIFY(button->isEnabled());
        button->click();
        QTRY_COMPARE(bench.config.mounts.size(), 2);
        QCOMPARE(bench.config.mounts[1].source, folder);
        QCOMPARE(bench.config.mounts[1].target, u"/w/repo"_s);
        QCOMPARE(bench.config.workingDir, u"/w/repo"_s);
        QVERIFY(bench.config.code.folder.isEmpty());
        QVERIFY(QFile::exists(folder + u"/train.py"_s));
    }

    void aWorktreeThatFailsSaysWhy()
    {
        Bench bench;
        bench.load(bench.mounted(u"nope"_s));
        bench.page.setRunningUses({{u"other"_s, bench.repo, u"main"_s}});
        auto *button = bench.named<QPushButton>(u"Use a separate worktree for this run"_s);
        QTRY_VERIFY(button->isVisibleTo(&bench.page) && button->isEnabled());
        button->click();
        QTRY_VERIFY(bench.says(u"no branch, tag or commit nope"_s));
        QCOMPARE(bench.config.code.checkout, u"nope"_s);
    }

    void theCodeBringsItsRun()
    {
        Bench bench;
        RunConfig brought;
        brought.image = u"pytorch:24.05"_s;
        bench.rig.write(bench.repo + u"/slipway.json"_s, toJson(brought));
        bench.load(bench.mounted());
        QTRY_VERIFY(bench.shows(u"Use it"_s));
        bench.named<QPushButton>(u"Use it"_s)->click();
        QCOMPARE(bench.config.image, brought.image);
        QVERIFY(!bench.shows(u"Use it"_s));
    }

    void looks_data()
    {
        QTest::addColumn<Scheme>("scheme");
        QTest::newRow("light") << Scheme::Light;
        QTest::newRow("dark") << Scheme::Dark;
    }
    /** Kept in code-look/ to be looked at. */
    void looks()
    {
        QFETCH(Scheme, scheme);
        common::Theme theme(*qApp);
        theme.setScheme(scheme);
        Bench bench;
        const QString origin = bench.rig.repository(u"origin"_s);
        bench.rig.git(bench.repo, {u"remote"_s, u"add"_s, u"origin"_s, origin});
        bench.rig.git(bench.repo, {u"branch"_s, u"my_training_dev_branch"_s});
        bench.rig.write(bench.repo + u"/train.py"_s, "changed");
        bench.rig.write(bench.repo + u"/slipway.json"_s, toJson(RunConfig()));
        bench.load(bench.mounted(u"my_training_dev_branch"_s));
        bench.page.setRunningUses({{u"resnet-6"_s, bench.repo, u"main"_s}});
        bench.window.show();
        bench.named<QCheckBox>(u"Pin to the commit it has now"_s)->setChecked(true);
        QTRY_VERIFY(!bench.config.code.commit.isEmpty());
        QTRY_VERIFY(bench.shows(u"Use it"_s));
        QVERIFY(bench.page.minimumSizeHint().width() <= 830);
        const QDir folder(u"code-look"_s);
        QVERIFY(folder.mkpath(u"."_s));
        const QString name = scheme == Scheme::Dark ? u"dark"_s : u"light"_s;
        QVERIFY(bench.window.grab().save(folder.filePath(name + u".png"_s)));
        auto *combo = bench.named<common::TableCombo>(u"Check out"_s);
        combo->showPopup();
        QTRY_VERIFY(combo->view()->isVisible());
        QVERIFY(combo->view()->window()->grab().save(folder.filePath(name + u"-list.png"_s)));
        combo->hidePopup();
    }
};

QTEST_MAIN(CodePageTest)
#include "tst_codepage.moc"
