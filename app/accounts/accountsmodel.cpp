#include "accounts/accountsmodel.h"

#include "accounts/registryname.h"
#include "core/units.h"

#include <array>

namespace accounts {

using namespace Qt::StringLiterals;

namespace {
constexpr std::array headings = {"Registry"_L1, "User"_L1, "Kept in"_L1};
static_assert(headings.size() == accountColumnCount);

QString explanation(const Account &account)
{
    switch (account.where) {
    case Account::Where::Keyring:
        return u"Signed in with Slipway. The password is in the desktop's keyring."_s;
    case Account::Where::Session:
        return u"Signed in with Slipway. The password is in memory and is forgotten when Slipway ends."_s;
    case Account::Where::DockerConfig:
    case Account::Where::DockerHelper:
        break;
    }
    const QString who = u"Signed in with `docker login`; `docker logout %1` signs out."_s.arg(account.registry);
    return account.used ? who : who + u" Not used here: another account for this registry goes first."_s;
}
} // namespace

QString keptIn(const Account &account)
{
    switch (account.where) {
    case Account::Where::Keyring:
        return u"Keyring"_s;
    case Account::Where::Session:
        return u"This session only"_s;
    case Account::Where::DockerConfig:
        return account.used ? u"Docker's config.json"_s : u"Docker's config.json (not used)"_s;
    case Account::Where::DockerHelper:
        return (account.used ? u"Docker's helper %1"_s : u"Docker's helper %1 (not used)"_s).arg(account.helper);
    }
    return {};
}

AccountsModel::AccountsModel(const Accounts &accounts, QObject *parent)
    : RowsModel(parent)
{
    apply({{}, {}, accounts.list().size()}, accounts.list());
    connect(&accounts, &Accounts::changed, this,
        [this, &accounts](const inventory::ListChange &change) { apply(change, accounts.list()); });
}

int AccountsModel::columnCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : accountColumnCount; }

QVariant AccountsModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const Account &account = at(index.row());
    switch (role) {
    case Qt::DisplayRole:
    case Qt::AccessibleTextRole:
    case models::SortRole:
        return text(account, AccountColumn(index.column()));
    case Qt::ToolTipRole:
        return explanation(account);
    case Qt::TextAlignmentRole:
        return int(Qt::AlignVCenter | Qt::AlignLeft);
    case models::IdRole:
        return account.registry;
    default:
        return {};
    }
}

QString AccountsModel::text(const Account &account, AccountColumn column)
{
    switch (column) {
    case AccountColumn::Registry:
        return registryTitle(account.registry);
    case AccountColumn::User:
        return account.user.isEmpty() ? core::noValue() : account.user;
    case AccountColumn::KeptIn:
        return keptIn(account);
    }
    return {};
}

QVariant AccountsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole || section < 0 || section >= accountColumnCount)
        return {};
    return QString(headings[size_t(section)]);
}

} // namespace accounts
