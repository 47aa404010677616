#include "common/listeditor.h"
#include "common/messagebar.h"
#include "common/tableview.h"
#include "dockerline/dockerline.h"
#include "launch/machinefacts.h"
#include "launch/runwizard.h"

#include "launch/codeuse.h"
#include "launch/sampletraining.h"

#include <QAbstractItemModelTester>
#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QRadioButton>
#include <QRandomGenerator>
#include <QSignalSpy>
#include <QSpinBox>
#include <QStackedWidget>
#include <QTemporaryDir>
#include <QTest>

using namespace launch;
using namespace recipe;
using namespace dockerline;

Q_DECLARE_METATYPE(recipe::RunConfig)

/**
 * The wizard through its widgets, found by their accessible names as a screen reader finds them: what is filled in is
 * what is launched, what is wrong says so and stays, and any configuration survives the way through the pages.
 */
class RunWizardTest : public QObject
{
    Q_OBJECT
private:
    /** The n-th widget of that class and accessible name; fails the test when there is none. */
    template <typename W> static W *named(QWidget &root, const char *name, int n = 0)
    {
        for (W *widget : root.findChildren<W *>()) {
            QString own = widget->accessibleName();
            if constexpr (std::is_base_of_v<QAbstractButton, W>) {
                if (own.isEmpty())
                    own = widget->text().remove(u'&');
            }
            if (own == QString::fromUtf8(name) && n-- == 0)
                return widget;
        }
        qFatal("there is no %s named \"%s\"", W::staticMetaObject.className(), name);
    }

    static void type(QWidget &root, const char *field, const QString &text, int n = 0)
    {
        auto *edit = named<QLineEdit>(root, field, n);
        edit->clear();
        QTest::keyClicks(edit, text);
    }

    /** Of several of that name, the one in sight: a finding has its button on its page and in Review. */
    static void clickShown(QWidget &root, const char *name)
    {
        for (QPushButton *button : root.findChildren<QPushButton *>()) {
            if (button->isVisible() && button->accessibleName() == QLatin1String(name))
                return button->click();
        }
        qFatal("no button named \"%s\" is in sight", name);
    }

    static void click(QWidget &root, const char *button) { named<QPushButton>(root, button)->click(); }

    static QString reviewLine(RunWizard &wizard)
    {
        return named<QPlainTextEdit>(wizard, "docker run line")->toPlainText();
    }

    static QList<ImageChoice> images()
    {
        return {{QStringLiteral("pytorch:24.05"), QStringLiteral("sha256:aaaa"), 1, 1},
            {QStringLiteral("tensorflow:2.16"), QStringLiteral("sha256:bbbb"), 2, 2},
            {QStringLiteral("ubuntu:22.04"), QStringLiteral("sha256:cccc"), 3, 3}};
    }

private Q_SLOTS:
    void namesAreTheContract()
    {
        RunWizard wizard;
        QCOMPARE(wizard.windowTitle(), QStringLiteral("New run"));
        QVERIFY(!wizard.isModal());
        auto *steps = named<QListWidget>(wizard, "Steps");
        QStringList names;
        for (int i = 0; i < steps->count(); ++i)
            names += steps->item(i)->text();
        QCOMPARE(names.join(u' '), QStringLiteral("Image GPUs Code Mounts Command Resources Review"));
        for (const char *button : {"Back", "Next", "Launch", "Cancel"})
            QVERIFY(named<QPushButton>(wizard, button));
    }

    void whatOnlyTheCodePageKnowsIsSaidEverywhere()
    {
        RunWizard wizard;
        RunConfig config;
        config.image = QStringLiteral("a");
        config.mounts = {{QStringLiteral("/home/me/none"), QStringLiteral("/w"), false, false, {}}};
        config.code.folder = QStringLiteral("/w/repo");
        config.code.checkout = QStringLiteral("dev");
        config.command = {QStringLiteral("x")};
        wizard.setConfig(config);
        auto *steps = named<QListWidget>(wizard, "Steps");
        auto *review = named<QListWidget>(wizard, "Before you launch");
        const auto said = [&] {
            return steps->item(int(WizardStep::Code))->toolTip().contains(u"runs from the same folder")
                && !review->findItems(QStringLiteral("runs from the same folder"), Qt::MatchContains).isEmpty();
        };
        QVERIFY(!said());
        wizard.setRunningUses(
            {{QStringLiteral("vit-3"), QStringLiteral("/home/me/none/repo"), QStringLiteral("main")}});
        QTRY_VERIFY(said());
        QVERIFY(wizard.canLaunch());
        wizard.setRunningUses({});
        QTRY_VERIFY(!said());
    }

