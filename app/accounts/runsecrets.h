#pragma once

#include "accounts/secretstore.h"

#include <QUrl>

namespace accounts {

/**
 * The values of a run's secret environment variables that the person wants remembered ("Remember in the keyring"), by
 * the run's and the variable's name. Where there is no keyring they last as long as the program: Stored says so. A
 * value; the store outlives it.
 */
class RunSecrets
{
public:
    explicit RunSecrets(SecretStore &store)
        : m_store(&store)
    {
    }

    core::Pending<KeyringState> state() const { return m_store->state(); }
    /** Unset: none is remembered. */
    core::Pending<std::optional<QString>> value(const QString &run, const QString &variable) const
    {
        return m_store->read(key(run, variable));
    }
    core::Pending<Stored> remember(const QString &run, const QString &variable, const QString &value) const
    {
        return m_store->write(key(run, variable), value);
    }
    core::Pending<void> forget(const QString &run, const QString &variable) const
    {
        return m_store->remove(key(run, variable));
    }

    /** What is remembered goes on under the run's new name; an Error leaves it under the old one, or under both. */
    core::Pending<void> rename(const QString &from, const QString &to, const QString &variable) const;

    /** What it is called in the keyring: "run/resnet/WANDB_API_KEY". */
    static QString key(const QString &run, const QString &variable);

private:
    SecretStore *m_store;
};

} // namespace accounts
