#pragma once

#include "accounts/account.h"
#include "accounts/credentialhelper.h"
#include "accounts/dockerconfig.h"

#include <QFileSystemWatcher>
#include <QObject>
#include <QTimer>
#include <memory>

namespace accounts {

/**
 * The sign-ins of Docker's own client: which there are, and the secret of one. Its file is read anew for each question,
 * in the thread pool, and nothing is kept or written. Owned by Accounts.
 */
class DockerLogins : public QObject
{
    Q_OBJECT
public:
    struct Listing
    {
        QList<Account> accounts;
        QString trouble; ///< a sentence on what of them cannot be read; empty when all can
    };

    explicit DockerLogins(const QString &configPath = DockerConfig::path(),
        std::chrono::milliseconds patience = std::chrono::minutes(1), QObject *parent = nullptr);
    ~DockerLogins() override;

    /** As Docker's client would find it: the registry's helper, else the store, else the file. Empty: nobody. */
    core::Pending<docker::RegistryAuth> authFor(const QString &registry);
    /** Never an Error: what cannot be read is the trouble. */
    core::Pending<Listing> list();

Q_SIGNALS:
    /** The file changed; only after a list(). */
    void changed();

private:
    struct Gathering;

    core::Pending<DockerConfig> config();
    void ask(const core::Promise<docker::RegistryAuth> &promise, const QString &helper, const QString &registry,
        const docker::RegistryAuth &otherwise);
    void askByHost(const core::Promise<docker::RegistryAuth> &promise, const QString &helper, const QString &registry,
        const docker::RegistryAuth &otherwise);
    void listHelpers(const std::shared_ptr<Gathering> &gathering);
    void watch();

    QString m_path;
    CredentialHelper m_helpers;
    std::unique_ptr<QFileSystemWatcher> m_watcher;
    QTimer m_settled;
};

} // namespace accounts
