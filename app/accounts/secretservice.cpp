#include "accounts/secretservice.h"

#include <QDBusMessage>
#include <QDBusObjectPath>
#include <QDBusPendingCallWatcher>
#include <QDBusVariant>
#include <QFileInfo>

namespace accounts {

using namespace Qt::StringLiterals;
using core::Promise;

namespace {

const QString service = u"org.freedesktop.secrets"_s;
const QString root = u"/org/freedesktop/secrets"_s;
const QString serviceInterface = u"org.freedesktop.Secret.Service"_s;
const QString promptInterface = u"org.freedesktop.Secret.Prompt"_s;
const QString nothing = u"/"_s; ///< the interface's word for no object

/** A bus of this session that is there already: looking for one must not start one. */
bool hasBus()
{
    if (!qEnvironmentVariableIsEmpty("DBUS_SESSION_BUS_ADDRESS"))
        return true;
    const QString folder = qEnvironmentVariable("XDG_RUNTIME_DIR");
    return !folder.isEmpty() && QFileInfo::exists(folder + "/bus"_L1);
}

/** Plasma 5 keeps secrets in a service of its own, which asks for itself when it is locked. */
QString walletService()
{
    const QStringList desktops = qEnvironmentVariable("XDG_CURRENT_DESKTOP").split(u':');
    if (desktops.contains("KDE"_L1) && qEnvironmentVariable("KDE_SESSION_VERSION") == "5"_L1)
        return u"org.kde.kwalletd5"_s;
    return {};
}

QDBusMessage serviceCall(const QString &method, const QVariant &argument)
{
    QDBusMessage message = QDBusMessage::createMethodCall(service, root, serviceInterface, method);
    message << argument;
    return message;
}

QString pathIn(const QDBusMessage &reply, int argument)
{
    return qvariant_cast<QDBusObjectPath>(reply.arguments().value(argument)).path();
}

bool failed(const QDBusMessage &reply) { return reply.type() != QDBusMessage::ReplyMessage; }

} // namespace

SecretService::SecretService(std::chrono::milliseconds patience, QObject *parent)
    : QObject(parent)
    , m_bus(QString())
{
    m_patience.setSingleShot(true);
    m_patience.setInterval(patience);
    connect(&m_patience, &QTimer::timeout, this, [this] {
        m_bus.send(QDBusMessage::createMethodCall(service, m_prompt, promptInterface, u"Dismiss"_s));
        endUnlock();
    });
}

SecretService::~SecretService()
{
    if (!m_prompt.isEmpty())
        m_bus.send(QDBusMessage::createMethodCall(service, m_prompt, promptInterface, u"Dismiss"_s));
}

template <typename F> void SecretService::call(const QDBusMessage &message, F f)
{
    auto *watcher = new QDBusPendingCallWatcher(m_bus.asyncCall(message), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this, [watcher, f = std::move(f)] {
        watcher->deleteLater();
        f(watcher->reply());
    });
}

bool SecretService::connectToBus()
{
    if (!m_bus.isConnected() && hasBus())
        m_bus = QDBusConnection::sessionBus();
    if (!m_bus.isConnected())
        return false;
    // Without the service's name, which Qt would look up and wait for. A stranger's signal only makes us look again.
    if (!std::exchange(m_watching, true))
        m_bus.connect(QString(), root, serviceInterface, u"CollectionChanged"_s, this, SIGNAL(changed()));
    return true;
}

core::Pending<KeyringState> SecretService::look()
{
    Promise<KeyringState> promise;
    if (!connectToBus()) {
        promise.answer(KeyringState::Absent);
        return promise.pending();
    }
    if (const QString wallet = walletService(); !wallet.isEmpty()) {
        QDBusMessage question = QDBusMessage::createMethodCall(
            u"org.freedesktop.DBus"_s, u"/org/freedesktop/DBus"_s, u"org.freedesktop.DBus"_s, u"NameHasOwner"_s);
        question << wallet;
        call(question, [this, promise](const QDBusMessage &reply) {
            if (!failed(reply) && reply.arguments().value(0).toBool())
                promise.answer(KeyringState::Available);
            else
                findCollection(promise);
        });
    } else {
        findCollection(promise);
    }
    return promise.pending();
}

void SecretService::findCollection(const Promise<KeyringState> &promise)
{
    call(serviceCall(u"ReadAlias"_s, u"default"_s), [this, promise](const QDBusMessage &reply) {
        m_collection = failed(reply) ? QString() : pathIn(reply, 0);
        if (m_collection.isEmpty())
            promise.answer(KeyringState::Absent);
        else if (m_collection == nothing) // it makes one at the first writing, and asks its owner for a password then
            promise.answer(KeyringState::Available);
        else
            lookAtLock(promise);
    });
}

void SecretService::lookAtLock(const Promise<KeyringState> &promise)
{
    QDBusMessage question
        = QDBusMessage::createMethodCall(service, m_collection, u"org.freedesktop.DBus.Properties"_s, u"Get"_s);
    question << u"org.freedesktop.Secret.Collection"_s << u"Locked"_s;
    call(question, [promise](const QDBusMessage &reply) {
        if (failed(reply))
            promise.answer(KeyringState::Absent);
        else if (qvariant_cast<QDBusVariant>(reply.arguments().value(0)).variant().toBool())
            promise.answer(KeyringState::Locked);
        else
            promise.answer(KeyringState::Available);
    });
}

core::Pending<KeyringState> SecretService::unlock()
{
    Promise<KeyringState> promise;
    m_unlocking += promise;
    if (m_unlocking.size() > 1)
        return promise.pending();
    look().then(this, [this](const core::Result<KeyringState> &state) {
        if (*state != KeyringState::Locked)
            return endUnlock();
        const QList<QDBusObjectPath> paths{QDBusObjectPath(m_collection)};
        call(serviceCall(u"Unlock"_s, QVariant::fromValue(paths)), [this](const QDBusMessage &reply) {
            const QString path = failed(reply) ? nothing : pathIn(reply, 1);
            if (path == nothing)
                endUnlock();
            else
                prompt(path);
        });
    });
    return promise.pending();
}

void SecretService::prompt(const QString &path)
{
    m_prompt = path;
    m_bus.connect(QString(), path, promptInterface, u"Completed"_s, this, SLOT(promptCompleted()));
    m_patience.start();
    QDBusMessage show = QDBusMessage::createMethodCall(service, path, promptInterface, u"Prompt"_s);
    show << QString(); // no window's number: the prompt is the desktop's
    call(show, [this, path](const QDBusMessage &reply) {
        if (failed(reply) && m_prompt == path)
            endUnlock();
    });
}

void SecretService::promptCompleted()
{
    if (!m_prompt.isEmpty())
        endUnlock();
}

void SecretService::endUnlock()
{
    m_patience.stop();
    if (const QString path = std::exchange(m_prompt, QString()); !path.isEmpty())
        m_bus.disconnect(QString(), path, promptInterface, u"Completed"_s, this, SLOT(promptCompleted()));
    look().then(this, [this](const core::Result<KeyringState> &state) {
        const auto waiting = std::exchange(m_unlocking, {});
        for (const auto &promise : waiting)
            promise.answer(*state);
    });
}

} // namespace accounts