    void everyInputHasAName()
    {
        RunWizard wizard;
        RunConfig config;
        config.mounts = {{QStringLiteral("/a"), QStringLiteral("/b"), false, false, {}}};
        config.env = {{QStringLiteral("A"), QStringLiteral("1")}};
        config.ports = {QStringLiteral("1:1")};
        config.ulimits = {{QStringLiteral("nofile"), 1, 1}};
        config.labels = {{QStringLiteral("a"), QStringLiteral("b")}};
        wizard.setConfig(config);
        for (QWidget *widget : wizard.findChildren<QWidget *>()) {
            if (widget->window() != &wizard || widget->objectName().startsWith(u"qt_")
                || qobject_cast<QComboBox *>(widget->parentWidget()))
                continue;
            const bool input = qobject_cast<QLineEdit *>(widget) || qobject_cast<QPlainTextEdit *>(widget)
                || qobject_cast<QComboBox *>(widget) || qobject_cast<QSpinBox *>(widget)
                || qobject_cast<QAbstractItemView *>(widget);
            if (input && (widget->focusPolicy() & Qt::TabFocus))
                QVERIFY2(!widget->accessibleName().isEmpty(),
                    qPrintable(QString::fromUtf8(widget->metaObject()->className())));
            const auto *button = qobject_cast<QAbstractButton *>(widget);
            if (button && (button->focusPolicy() & Qt::TabFocus) && button->isVisibleTo(&wizard))
                QVERIFY2(!button->text().isEmpty() || !button->accessibleName().isEmpty(),
                    button->metaObject()->className());
        }
    }

    /** Two free GPUs and a busy one between them. */
    static QList<inventory::GpuOffer> gpus()
    {
        QList<inventory::GpuOffer> offers;
        for (int i = 0; i < 3; ++i) {
            inventory::GpuOffer offer;
            offer.uuid = QStringLiteral("GPU-%1aaaaaaa").arg(i);
            offer.place = QString::number(i);
            offer.name = QStringLiteral("NVIDIA H100");
            offer.memoryTotal = qint64(80) << 30;
            offer.memoryFree = qint64(80 - i) << 30;
            offers += offer;
        }
        inventory::GpuUser user;
        user.name = QStringLiteral("resnet-7");
        offers[1].users = {user};
        return offers;
    }

    void gpusAreTickedInTheList()
    {
        RunWizard wizard;
        wizard.setGpus(gpus(), {});
        auto *table = named<common::TableView>(wizard, "Choose GPUs");
        QAbstractItemModelTester tester(table->model());
        QCOMPARE(table->model()->rowCount(), 3);
        const auto ticks = [&] {
            QString text;
            for (int row = 0; row < table->model()->rowCount(); ++row)
                text += table->model()->index(row, 0).data(Qt::CheckStateRole).toInt() == Qt::Checked ? u'x' : u'-';
            return text;
        };
        const auto tick = [&](int row, bool on) {
            table->model()->setData(
                table->model()->index(row, 0), on ? Qt::Checked : Qt::Unchecked, Qt::CheckStateRole);
        };
        QCOMPARE(ticks(), QStringLiteral("---"));
        tick(0, true);
        tick(2, true);
        QCOMPARE(wizard.config().gpus,
            (GpuRequest{
                GpuRequest::Kind::Devices, 0, {QStringLiteral("GPU-0aaaaaaa"), QStringLiteral("GPU-2aaaaaaa")}}));
        tick(0, false);
        QCOMPARE(wizard.config().gpus.devices, QStringList{QStringLiteral("GPU-2aaaaaaa")});

        // What is typed is ticked, and what is ticked can be taken back, however it was written.
        type(wizard, "These", QStringLiteral("1, GPU-2aaaaaaa"));
        QCOMPARE(ticks(), QStringLiteral("-xx"));
        tick(1, false);
        QCOMPARE(wizard.config().gpus.devices, QStringList{QStringLiteral("GPU-2aaaaaaa")});
        // A GPU that went away is not dropped in silence.
        wizard.setGpus(gpus().mid(0, 2), {});
        QCOMPARE(wizard.config().gpus.devices, QStringList{QStringLiteral("GPU-2aaaaaaa")});

        wizard.setGpus(gpus(), {});
        named<QRadioButton>(wizard, "All")->click();
        QCOMPARE(ticks(), QStringLiteral("xxx"));
        tick(1, false);
        QCOMPARE(wizard.config().gpus.devices,
            (QStringList{QStringLiteral("GPU-0aaaaaaa"), QStringLiteral("GPU-2aaaaaaa")}));
        QVERIFY(named<QRadioButton>(wizard, "These")->isChecked());
    }

    void noGpuByNumberStaysSo()
    {
        RunWizard wizard;
        RunConfig config;
        config.image = QStringLiteral("bb:1");
        config.gpus = {GpuRequest::Kind::Count, 0, {}};
        wizard.setConfig(config);
        QCOMPARE(wizard.config().gpus, config.gpus);
    }

    void anyGpusAreChosenAtTheLaunch()
    {
        RunWizard wizard;
        wizard.setGpus(gpus(), {});
        RunConfig config;
        config.image = QStringLiteral("bb:1");
        config.gpus = {GpuRequest::Kind::Any, 2, {}, (qint64(20) << 30) + 1};
        wizard.setConfig(config);
        QCOMPARE(wizard.config(), config);
        QVERIFY(wizard.canLaunch());
        QVERIFY2(reviewLine(wizard).contains(QStringLiteral("device=GPU-0aaaaaaa,GPU-2aaaaaaa")),
            qPrintable(reviewLine(wizard)));
        named<QSpinBox>(wizard, "Any")->setValue(3);
        named<QSpinBox>(wizard, "Free memory")->setValue(79);
        QVERIFY(!wizard.canLaunch());
        QCOMPARE(wizard.findings().first().text, QStringLiteral("Only 2 GPUs have 79 GiB free now."));
    }

