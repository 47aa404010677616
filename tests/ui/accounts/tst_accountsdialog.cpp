#include "accounts/accountsdialog.h"
#include "accounts/accountsmodel.h"
#include "accounts/signindialog.h"
#include "common/messagebar.h"
#include "docker/engine.h"
#include "support/await.h"
#include "support/fakedaemon.h"

#include <QAbstractItemModelTester>
#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QPointer>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>

using accounts::Account;
using namespace Qt::StringLiterals;

/** The dialogs without a keyring, and a daemon that says what the test wants. */
class AccountsDialogTest : public QObject
{
    Q_OBJECT

    QTemporaryDir m_home;

    struct World
    {
        explicit World(const QString &folder)
            : settings(folder + "/settings.conf"_L1)
            , engine(http::Endpoint{daemon.socketPath()})
            , accounts(engine, secrets, settings)
        {
        }
        support::FakeDaemon daemon;
        settings::Settings settings;
        docker::Engine engine;
        accounts::SecretStore secrets;
        accounts::Accounts accounts;
    };

    template <typename T> static T *named(QWidget &parent, const QString &name)
    {
        for (T *widget : parent.findChildren<T *>()) {
            if (widget->accessibleName() == name)
                return widget;
        }
        return nullptr;
    }
    static void fill(
        accounts::SignInDialog &dialog, const QString &registry, const QString &user, const QString &secret)
    {
        named<QComboBox>(dialog, u"Registry"_s)->setEditText(registry);
        named<QLineEdit>(dialog, u"User"_s)->setText(user);
        named<QLineEdit>(dialog, u"Password or token"_s)->setText(secret);
    }
    /** Until it is gone, before what it stands on goes. */
    static void close(QPointer<QDialog> dialog)
    {
        dialog->reject();
        QTRY_VERIFY(!dialog);
    }

private Q_SLOTS:
    void initTestCase()
    {
        qunsetenv("DBUS_SESSION_BUS_ADDRESS");
        qunsetenv("XDG_RUNTIME_DIR");
        qputenv("DOCKER_CONFIG", m_home.path().toLocal8Bit());
    }

    void signsInOnceThePasswordIsRight()
    {
        World world(m_home.path());
        QByteArray asked;
        world.daemon.route("POST", "/auth", [&asked](const support::FakeRequest &request) {
            asked = request.body;
            if (request.body.contains("right"))
                return support::FakeReply::json("{\"Status\":\"Login Succeeded\",\"IdentityToken\":\"\"}");
            return support::FakeReply::status(
                500, "login attempt to https://r.example.com/v2/ failed with status: 401 Unauthorized");
        });
        auto *dialog = new accounts::SignInDialog(world.accounts, {}, nullptr);
        const QPointer<accounts::SignInDialog> gone = dialog;
        QSignalSpy signedIn(dialog, &accounts::SignInDialog::signedIn);
        dialog->open();
        auto *go = named<QPushButton>(*dialog, u"Sign in"_s);
        QVERIFY(!go->isEnabled());
        fill(*dialog, u"r.example.com"_s, u"ada"_s, u"wrong"_s);
        QVERIFY(go->isEnabled());
        go->click();
        QVERIFY(!go->isEnabled()); // once is enough
        auto *bar = dialog->findChild<common::MessageBar *>();
        QTRY_COMPARE(bar->title(), u"r.example.com does not know this user with this password."_s);
        QVERIFY(bar->isVisible());
        QVERIFY(asked.contains("\"serveraddress\":\"r.example.com\""));
        // What was typed is still there.
        QCOMPARE(named<QComboBox>(*dialog, u"Registry"_s)->currentText(), u"r.example.com"_s);
        QCOMPARE(named<QLineEdit>(*dialog, u"User"_s)->text(), u"ada"_s);
        QCOMPARE(named<QLineEdit>(*dialog, u"Password or token"_s)->text(), u"wrong"_s);

        named<QLineEdit>(*dialog, u"Password or token"_s)->setText(u"right"_s);
        go->click();
        QTRY_COMPARE(signedIn.count(), 1);
        QTRY_VERIFY(!gone);
        QCOMPARE(signedIn.first().value(0).toString(), u"r.example.com"_s);
        QVERIFY(!signedIn.first().value(1).toString().isEmpty()); // not in a keyring, and why
        QCOMPARE(world.accounts.list(), (QList<Account>{{u"r.example.com"_s, u"ada"_s, Account::Where::Session, {}}}));
    }

    void aTokenReplacesThePassword()
    {
        World world(m_home.path());
        world.daemon.route(
            "POST", "/auth", support::FakeReply::json("{\"Status\":\"Login Succeeded\",\"IdentityToken\":\"tok\"}"));
        const auto stored = support::await(world.accounts.signIn(u"a.example.com"_s, u"u"_s, u"p"_s));
        QVERIFY(stored.ok());
        const auto auth = support::await(world.accounts.authFor(u"a.example.com"_s));
        QCOMPARE(auth->identityToken, u"tok"_s);
        QCOMPARE(auth->password, QString());
    }

    /** The window that grew for an error is as small as before when the error goes. */
    void noGapStaysBehind()
    {
        World world(m_home.path());
        world.daemon.route("POST", "/auth", support::FakeReply::status(500, "toomanyrequests"));
        QWidget window;
        auto *dialog = new accounts::SignInDialog(world.accounts, u"r.example.com"_s, &window);
        dialog->open();
        QTRY_VERIFY(std::ranges::any_of(dialog->findChildren<QLabel *>(),
            [](const QLabel *label) { return label->text().contains(u"no keyring in this session"); }));
        const int before = dialog->height();
        fill(*dialog, u"r.example.com"_s, u"ada"_s, u"x"_s);
        named<QPushButton>(*dialog, u"Sign in"_s)->click();
        auto *bar = dialog->findChild<common::MessageBar *>();
        QTRY_VERIFY(bar->isVisible());
        QTRY_VERIFY(dialog->height() > before);
        const int grown = dialog->height();
        world.daemon.route("POST", "/auth", support::FakeReply::stall());
        named<QPushButton>(*dialog, u"Sign in"_s)->click();
        QVERIFY(bar->isHidden());
        QTRY_VERIFY(dialog->height() < grown);
        QPointer<QDialog> gone = dialog;
        close(dialog);
    }

