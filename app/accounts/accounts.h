#pragma once

#include "accounts/account.h"
#include "accounts/dockerlogins.h"
#include "accounts/secretstore.h"
#include "docker/registryauth.h"
#include "settings/settings.h"

#include <QMap>
#include <QObject>

namespace docker {
class Engine;
}

namespace accounts {

/**
 * Who the person is to registries: signed in with Slipway (the secret is in the SecretStore, the names are in the
 * settings), or with Docker's own client, whose sign-ins are used and shown, but never changed. Ours go first. Main
 * thread only. Owned by the Application.
 */
class Accounts : public QObject
{
    Q_OBJECT
public:
    /** All must outlive it. The engine's daemon tries the sign-ins. */
    Accounts(docker::Engine &engine, SecretStore &secrets, settings::Settings &settings, QObject *parent = nullptr);
    ~Accounts() override;

    /** Ours, then Docker's (known only after refresh()), each by registry. */
    const QList<Account> &list() const { return m_list; }
    /** A sentence on what of Docker's sign-ins cannot be read; empty when all can. */
    const QString &dockerTrouble() const { return m_docker.trouble; }
    /** Reads Docker's sign-ins now, and again whenever its file changes. */
    void refresh();

    /**
     * Tries it at the registry, then keeps it: the password, or the token that the registry gave in its place. The
     * errors are the daemon's (wrong ones are Unauthorized). registry: anything registryOf() understands.
     */
    core::Pending<Stored> signIn(const QString &registry, const QString &user, const QString &secret);
    /** Forgets ours, in the keyring too. Denied when that stays locked: then all is as it was. */
    core::Pending<void> signOut(const QString &registry);

    /** Empty: nobody is signed in. Errors: a locked keyring, a secret that is gone from it, a helper that failed. */
    core::Pending<docker::RegistryAuth> authFor(const QString &registry);
    /** authFor() for what talks to registries; this must outlive it. */
    docker::CredentialSource source();

    SecretStore &secrets() { return m_secrets; }

Q_SIGNALS:
    void changed(const inventory::ListChange &change);
    void dockerTroubleChanged();

private:
    struct Ours
    {
        QString user;
        bool token = false; ///< an identity token is kept, not a password
    };

    void load();
    void save();
    void keep(const QString &registry, const Ours &ours, const Stored &stored);
    void rebuild();

    docker::Engine &m_engine;
    SecretStore &m_secrets;
    settings::Settings &m_settings;
    DockerLogins m_logins;
    QMap<QString, Ours> m_kept; ///< by registry; their secrets are in the keyring
    QMap<QString, Ours> m_session; ///< go before those
    DockerLogins::Listing m_docker;
    QList<Account> m_list;
};

} // namespace accounts
