#include "common/messagebar.h"
#include "launch/pastepanel.h"
#include "launch/runwizard.h"

#include <QClipboard>
#include <QElapsedTimer>
#include <QGuiApplication>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSemaphore>
#include <QStackedWidget>
#include <QTest>

using namespace launch;
using namespace recipe;
using namespace Qt::StringLiterals;

/** A docker run line on its way into the wizard: by the panel, from the clipboard, back out again. */
class PastePanelTest : public QObject
{
    Q_OBJECT
private:
    template <typename W> static W *named(QWidget &root, const QString &name)
    {
        for (W *widget : root.findChildren<W *>()) {
            if (widget->accessibleName() == name && widget->isVisible())
                return widget;
        }
        return nullptr;
    }
    static QPushButton *button(QWidget &root, const QString &name) { return named<QPushButton>(root, name); }
    static QPlainTextEdit *field(QWidget &root) { return named<QPlainTextEdit>(root, u"docker run line to read"_s); }

    static bool says(QWidget &root, const QString &text)
    {
        for (const QLabel *label : root.findChildren<QLabel *>()) {
            if (label->isVisible() && label->text().contains(text))
                return true;
        }
        return false;
    }

    static void open(RunWizard &wizard)
    {
        wizard.show();
        QVERIFY(QTest::qWaitForWindowActive(&wizard));
        button(wizard, u"Paste a docker run line…"_s)->click();
        QVERIFY(field(wizard));
    }

    /** The reference line of a person's every day. */
    static QString line()
    {
        return u"docker run -i -d --rm --gpus=device=0 --name tensorflow2-container --network=host --shm-size=1g "
               "--ulimit memlock=-1 --ulimit stack=67108864 -v /home/me/workspace/:/workspace tensorflow:2.16 "
               "bash -c \"cd /workspace/training_repo && git pull && git checkout my_training_dev_branch && "
               "export PYTHONPATH=/workspace && python3 /workspace/training_repo/train.py\""_s;
    }

private Q_SLOTS:
    void init() { QGuiApplication::clipboard()->clear(); }

    void aGoodLineFillsEveryStep()
    {
        RunWizard wizard;
        open(wizard);
        QVERIFY(named<QListWidget>(wizard, u"Steps"_s)); // stays in sight
        QVERIFY(!button(wizard, u"Launch"_s));
        QVERIFY(!button(wizard, u"Use this line"_s)->isEnabled());
        field(wizard)->insertPlainText(line());
        QTRY_VERIFY(button(wizard, u"Use this line"_s)->isEnabled());
        for (const QString &words : {u"GPU 0"_s, u"Mount /home/me/workspace/ → /workspace"_s, u"Removed when it ends"_s,
                 u"Check out my_training_dev_branch"_s, u"Unlimited memlock"_s})
            QVERIFY2(says(wizard, words), qPrintable(words));
        button(wizard, u"Use this line"_s)->click();
        QCOMPARE(wizard.step(), WizardStep::Review);
        QVERIFY(!field(wizard));
        QCOMPARE(named<QPlainTextEdit>(wizard, u"docker run line"_s)->toPlainText(), line());
        auto *bar = wizard.findChild<common::MessageBar *>();
        QVERIFY(bar->isVisible());
        QCOMPARE(bar->title(), u"Filled from the line you pasted."_s);
    }

    /** In the panel; Review says what stands against a launch in the words of the checks. */
    void remarksAreShown()
    {
        RunWizard wizard;
        open(wizard);
        field(wizard)->setPlainText(u"docker run --rm --gpus 1 a:1"_s);
        QTRY_VERIFY(says(wizard, u"--gpus device=1"_s));
        button(wizard, u"Use this line"_s)->click();
        const auto *list = named<QListWidget>(wizard, u"Before you launch"_s);
        QVERIFY(list->item(0)->text().contains(u"GPU 0"_s));
    }

