#include "common/fieldsdialog.h"
#include "common/messagebar.h"
#include "launch/launchdesk.h"
#include "launch/runwizard.h"
#include "recipe/configfile.h"
#include "support/fakedaemon.h"

#include <QCheckBox>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace launch;
using namespace Qt::StringLiterals;
using support::FakeReply;
using support::FakeRequest;

/** Launching what was kept: under a free name, with the values it asks for, and with the wizard when it fails. */
class LaunchDeskTest : public QObject
{
    Q_OBJECT

    /** A daemon with a container called "vit" that creates whatever it is asked for. */
    struct Rig
    {
        QTemporaryDir folder;
        support::FakeDaemon daemon;
        docker::Engine engine{{daemon.socketPath()}};
        inventory::Inventory inventory{engine};
        gpu::Sampler sampler;
        inventory::GpuState gpus{sampler, inventory, engine, nullptr, QString()};
        runs::History history{folder.filePath(u"history.sqlite"_s)};
        runs::Recorder recorder{history, engine, u"here"_s};
        QWidget window;
        accounts::SecretStore store;
        transfers::Transfers transfers{engine, {}};
        LaunchDesk desk{{engine, inventory, gpus, recorder, transfers, accounts::RunSecrets(store)},
            [](const QString &, const QString &, bool) { return core::Pending<void>::ready({}); }, &window};
        QByteArray query;
        QJsonObject body;

        Rig()
        {
            daemon.route("GET", "/containers/json",
                FakeReply::json(
                    R"([{"Id":"c","Names":["/vit"],"Image":"bb:1","State":"running","Status":"Up 1 hour"}])"));
            daemon.route("GET", "/images/", FakeReply::json(R"({"Id":"sha256:1"})"));
            daemon.route("POST", "/containers/create", [this](const FakeRequest &request) {
                query = request.query;
                body = QJsonDocument::fromJson(request.body).object();
                return FakeReply::json(R"({"Id":"c0ffee","Warnings":[]})", 201);
            });
            daemon.route("POST", "/containers/c0ffee/start", FakeReply::status(204));
            daemon.route("DELETE", "/containers/c0ffee", FakeReply::status(204));
            window.show();
            inventory.start();
        }
    };
    std::unique_ptr<Rig> m_rig;

