#include "accounts/secretstore.h"

#include "accounts/secretservice.h"

#include <QLibrary>
#include <QTimer>
#include <algorithm>
#include <qt6keychain/keychain.h>

namespace accounts {

using namespace Qt::StringLiterals;
using core::Error;
using core::ErrorKind;
using core::Promise;
using core::Result;

namespace {

const QString service = u"Slipway"_s;

Error lockedError()
{
    return {ErrorKind::Denied, 0, u"The keyring is locked. Unlock it with its password and try again."_s, {}};
}

Error jobError(const QKeychain::Job &job)
{
    switch (job.error()) {
    case QKeychain::AccessDeniedByUser:
    case QKeychain::AccessDenied:
        return {ErrorKind::Denied, 0, u"The keyring refused: %1"_s.arg(job.errorString()), {}};
    case QKeychain::EntryNotFound:
        return {ErrorKind::NotFound, 0, job.errorString(), {}};
    default:
        return {ErrorKind::Daemon, 0, u"The keyring failed: %1"_s.arg(job.errorString()), {}};
    }
}

/** libsecret holds on to its session with a keyring that was started anew since: "The session does not exist", until
 * the program ends. QtKeychain, which loads it, does not tell it to begin again. */
void forgetSession()
{
    using Disconnect = void (*)();
    if (const auto disconnect = Disconnect(QLibrary::resolve(u"secret-1"_s, 0, "secret_service_disconnect")))
        disconnect();
}

} // namespace

SecretStore::SecretStore(QObject *parent)
    : SecretStore(std::chrono::minutes(2), parent)
{
}

SecretStore::SecretStore(std::chrono::milliseconds patience, QObject *parent)
    : QObject(parent)
    , m_service(std::make_unique<SecretService>(patience))
    , m_patience(patience)
{
    connect(m_service.get(), &SecretService::changed, this, &SecretStore::stateChanged);
}

SecretStore::~SecretStore() = default;

core::Pending<KeyringState> SecretStore::state() { return m_service->look(); }

core::Pending<KeyringState> SecretStore::unlock() { return m_service->unlock(); }

core::Pending<std::optional<QString>> SecretStore::read(const QString &key)
{
    Promise<std::optional<QString>> promise;
    if (m_memory.contains(key) && !changing(key)) {
        promise.answer(std::optional(m_memory[key]));
        return promise.pending();
    }
    const auto run = [this, promise, key] {
        if (promise.answered())
            return next();
        if (m_memory.contains(key)) {
            promise.answer(std::optional(m_memory[key]));
            return next();
        }
        withOpenKeyring([this, promise, key](KeyringState state) {
            if (state != KeyringState::Available || promise.answered()) {
                if (state == KeyringState::Locked)
                    promise.answer(lockedError());
                else
                    promise.answer(std::optional<QString>());
                return next();
            }
            startJob([] { return new QKeychain::ReadPasswordJob(service); }, key,
                [promise](const Result<QString> &answer) {
                    if (answer)
                        promise.answer(std::optional(*answer));
                    else if (answer.error().kind == ErrorKind::NotFound)
                        promise.answer(std::optional<QString>());
                    else
                        promise.answer(answer.error());
                });
        });
    };
    enqueue({{}, run});
    return promise.pending();
}

core::Pending<Stored> SecretStore::write(const QString &key, const QString &secret)
{
    Promise<Stored> promise;
    const auto run = [this, promise, key, secret] {
        if (promise.answered())
            return next();
        withOpenKeyring([this, promise, key, secret](KeyringState state) {
            if (promise.answered()) // taken back while it was to be unlocked
                return next();
            if (state == KeyringState::Available) {
                const auto make = [secret] {
                    auto *job = new QKeychain::WritePasswordJob(service);
                    job->setTextData(secret);
                    return job;
                };
                return startJob(make, key, [this, promise, key, secret](const Result<QString> &answer) {
                    written(promise, key, secret, answer);
                });
            }
            written(promise, key, secret,
                state == KeyringState::Locked
                    ? lockedError()
                    : Error{ErrorKind::NotFound, 0, u"There is no keyring in this session."_s, {}});
            next();
        });
    };
    enqueue({key, run});
    return promise.pending();
}

void SecretStore::written(
    const Promise<Stored> &promise, const QString &key, const QString &secret, const Result<QString> &answer)
{
    if (answer) {
        m_memory.remove(key);
        return promise.answer(Stored{true, {}});
    }
    m_memory[key] = secret;
    promise.answer(Stored{false, answer.error().message});
}

core::Pending<void> SecretStore::remove(const QString &key)
{
    Promise<void> promise;
    const auto run = [this, promise, key] {
        if (promise.answered())
            return next();
        withOpenKeyring([this, promise, key](KeyringState state) {
            if (state == KeyringState::Locked || promise.answered()) {
                promise.answer(lockedError());
                return next();
            }
            m_memory.remove(key);
            if (state == KeyringState::Absent) {
                promise.answer({});
                return next();
            }
            startJob([] { return new QKeychain::DeletePasswordJob(service); }, key,
                [promise](const Result<QString> &answer) {
                    if (answer || answer.error().kind == ErrorKind::NotFound)
                        promise.answer({});
                    else
                        promise.answer(answer.error());
                });
        });
    };
    enqueue({key, run});
    return promise.pending();
}

// ---- one after another

bool SecretStore::changing(const QString &key) const
{
    return (m_busy && m_current.changes == key)
        || std::any_of(
            m_requests.begin(), m_requests.end(), [&key](const Request &request) { return request.changes == key; });
}

void SecretStore::enqueue(Request request)
{
    m_requests.enqueue(std::move(request));
    if (!m_busy)
        next();
}

void SecretStore::next()
{
    m_busy = !m_requests.isEmpty();
    if (!m_busy)
        return;
    m_current = m_requests.dequeue();
    const auto run = std::exchange(m_current.run, nullptr); // it may end, and begin the next, before it returns
    run();
}

/** f(state), after the desktop was asked to unlock it where it is locked: jobs must not meet a locked one, which they
 * report as "no such entry", and whose prompt would hold up all that follow in a queue nobody can empty. */
template <typename F> void SecretStore::withOpenKeyring(F f)
{
    m_service->look().then(this, [this, f = std::move(f)](const Result<KeyringState> &state) {
        if (*state != KeyringState::Locked)
            return f(*state);
        m_service->unlock().then(this, [f](const Result<KeyringState> &after) { f(*after); });
    });
}

void SecretStore::startJob(const MakeJob &make, const QString &key, const Finished &finished)
{
    tryJob(make(), key, [this, make, key, finished](const Result<QString> &answer) {
        const auto end = [this, finished](const Result<QString> &last) {
            finished(last);
            next();
        };
        if (answer || answer.error().kind != ErrorKind::Daemon)
            return end(answer);
        forgetSession();
        tryJob(make(), key, end);
    });
}

void SecretStore::tryJob(QKeychain::Job *job, const QString &key, const Finished &finished)
{
    // The job outlives the store if it must: what works for it below knows of no end before its own.
    auto *patience = new QTimer(this);
    patience->setSingleShot(true);
    connect(job, &QKeychain::Job::finished, patience, [patience, finished](QKeychain::Job *done) {
        patience->stop();
        patience->deleteLater();
        if (done->error() != QKeychain::NoError)
            return finished(jobError(*done));
        const auto *reading = qobject_cast<QKeychain::ReadPasswordJob *>(done);
        finished(reading ? reading->textData() : QString());
    });
    connect(patience, &QTimer::timeout, job, [patience, job, finished] {
        QObject::disconnect(job, nullptr, patience, nullptr);
        patience->deleteLater();
        finished(Error{
            ErrorKind::Timeout, 0, u"The keyring does not answer. Try again, or log in to the desktop anew."_s, {}});
    });
    patience->start(m_patience);
    job->setInsecureFallback(false);
    job->setKey(key);
    job->start();
}

} // namespace accounts