    void aCountThatMeansNumbersHasAButton_data()
    {
        QTest::addColumn<QString>("typed");
        for (const QString &typed : {u"--gpus 0,1"_s, u"--gpus=0,1"_s, u"--gpus \"0,1\""_s, u"--gpus device=0,1"_s})
            QTest::newRow(qPrintable(typed)) << typed;
    }
    void aCountThatMeansNumbersHasAButton()
    {
        QFETCH(QString, typed);
        RunWizard wizard;
        open(wizard);
        field(wizard)->insertPlainText(u"docker run %1 -v /a:/b img:1 python train.py --gpus 0"_s.arg(typed));
        QTRY_VERIFY(button(wizard, u"Use GPUs 0, 1"_s));
        button(wizard, u"Use GPUs 0, 1"_s)->click();
        QTRY_VERIFY(
            field(wizard)->toPlainText().contains(u"'\"device=0,1\"' -v /a:/b img:1 python train.py --gpus 0"_s));
        QTRY_VERIFY(!button(wizard, u"Use GPUs 0, 1"_s));
        QTRY_VERIFY(button(wizard, u"Use this line"_s)->isEnabled());
        button(wizard, u"Use this line"_s)->click();
        QCOMPARE(wizard.config().gpus.devices, QStringList({u"0"_s, u"1"_s}));
    }

    void whatWasTypedBeforeCanBeHadBack()
    {
        RunWizard wizard;
        RunConfig mine;
        mine.image = u"mine:1"_s;
        wizard.setConfig(mine);
        open(wizard);
        field(wizard)->setPlainText(line());
        QTest::keyClick(field(wizard), Qt::Key_Return, Qt::ControlModifier); // in the very same frame
        QCOMPARE(wizard.config().image, u"tensorflow:2.16"_s);
        button(wizard, u"Back to what I had"_s)->click();
        QVERIFY(wizard.config() == mine);
    }

    void aLineWithAProblemLeadsToItsStep()
    {
        RunWizard wizard;
        wizard.setContainerNames({u"tensorflow2-container"_s});
        open(wizard);
        field(wizard)->setPlainText(line());
        QTRY_VERIFY(button(wizard, u"Use this line"_s)->isEnabled());
        button(wizard, u"Use this line"_s)->click();
        QCOMPARE(wizard.step(), WizardStep::Resources);
    }

    void aFaultIsUnderlinedAtItsPlace()
    {
        RunWizard wizard;
        open(wizard);
        const QString text = u"docker run --gpus all \\\n  --nonsens=1 a:1"_s;
        field(wizard)->setPlainText(text);
        QTRY_VERIFY(says(wizard, u"Line 2, character 3: "_s));
        const auto marks = field(wizard)->extraSelections();
        QCOMPARE(marks.size(), 1);
        QCOMPARE(marks[0].cursor.selectionStart(), text.indexOf(u"--nonsens"_s));
        QVERIFY(marks[0].cursor.selectedText().startsWith(u"--nonsens"_s));
        QVERIFY(says(wizard, u"Understood so far"_s));
        QVERIFY(says(wizard, u"All GPUs"_s));
        QVERIFY(!button(wizard, u"Use this line"_s)->isEnabled());
        QCOMPARE(field(wizard)->toPlainText(), text);
        // Mended: the mark goes.
        field(wizard)->setPlainText(u"docker run --gpus all a:1"_s);
        QTRY_VERIFY(button(wizard, u"Use this line"_s)->isEnabled());
        QVERIFY(field(wizard)->extraSelections().isEmpty());
        // What is missing at the end is shown at the end.
        field(wizard)->setPlainText(u"docker run --gpus all"_s);
        QTRY_COMPARE(field(wizard)->extraSelections().size(), 1);
        QCOMPARE(field(wizard)->extraSelections()[0].cursor.selectionEnd(), 21);
    }

    void backKeepsTheText()
    {
        RunWizard wizard;
        open(wizard);
        field(wizard)->setPlainText(u"docker run --oops"_s);
        button(wizard, u"Back"_s)->click();
        QVERIFY(!field(wizard));
        QVERIFY(button(wizard, u"Launch"_s));
        QCOMPARE(wizard.step(), WizardStep::Image);
        QVERIFY(wizard.config() == RunConfig());
        open(wizard);
        QCOMPARE(field(wizard)->toPlainText(), u"docker run --oops"_s);
        // Escape is Back here; a step of the list, also the same one, leads out, too.
        QTest::keyClick(field(wizard), Qt::Key_Escape);
        QVERIFY(wizard.isVisible());
        QVERIFY(!field(wizard));
        open(wizard);
        auto *steps = named<QListWidget>(wizard, u"Steps"_s);
        QTest::mouseClick(steps->viewport(), Qt::LeftButton, {}, steps->visualItemRect(steps->item(0)).center());
        QVERIFY(!field(wizard));
        open(wizard);
        wizard.showStep(WizardStep::Mounts);
        QVERIFY(!field(wizard));
        QVERIFY(button(wizard, u"Next"_s));
    }

