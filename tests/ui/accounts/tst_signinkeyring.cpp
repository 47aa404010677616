#include "accounts/signindialog.h"
#include "common/messagebar.h"
#include "docker/engine.h"
#include "support/fakedaemon.h"
#include "support/privatekeyring.h"
#include "support/standinkeyring.h"

#include <QLineEdit>
#include <QPointer>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;

/** Signing in while the desktop's keyring asks for its password: what the dialog says meanwhile and afterwards. */
class SignInKeyringTest : public QObject
{
    Q_OBJECT

    support::PrivateKeyring m_keyring;
    support::StandInKeyring m_standIn;

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
        QVERIFY(m_standIn.start(m_keyring.address()));
    }
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
        QTRY_COMPARE(m_standIn.prompt.shown, 1);
        const auto *bar = dialog->findChild<common::MessageBar *>();
        QTRY_COMPARE(bar->title(), u"Waiting for the registry and the desktop's keyring."_s);
        QVERIFY(bar->isVisible() && signedIn.isEmpty());
        QTest::keyClick(dialog, Qt::Key_Escape); // meant for the keyring's window
        QVERIFY(dialog->isVisible());

        Q_EMIT m_standIn.prompt.Completed(true, QDBusVariant(QString()));
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
