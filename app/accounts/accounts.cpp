#include "accounts/accounts.h"

#include "accounts/registryname.h"
#include "docker/registry.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>

namespace accounts {

using namespace Qt::StringLiterals;
using core::Error;
using core::ErrorKind;
using core::Promise;
using core::Result;
using docker::RegistryAuth;

namespace {

QString keyOf(const QString &registry) { return "registry/"_L1 + registry; }

RegistryAuth authOf(const QString &registry, const QString &user, bool token, const QString &secret)
{
    RegistryAuth auth;
    auth.server = serverOf(registry);
    auth.username = user;
    (token ? auth.identityToken : auth.password) = secret;
    return auth;
}

} // namespace

Accounts::Accounts(docker::Engine &engine, SecretStore &secrets, settings::Settings &settings, QObject *parent)
    : QObject(parent)
    , m_engine(engine)
    , m_secrets(secrets)
    , m_settings(settings)
{
    load();
    rebuild();
    connect(&m_logins, &DockerLogins::changed, this, &Accounts::refresh);
}

Accounts::~Accounts() = default;

void Accounts::refresh()
{
    m_logins.list().then(this, [this](const Result<DockerLogins::Listing> &listing) {
        const bool otherTrouble = m_docker.trouble != listing->trouble;
        m_docker = *listing;
        rebuild();
        if (otherTrouble)
            Q_EMIT dockerTroubleChanged();
    });
}

// ---- in and out

core::Pending<Stored> Accounts::signIn(const QString &registry, const QString &user, const QString &secret)
{
    const QString name = registryOf(registry);
    if (name.isEmpty())
        return core::Pending<Stored>::ready(
            Error{ErrorKind::NotFound, 0, u"“%1” is not the name of a registry."_s.arg(registry), {}});
    Promise<Stored> promise;
    const auto keepIt = [this, promise, name, user, secret](const Result<docker::SignedIn> &answer) {
        if (promise.answered())
            return;
        if (!answer)
            return promise.answer(answer.error());
        const bool token = !answer->identityToken.isEmpty();
        const auto writing
            = m_secrets.write(keyOf(name), token ? answer->identityToken : secret)
                  .then(this, [this, promise, name, ours = Ours{user, token}](const Result<Stored> &stored) {
                      if (stored)
                          keep(name, ours, *stored);
                      promise.answer(stored);
                  });
        promise.onAbort([writing] { writing.abort(); });
    };
    const auto aborter = docker::signIn(m_engine, authOf(name, user, false, secret)).then(this, keepIt);
    promise.onAbort([aborter] { aborter.abort(); });
    return promise.pending();
}

void Accounts::keep(const QString &registry, const Ours &ours, const Stored &stored)
{
    if (stored.inKeyring) {
        m_session.remove(registry);
        m_kept[registry] = ours;
        save();
    } else {
        m_session[registry] = ours; // what the keyring has from before, it has after the next start
    }
    rebuild();
}

core::Pending<void> Accounts::signOut(const QString &registry)
{
    const auto forget = [this, registry] {
        m_secrets.removeFromMemory(keyOf(registry));
        m_session.remove(registry);
        if (m_kept.remove(registry) > 0)
            save();
        rebuild();
    };
    if (!m_kept.contains(registry)) {
        forget();
        return core::Pending<void>::ready({});
    }
    Promise<void> promise;
    m_secrets.remove(keyOf(registry)).then(this, [promise, forget](const Result<void> &removed) {
        if (removed)
            forget();
        promise.answer(removed);
    });
    return promise.pending();
}

// ---- whom a registry is asked as

core::Pending<RegistryAuth> Accounts::authFor(const QString &registry)
{
    const QString name = registryOf(registry);
    if (name.isEmpty())
        return core::Pending<RegistryAuth>::ready(RegistryAuth());
    if (!m_session.contains(name) && !m_kept.contains(name))
        return m_logins.authFor(name);
    const Ours ours = m_session.contains(name) ? m_session[name] : m_kept[name];
    return m_secrets.read(keyOf(name)).map([name, ours](const std::optional<QString> &secret) -> Result<RegistryAuth> {
        if (secret)
            return authOf(name, ours.user, ours.token, *secret);
        return Error{ErrorKind::NotFound, 0,
            u"The password for %1 is not in this session's keyring: sign in again."_s.arg(registryTitle(name)), {}};
    });
}

docker::CredentialSource Accounts::source()
{
    return [this](const QString &registry) { return authFor(registry); };
}

// ---- the list

void Accounts::rebuild()
{
    QMap<QString, Account> ours;
    for (auto it = m_kept.begin(); it != m_kept.end(); ++it)
        ours[it.key()] = {it.key(), it->user, Account::Where::Keyring, {}};
    for (auto it = m_session.begin(); it != m_session.end(); ++it)
        ours[it.key()] = {it.key(), it->user, Account::Where::Session, {}};
    QList<Account> fresh = ours.values();
    QList<Account> dockers = m_docker.accounts;
    std::stable_sort(dockers.begin(), dockers.end(), [](const Account &a, const Account &b) {
        return std::pair(a.registry, a.where != Account::Where::DockerHelper)
            < std::pair(b.registry, b.where != Account::Where::DockerHelper);
    });
    for (Account &account : dockers) {
        account.used = std::none_of(fresh.begin(), fresh.end(),
            [&account](const Account &other) { return other.registry == account.registry; });
        fresh += account;
    }
    if (const auto change = inventory::update(m_list, std::move(fresh)); !change.empty())
        Q_EMIT changed(change);
}

void Accounts::load()
{
    const QJsonArray all = QJsonDocument::fromJson(m_settings.value(settings::keys::accounts).toUtf8()).array();
    for (const QJsonValue &value : all) {
        const QString registry = registryOf(value["registry"_L1].toString());
        if (!registry.isEmpty())
            m_kept[registry] = {value["user"_L1].toString(), value["token"_L1].toBool()};
    }
}

void Accounts::save()
{
    QJsonArray all;
    for (auto it = m_kept.begin(); it != m_kept.end(); ++it)
        all += QJsonObject{{"registry"_L1, it.key()}, {"user"_L1, it->user}, {"token"_L1, it->token}};
    m_settings.set(settings::keys::accounts, QString::fromUtf8(QJsonDocument(all).toJson(QJsonDocument::Compact)));
}

} // namespace accounts