    void aBusyGpuIsWarnedOf()
    {
        RunWizard wizard;
        wizard.setGpus(gpus(), {});
        RunConfig config;
        config.image = QStringLiteral("bb:1");
        config.gpus = {GpuRequest::Kind::Devices, 0, {QStringLiteral("1")}};
        wizard.setConfig(config);
        QVERIFY(wizard.canLaunch());
        QCOMPARE(wizard.findings().first().text, QStringLiteral("GPU 1 is in use by resnet-7."));
        QCOMPARE(wizard.findings().first().step, WizardStep::Gpus);
        auto free = gpus();
        free[1].users.clear();
        wizard.setGpus(free, {});
        for (const StepFinding &finding : wizard.findings())
            QVERIFY2(finding.step != WizardStep::Gpus, qPrintable(finding.text));
    }

    /** DESIGN.md's reference line, by clicking and typing alone. */
    void theReferenceLineCanBeEntered()
    {
        RunWizard wizard;
        wizard.show();
        type(wizard, "Image", QStringLiteral("tensorflow:2.16"));
        named<QRadioButton>(wizard, "These")->click();
        type(wizard, "These", QStringLiteral("0"));
        named<QRadioButton>(wizard, "Code that lies in the image or a mounted folder")->click();
        QTest::keyClicks(named<QComboBox>(wizard, "Folder")->lineEdit(), QStringLiteral("/workspace/training_repo"));
        type(wizard, "Check out", QStringLiteral("my_training_dev_branch"));
        click(wizard, "Add mount");
        type(wizard, "Host folder", QStringLiteral("/home/me/workspace/"));
        type(wizard, "Container path", QStringLiteral("/workspace"));
        named<QRadioButton>(wizard, "Shell script")->click();
        QTest::keyClicks(named<QPlainTextEdit>(wizard, "Shell script"),
            QStringLiteral("export PYTHONPATH=/workspace && python3 /workspace/training_repo/train.py"));
        type(wizard, "Name", QStringLiteral("tensorflow2-container"));
        named<QCheckBox>(wizard, "Keep its input open (-i)")->click();
        type(wizard, "Shared memory", QStringLiteral("1g"));
        named<QCheckBox>(wizard, "Unlimited memlock")->click();
        type(wizard, "Stack", QStringLiteral("67108864"));
        named<QComboBox>(wizard, "Network")->setCurrentText(QStringLiteral("The host's own (host)"));

        wizard.showStep(WizardStep::Review);
        QCOMPARE(reviewLine(wizard),
            QStringLiteral(
                "docker run -i -d --rm --gpus=device=0 --name tensorflow2-container --network=host --shm-size=1g "
                "--ulimit memlock=-1 --ulimit stack=67108864 -v /home/me/workspace/:/workspace tensorflow:2.16 "
                "bash -c \"cd /workspace/training_repo && git pull && git checkout my_training_dev_branch && "
                "export PYTHONPATH=/workspace && python3 /workspace/training_repo/train.py\""));
        QVERIFY(QTest::qWaitForWindowActive(&wizard));
        QSignalSpy launch(&wizard, &RunWizard::launchRequested);
        QTest::keyClick(&wizard, Qt::Key_Return, Qt::ControlModifier);
        QCOMPARE(launch.size(), 1);
        QCOMPARE(dockerRunLine(launch[0][0].value<RunConfig>()), reviewLine(wizard));
    }

