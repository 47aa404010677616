#pragma once

#include <QDBusObjectPath>
#include <QDBusVariant>
#include <QList>
#include <QObject>
#include <QString>

/** A keyring as the bus sees it (org.freedesktop.secrets), for what a real one will not do on demand. */
namespace support {

/** The keyring itself, with a lock. */
class StandInCollection : public QObject
{
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.freedesktop.Secret.Collection")
    Q_PROPERTY(bool Locked MEMBER locked)
public:
    static QString path() { return QStringLiteral("/org/freedesktop/secrets/collection/login"); }

    bool locked = true;
};

/** The desktop's prompt, which stands open until the test says that it was completed. */
class StandInPrompt : public QObject
{
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.freedesktop.Secret.Prompt")
public:
    static QString path() { return QStringLiteral("/org/freedesktop/secrets/prompt/p1"); }

    int shown = 0;
    int dismissed = 0;
public Q_SLOTS:
    void Prompt(const QString &) { ++shown; }
    void Dismiss() { ++dismissed; }
Q_SIGNALS:
    void Completed(bool dismissedByPerson, const QDBusVariant &result);
};

/** Who keeps secrets: has the one keyring, and unlocks it by the one prompt. */
class StandInService : public QObject
{
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.freedesktop.Secret.Service")
public Q_SLOTS:
    QDBusObjectPath ReadAlias(const QString &) { return QDBusObjectPath(StandInCollection::path()); }
    QList<QDBusObjectPath> Unlock(const QList<QDBusObjectPath> &, QDBusObjectPath &prompt)
    {
        prompt = QDBusObjectPath(StandInPrompt::path());
        return {};
    }
Q_SIGNALS:
    void CollectionChanged(const QDBusObjectPath &collection);
};

/** The three together on a bus. Answers from the test's event loop; owned by the test. */
struct StandInKeyring
{
    StandInKeyring() = default;
    ~StandInKeyring();
    Q_DISABLE_COPY_MOVE(StandInKeyring)

    /** On the bus of that address, a PrivateKeyring's. False: it could not. */
    bool start(const QString &address);

    StandInService service;
    StandInCollection collection;
    StandInPrompt prompt;
};

} // namespace support
