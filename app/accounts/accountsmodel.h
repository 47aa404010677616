#pragma once

#include "accounts/accounts.h"
#include "models/rowsmodel.h"

namespace accounts {

/** The columns of the table of accounts. */
enum class AccountColumn { Registry, User, KeptIn };
inline constexpr int accountColumnCount = 3;

/** The table of accounts. IdRole is the registry. Data only. Owned by its dialog. */
class AccountsModel : public models::RowsModel<Account>
{
    Q_OBJECT
public:
    /** accounts must outlive the model. */
    explicit AccountsModel(const Accounts &accounts, QObject *parent = nullptr);

    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    const Account &at(int row) const { return rows()[row]; }

private:
    static QString text(const Account &account, AccountColumn column);
};

/** "Keyring", "Docker's config.json". */
QString keptIn(const Account &account);

} // namespace accounts
