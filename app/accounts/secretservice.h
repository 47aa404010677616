#pragma once

#include "accounts/keyringstate.h"
#include "core/pending.h"

#include <QDBusConnection>
#include <QObject>
#include <QTimer>
#include <chrono>

class QDBusMessage;
class QDBusPendingCallWatcher;

namespace accounts {

/**
 * The keyring as the bus shows it (org.freedesktop.secrets): whether it is there, whether it is locked, and unlocking
 * it through the desktop's own prompt. Reads and writes no secret; never blocks. Owned by the SecretStore. Source:
 * Secret Service API Draft 0.2.
 */
class SecretService : public QObject
{
    Q_OBJECT
public:
    /** patience: how long the prompt may stand open. */
    explicit SecretService(std::chrono::milliseconds patience, QObject *parent = nullptr);
    ~SecretService() override;

    /** Asks now; never an Error. */
    core::Pending<KeyringState> look();
    /** The state afterwards: Locked when the person would not, or nobody could ask. One prompt at a time: who comes
     * while it stands open gets the same answer. */
    core::Pending<KeyringState> unlock();

Q_SIGNALS:
    /** It was locked or unlocked, by whomever. Only after the first look(). */
    void changed();

private Q_SLOTS:
    void promptCompleted();

private:
    template <typename F> void call(const QDBusMessage &message, F f);
    bool connectToBus();
    void findCollection(const core::Promise<KeyringState> &promise);
    void lookAtLock(const core::Promise<KeyringState> &promise);
    void prompt(const QString &path);
    void endUnlock();

    QDBusConnection m_bus;
    QString m_collection; ///< the default one's path, of the last look()
    QString m_prompt; ///< the open prompt's path
    QTimer m_patience;
    bool m_watching = false;
    QList<core::Promise<KeyringState>> m_unlocking;
};

} // namespace accounts
