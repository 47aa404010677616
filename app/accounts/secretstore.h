#pragma once

#include "accounts/keyringstate.h"
#include "core/pending.h"

#include <QHash>
#include <QObject>
#include <QQueue>
#include <QString>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>

namespace QKeychain {
class Job;
}

namespace accounts {

class SecretService;

/** Where a secret is now, and of one that could not be put into the keyring, why: a sentence. */
struct Stored
{
    bool inKeyring = false; ///< else in memory, until the program ends
    QString why;
};

/**
 * Secrets by a key of ours: in the desktop's keyring, or in memory for this session where there is none or it stays
 * locked. Never in a file. Requests run one after another; one that finds the keyring locked asks the desktop to
 * unlock it first, and nothing else of the program waits for that; what is in memory is answered meanwhile. Main thread
 * only. Owned by the Application.
 *
 * In the keyring (service "Slipway", user: the key). Errors: Denied (it stays locked), Timeout, Daemon (its words).
 */
class SecretStore : public QObject
{
    Q_OBJECT
public:
    explicit SecretStore(QObject *parent = nullptr);
    /** patience: how long it may take, its owner's typing of the password included. */
    explicit SecretStore(std::chrono::milliseconds patience, QObject *parent = nullptr);
    ~SecretStore() override;

    /** Asks now; never an Error, and without a prompt. */
    core::Pending<KeyringState> state();
    /** Asks the desktop to unlock it; the state afterwards. */
    core::Pending<KeyringState> unlock();

    /** Unset: there is none. A locked keyring is an Error instead. */
    core::Pending<std::optional<QString>> read(const QString &key);
    /** What cannot be kept in the keyring is kept in memory. */
    core::Pending<Stored> write(const QString &key, const QString &secret);
    core::Pending<void> remove(const QString &key);

    /** What is in memory only. */
    bool inMemory(const QString &key) const { return m_memory.contains(key); }
    void removeFromMemory(const QString &key) { m_memory.remove(key); }

Q_SIGNALS:
    /** It was locked or unlocked, by whomever. */
    void stateChanged();

private:
    using MakeJob = std::function<QKeychain::Job *()>;
    using Finished = std::function<void(const core::Result<QString> &)>;

    struct Request
    {
        QString changes; ///< the key it writes or removes
        std::function<void()> run;
    };
    void enqueue(Request request);
    bool changing(const QString &key) const;
    void next();
    template <typename F> void withOpenKeyring(F f);
    void startJob(const MakeJob &make, const QString &key, const Finished &finished);
    void tryJob(QKeychain::Job *job, const QString &key, const Finished &finished);
    void written(const core::Promise<Stored> &promise, const QString &key, const QString &secret,
        const core::Result<QString> &answer);

    std::unique_ptr<SecretService> m_service;
    std::chrono::milliseconds m_patience;
    QHash<QString, QString> m_memory;
    QQueue<Request> m_requests;
    Request m_current;
    bool m_busy = false;
};

} // namespace accounts