    void everyOtherFieldReachesTheConfig()
    {
        RunWizard wizard;
        wizard.show();
        type(wizard, "Image", QStringLiteral("a:1"));
        type(wizard, "Platform", QStringLiteral("linux/arm64"));
        named<QRadioButton>(wizard, "The first")->click();
        named<QSpinBox>(wizard, "The first")->setValue(3);
        click(wizard, "Add mount");
        type(wizard, "Host folder", QStringLiteral("data"));
        type(wizard, "Container path", QStringLiteral("/data"));
        type(wizard, "Options", QStringLiteral("z"));
        named<QCheckBox>(wizard, "Read-only")->click();
        QTest::keyClicks(named<QPlainTextEdit>(wizard, "Command"), QStringLiteral("train 'a b' c"));
        type(wizard, "Working directory", QStringLiteral("/w"));
        type(wizard, "User", QStringLiteral("1000:1000"));
        named<QCheckBox>(wizard, "Replace the image's entry point")->click();
        type(wizard, "Replace the image's entry point", QStringLiteral("/bin/tini"));
        click(wizard, "Add variable");
        type(wizard, "Variable", QStringLiteral("A"));
        type(wizard, "Value", QStringLiteral("x=y z"));
        click(wizard, "Add variable");
        type(wizard, "Variable", QStringLiteral("TOKEN"), 1);
        named<QCheckBox>(wizard, "Inherit", 1)->click();
        named<QCheckBox>(wizard, "Remove when finished")->click();
        named<QComboBox>(wizard, "Restart")->setCurrentText(QStringLiteral("Until it is stopped"));
        named<QCheckBox>(wizard, "Give it a terminal (-t)")->click();
        named<QCheckBox>(wizard, "Run in the background (-d)")->click();
        type(wizard, "Memory", QStringLiteral("16g"));
        type(wizard, "CPUs", QStringLiteral("2.5"));
        named<QComboBox>(wizard, "IPC")->setCurrentText(QStringLiteral("Other…"));
        type(wizard, "IPC", QStringLiteral("shareable"));
        click(wizard, "Add limit");
        type(wizard, "Limit", QStringLiteral("nofile"));
        type(wizard, "Soft", QStringLiteral("1024"));
        type(wizard, "Hard", QStringLiteral("65536"));
        named<QComboBox>(wizard, "Network")->setCurrentText(QStringLiteral("Other…"));
        type(wizard, "Network", QStringLiteral("mynet"));
        click(wizard, "Add port");
        type(wizard, "Port", QStringLiteral("8888:8888"));
        click(wizard, "Add label");
        type(wizard, "Label", QStringLiteral("project"));
        type(wizard, "Label value", QStringLiteral("vision"));

        RunConfig wanted;
        wanted.image = QStringLiteral("a:1");
        wanted.platform = QStringLiteral("linux/arm64");
        wanted.gpus = {GpuRequest::Kind::Count, 3, {}};
        wanted.mounts = {{QStringLiteral("data"), QStringLiteral("/data"), true, false, QStringLiteral("z")}};
        wanted.command = {QStringLiteral("train"), QStringLiteral("a b"), QStringLiteral("c")};
        wanted.workingDir = QStringLiteral("/w");
        wanted.user = QStringLiteral("1000:1000");
        wanted.entrypoint = QStringLiteral("/bin/tini");
        wanted.env = {{QStringLiteral("A"), QStringLiteral("x=y z")}, {QStringLiteral("TOKEN"), std::nullopt}};
        wanted.removeWhenFinished = false;
        wanted.restart = QStringLiteral("unless-stopped");
        wanted.tty = true;
        wanted.detach = false;
        wanted.memory = qint64(16) << 30;
        wanted.cpus = 2.5;
        wanted.ipc = QStringLiteral("shareable");
        wanted.ulimits = {{QStringLiteral("nofile"), 1024, 65536}};
        wanted.network = QStringLiteral("mynet");
        wanted.ports = {QStringLiteral("8888:8888")};
        wanted.labels = {{QStringLiteral("project"), QStringLiteral("vision")}};
        QCOMPARE(dockerRunLine(wizard.config()), dockerRunLine(wanted)); // shows the difference
        QVERIFY(wizard.config() == wanted);
    }

    void anyConfigurationSurvivesThePages()
    {
        QRandomGenerator random(11);
        RunWizard wizard;
        for (int round = 0; round < 300; ++round) {
            const RunConfig config = generated(random);
            wizard.setConfig(config);
            if (!(wizard.config() == config))
                QCOMPARE(dockerRunLine(wizard.config()), dockerRunLine(config));
            QVERIFY2(wizard.config() == config, qPrintable(dockerRunLine(config)));
        }
    }

    void whatIsWrongSaysSoAndStays_data()
    {
        QTest::addColumn<QByteArray>("field");
        QTest::addColumn<QString>("typed");
        QTest::addColumn<int>("step");
        const auto row = [](const char *field, const char *typed, WizardStep step) {
            QTest::newRow(field) << QByteArray(field) << QString::fromUtf8(typed) << int(step);
        };
        row("Image", "Not An Image", WizardStep::Image);
        row("Shared memory", "lots", WizardStep::Resources);
        row("Memory", "1q", WizardStep::Resources);
        row("CPUs", "four", WizardStep::Resources);
        row("Stack", "-5", WizardStep::Resources);
        row("Name", "a b", WizardStep::Resources);
        row("Working directory", "relative", WizardStep::Command);
    }
    void whatIsWrongSaysSoAndStays()
    {
        QFETCH(QByteArray, field);
        QFETCH(QString, typed);
        QFETCH(int, step);
        RunWizard wizard;
        wizard.show();
        type(wizard, "Image", QStringLiteral("a:1"));
        QVERIFY(wizard.canLaunch());
        type(wizard, field.constData(), typed);
        QVERIFY(!wizard.canLaunch());
        QVERIFY(!named<QPushButton>(wizard, "Launch")->isEnabled());
        QVERIFY(wizard.findings().first().error);
        QCOMPARE(int(wizard.findings().first().step), step);
        QCOMPARE(named<QPushButton>(wizard, "Launch")->toolTip(), wizard.findings().first().text);
        QCOMPARE(named<QListWidget>(wizard, "Steps")->item(step)->toolTip(), wizard.findings().first().text);
        QCOMPARE(named<QLineEdit>(wizard, field.constData())->text(), typed);
        QVERIFY(QTest::qWaitForWindowActive(&wizard));
        QSignalSpy launch(&wizard, &RunWizard::launchRequested);
        QTest::keyClick(&wizard, Qt::Key_Return, Qt::ControlModifier);
        QCOMPARE(launch.size(), 0);
        // Review lists it and leads to it.
        wizard.showStep(WizardStep::Review);
        auto *list = named<QListWidget>(wizard, "Before you launch");
        QCOMPARE(list->item(0)->text(), wizard.findings().first().text);
        Q_EMIT list->itemActivated(list->item(0));
        QCOMPARE(int(wizard.step()), step);
    }

