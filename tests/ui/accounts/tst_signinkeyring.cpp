#include "accounts/signindialog.h"
#include "common/messagebar.h"
#include "docker/engine.h"
#include "support/fakedaemon.h"
#include "support/privatekeyring.h"

#include <QDBusConnection>
#include <QDBusObjectPath>
#include <QDBusVariant>
#include <QLineEdit>
#include <QPointer>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;

namespace {
const QString collectionPath = u"/org/freedesktop/secrets/collection/login"_s;
const QString promptPath = u"/org/freedesktop/secrets/prompt/p1"_s;
} // namespace

/** A keyring that is locked. */
class LockedCollection : public QObject
{
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.freedesktop.Secret.Collection")
    Q_PROPERTY(bool Locked READ locked)
public:
    bool locked() const { return true; }
};

/** Its window, which stands open until the test closes it. */
class KeyringWindow : public QObject
{
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.freedesktop.Secret.Prompt")
public:
    int shown = 0;
public Q_SLOTS:
    void Prompt(const QString &) { ++shown; }
    void Dismiss() { }
Q_SIGNALS:
    void Completed(bool dismissed, const QDBusVariant &result);
};

/** Who keeps secrets. */
class Service : public QObject
{
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.freedesktop.Secret.Service")
public Q_SLOTS:
    QDBusObjectPath ReadAlias(const QString &) { return QDBusObjectPath(collectionPath); }
    QList<QDBusObjectPath> Unlock(const QList<QDBusObjectPath> &, QDBusObjectPath &prompt)
    {
        prompt = QDBusObjectPath(promptPath);
        return {};
    }
};

/** Signing in while the desktop's keyring asks for its password: what the dialog says meanwhile and afterwards. */
class SignInKeyringTest : public QObject
{
    Q_OBJECT

    support::PrivateKeyring m_keyring;
    Service m_service;
    LockedCollection m_collection;
    KeyringWindow m_prompt;

    static QPushButton *button(const QWidget &dialog, const QString &name)
    {
        for (auto *each : dialog.findChildren<QPushButton *>()) {
            if (each->accessibleName() == name || each->text().remove(u'&') == name)
                return each;
        }
        return nullptr;
    }

private Q_SLOTS:
    void initTestCase()
    {
        if (const QString reason = support::PrivateKeyring::skipReason(); !reason.isEmpty())
            QSKIP(qPrintable(reason));
        QVERIFY(m_keyring.startBus());
        QDBusConnection bus = QDBusConnection::connectToBus(m_keyring.address(), u"fake"_s);
        const auto all = QDBusConnection::ExportAllContents;
        QVERIFY(bus.registerObject(u"/org/freedesktop/secrets"_s, &m_service, all));
        QVERIFY(bus.registerObject(collectionPath, &m_collection, all));
        QVERIFY(bus.registerObject(promptPath, &m_prompt, all));
        QVERIFY(bus.registerService(u"org.freedesktop.secrets"_s));
    }
    void cleanupTestCase() { QDBusConnection::disconnectFromBus(u"fake"_s); }

    void saysThatItWaitsAndWhereThePasswordIs()
    {
        const QTemporaryDir home;
        support::FakeDaemon daemon;
        daemon.route(
            "POST", "/auth", support::FakeReply::json("{\"Status\":\"Login Succeeded\",\"IdentityToken\":\"\"}"));
        settings::Settings settings(home.filePath(u"settings.conf"_s));
        docker::Engine engine(http::Endpoint{daemon.socketPath()});
        accounts::SecretStore secrets;
        accounts::Accounts accounts(engine, secrets, settings);
        const QPointer<accounts::SignInDialog> dialog
            = new accounts::SignInDialog(accounts, u"r.example.com"_s, nullptr);
        QSignalSpy signedIn(dialog, &accounts::SignInDialog::signedIn);
        dialog->open();
        const auto fields = dialog->findChildren<QLineEdit *>();
        for (QLineEdit *field : fields) {
            if (field->accessibleName() == u"User"_s || field->accessibleName() == u"Password or token"_s)
                field->setText(u"ada"_s);
        }
        button(*dialog, u"Sign in"_s)->click();
        QTRY_COMPARE(m_prompt.shown, 1);
        const auto *bar = dialog->findChild<common::MessageBar *>();
        QTRY_COMPARE(bar->title(), u"Waiting for the registry and the desktop's keyring."_s);
        QVERIFY(bar->isVisible() && signedIn.isEmpty());
        QTest::keyClick(dialog, Qt::Key_Escape); // meant for the keyring's window
        QVERIFY(dialog->isVisible());

        Q_EMIT m_prompt.Completed(true, QDBusVariant(QString()));
        QTRY_COMPARE(bar->title(), u"Signed in to r.example.com, but only until Slipway ends."_s);
        QVERIFY(bar->whatToDo().startsWith(u"The password is kept in memory, not in the keyring. "_s));
        QCOMPARE(signedIn.size(), 1); // what waits for it goes on, whether or not this is read
        QVERIFY(dialog->isVisible() && !button(*dialog, u"Sign in"_s)->isVisible());
        button(*dialog, u"Close"_s)->click();
        QTRY_VERIFY(!dialog);
        QCOMPARE(signedIn.size(), 1);
    }
};

QTEST_MAIN(SignInKeyringTest)
#include "tst_signinkeyring.moc"
