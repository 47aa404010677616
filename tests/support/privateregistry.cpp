#include "support/privateregistry.h"

#include "support/privatedaemon.h"

#include <QElapsedTimer>
#include <QFile>
#include <QStandardPaths>
#include <QThread>

namespace support {

using namespace Qt::StringLiterals;

namespace {
constexpr int patienceMs = 20000;
constexpr int betweenTriesMs = 100;
} // namespace

QString PrivateRegistry::skipReason()
{
    for (const QString &program : {u"docker-registry"_s, u"htpasswd"_s}) {
        if (QStandardPaths::findExecutable(program).isEmpty())
            return u"there is no %1 here"_s.arg(program);
    }
    return {};
}

PrivateRegistry::PrivateRegistry(const QString &user, const QString &password)
    : m_user(user)
    , m_password(password)
{
}

PrivateRegistry::~PrivateRegistry()
{
    m_process.kill();
    m_process.waitForFinished();
}

bool PrivateRegistry::start(const PrivateDaemon &daemon, const QString &storage)
{
    const CommandResult hashed
        = runCommand(u"htpasswd"_s, {u"-niB"_s, u"-C"_s, u"4"_s, m_user}, m_password.toUtf8() + '\n');
    QFile passwords(m_folder.filePath(u"htpasswd"_s));
    QFile config(m_folder.filePath(u"config.yml"_s));
    if (!hashed.ok() || !passwords.open(QIODevice::WriteOnly) || !config.open(QIODevice::WriteOnly))
        return false;
    passwords.write(hashed.out);
    passwords.close();
    config.write("version: 0.1\nhttp: {addr: '127.0.0.1:5000'}\nstorage: {filesystem: {rootdirectory: '"
        + (storage.isEmpty() ? this->storage() : storage).toLocal8Bit() + "'}}\nauth: {htpasswd: {realm: r, path: '"
        + passwords.fileName().toLocal8Bit() + "'}}\n");
    config.close();
    m_process.setStandardOutputFile(QProcess::nullDevice());
    m_process.setStandardErrorFile(m_folder.filePath(u"log"_s));
    // nsenter becomes the registry, so that its end is the registry's.
    m_process.start(u"nsenter"_s,
        {u"--net="_s + daemon.networkNamespace(), u"--"_s, QStandardPaths::findExecutable(u"docker-registry"_s),
            u"serve"_s, config.fileName()});
    if (!m_process.waitForStarted())
        return false;
    QElapsedTimer waited;
    waited.start();
    while (!signsIn(daemon)) {
        if (waited.elapsed() > patienceMs || m_process.state() != QProcess::Running)
            return false;
        QThread::msleep(betweenTriesMs);
    }
    daemon.docker({u"logout"_s, host()});
    return true;
}

bool PrivateRegistry::put(const PrivateDaemon &daemon, const QString &image, const QString &name)
{
    const QString there = host() + u'/' + name;
    const bool put = signsIn(daemon) && daemon.docker({u"tag"_s, image, there}).ok()
        && daemon.docker({u"push"_s, there}).ok() && daemon.docker({u"rmi"_s, there}).ok();
    daemon.docker({u"logout"_s, host()});
    return put;
}

bool PrivateRegistry::signsIn(const PrivateDaemon &daemon) const
{
    return daemon.docker({u"login"_s, u"-u"_s, m_user, u"--password-stdin"_s, host()}, m_password.toUtf8()).ok();
}

} // namespace support
