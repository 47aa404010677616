#pragma once

#include <QProcess>
#include <QString>
#include <QTemporaryDir>

namespace support {

class PrivateDaemon;

/**
 * A docker-registry that wants a name and a password, in a PrivateDaemon's network, where nobody else has its port: to
 * that daemon it is localhost:5000, over plain HTTP. Everything it has lies in a temporary folder. Blocks; owned by a
 * test, ends with it.
 */
class PrivateRegistry
{
public:
    /** Why there can be none here, in a sentence; empty when there can. */
    static QString skipReason();

    explicit PrivateRegistry(
        const QString &user = QStringLiteral("me"), const QString &password = QStringLiteral("pw"));
    ~PrivateRegistry();
    PrivateRegistry(const PrivateRegistry &) = delete;
    PrivateRegistry &operator=(const PrivateRegistry &) = delete;

    /** Until it answers. storage: another one's, to have what that has; empty: its own. */
    bool start(const PrivateDaemon &daemon, const QString &storage = {});
    /** Puts a local image there as TEAM/NAME:TAG; that name does not stay with the daemon. */
    bool put(const PrivateDaemon &daemon, const QString &image, const QString &name);

    static QString host() { return QStringLiteral("localhost:5000"); }
    QString user() const { return m_user; }
    QString password() const { return m_password; }
    QString storage() const { return m_folder.filePath(QStringLiteral("storage")); }

private:
    bool signsIn(const PrivateDaemon &daemon) const;

    QString m_user;
    QString m_password;
    QTemporaryDir m_folder;
    QProcess m_process;
};

} // namespace support
