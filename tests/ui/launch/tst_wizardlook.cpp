#include "common/listeditor.h"
#include "common/theme.h"
#include "launch/runwizard.h"

#include <QDir>
#include <QListWidget>
#include <QScrollArea>
#include <QScrollBar>
#include <QStackedWidget>
#include <QTest>

using namespace launch;
using namespace recipe;
using common::Scheme;

/** Every step fits its window without being cut, light and dark; the pictures are kept in wizard-look/ to be looked at.
 */
class WizardLookTest : public QObject
{
    Q_OBJECT
private:
    static RunConfig filled()
    {
        RunConfig c;
        c.image = QStringLiteral("nvcr.io/nvidia/pytorch:24.05-py3");
        c.name = QStringLiteral("resnet-7");
        c.gpus = {GpuRequest::Kind::Devices, 0, {QStringLiteral("0"), QStringLiteral("1")}};
        c.code = {QStringLiteral("/workspace/training_repo"), CodeStep::Update::Pull,
            QStringLiteral("my_training_dev_branch"), {}, {}, {}};
        c.mounts = {{QStringLiteral("/home/me/workspace"), QStringLiteral("/workspace"), false, false, {}},
            {QStringLiteral("/"), QStringLiteral("/data"), true, false, {}}};
        c.useShell = true;
        c.script
            = QStringLiteral("export PYTHONPATH=/workspace && python3 /workspace/training_repo/train.py --epochs 20");
        c.env
            = {{QStringLiteral("NCCL_DEBUG"), QStringLiteral("INFO")}, {QStringLiteral("WANDB_API_KEY"), std::nullopt}};
        c.network = QStringLiteral("host");
        c.shmSize = qint64(1) << 30;
        c.ulimits = {{QStringLiteral("memlock"), -1, -1}, {QStringLiteral("stack"), 67108864, 67108864}};
        c.interactive = true;
        c.options = {{QStringLiteral("cap-add"), QStringLiteral("SYS_PTRACE")},
            {QStringLiteral("init"), QStringLiteral("true")}, {QStringLiteral("pull"), QStringLiteral("always")},
            {QStringLiteral("health-interval"), QStringLiteral("often")}};
        return c;
    }

    static QList<ImageChoice> images()
    {
        QList<ImageChoice> list;
        for (const char *name :
            {"slipway/sample-training:latest", "nvcr.io/nvidia/pytorch:24.05-py3", "tensorflow/tensorflow:2.16.1-gpu",
                "ubuntu:22.04", "registry.example.com/vision/team/segmentation-training:nightly-2026-11-20"})
            list += {QString::fromUtf8(name), QStringLiteral("sha256:%1").arg(list.size()),
                (list.size() * 7 + 1) * 400000000LL, 1790000000};
        return list;
    }

private Q_SLOTS:
    void everyStepFits_data()
    {
        QTest::addColumn<Scheme>("scheme");
        QTest::addColumn<bool>("empty");
        QTest::newRow("light") << Scheme::Light << false;
        QTest::newRow("dark") << Scheme::Dark << false;
        QTest::newRow("light, empty") << Scheme::Light << true;
    }
    void everyStepFits()
    {
        QFETCH(Scheme, scheme);
        QFETCH(bool, empty);
        common::Theme theme(*qApp);
        theme.setScheme(scheme);
        RunWizard wizard;
        wizard.setImages(images());
        if (!empty)
            wizard.setConfig(
                filled(), QStringLiteral("Duplicated from resnet-7. Give it another name before you launch it."));
        wizard.setContainerNames({QStringLiteral("resnet-7")});
        MachineFacts machine;
        machine.rootIsRoot = true;
        machine.person = Person{1000, 1000};
        machine.ports = {{8888, {}, QStringLiteral("tcp"), QStringLiteral("jupyter-1")}};
        machine.cpus = 4;
        wizard.setMachine(machine);
        wizard.show();
        QTRY_VERIFY(wizard.isVisible());

        const QDir folder(QStringLiteral("wizard-look"));
        QVERIFY(folder.mkpath(QStringLiteral(".")));
        for (int i = 0; i < wizardSteps; ++i) {
            wizard.showStep(WizardStep(i));
            QTest::qWait(20); // layouts of a page shown for the first time
            auto *stack = wizard.findChild<QStackedWidget *>();
            auto *scroll = stack->currentWidget()->findChild<QScrollArea *>();
            QVERIFY(scroll);
            if (i == int(WizardStep::Mounts) && !empty)
                QTRY_VERIFY(std::ranges::any_of(
                    wizard.findings(), [](const StepFinding &f) { return f.text.contains(u"does not exist"); }));
            const QString name = QStringLiteral("%1%2-%3.png")
                                     .arg(scheme == Scheme::Dark ? u"dark" : u"light", empty ? u"-empty" : u"")
                                     .arg(i);
            QVERIFY(wizard.grab().save(folder.filePath(name)));
            const int wanted = scroll->widget()->minimumSizeHint().width();
            QVERIFY2(wanted <= scroll->viewport()->width(),
                qPrintable(
                    QStringLiteral("%1: %2 wanted, %3 there").arg(name).arg(wanted).arg(scroll->viewport()->width())));
            if (i == int(WizardStep::Resources)) {
                scroll->verticalScrollBar()->setValue(scroll->verticalScrollBar()->maximum());
                QVERIFY(wizard.grab().save(folder.filePath(QStringLiteral("end-") + name)));
            }
        }
        QVERIFY(wizard.height() <= 760 && wizard.width() <= 1280);
    }