    void anOpenQuoteIsNamed()
    {
        RunWizard wizard;
        type(wizard, "Image", QStringLiteral("a:1"));
        auto *command = named<QPlainTextEdit>(wizard, "Command");
        command->setPlainText(QStringLiteral("echo 'a"));
        QVERIFY(!wizard.canLaunch());
        QCOMPARE(wizard.findings().first().text, QStringLiteral("The command has a quote that is not closed."));
        command->setPlainText(QStringLiteral("echo 'a'"));
        QVERIFY(wizard.canLaunch());
    }

    void enterOnAFindingDoesNotLaunch()
    {
        RunWizard wizard;
        wizard.show();
        QVERIFY(QTest::qWaitForWindowActive(&wizard));
        type(wizard, "Image", QStringLiteral("a:1"));
        wizard.showStep(WizardStep::Review);
        QVERIFY(wizard.canLaunch());
        auto *list = named<QListWidget>(wizard, "Before you launch");
        QVERIFY(list->count() > 0); // nothing is mounted, and it is removed when finished
        list->setCurrentRow(0);
        list->setFocus();
        QSignalSpy launch(&wizard, &RunWizard::launchRequested);
        QTest::keyClick(list, Qt::Key_Return);
        QCOMPARE(launch.size(), 0);
        QCOMPARE(wizard.step(), wizard.findings().first().step);
    }

    void aCommandThatNeedsAShellSaysSo()
    {
        RunWizard wizard;
        wizard.show();
        wizard.showStep(WizardStep::Command);
        auto *command = named<QPlainTextEdit>(wizard, "Command");
        const auto hint = [&wizard] {
            for (const QLabel *label : wizard.findChildren<QLabel *>()) {
                if (label->isVisible() && label->text().contains(QStringLiteral("only to a shell")))
                    return label->text();
            }
            return QString();
        };
        command->setPlainText(QStringLiteral("cd /w && python3 train.py"));
        QVERIFY(hint().contains(QStringLiteral("“&&”")));
        command->setPlainText(QStringLiteral("echo 'a && b'"));
        QCOMPARE(hint(), QString());
    }

    void aFreshDialogDoesNotComplain()
    {
        RunWizard wizard;
        QVERIFY(!wizard.canLaunch());
        auto *steps = named<QListWidget>(wizard, "Steps");
        for (int i = 0; i < steps->count(); ++i)
            QVERIFY(steps->item(i)->toolTip().isEmpty());
        click(wizard, "Next");
        QVERIFY(!steps->item(0)->toolTip().isEmpty());
    }

    void aFailureKeepsEverything()
    {
        RunWizard wizard;
        wizard.show();
        type(wizard, "Image", QStringLiteral("a:1"));
        type(wizard, "Name", QStringLiteral("vit-3"));
        const RunConfig typed = wizard.config();
        wizard.setBusy(QStringLiteral("Creating vit-3…"));
        QVERIFY(!wizard.canLaunch());
        QSignalSpy abort(&wizard, &RunWizard::abortRequested);
        QTest::keyClick(&wizard, Qt::Key_Escape);
        QCOMPARE(abort.size(), 1);
        QVERIFY(wizard.isVisible());
        wizard.showFailure({core::ErrorKind::Conflict, 409,
            QStringLiteral("Conflict. The container name \"/vit-3\" is already in use by container \"0a\"."), {}});
        auto *bar = wizard.findChild<common::MessageBar *>();
        QVERIFY(bar->isVisible());
        QCOMPARE(bar->title(), QStringLiteral("Could not launch vit-3: the name vit-3 is taken by another container."));
        QVERIFY(wizard.config() == typed);
        QVERIFY(wizard.canLaunch());
        wizard.finish();
        QVERIFY(!wizard.isVisible());
        QVERIFY(wizard.config() == RunConfig());
    }

    void cancelKeepsTheDraft()
    {
        RunWizard wizard;
        wizard.show();
        type(wizard, "Image", QStringLiteral("a:1"));
        QTest::keyClick(&wizard, Qt::Key_Escape);
        QVERIFY(!wizard.isVisible());
        wizard.show();
        QCOMPARE(wizard.config().image, QStringLiteral("a:1"));
    }

