#pragma once

#include <QProcess>
#include <QString>
#include <QTemporaryDir>

namespace support {

/**
 * A session bus and a gnome-keyring of one's own, in a temporary folder. The bus starts nothing by itself, so before
 * startKeyring() it is a session without a keyring, and nobody there asks for passwords. The environment of this
 * process points at them afterwards: construct it before anything connects to a bus, one a process. Blocks; owned by a
 * test.
 */
class PrivateKeyring
{
public:
    /** Why there can be none here, in a sentence; empty when there can. */
    static QString skipReason();

    PrivateKeyring();
    ~PrivateKeyring();
    PrivateKeyring(const PrivateKeyring &) = delete;
    PrivateKeyring &operator=(const PrivateKeyring &) = delete;

    /** False: it did not. */
    bool startBus();
    /** Unlocked, with an empty keyring at first; again after stopKeyring() with what is in it. Not unlocked and for the
     * first time: there is none, and it would ask for a password to make one. */
    bool startKeyring(bool unlocked = true);
    void stopKeyring();
    /** As the desktop does it when nobody was there for long. */
    bool lock();
    /** As somebody does it who knows the password. */
    bool unlock();

    /** What `secret-tool` finds under the key of Slipway's: a witness that is not Slipway. */
    QString lookup(const QString &key) const;

    /** HOME and the XDG folders are in there. */
    QString folder() const { return m_folder.path(); }
    QString address() const { return m_address; }

private:
    static bool waitForKeyring(const QString &words);

    QTemporaryDir m_folder;
    QProcess m_bus;
    QProcess m_keyring;
    QString m_address;
};

} // namespace support