    void thePastePanelFits_data()
    {
        QTest::addColumn<Scheme>("scheme");
        QTest::newRow("light") << Scheme::Light;
        QTest::newRow("dark") << Scheme::Dark;
    }
    void thePastePanelFits()
    {
        QFETCH(Scheme, scheme);
        common::Theme theme(*qApp);
        theme.setScheme(scheme);
        RunWizard wizard;
        wizard.show();
        QTRY_VERIFY(wizard.isVisible());
        const QDir folder(QStringLiteral("wizard-look"));
        QVERIFY(folder.mkpath(QStringLiteral(".")));
        const QString line = QStringLiteral(
            "docker run -it --rm --gpus 1 --shm-size=1g -v ${SLIPWAY_NO_DATA}:/data -v /home/me/workspace:/workspace "
            "nvcr.io/nvidia/pytorch:24.05-py3 bash -c \"cd /workspace/training_repo && git pull && python3 train.py\"");
        const QList<std::pair<QString, QString>> texts{{QStringLiteral("variables"), line},
            {QStringLiteral("fault"), QString(line).replace(QStringLiteral("--rm"), QStringLiteral("--remove"))},
            {QStringLiteral("good"), QString(line).remove(QStringLiteral("-v ${SLIPWAY_NO_DATA}:/data "))}};
        for (const auto &[name, text] : texts) {
            wizard.showPaste(text);
            QTest::qWait(40);
            const QWidget *panel = wizard.findChild<QStackedWidget *>()->currentWidget();
            const QString picture
                = QStringLiteral("paste-%1-%2.png").arg(scheme == Scheme::Dark ? u"dark" : u"light", name);
            QVERIFY(wizard.grab().save(folder.filePath(picture)));
            QVERIFY2(panel->minimumSizeHint().width() <= panel->width(), qPrintable(picture));
        }
        QVERIFY(wizard.height() <= 760 && wizard.width() <= 1280);
    }
};

int main(int argc, char *argv[])
{
    // A desktop's size: 96 dots per inch, an ordinary font.
    QApplication app(argc, argv);
    QFont font(QStringLiteral("Noto Sans"));
    font.setPointSizeF(10);
    QApplication::setFont(font);
    WizardLookTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_wizardlook.moc"
