#include "support/privatekeyring.h"

#include "support/privatedaemon.h"

#include <QDBusArgument>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusObjectPath>
#include <QDBusVariant>
#include <QDeadlineTimer>
#include <QDir>
#include <QFile>
#include <QStandardPaths>
#include <csignal>
#include <sys/prctl.h>
#include <unistd.h>

namespace support {

using namespace Qt::StringLiterals;

namespace {

constexpr int startTimeoutMs = 20000;
const QString collection = u"/org/freedesktop/secrets/collection/login"_s;

void endWithParent(QProcess &process)
{
    process.setChildProcessModifier([] { ::prctl(PR_SET_PDEATHSIG, SIGKILL); });
}

void end(QProcess &process)
{
    process.terminate();
    if (process.state() != QProcess::NotRunning && !process.waitForFinished(5000)) {
        process.kill();
        process.waitForFinished();
    }
}

CommandResult call(const QString &method, const QString &argument)
{
    return runCommand(u"dbus-send"_s,
        {u"--session"_s, u"--print-reply"_s, u"--dest=org.freedesktop.secrets"_s, u"/org/freedesktop/secrets"_s,
            u"org.freedesktop.Secret.Service."_s + method, argument});
}

} // namespace

QString PrivateKeyring::skipReason()
{
    for (const char *name : {"dbus-daemon", "dbus-send", "gnome-keyring-daemon", "secret-tool"}) {
        if (QStandardPaths::findExecutable(QString::fromLatin1(name)).isEmpty())
            return u"there is no %1 here"_s.arg(QString::fromLatin1(name));
    }
    return {};
}

PrivateKeyring::PrivateKeyring()
{
    for (const auto &[variable, name] : {std::pair("HOME", "home"), std::pair("XDG_DATA_HOME", "data"),
             std::pair("XDG_CONFIG_HOME", "config"), std::pair("XDG_CACHE_HOME", "cache"),
             std::pair("XDG_STATE_HOME", "state"), std::pair("XDG_RUNTIME_DIR", "run")}) {
        const QString path = m_folder.filePath(QString::fromLatin1(name));
        QDir().mkpath(path);
        QFile::setPermissions(path, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
        qputenv(variable, QFile::encodeName(path));
    }
    for (const char *variable : {"DBUS_SESSION_BUS_ADDRESS", "XDG_CURRENT_DESKTOP", "DISPLAY", "GNOME_KEYRING_CONTROL"})
        qunsetenv(variable);
    endWithParent(m_bus);
    endWithParent(m_keyring);
}

PrivateKeyring::~PrivateKeyring()
{
    stopKeyring();
    end(m_bus);
}

bool PrivateKeyring::startBus()
{
    QFile config(m_folder.filePath(u"bus.conf"_s));
    if (!config.open(QIODevice::WriteOnly))
        return false;
    config.write("<busconfig><type>session</type><listen>unix:dir=" + QFile::encodeName(folder())
        + "</listen><auth>EXTERNAL</auth><policy context='default'><allow send_destination='*' eavesdrop='true'/>"
          "<allow eavesdrop='true'/><allow own='*'/></policy></busconfig>\n");
    config.close();
    m_bus.start(u"dbus-daemon"_s, {u"--nofork"_s, u"--print-address"_s, u"--config-file="_s + config.fileName()});
    if (!m_bus.waitForReadyRead(startTimeoutMs))
        return false;
    m_address = QString::fromUtf8(m_bus.readAllStandardOutput()).trimmed();
    qputenv("DBUS_SESSION_BUS_ADDRESS", m_address.toUtf8());
    return !m_address.isEmpty();
}

bool PrivateKeyring::startKeyring(bool unlocked)
{
    QStringList words{u"--foreground"_s, u"--components=secrets"_s};
    words += unlocked ? u"--unlock"_s : u"--start"_s;
    m_keyring.start(u"gnome-keyring-daemon"_s, words);
    if (!m_keyring.waitForStarted(startTimeoutMs))
        return false;
    m_keyring.write("pw");
    m_keyring.waitForBytesWritten();
    m_keyring.closeWriteChannel();
    return waitForKeyring(unlocked ? collection : u"object path"_s);
}

bool PrivateKeyring::waitForKeyring(const QString &words)
{
    const QDeadlineTimer deadline(startTimeoutMs);
    while (!call(u"ReadAlias"_s, u"string:default"_s).out.contains(words.toUtf8())) {
        if (deadline.hasExpired())
            return false;
        ::usleep(20000);
    }
    return true;
}

void PrivateKeyring::stopKeyring() { end(m_keyring); }

bool PrivateKeyring::lock() { return call(u"Lock"_s, u"array:objpath:"_s + collection).ok(); }

bool PrivateKeyring::unlock()
{
    // gnome-keyring's own call for its tests and for the password of the login.
    const QString name = u"slipway-unlock"_s;
    QDBusConnection bus = QDBusConnection::connectToBus(m_address, name);
    const auto ask = [&bus](const QString &interface, const QString &method, const QVariantList &arguments) {
        QDBusMessage message = QDBusMessage::createMethodCall(
            u"org.freedesktop.secrets"_s, u"/org/freedesktop/secrets"_s, interface, method);
        message.setArguments(arguments);
        return bus.call(message);
    };
    const QDBusMessage session = ask(u"org.freedesktop.Secret.Service"_s, u"OpenSession"_s,
        {u"plain"_s, QVariant::fromValue(QDBusVariant(QString()))});
    QDBusArgument secret;
    secret.beginStructure();
    secret << qvariant_cast<QDBusObjectPath>(session.arguments().value(1)) << QByteArray() << QByteArray("pw")
           << u"text/plain"_s;
    secret.endStructure();
    const QDBusMessage answer = ask(u"org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface"_s,
        u"UnlockWithMasterPassword"_s, {QVariant::fromValue(QDBusObjectPath(collection)), QVariant::fromValue(secret)});
    QDBusConnection::disconnectFromBus(name);
    return answer.type() == QDBusMessage::ReplyMessage;
}

QString PrivateKeyring::lookup(const QString &key) const
{
    return runCommand(u"secret-tool"_s, {u"lookup"_s, u"user"_s, key, u"server"_s, u"Slipway"_s}).text();
}

} // namespace support