    void variablesAreAskedFor()
    {
        RunWizard wizard;
        open(wizard);
        field(wizard)->setPlainText(u"docker run -v ${SLIPWAY_NO_DATA}:/data -e R=$SLIPWAY_NO_RUN a:1"_s);
        QTRY_VERIFY(named<QLineEdit>(wizard, u"SLIPWAY_NO_DATA"_s));
        QVERIFY(named<QLineEdit>(wizard, u"SLIPWAY_NO_RUN"_s));
        QVERIFY(!button(wizard, u"Use this line"_s)->isEnabled());
        QTest::keyClicks(named<QLineEdit>(wizard, u"SLIPWAY_NO_DATA"_s), u"/srv/data"_s);
        QTest::keyClicks(named<QLineEdit>(wizard, u"SLIPWAY_NO_RUN"_s), u"7"_s);
        QTRY_VERIFY(button(wizard, u"Use this line"_s)->isEnabled());
        // Typing on keeps the values of the variables that remain.
        field(wizard)->setPlainText(u"docker run -v ${SLIPWAY_NO_DATA}:/data a:1"_s);
        QTRY_VERIFY(!named<QLineEdit>(wizard, u"SLIPWAY_NO_RUN"_s));
        QCOMPARE(named<QLineEdit>(wizard, u"SLIPWAY_NO_DATA"_s)->text(), u"/srv/data"_s);
        button(wizard, u"Use this line"_s)->click();
        QCOMPARE(wizard.config().mounts.first().source, u"/srv/data"_s);
    }

    void filesAreReadBesideTheWindow()
    {
        // As in a dead network folder, until it is there again.
        const auto answers = std::make_shared<QSemaphore>();
        PastePanel panel(nullptr, [answers](const QString &path) -> core::Result<QByteArray> {
            answers->acquire();
            if (path == "/dead/none"_L1)
                return core::Error{core::ErrorKind::NotFound, 0, u"The file /dead/none does not exist."_s, {}};
            return QByteArray("LR=0.1\n");
        });
        QList<RunConfig> used;
        connect(&panel, &PastePanel::used, &panel, [&used](const RunConfig &config) { used += config; });
        panel.show();
        QVERIFY(QTest::qWaitForWindowActive(&panel));
        const QString text = u"docker run --gpus all --env-file /dead/env a:1"_s;
        field(panel)->setPlainText(text);
        QTRY_VERIFY(says(panel, u"Reading /dead/env…"_s));
        QVERIFY(field(panel)->extraSelections().isEmpty());
        QVERIFY(!button(panel, u"Use this line"_s)->isEnabled());
        QCOMPARE(field(panel)->toPlainText(), text);
        answers->release();
        QTRY_VERIFY(button(panel, u"Use this line"_s)->isEnabled());
        // Used with what the file holds then.
        button(panel, u"Use this line"_s)->click();
        QTRY_VERIFY(says(panel, u"Reading /dead/env…"_s));
        QVERIFY(used.isEmpty());
        answers->release();
        QTRY_COMPARE(used.size(), 1);
        QCOMPARE(used[0].options, (QList<Option>{{u"env-file"_s, u"/dead/env"_s}}));
        // Who types on in the meantime has not asked for that.
        button(panel, u"Use this line"_s)->click();
        field(panel)->moveCursor(QTextCursor::End);
        QTest::keyClick(field(panel), Qt::Key_Space);
        answers->release();
        QTRY_VERIFY(button(panel, u"Use this line"_s)->isEnabled());
        QCOMPARE(used.size(), 1);
        // What is wrong with it is underlined once it is known.
        answers->release();
        field(panel)->setPlainText(u"docker run --env-file /dead/none a:1"_s);
        QTRY_VERIFY(says(panel, u"The file /dead/none does not exist"_s));
        QCOMPARE(field(panel)->extraSelections().size(), 1);
    }

