#pragma once

#include "accounts/runsecrets.h"
#include "recipe/runconfig.h"

#include <QObject>
#include <QString>
#include <optional>

namespace cli {

/** Asks whoever sits at the terminal for the value of this secret; what is typed is not shown. Nothing when there is
 * no terminal, or it was cancelled. Blocks. */
std::optional<QString> askSecret(const QString &name);

/**
 * Finds the secrets of a run that it lacks yet: what the keyring has of them, if it is open, else whoever sits at the
 * terminal is asked. Remembers nothing. Owned by the command.
 */
class SecretAsker : public QObject
{
    Q_OBJECT
public:
    /** configName: of the saved run; empty: there is none, and the keyring nothing. */
    SecretAsker(recipe::RunConfig config, QString configName);
    void start();

Q_SIGNALS:
    /** Once. Nothing: one is missing, and that was said. */
    void finished(const std::optional<recipe::RunConfig> &config);

private:
    void lookUp(qsizetype from);
    void ask();

    recipe::RunConfig m_config;
    QString m_configName;
    accounts::SecretStore m_store;
    accounts::RunSecrets m_kept{m_store};
};

} // namespace cli