    void cancelTakesItBack()
    {
        World world(m_home.path());
        world.daemon.route("POST", "/auth", support::FakeReply::stall());
        auto *dialog = new accounts::SignInDialog(world.accounts, u"r.example.com"_s, nullptr);
        dialog->open();
        fill(*dialog, u"r.example.com"_s, u"ada"_s, u"x"_s);
        named<QPushButton>(*dialog, u"Sign in"_s)->click();
        QTRY_COMPARE(world.daemon.count("POST", "/auth"), 1);
        close(dialog);
        QTRY_COMPARE(world.daemon.connectionsOpen(), 0);
        QVERIFY(world.accounts.list().isEmpty());
    }

    void knowsWhatRegistriesWant()
    {
        World world(m_home.path());
        auto *dialog = new accounts::SignInDialog(world.accounts, {}, nullptr);
        dialog->open();
        auto *registry = named<QComboBox>(*dialog, u"Registry"_s);
        auto *user = named<QLineEdit>(*dialog, u"User"_s);
        registry->setEditText(u"nvcr.io"_s);
        QCOMPARE(user->text(), u"$oauthtoken"_s);
        registry->setEditText(u"ghcr.io"_s);
        QCOMPARE(user->text(), QString());
        user->setText(u"me"_s);
        registry->setEditText(u"nvcr.io"_s);
        QCOMPARE(user->text(), u"me"_s); // what was typed is the person's
        auto *password = named<QLineEdit>(*dialog, u"Password or token"_s);
        QCOMPARE(password->echoMode(), QLineEdit::Password);
        named<QCheckBox>(*dialog, u"Show"_s)->click();
        QCOMPARE(password->echoMode(), QLineEdit::Normal);
        // It says where it will be kept before anything is typed.
        QTRY_VERIFY(std::ranges::any_of(dialog->findChildren<QLabel *>(),
            [](const QLabel *label) { return label->text().contains(u"no keyring in this session"); }));
        close(dialog);
    }

    void signsOutOfOursOnly()
    {
        QFile config(m_home.filePath(u"config.json"_s));
        QVERIFY(config.open(QIODevice::WriteOnly));
        config.write("{\"auths\": {\"ghcr.io\": {\"auth\": \"" + QByteArray("me:x").toBase64() + "\"}}}");
        config.close();
        World world(m_home.path());
        world.daemon.route(
            "POST", "/auth", support::FakeReply::json("{\"Status\":\"Login Succeeded\",\"IdentityToken\":\"\"}"));
        accounts::AccountsModel model(world.accounts);
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QVERIFY(support::await(world.accounts.signIn(u"nvcr.io"_s, u"$oauthtoken"_s, u"key"_s)).ok());

        auto *dialog = new accounts::AccountsDialog(world.accounts, world.settings, nullptr);
        dialog->open();
        auto *table = named<QTableView>(*dialog, u"Accounts"_s);
        QTRY_COMPARE(table->model()->rowCount(), 2);
        QCOMPARE(model.rowCount(), 2);
        const auto row = [table](int number) {
            QStringList cells;
            for (int column = 0; column < accounts::accountColumnCount; ++column)
                cells += table->model()->index(number, column).data().toString();
            return cells;
        };
        QCOMPARE(row(0), (QStringList{u"ghcr.io"_s, u"me"_s, u"Docker's config.json"_s}));
        QCOMPARE(row(1), (QStringList{u"nvcr.io"_s, u"$oauthtoken"_s, u"This session only"_s}));
        auto *out = named<QPushButton>(*dialog, u"Sign out…"_s);
        QVERIFY(!out->isEnabled());
        table->selectRow(0);
        QVERIFY(!out->isEnabled());
        QVERIFY(out->toolTip().contains(u"docker logout ghcr.io"));
        table->selectRow(1);
        QVERIFY(out->isEnabled());
        out->click();
        auto *box = dialog->findChild<QMessageBox *>();
        QVERIFY(box);
        QVERIFY(box->text().contains(u"nvcr.io"));
        QCOMPARE(model.rowCount(), 2); // nothing before it is confirmed
        for (auto *button : box->findChildren<QPushButton *>()) {
            if (button->text() == u"Sign out of nvcr.io")
                button->click();
        }
        QTRY_COMPARE(table->model()->rowCount(), 1);
        QCOMPARE(row(0).first(), u"ghcr.io"_s);
        QVERIFY(support::await(world.accounts.authFor(u"nvcr.io"_s))->isEmpty());
        close(dialog);
    }

    void brokenConfigIsSaid()
    {
        QFile config(m_home.filePath(u"config.json"_s));
        QVERIFY(config.open(QIODevice::WriteOnly));
        config.write("{");
        config.close();
        World world(m_home.path());
        auto *dialog = new accounts::AccountsDialog(world.accounts, world.settings, nullptr);
        dialog->open();
        QTRY_VERIFY(
            std::ranges::any_of(dialog->findChildren<common::MessageBar *>(), [](const common::MessageBar *bar) {
                return bar->isVisible() && bar->title().contains(u"broken in line 1");
            }));
        close(dialog);
    }
};

QTEST_MAIN(AccountsDialogTest)
#include "tst_accountsdialog.moc"
