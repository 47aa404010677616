#include "common/choiceedit.h"
#include "common/finderfield.h"
#include "launch/optionspanel.h"
#include "launch/runwizard.h"

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

using namespace launch;
using namespace recipe;
using namespace Qt::StringLiterals;

/** Every other option of docker run: found, added with the editor of its kind, judged, removed, kept. */
class OptionsPanelTest : public QObject
{
    Q_OBJECT
private:
    template <typename W> static W *named(QWidget &root, const QString &name)
    {
        for (W *widget : root.findChildren<W *>()) {
            if (widget->accessibleName() == name)
                return widget;
        }
        return nullptr;
    }

    static void add(OptionsPanel &panel, const QString &search)
    {
        QTest::keyClicks(panel.finder(), search);
        QTRY_VERIFY(QApplication::activePopupWidget());
        QTest::keyClick(QApplication::activePopupWidget(), Qt::Key_Return);
    }

    static QToolButton *removeButton(QWidget &root, const QString &name)
    {
        for (QToolButton *button : root.findChildren<QToolButton *>()) {
            if (button->text() == u"Remove --"_s + name)
                return button;
        }
        qFatal("there is no row of that name");
    }

    static bool says(QWidget &root, const QString &text)
    {
        for (const QLabel *label : root.findChildren<QLabel *>()) {
            if (label->isVisible() && label->text().contains(text))
                return true;
        }
        return false;
    }

private Q_SLOTS:
    void everyOptionIsFoundByNameAndDescription()
    {
        OptionsPanel panel;
        auto *model = panel.finder()->model();
        QAbstractItemModelTester tester(model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        const auto first = [&](const QString &typed) {
            panel.finder()->clear();
            QTest::keyClicks(panel.finder(), typed);
            return model->rowCount() > 0 ? model->index(0, 0).data().toString() : QString();
        };
        panel.show();
        for (const DockerOption &option : dockerOptions()) {
            if (option.group != OptionGroup::Windows)
                QVERIFY2(first(option.name).startsWith(u"--"_s + option.name), qPrintable(first(option.name)));
        }
        QCOMPARE(first(u"cpu-count"_s), QString()); // Windows only
        QVERIFY(first(u"forwards signals"_s).startsWith(u"--init"_s));
        QCOMPARE(first(u"gpus"_s), u"--gpus: on the GPUs step"_s);
        QCOMPARE(first(u"shm-size"_s), u"--shm-size: above on this step"_s);
    }

    void oneOfEachKind_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("value");
        QTest::addColumn<QString>("wrong");
        const auto row = [](const char *kind, const char *name, const char *value, const char *wrong) {
            QTest::newRow(kind) << QString::fromLatin1(name) << QString::fromLatin1(value)
                                << QString::fromLatin1(wrong);
        };
        row("flag", "init", "true", "");
        row("text", "hostname", "trainer", "");
        row("list", "cap-add", "SYS_PTRACE", "");
        row("choice", "pull", "always", "sometimes");
        row("number", "oom-score-adj", "500", "five");
        row("size", "memory-reservation", "8g", "lots");
        row("duration", "health-interval", "30s", "soon");
    }
    void oneOfEachKind()
    {
        QFETCH(QString, name);
        QFETCH(QString, value);
        QFETCH(QString, wrong);
        OptionsPanel panel;
        panel.show();
        QVERIFY(QTest::qWaitForWindowActive(&panel));
        QSignalSpy changed(&panel, &OptionsPanel::changed);
        add(panel, name);
        QVERIFY(changed.size() > 0);
        QVERIFY(says(panel, u"--"_s + name));
        QVERIFY(says(panel, dockerOption(name)->about));
        // The cursor is in its editor.
        QWidget *focus = QApplication::focusWidget();
        QVERIFY(focus);
        QCOMPARE(focus->accessibleName(), u"--"_s + name);
        if (auto *check = qobject_cast<QCheckBox *>(focus)) {
            QVERIFY(check->isChecked());
        } else if (auto *combo = qobject_cast<QComboBox *>(focus)) {
            QVERIFY(panel.options().isEmpty());
            combo->setCurrentText(value);
        } else {
            QVERIFY(panel.options().isEmpty()); // nothing of what is still to be typed
            QVERIFY(panel.problems().isEmpty());
            QTest::keyClicks(focus, value);
        }
        QCOMPARE(panel.options(), (QList<Option>{{name, value}}));
        QVERIFY(panel.problems().isEmpty());

        // Loaded it is the same again, in a new panel.
        OptionsPanel other;
        other.setOptions(panel.options());
        QCOMPARE(other.options(), panel.options());

        if (!wrong.isEmpty()) {
            other.setOptions({{name, wrong}});
            other.show();
            QCOMPARE(other.problems().size(), 1);
            const QString fault = other.problems().first();
            QVERIFY2(fault.contains(u"--"_s + name), qPrintable(fault));
            QVERIFY2(says(other, fault.section(u"--%1: "_s.arg(name), -1)), qPrintable(fault));
            QVERIFY(other.options().isEmpty());
            bool kept = false;
            for (const QLineEdit *edit : other.findChildren<QLineEdit *>())
                kept = kept || edit->text() == wrong;
            QVERIFY(kept);
        }
        removeButton(panel, name)->click();
        QVERIFY(panel.options().isEmpty());
        QVERIFY(QApplication::focusWidget() == panel.finder());
    }

