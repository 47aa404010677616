#pragma once

#include "accounts/accounts.h"

#include <QDialog>

class QPushButton;
class QSortFilterProxyModel;

namespace common {
class EmptyState;
class MessageBar;
class TableView;
} // namespace common

namespace accounts {

class AccountsModel;

/**
 * Who is signed in where, and who keeps the passwords. The person wants to sign in before a private image is pulled,
 * to see whether `docker login` is enough, and to sign out on a shared machine. Deletes itself when closed; open() it.
 */
class AccountsDialog : public QDialog
{
    Q_OBJECT
public:
    AccountsDialog(Accounts &accounts, settings::Settings &settings, QWidget *parent);
    ~AccountsDialog() override;

private:
    void build();
    void connectAll();
    const Account *selected() const;
    void updateActions();
    void showKeyring();
    void showDockerTrouble();
    void signIn();
    void confirmSignOut();
    void signOut(const QString &registry);
    void signedIn(const QString &registry, const QString &why);

    Accounts &m_accounts;
    settings::Settings &m_settings;
    AccountsModel *m_model;
    QSortFilterProxyModel *m_sorted;
    common::MessageBar *m_keyringBar; ///< there is none, or it is locked
    common::MessageBar *m_dockerBar; ///< Docker's sign-ins cannot be read
    common::MessageBar *m_bar; ///< what was done last
    common::TableView *m_table;
    common::EmptyState *m_empty;
    QPushButton *m_signIn;
    QPushButton *m_signOut;
};

} // namespace accounts
