#pragma once

#include "accounts/accounts.h"

#include <QDialog>

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
 * Asks for a registry, a user and a password, tries them and keeps them; says beforehand where. What was typed stays
 * when it fails. Deletes itself when closed; open() it.
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

private:
    void build();
    QString registry() const;
    void registryChanged();
    void showKept();
    void reconsider();
    void fit();
    void answered(const core::Result<Stored> &answer);

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
    QString m_filledUser; ///< the one that was put there, not typed
    core::Aborter m_trying;
    bool m_busy = false;
};

} // namespace accounts