    void theSampleFillsEverythingAndCanBeTakenBack()
    {
        RunWizard wizard;
        wizard.show();
        type(wizard, "Image", QStringLiteral("mine:1"));
        click(wizard, "Sample training");
        RunConfig sample = sampleTraining();
        sample.name = QStringLiteral("sample-training");
        QVERIFY(wizard.config() == sample);
        QVERIFY(wizard.canLaunch());
        click(wizard, "Back to what I had");
        QCOMPARE(wizard.config().image, QStringLiteral("mine:1"));
        click(wizard, "Start over");
        QVERIFY(wizard.config() == RunConfig());
    }

    void imagesAreSearchedAndChosen()
    {
        RunWizard wizard;
        wizard.show();
        wizard.setImages(images());
        auto *table = named<common::TableView>(wizard, "Images of this machine");
        QAbstractItemModelTester tester(table->model(), QAbstractItemModelTester::FailureReportingMode::QtTest);
        QCOMPARE(table->model()->rowCount(), 3);
        type(wizard, "Image", QStringLiteral("flow"));
        QCOMPARE(table->model()->rowCount(), 1);
        QVERIFY(!wizard.findings().isEmpty()); // no such image here
        QTest::mouseClick(
            table->viewport(), Qt::LeftButton, {}, table->visualRect(table->model()->index(0, 0)).center());
        QCOMPARE(wizard.config().image, QStringLiteral("tensorflow:2.16"));
        // New images change nothing that was chosen.
        wizard.setImages(images().mid(0, 2));
        QCOMPARE(wizard.config().image, QStringLiteral("tensorflow:2.16"));
        named<QLineEdit>(wizard, "Image")->clear();
        QCOMPARE(table->model()->rowCount(), 2);
        QTest::keyClick(table, Qt::Key_Home);
        QTest::keyClick(table, Qt::Key_Return);
        QCOMPARE(wizard.config().image, QStringLiteral("pytorch:24.05"));
        QCOMPARE(wizard.step(), WizardStep::Gpus);
    }

