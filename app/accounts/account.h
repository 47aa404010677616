#pragma once

#include "inventory/listchange.h"

#include <QString>

namespace accounts {

/** Who the person is to one registry, and who keeps the secret; never the secret. A row of the table of accounts. */
struct Account
{
    enum class Where {
        Keyring, ///< ours
        Session, ///< ours, in memory until the program ends
        DockerConfig, ///< Docker's, its secret in clear in the file
        DockerHelper, ///< Docker's, kept by a program of its own
    };

    QString registry; ///< "docker.io", "nvcr.io", "localhost:5000"
    QString user; ///< empty where that is not told: a token, a helper that does not list
    Where where = Where::Keyring;
    QString helper; ///< docker-credential-HELPER
    bool used = true; ///< else another account of the same registry goes first

    bool operator==(const Account &) const = default;

    bool ours() const { return where == Where::Keyring || where == Where::Session; }
    QString key() const
    {
        return registry + u'\n' + (ours() ? QString() : QString(QString::number(int(where)) + helper));
    }
    inventory::ColumnMask changedColumns(const Account &other) const
    {
        return (user != other.user ? 2u : 0u) | (where != other.where || used != other.used ? 4u : 0u);
    }
};

} // namespace accounts