    void theClipboardIsOffered()
    {
        QGuiApplication::clipboard()->setText(line());
        RunWizard wizard;
        wizard.show();
        QVERIFY(QTest::qWaitForWindowActive(&wizard));
        QTRY_VERIFY(button(wizard, u"Use it"_s));
        QVERIFY(says(wizard, u"The clipboard holds a docker run line"_s));
        button(wizard, u"Use it"_s)->click();
        QVERIFY(field(wizard));
        QCOMPARE(field(wizard)->toPlainText(), line());
        QVERIFY(button(wizard, u"Use this line"_s)->isEnabled());
        button(wizard, u"Back"_s)->click();
        QTest::qWait(20);
        QVERIFY(!button(wizard, u"Use it"_s)); // it was used
    }

    void aDismissedTextIsNotOfferedAgain()
    {
        QGuiApplication::clipboard()->setText(line());
        RunWizard wizard;
        wizard.show();
        QWidget browser;
        browser.show();
        const auto comeBack = [&] { // from where something may have been copied
            browser.activateWindow();
            if (!QTest::qWaitForWindowActive(&browser))
                return false;
            wizard.activateWindow();
            return QTest::qWaitForWindowActive(&wizard);
        };
        QVERIFY(comeBack());
        QTRY_VERIFY(button(wizard, u"Use it"_s));
        button(wizard, u"Not now"_s)->click();
        QVERIFY(!button(wizard, u"Use it"_s));
        QVERIFY(comeBack());
        QGuiApplication::clipboard()->setText(line());
        QVERIFY(comeBack());
        QTest::qWait(20);
        QVERIFY(!button(wizard, u"Use it"_s));
        QGuiApplication::clipboard()->setText(u"sudo docker run another:1"_s);
        QVERIFY(comeBack());
        QTRY_VERIFY(button(wizard, u"Use it"_s));
        // What has gone from the clipboard is not offered any longer.
        QGuiApplication::clipboard()->setText(u"something else"_s);
        QVERIFY(comeBack());
        QTRY_VERIFY(!button(wizard, u"Use it"_s));
    }

    void otherTextsAreNotOffered()
    {
        auto *secret = new QMimeData;
        secret->setText(line());
        secret->setData(u"x-kde-passwordManagerHint"_s, "secret");
        auto *image = new QMimeData;
        image->setData(u"image/png"_s, "docker run a:1");
        auto *longer = new QMimeData;
        longer->setText(u"docker run a:1 "_s + QString(200'000, u'x'));
        for (QMimeData *data : {secret, image, longer}) {
            QGuiApplication::clipboard()->setMimeData(data);
            RunWizard wizard;
            wizard.show();
            QVERIFY(QTest::qWaitForWindowActive(&wizard));
            QTest::qWait(20);
            QVERIFY(!button(wizard, u"Use it"_s));
        }
    }

    /** Typing in a line of the greatest length; a release is several times quicker. */
    void longLinesDoNotStutter()
    {
        RunWizard wizard;
        open(wizard);
        QString text = u"docker run a:1 bash -c '"_s;
        while (text.size() < dockerline::longestLine - 200)
            text += u"python3 train.py --lr 0.1 && "_s;
        text += u"true'"_s;
        QElapsedTimer timer;
        timer.start();
        field(wizard)->setPlainText(text);
        QTRY_VERIFY(button(wizard, u"Use this line"_s)->isEnabled());
        qInfo("pasted in %lld ms", timer.restart());
        field(wizard)->moveCursor(QTextCursor::End);
        for (int i = 0; i < 5; ++i) {
            QTest::keyClick(field(wizard), Qt::Key_Space);
            QTest::qWait(0);
        }
        qInfo("a key: %lld ms", timer.elapsed() / 5);
        QVERIFY2(timer.elapsed() / 5 < 5000, qPrintable(QString::number(timer.elapsed() / 5)));
    }
};

QTEST_MAIN(PastePanelTest)
#include "tst_pastepanel.moc"