    void aMountedFolderMayBringItsRun()
    {
        QTemporaryDir folder;
        QFile file(folder.filePath(QStringLiteral("slipway.json")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(R"({"slipway": 1, "image": "own:1", "mounts": [{"source": "${PWD}", "target": "/w"}]})");
        file.close();
        RunWizard wizard;
        wizard.show();
        RunConfig config;
        config.image = QStringLiteral("a:1");
        config.mounts = {{folder.path(), QStringLiteral("/a"), false, false, {}}};
        wizard.setConfig(config);
        wizard.showStep(WizardStep::Mounts);
        const auto use = [&wizard]() -> QPushButton * {
            for (auto *button : wizard.findChildren<QPushButton *>()) {
                if (button->accessibleName() == u"Use it" && button->isVisible())
                    return button;
            }
            return nullptr;
        };
        QTRY_VERIFY(use());
        use()->click();
        QCOMPARE(wizard.config().image, QStringLiteral("own:1"));
        QCOMPARE(wizard.config().mounts.first().source, folder.path());
        QTRY_VERIFY(!use());
    }

    void aNoteGoesWhenTheNextStepIsShown()
    {
        RunWizard wizard;
        wizard.show();
        auto *bar = wizard.findChild<common::MessageBar *>();
        wizard.showNote(QStringLiteral("Saved."));
        QVERIFY(bar->isVisible());
        named<QPushButton>(wizard, "Next")->click();
        QVERIFY(!bar->isVisible());
        wizard.showFailure({core::ErrorKind::Daemon, 500, QStringLiteral("no"), {}});
        named<QPushButton>(wizard, "Next")->click();
        QVERIFY(bar->isVisible()); // what failed stays
    }

    void aMissingHostFolderIsNoted()
    {
        QTemporaryDir folder;
        RunWizard wizard;
        RunConfig config;
        config.image = QStringLiteral("a:1");
        config.mounts = {{folder.path(), QStringLiteral("/a"), false, false, {}},
            {folder.filePath(QStringLiteral("missing")), QStringLiteral("/b"), false, false, {}}};
        wizard.setConfig(config);
        auto *mounts = wizard.findChild<common::ListEditor *>(QStringLiteral("mounts"));
        QTRY_VERIFY(mounts->note(1).contains(QStringLiteral("does not exist")));
        QCOMPARE(mounts->note(0), QString());
        QVERIFY(wizard.canLaunch());
        named<QCheckBox>(wizard, "Must exist", 1)->click();
        QVERIFY(!wizard.canLaunch());
        // On another machine nobody knows.
        wizard.setHostIsLocal(false);
        QVERIFY(wizard.canLaunch());
        QCOMPARE(mounts->note(1), QString());
    }

    void aButtonMendsAndCanBeUndone()
    {
        RunWizard wizard;
        wizard.show();
        type(wizard, "Image", QStringLiteral("a:1"));
        type(wizard, "Name", QStringLiteral("vit"));
        type(wizard, "Working directory", QStringLiteral("/w"));
        named<QPlainTextEdit>(wizard, "Command")->setPlainText(QStringLiteral("echo 'open"));
        wizard.setContainerNames({QStringLiteral("vit"), QStringLiteral("vit-2")});
        QVERIFY(!wizard.canLaunch());
        // On its page, and in Review.
        wizard.showStep(WizardStep::Resources);
        clickShown(wizard, "Use vit-3");
        QTRY_COMPARE(wizard.config().name, QStringLiteral("vit-3"));
        QCOMPARE(named<QLineEdit>(wizard, "Name")->text(), QStringLiteral("vit-3"));
        // What cannot be understood stays as it was typed, on pages that have nothing to do with it.
        QCOMPARE(named<QPlainTextEdit>(wizard, "Command")->toPlainText(), QStringLiteral("echo 'open"));
        click(wizard, "Undo");
        QCOMPARE(wizard.config().name, QStringLiteral("vit"));
        wizard.showStep(WizardStep::Review);
        auto *list = named<QListWidget>(wizard, "Before you launch");
        clickShown(*list, "Use vit-3");
        QTRY_COMPARE(wizard.config().name, QStringLiteral("vit-3"));
        QCOMPARE(wizard.step(), WizardStep::Review);
    }

    void aMissingFolderCanBeMade()
    {
        QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("data"));
        RunWizard wizard;
        wizard.show();
        RunConfig config;
        config.image = QStringLiteral("a:1");
        config.mounts = {{path, QStringLiteral("/data"), false, false, {}}};
        wizard.setConfig(config);
        MachineFacts machine;
        machine.person = myself();
        wizard.setMachine(machine);
        QSignalSpy wanted(&wizard, &RunWizard::folderWanted);
        QTRY_VERIFY(!wizard.findings().isEmpty());
        QVERIFY(wizard.findings().first().text.contains(QStringLiteral("does not exist")));
        wizard.showStep(WizardStep::Mounts);
        clickShown(wizard, "Create it");
        QTRY_COMPARE(wanted.size(), 1);
        QCOMPARE(wanted.first().first().toString(), path);
        wizard.folderMade(path, core::Error{core::ErrorKind::Denied, 0, QStringLiteral("It could not be made."), {}});
        QCOMPARE(wizard.findChild<common::MessageBar *>()->title(), QStringLiteral("It could not be made."));
        QVERIFY(makeFolder(path).ok());
        wizard.folderMade(path, {});
        QTRY_VERIFY(wizard.findings().isEmpty());
    }

    void launchesAndOpensTheNext()
    {
        RunWizard wizard;
        wizard.show();
        type(wizard, "Image", QStringLiteral("a:1"));
        type(wizard, "Name", QStringLiteral("vit"));
        wizard.setContainerNames({QStringLiteral("vit-2")});
        QVERIFY(!named<QPushButton>(wizard, "Launch and open another")->isVisible());
        wizard.showStep(WizardStep::Review);
        QSignalSpy launch(&wizard, &RunWizard::launchRequested);
        click(wizard, "Launch and open another");
        QCOMPARE(launch.size(), 1);
        wizard.setBusy(QStringLiteral("Creating vit…"));
        wizard.finish();
        QVERIFY(wizard.isVisible());
        QCOMPARE(wizard.config().name, QStringLiteral("vit-3"));
        QCOMPARE(wizard.config().image, QStringLiteral("a:1"));
        // Launch alone closes it.
        click(wizard, "Launch");
        wizard.finish();
        QVERIFY(!wizard.isVisible());
    }

    void savesOnlyWhereSomebodyKeepsIt()
    {
        RunWizard wizard;
        wizard.show();
        type(wizard, "Image", QStringLiteral("a:1"));
        wizard.showStep(WizardStep::Review);
        auto *save = named<QPushButton>(wizard, "Save…");
        QVERIFY(!save->isVisible());
        wizard.setCanSave(true);
        QVERIFY(save->isVisible());
        QSignalSpy saved(&wizard, &RunWizard::saveRequested);
        save->click();
        QCOMPARE(saved.size(), 1);
        QVERIFY(saved.first().first().value<RunConfig>() == wizard.config());
    }

    void reviewSaysWhatWillHappen()
    {
        RunWizard wizard;
        type(wizard, "Image", QStringLiteral("a:1"));
        type(wizard, "Name", QStringLiteral("vit"));
        QVERIFY(named<QLabel>(wizard, "What will happen")
                    ->text()
                    .contains(QStringLiteral("Runs a:1 without a GPU as vit.")));
    }

    void asksForWhatAnImageBrings()
    {
        RunWizard wizard;
        QSignalSpy named(&wizard, &RunWizard::imageNamed);
        wizard.setImages(images());
        type(wizard, "Image", QStringLiteral("pytorch:24.05"));
        QCOMPARE(named.size(), 1);
        QCOMPARE(named.first().first().toString(), QStringLiteral("pytorch:24.05"));
    }

    void aTakenNameIsRefused()
    {
        RunWizard wizard;
        type(wizard, "Image", QStringLiteral("a:1"));
        type(wizard, "Name", QStringLiteral("vit-3"));
        QVERIFY(wizard.canLaunch());
        wizard.setContainerNames({QStringLiteral("vit-3")});
        QVERIFY(!wizard.canLaunch());
        wizard.setContainerNames({});
        QVERIFY(wizard.canLaunch());
    }

private:
    static QString text(QRandomGenerator &random, const QString &letters = QStringLiteral("abc '\"$=:é/-"))
    {
        QString result = QStringLiteral("x");
        for (int i = random.bounded(6); i > 0; --i)
            result += letters[random.bounded(int(letters.size()))];
        return result + u'y'; // the fields trim what stands at the ends
    }

    static CodeStep generatedCode(QRandomGenerator &random)
    {
        const auto coin = [&random] { return random.bounded(2) == 1; };
        CodeStep code;
        code.folder = text(random);
        code.update = CodeStep::Update(random.bounded(3));
        code.checkout = coin() ? text(random) : QString();
        code.commit = coin() ? QString(40, QChar(u'a' + random.bounded(6))) : QString();
        if (coin()) {
            code.source = CodeStep::Source::Clone;
            code.url = text(random);
        }
        return code;
    }

    static RunConfig generated(QRandomGenerator &random)
    {
        const auto coin = [&random] { return random.bounded(2) == 1; };
        const auto size = [&random] {
            return random.bounded(2) == 1
                ? 0
                : random.bounded(1, 9) * (qint64(1) << random.bounded(24, 34)) + random.bounded(2);
        };
        RunConfig c;
        c.image = text(random);
        if (coin())
            c.name = text(random);
        if (coin())
            c.platform = text(random);
        switch (random.bounded(4)) {
        case 0:
            break;
        case 1:
            c.gpus.kind = GpuRequest::Kind::All;
            break;
        case 2:
            c.gpus = {GpuRequest::Kind::Count, random.bounded(1, 9), {}};
            break;
        case 3:
            c.gpus = {GpuRequest::Kind::Devices, 0, {QStringLiteral("0"), QStringLiteral("GPU-3faa")}};
            break;
        }
        if (coin())
            c.code = generatedCode(random);
        for (int i = random.bounded(3); i > 0; --i)
            c.mounts += Mount{
                coin() ? text(random) : QString(), text(random), coin(), coin(), coin() ? text(random) : QString()};
        for (int i = random.bounded(4); i > 0; --i)
            c.command += text(random, QStringLiteral("ab '\"\\$\n"));
        c.useShell = coin();
        c.script = coin() ? text(random, QStringLiteral("ab \n&'")) : QString();
        c.shell = coin() ? QStringLiteral("bash") : QStringLiteral("/bin/zsh");
        if (coin())
            c.entrypoint = coin() ? text(random) : QString();
        if (coin())
            c.workingDir = text(random);
        if (coin())
            c.user = text(random);
        for (int i = random.bounded(3); i > 0; --i)
            c.env += EnvVar{text(random), coin() ? std::optional(coin() ? text(random) : QString()) : std::nullopt};
        for (int i = random.bounded(3); i > 0; --i)
            c.labels += {text(random), coin() ? text(random) : QString()};
        c.interactive = coin();
        c.tty = coin();
        c.detach = coin();
        c.removeWhenFinished = coin();
        static const QStringList networks{
            QString(), QStringLiteral("host"), QStringLiteral("none"), QStringLiteral("mynet")};
        c.network = networks[random.bounded(4)];
        for (int i = random.bounded(3); i > 0; --i)
            c.ports += text(random);
        c.shmSize = size();
        c.memory = size();
        c.cpus = coin() ? random.bounded(64) / 8.0 + 0.1 : 0;
        QList<Ulimit> limits{{QStringLiteral("memlock"), -1, -1}, {QStringLiteral("stack"), 67108864, 67108864},
            {QStringLiteral("nofile"), 1024, 65536}, {QStringLiteral("core"), 0, 0}};
        std::shuffle(limits.begin(), limits.end(), random);
        c.ulimits = limits.mid(random.bounded(5));
        static const QStringList ipcs{QString(), QStringLiteral("host"), QStringLiteral("container:a")};
        c.ipc = ipcs[random.bounded(3)];
        static const QStringList restarts{QString(), QStringLiteral("always"), QStringLiteral("on-failure:9")};
        c.restart = restarts[random.bounded(3)];
        QList<Option> options{{QStringLiteral("init"), QStringLiteral("true")},
            {QStringLiteral("cap-add"), QStringLiteral("SYS_PTRACE")},
            {QStringLiteral("pull"), QStringLiteral("never")}, {QStringLiteral("cap-add"), QStringLiteral("NET_ADMIN")},
            {QStringLiteral("hostname"), QStringLiteral("trainer")},
            {QStringLiteral("health-interval"), QStringLiteral("30s")},
            {QStringLiteral("memory-reservation"), QStringLiteral("8g")}};
        std::shuffle(options.begin(), options.end(), random);
        c.options = options.mid(random.bounded(8));
        return c;
    }
};

QTEST_MAIN(RunWizardTest)
#include "tst_runwizard.moc"