    void onceMeansOnceAndListsGrow()
    {
        OptionsPanel panel;
        panel.show();
        QVERIFY(QTest::qWaitForWindowActive(&panel));
        add(panel, u"cap-add"_s);
        QTest::keyClicks(QApplication::focusWidget(), u"SYS_PTRACE"_s);
        add(panel, u"cap-add"_s);
        QTest::keyClicks(QApplication::focusWidget(), u"NET_ADMIN"_s);
        add(panel, u"hostname"_s);
        QTest::keyClicks(QApplication::focusWidget(), u"a"_s);
        add(panel, u"hostname"_s); // the row that is there
        QTest::keyClicks(QApplication::focusWidget(), u"b"_s);
        QCOMPARE(panel.options().size(), 3);
        QCOMPARE(panel.options()[0], (Option{u"cap-add"_s, u"SYS_PTRACE"_s}));
        QCOMPARE(panel.options()[1], (Option{u"cap-add"_s, u"NET_ADMIN"_s}));
        QCOMPARE(panel.options()[2].name, u"hostname"_s);
        removeButton(panel, u"cap-add"_s)->click();
        QCOMPARE(panel.options().size(), 2);
        QCOMPARE(panel.options()[0], (Option{u"cap-add"_s, u"NET_ADMIN"_s}));
    }

    void anUnknownOptionIsNotLostInSilence()
    {
        OptionsPanel panel;
        panel.setOptions({{u"teleport"_s, u"now"_s}});
        panel.show();
        QCOMPARE(panel.problems(), QStringList{u"docker run has no option --teleport."_s});
        QVERIFY(says(panel, panel.problems().first()));
    }

    void optionsOfOtherStepsLeadThere()
    {
        RunWizard wizard;
        wizard.show();
        wizard.showStep(WizardStep::Resources);
        QVERIFY(QTest::qWaitForWindowActive(&wizard));
        auto *panel = wizard.findChild<OptionsPanel *>();
        add(*panel, u"shm-size"_s);
        QCOMPARE(QApplication::focusWidget()->accessibleName(), u"Shared memory"_s);
        add(*panel, u"gpus"_s);
        QCOMPARE(wizard.step(), WizardStep::Gpus);
        QVERIFY(panel->options().isEmpty());
        // Each option with fields of its own has a way to them.
        for (const DockerOption &option : dockerOptions()) {
            if (!option.typed)
                continue;
            wizard.showStep(WizardStep::Resources);
            panel->finder()->setFocus();
            add(*panel, option.name);
            QVERIFY2(wizard.step() != WizardStep::Resources || QApplication::focusWidget() != panel->finder(),
                option.name.data());
        }
    }

    void theWizardKeepsAndShowsThem()
    {
        RunConfig config;
        config.image = u"a:1"_s;
        config.options = {{u"cap-add"_s, u"SYS_PTRACE"_s}, {u"init"_s, u"true"_s}, {u"hostname"_s, u"trainer"_s},
            {u"cap-add"_s, u"NET_ADMIN"_s}};
        RunWizard wizard;
        wizard.setConfig(config);
        QVERIFY(wizard.config() == config);
        QVERIFY(wizard.canLaunch());
        named<QLineEdit>(wizard, u"--hostname"_s)->setText(u"other"_s);
        config.options[2].value = u"other"_s;
        QVERIFY(wizard.config() == config);
        named<QCheckBox>(wizard, u"--init"_s)->setChecked(false);
        config.options[1].value = u"false"_s;
        QVERIFY(wizard.config() == config);
    }
};

QTEST_MAIN(OptionsPanelTest)
#include "tst_optionspanel.moc"
