#include "accounts/accountsdialog.h"

#include "accounts/accountsmodel.h"
#include "accounts/registryname.h"
#include "accounts/signindialog.h"
#include "common/emptystate.h"
#include "common/messagebar.h"
#include "common/tableview.h"
#include "common/theme.h"

#include <QDialogButtonBox>
#include <QMessageBox>
#include <QPushButton>
#include <QSortFilterProxyModel>
#include <QVBoxLayout>

namespace accounts {

using namespace Qt::StringLiterals;
using common::MessageBar;

AccountsDialog::AccountsDialog(Accounts &accounts, settings::Settings &settings, QWidget *parent)
    : QDialog(parent)
    , m_accounts(accounts)
    , m_settings(settings)
    , m_model(new AccountsModel(accounts, this))
    , m_sorted(new QSortFilterProxyModel(this))
    , m_keyringBar(new MessageBar(this))
    , m_dockerBar(new MessageBar(this))
    , m_bar(new MessageBar(this))
    , m_table(new common::TableView(this))
    , m_empty(new common::EmptyState(m_table))
    , m_signIn(new QPushButton(u"Sign &in…"_s, this))
    , m_signOut(new QPushButton(u"Sign &out…"_s, this))
{
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(u"Accounts"_s);
    setAccessibleName(windowTitle());
    build();
    connectAll();
    showKeyring();
    showDockerTrouble();
    updateActions();
    accounts.refresh();
}

AccountsDialog::~AccountsDialog() { m_settings.set(settings::keys::accountColumns, m_table->saveColumns()); }

void AccountsDialog::build()
{
    m_sorted->setSourceModel(m_model);
    m_sorted->setSortRole(models::SortRole);
    m_sorted->setSortCaseSensitivity(Qt::CaseInsensitive);
    m_table->setAccessibleName(u"Accounts"_s);
    m_table->setTypicalCells(
        {u"registry.example.com:5000"_s, u"firstname.lastname"_s, u"Docker's helper secretservice"_s});
    m_table->setModel(m_sorted);
    m_table->setEmptyState(m_empty);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    if (!m_table->restoreColumns(m_settings.value(settings::keys::accountColumns)))
        m_table->sortByColumn(int(AccountColumn::Registry), Qt::AscendingOrder);
    m_empty->setContent(u"user-identity"_s,
        u"Signed in nowhere. Public images need no account; private ones, and many pulls from Docker Hub, do."_s);

    m_signIn->setAccessibleName(u"Sign in…"_s);
    m_signOut->setAccessibleName(u"Sign out…"_s);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    buttons->addButton(m_signIn, QDialogButtonBox::ActionRole);
    buttons->addButton(m_signOut, QDialogButtonBox::ActionRole);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(2 * common::grid, 2 * common::grid, 2 * common::grid, 2 * common::grid);
    layout->setSpacing(common::grid);
    for (MessageBar *bar : {m_keyringBar, m_dockerBar, m_bar})
        layout->addWidget(bar);
    layout->addWidget(m_table, 1);
    layout->addSpacing(common::grid);
    layout->addWidget(buttons);
    resize(90 * common::grid, 50 * common::grid);
}

void AccountsDialog::connectAll()
{
    connect(m_signIn, &QPushButton::clicked, this, &AccountsDialog::signIn);
    connect(m_signOut, &QPushButton::clicked, this, &AccountsDialog::confirmSignOut);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &AccountsDialog::updateActions);
    connect(m_sorted, &QAbstractItemModel::dataChanged, this, &AccountsDialog::updateActions);
    connect(&m_accounts, &Accounts::dockerTroubleChanged, this, &AccountsDialog::showDockerTrouble);
    connect(&m_accounts.secrets(), &SecretStore::stateChanged, this, &AccountsDialog::showKeyring);
    connect(m_keyringBar, &MessageBar::actionTriggered, this,
        [this] { m_accounts.secrets().unlock().then(this, [this](const auto &) { showKeyring(); }); });
}

const Account *AccountsDialog::selected() const
{
    const QModelIndexList rows = m_table->selectedRowIndexes();
    return rows.isEmpty() ? nullptr : &m_model->at(m_sorted->mapToSource(rows.first()).row());
}

void AccountsDialog::updateActions()
{
    const Account *account = selected();
    m_signOut->setEnabled(account && account->ours());
    m_signOut->setToolTip(account && !account->ours()
            ? u"Docker's own sign-in: `docker logout %1` ends it."_s.arg(account->registry)
            : QString());
}

void AccountsDialog::showKeyring()
{
    m_accounts.secrets().state().then(this, [this](const core::Result<KeyringState> &state) {
        switch (*state) {
        case KeyringState::Available:
            return m_keyringBar->clear();
        case KeyringState::Locked:
            return m_keyringBar->showMessage(MessageBar::Severity::Warning, u"The keyring is locked."_s,
                u"Until it is unlocked, what is kept in it cannot be used, and new passwords last for this session only."_s,
                {}, u"Unlock…"_s);
        case KeyringState::Absent:
            return m_keyringBar->showMessage(MessageBar::Severity::Warning,
                u"There is no keyring in this session: passwords last until Slipway ends."_s,
                u"To keep them, log in to a desktop with GNOME Keyring or KWallet. Or use `docker login`: its sign-ins "
                "are used here too."_s);
        }
    });
}

void AccountsDialog::showDockerTrouble()
{
    if (m_accounts.dockerTrouble().isEmpty())
        m_dockerBar->clear();
    else
        m_dockerBar->showMessage(MessageBar::Severity::Warning, m_accounts.dockerTrouble());
}

// ---- in and out

void AccountsDialog::signIn()
{
    const Account *account = selected();
    auto *dialog = new SignInDialog(m_accounts, account ? account->registry : QString(), this);
    connect(dialog, &SignInDialog::signedIn, this, &AccountsDialog::signedIn);
    dialog->open();
}

void AccountsDialog::signedIn(const QString &registry, const QString &why)
{
    if (why.isEmpty())
        m_bar->clear();
    else
        m_bar->showMessage(
            MessageBar::Severity::Info, u"Signed in to %1 until Slipway ends."_s.arg(registryTitle(registry)), why);
}

void AccountsDialog::confirmSignOut()
{
    const Account *account = selected();
    if (!account || !account->ours())
        return;
    const QString title = registryTitle(account->registry);
    auto *box = new QMessageBox(
        QMessageBox::Question, u"Sign out"_s, u"Sign out of %1?"_s.arg(title), QMessageBox::Cancel, this);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setInformativeText((account->where == Account::Where::Keyring
            ? u"The password of %1 is removed from the keyring. To pull or push private images there, you sign in again."_s
            : u"The password of %1 is forgotten. To pull or push private images there, you sign in again."_s)
                                .arg(account->user));
    auto *out = box->addButton(u"Sign out of %1"_s.arg(title), QMessageBox::DestructiveRole);
    box->setDefaultButton(QMessageBox::Cancel);
    connect(out, &QPushButton::clicked, this, [this, registry = account->registry] { signOut(registry); });
    box->open();
}

void AccountsDialog::signOut(const QString &registry)
{
    m_accounts.signOut(registry).then(this, [this, registry](const core::Result<void> &done) {
        if (done)
            return m_bar->clear();
        m_bar->showMessage(MessageBar::Severity::Error,
            u"Still signed in to %1: the password could not be removed."_s.arg(registryTitle(registry)),
            done.error().message);
        showKeyring();
    });
}

} // namespace accounts