    static recipe::RunConfig training()
    {
        recipe::RunConfig config;
        config.image = u"bb:1"_s;
        config.name = u"vit"_s;
        config.command = QStringList{u"train"_s, u"--lr"_s, u"${LR}"_s};
        return config;
    }
    static recipe::RunConfig asking()
    {
        recipe::RunConfig config = training();
        config.parameters.append({u"LR"_s, u"3e-4"_s, u"Learning rate"_s});
        config.env.append({u"KEY"_s, std::nullopt});
        config.env.last().secret = true;
        return config;
    }
    common::FieldsDialog *dialog() const
    {
        common::FieldsDialog *found = nullptr;
        (void)QTest::qWaitFor(
            [&] { return (found = m_rig->window.findChild<common::FieldsDialog *>()) && found->isVisible(); });
        return found;
    }
    static QLineEdit *field(const QWidget *dialog, const QString &name)
    {
        for (auto *edit : dialog->findChildren<QLineEdit *>()) {
            if (edit->accessibleName() == name)
                return edit;
        }
        qFatal("no field %s", qPrintable(name));
    }

private Q_SLOTS:
    void initTestCase() { qputenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere"); } // nobody's own keyring
    void init()
    {
        m_rig = std::make_unique<Rig>();
        QTRY_COMPARE(m_rig->inventory.containers().size(), 1);
        QTRY_VERIFY(m_rig->history.loaded());
    }
    void cleanup() { m_rig.reset(); }

    void launchesUnderAFreeName()
    {
        QSignalSpy launched(&m_rig->desk, &LaunchDesk::launched);
        QSignalSpy noted(&m_rig->desk, &LaunchDesk::noted);
        m_rig->desk.launchKept(training(), u"nightly"_s);
        QTRY_COMPARE(launched.size(), 1);
        QCOMPARE(noted.size(), 1);
        QCOMPARE(noted[0][0].toString(), u"The name vit is taken: this run is called vit-2."_s);
        QCOMPARE(launched[0][1].toString(), u"vit-2"_s);
        QCOMPARE(m_rig->query, "name=vit-2");
        QVERIFY(!m_rig->window.findChild<common::FieldsDialog *>()); // nothing to ask
        QVERIFY(!m_rig->window.findChild<RunWizard *>()); // nor to show
        QCOMPARE(m_rig->history.records().size(), 1);
        QCOMPARE(m_rig->history.records()[0].configName, u"nightly"_s);
        QCOMPARE(m_rig->history.records()[0].origin, runs::Origin::Wizard);
        m_rig->desk.launchKept(training(), {});
        QTRY_COMPARE(launched.size(), 2);
        QTRY_COMPARE(m_rig->history.records().size(), 2);
        QVERIFY(std::ranges::any_of(m_rig->history.records(),
            [](const runs::Record &record) { return record.origin == runs::Origin::RunAgain; }));
    }

    void passesOnWhatDockerWarnsOf()
    {
        const QString words
            = u"The requested image's platform (linux/arm64) does not match the detected host platform"_s;
        m_rig->daemon.route("POST", "/containers/create",
            FakeReply::json(
                QJsonDocument(QJsonObject{{u"Id"_s, u"c0ffee"_s}, {u"Warnings"_s, QJsonArray{words}}}).toJson(), 201));
        QSignalSpy launched(&m_rig->desk, &LaunchDesk::launched);
        QSignalSpy noted(&m_rig->desk, &LaunchDesk::noted);
        m_rig->desk.launchKept(training(), {});
        QTRY_COMPARE(launched.size(), 1);
        QCOMPARE(noted.size(), 1);
        QCOMPARE(noted[0][0].toString(),
            QString(u"The name vit is taken: this run is called vit-2. Docker warns about vit-2: "_s + words));
    }

    void saysWhoWasSignedIn()
    {
        m_rig->desk.showSignedIn(u"nvcr.io"_s); // nobody is there to be told
        m_rig->desk.open(training());
        m_rig->desk.showSignedIn(u"docker.io"_s);
        const auto *bar = m_rig->window.findChild<RunWizard *>()->findChild<common::MessageBar *>();
        QTRY_COMPARE(bar->title(), u"Signed in to Docker Hub. Launch tries again."_s);
        QVERIFY(bar->isVisible());
    }

    void remembersSecretsWhereTold()
    {
        const auto launch = [this](const QString &expected, const QString &typed, bool remember) {
            QSignalSpy launched(&m_rig->desk, &LaunchDesk::launched);
            m_rig->desk.launchKept(asking(), u"nightly"_s);
            common::FieldsDialog *asked = dialog();
            QVERIFY(asked);
            auto *box = asked->findChild<QCheckBox *>();
            QTRY_COMPARE(box->text(), u"&Remember until Slipway ends"_s);
            QTRY_COMPARE(field(asked, u"KEY"_s)->text(), expected);
            QCOMPARE(box->isChecked(), !expected.isEmpty());
            box->setChecked(remember);
            field(asked, u"KEY"_s)->setText(typed);
            QTest::keyClick(field(asked, u"KEY"_s), Qt::Key_Return);
            QTRY_COMPARE(launched.size(), 1);
            QCOMPARE(m_rig->body["Env"_L1].toArray(), QJsonArray({QString(u"KEY="_s + typed)}));
        };
        QSignalSpy noted(&m_rig->desk, &LaunchDesk::noted);
        launch({}, u"s3cret"_s, false);
        launch({}, u"s3cret"_s, true);
        launch(u"s3cret"_s, u"other"_s, true);
        launch(u"other"_s, u"other"_s, false);
        launch({}, u"last"_s, false);
        QCOMPARE(noted.size(), 5);
        for (const QList<QVariant> &note : std::as_const(noted)) // and nothing of the keyring
            QCOMPARE(note[0].toString(), u"The name vit is taken: this run is called vit-2."_s);
    }

    void asksForWhatIsOpen()
    {
        QSignalSpy launched(&m_rig->desk, &LaunchDesk::launched);
        m_rig->desk.launchKept(asking(), u"nightly"_s);
        common::FieldsDialog *asked = dialog();
        QVERIFY(asked);
        QCOMPARE(asked->windowTitle(), u"Launch nightly"_s);
        QCOMPARE(field(asked, u"LR"_s)->text(), u"3e-4"_s);
        QCOMPARE(field(asked, u"KEY"_s)->echoMode(), QLineEdit::Password);
        QCOMPARE(m_rig->daemon.count("POST", "/containers/create"), 0);
        field(asked, u"LR"_s)->setText(u"1e-3"_s);
        field(asked, u"KEY"_s)->setText(u"s3cret"_s);
        QTest::keyClick(field(asked, u"KEY"_s), Qt::Key_Return);
        QTRY_COMPARE(launched.size(), 1);
        QCOMPARE(m_rig->body["Cmd"_L1].toArray(), QJsonArray({u"train"_s, u"--lr"_s, u"1e-3"_s}));
        QCOMPARE(m_rig->body["Env"_L1].toArray(), QJsonArray({u"KEY=s3cret"_s}));
        QCOMPARE(m_rig->history.records().size(), 1);
        const runs::Record record = m_rig->history.records()[0];
        QVERIFY(record.config.contains("1e-3") && record.config.contains("KEY"));
        QVERIFY(!record.config.contains("s3cret") && !record.line.contains(u"s3cret"));
    }

    void cancelLaunchesNothing()
    {
        m_rig->desk.launchKept(asking(), u"nightly"_s);
        common::FieldsDialog *asked = dialog();
        QVERIFY(asked);
        asked->reject();
        QTRY_VERIFY(!m_rig->window.findChild<common::FieldsDialog *>());
        QCOMPARE(m_rig->daemon.count("POST", "/containers/create"), 0);
        QVERIFY(m_rig->history.records().isEmpty());
    }

    void aFailureSaysWhichRunAndLeavesTheWizardAlone()
    {
        m_rig->daemon.route("POST", "/containers/create", FakeReply::status(404, "No such image: bb:1"));
        recipe::RunConfig draft;
        draft.image = u"half/typed:1"_s;
        m_rig->desk.open(draft);
        RunWizard *wizard = m_rig->window.findChild<RunWizard *>();
        QSignalSpy failed(&m_rig->desk, &LaunchDesk::keptFailed);
        QSignalSpy progressed(&m_rig->desk, &LaunchDesk::keptProgressed);
        m_rig->desk.launchKept(training(), u"nightly"_s);
        QTRY_COMPARE(failed.size(), 1);
        QCOMPARE(failed[0][0].value<recipe::RunConfig>().image, u"bb:1"_s);
        QCOMPARE(failed[0][1].toString(), u"nightly"_s);
        QVERIFY(progressed.last()[0].toString().isEmpty());
        QCOMPARE(wizard->config().image, u"half/typed:1"_s);
        QVERIFY(!wizard->isBusy());
    }
};

QTEST_MAIN(LaunchDeskTest)
#include "tst_launchdesk.moc"
