#pragma once

#include "core/pending.h"
#include "docker/registryauth.h"

#include <QMap>
#include <QObject>
#include <QString>
#include <chrono>
#include <optional>

namespace accounts {

/**
 * The programs docker-credential-NAME that keep sign-ins for Docker's own client: asks them, never tells them anything.
 * What they are asked goes through their standard input, never a command line. Owned by DockerLogins; programs that run
 * end with it.
 *
 * Errors, each with a sentence: NotFound (no such program), Timeout, Aborted, Protocol (not the answer of a helper),
 * Daemon (its own words). Source: docker/docker-credential-helpers.
 */
class CredentialHelper : public QObject
{
    Q_OBJECT
public:
    /** patience: how long a helper may take; some ask their owner for a password. */
    explicit CredentialHelper(std::chrono::milliseconds patience = std::chrono::minutes(1), QObject *parent = nullptr);
    ~CredentialHelper() override;

    /** Unset: it keeps none of that server. server: exactly as it was stored. */
    core::Pending<std::optional<docker::RegistryAuth>> get(const QString &name, const QString &server);
    /** Users by server. Not every helper can tell. */
    core::Pending<QMap<QString, QString>> list(const QString &name);

private:
    struct Said
    {
        bool ok = false; ///< it ended with 0
        QByteArray out;
    };
    core::Pending<Said> run(const QString &name, const QString &verb, const QByteArray &input);

    std::chrono::milliseconds m_patience;
};

} // namespace accounts
