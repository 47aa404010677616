#include "accounts/dockerlogins.h"

#include "accounts/registryname.h"
#include "core/offload.h"

#include <QFileInfo>

namespace accounts {

using namespace Qt::StringLiterals;
using core::Promise;
using core::Result;
using docker::RegistryAuth;

namespace {

constexpr int settledMs = 200; // an editor or `docker login` writes in several steps

/** Under the name that images have for it. */
RegistryAuth of(RegistryAuth auth, const QString &registry)
{
    auth.server = serverOf(registry);
    return auth;
}

QList<Account> inFile(const DockerConfig &config)
{
    QList<Account> found;
    for (const RegistryAuth &login : config.logins) {
        if (const QString registry = registryOf(login.server); !registry.isEmpty())
            found += Account{registry, login.username, Account::Where::DockerConfig, {}};
    }
    return found;
}

} // namespace

/** A list() on its way through the helpers. */
struct DockerLogins::Gathering
{
    Promise<Listing> promise;
    DockerConfig config;
    QStringList helpers; ///< still to be asked
    Listing listing;

    void add(const QString &helper, const QMap<QString, QString> &users)
    {
        for (auto it = users.begin(); it != users.end(); ++it) {
            // A store may keep what belongs to somebody else: only what this one would be asked for.
            const QString registry = registryOf(it.key());
            if (!registry.isEmpty() && config.keeper(registry) == helper)
                put({registry, it.value() == "<token>"_L1 ? QString() : it.value(), Account::Where::DockerHelper,
                    helper});
        }
        for (auto it = config.helpers.begin(); it != config.helpers.end(); ++it) {
            if (const QString registry = registryOf(it.key()); it.value() == helper && !registry.isEmpty())
                put({registry, {}, Account::Where::DockerHelper, helper});
        }
    }
    /** One row a registry, however many forms of its name are kept. */
    void put(const Account &account)
    {
        for (const Account &other : std::as_const(listing.accounts)) {
            if (other.key() == account.key())
                return;
        }
        listing.accounts += account;
    }
};

DockerLogins::DockerLogins(const QString &configPath, std::chrono::milliseconds patience, QObject *parent)
    : QObject(parent)
    , m_path(configPath)
    , m_helpers(patience)
{
    m_settled.setSingleShot(true);
    m_settled.setInterval(settledMs);
    connect(&m_settled, &QTimer::timeout, this, &DockerLogins::changed);
}

DockerLogins::~DockerLogins() = default;

core::Pending<DockerConfig> DockerLogins::config()
{
    return core::offload(this, [path = m_path] { return DockerConfig::read(path); });
}

core::Pending<RegistryAuth> DockerLogins::authFor(const QString &registry)
{
    Promise<RegistryAuth> promise;
    config().then(this, [this, promise, registry](const Result<DockerConfig> &config) {
        if (!config)
            return promise.answer(config.error());
        const RegistryAuth inTheFile = of(config->login(registry).value_or(RegistryAuth()), registry);
        if (const QString helper = config->keeper(registry); helper.isEmpty())
            promise.answer(inTheFile);
        else
            ask(promise, helper, registry, inTheFile);
    });
    return promise.pending();
}

void DockerLogins::ask(
    const Promise<RegistryAuth> &promise, const QString &helper, const QString &registry, const RegistryAuth &otherwise)
{
    const auto aborter
        = m_helpers.get(helper, serverOf(registry))
              .then(
                  this, [this, promise, helper, registry, otherwise](const Result<std::optional<RegistryAuth>> &auth) {
                      if (!auth && otherwise.isEmpty())
                          promise.answer(auth.error());
                      else if (auth && *auth)
                          promise.answer(of(**auth, registry));
                      else if (!otherwise.isEmpty())
                          promise.answer(otherwise);
                      else
                          askByHost(promise, helper, registry, otherwise);
                  });
    promise.onAbort([aborter] { aborter.abort(); });
}

/** Helpers know a sign-in only by the very text it was stored under: "https://nvcr.io" is not "nvcr.io" to them. */
void DockerLogins::askByHost(
    const Promise<RegistryAuth> &promise, const QString &helper, const QString &registry, const RegistryAuth &otherwise)
{
    const auto aborter = m_helpers.list(helper).then(
        this, [this, promise, helper, registry, otherwise](const Result<QMap<QString, QString>> &users) {
            const QStringList servers = users ? users->keys() : QStringList();
            const auto found = std::find_if(
                servers.begin(), servers.end(), [&](const QString &server) { return registryOf(server) == registry; });
            if (found == servers.end() || *found == serverOf(registry))
                return promise.answer(otherwise);
            m_helpers.get(helper, *found)
                .then(this, [promise, registry, otherwise](const Result<std::optional<RegistryAuth>> &auth) {
                    if (auth)
                        promise.answer(*auth ? of(**auth, registry) : otherwise);
                    else
                        promise.answer(auth.error());
                });
        });
    promise.onAbort([aborter] { aborter.abort(); });
}

core::Pending<DockerLogins::Listing> DockerLogins::list()
{
    watch();
    const auto gathering = std::make_shared<Gathering>();
    config().then(this, [this, gathering](const Result<DockerConfig> &config) {
        if (!config) {
            gathering->listing.trouble = config.error().message;
            return gathering->promise.answer(gathering->listing);
        }
        gathering->config = *config;
        gathering->listing.trouble = config->trouble;
        for (const Account &account : inFile(*config))
            gathering->put(account);
        gathering->helpers = config->helpers.values();
        if (!config->store.isEmpty())
            gathering->helpers += config->store;
        gathering->helpers.removeDuplicates();
        listHelpers(gathering);
    });
    return gathering->promise.pending();
}

void DockerLogins::listHelpers(const std::shared_ptr<Gathering> &gathering)
{
    if (gathering->helpers.isEmpty())
        return gathering->promise.answer(gathering->listing);
    const QString helper = gathering->helpers.takeFirst();
    m_helpers.list(helper).then(this, [this, gathering, helper](const Result<QMap<QString, QString>> &users) {
        // A helper for one registry need not be able to list; a store must.
        if (!users && gathering->listing.trouble.isEmpty()
            && (helper == gathering->config.store || users.error().kind == core::ErrorKind::NotFound))
            gathering->listing.trouble = users.error().message;
        gathering->add(helper, users ? *users : QMap<QString, QString>());
        listHelpers(gathering);
    });
}

void DockerLogins::watch()
{
    if (!m_watcher) {
        m_watcher = std::make_unique<QFileSystemWatcher>();
        const auto notice = [this] {
            watch(); // a file that was replaced is another one
            m_settled.start();
        };
        connect(m_watcher.get(), &QFileSystemWatcher::fileChanged, this, notice);
        connect(m_watcher.get(), &QFileSystemWatcher::directoryChanged, this, notice);
    }
    const QStringList watched = m_watcher->files() + m_watcher->directories();
    for (const QString &path : {m_path, QFileInfo(m_path).path()}) {
        if (!watched.contains(path) && QFileInfo::exists(path))
            m_watcher->addPath(path);
    }
}

} // namespace accounts
