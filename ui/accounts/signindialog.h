#pragma once

#include "accounts/accounts.h"

#include <QDialog>
#include <QTimer>

class QComboBox;
class QDialogButtonBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace common {
class Form;
class MessageBar;
} // namespace common

namespace accounts {

/**
 * Asks for a registry, a user and a password, tries them and keeps them; says beforehand where, and stays open to say
 * so when it came otherwise. What was typed stays when it fails. Deletes itself when closed; open() it.
 */
class SignInDialog : public QDialog
{
    Q_OBJECT
public:
    /** registry: to begin with; empty: the person is to say. accounts must outlive it. */
    SignInDialog(Accounts &accounts, const QString &registry, QWidget *parent);
    ~SignInDialog() override;

    void accept() override;
    void reject() override;

Q_SIGNALS:
    /** why: a sentence where the password is kept for this session only; empty when it is in the keyring. */
    void signedIn(const QString &registry, const QString &why);

protected:
    void keyPressEvent(QKeyEvent *event) override;

private:
    void build();
    QString registry() const;
    void registryChanged();
    void showKept();
    void reconsider();
    void fit();
    void sayWaiting();
    void answered(const core::Result<Stored> &answer);
    void sayUnkept(const QString &why);

    Accounts &m_accounts;
    common::MessageBar *m_bar;
    common::Form *m_form;
    QComboBox *m_registry;
    QLabel *m_registryHint;
    QLineEdit *m_user;
    QLineEdit *m_password;
    QLabel *m_advice;
    QLabel *m_kept;
    QPushButton *m_ok;
    QPushButton *m_cancel;
    QString m_filledUser; ///< the one that was put there, not typed
    core::Aborter m_trying;
    QTimer m_patience; ///< until the keyring is said to be waited for
    KeyringState m_keyring = KeyringState::Available; ///< what was promised
    int m_fitted = 0; ///< the height that was chosen here, not by the person
    bool m_busy = false;
    bool m_waiting = false; ///< for the keyring
    bool m_signedIn = false;
};

} // namespace accounts
