#include "launch/machinefacts.h"

#include <QFile>
#include <QHostAddress>
#include <QtEndian>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

namespace launch {

using namespace Qt::StringLiterals;

namespace {

/** "1000" or "1000:100"; names mean something only in the image. */
std::optional<Person> personOf(const QString &user)
{
    if (user.isEmpty() || user == "root"_L1 || user == "root:root"_L1)
        return Person{0, 0};
    bool ok = false;
    Person person;
    person.uid = user.section(u':', 0, 0).toUInt(&ok);
    if (!ok)
        return std::nullopt;
    if (user.contains(u':')) {
        const uint gid = user.section(u':', 1).toUInt(&ok);
        if (ok)
            person.gid = gid;
    }
    return person;
}

/** The kernel writes each 32-bit word of an address as a number of this machine: proc(5). */
QString addressOf(const QByteArray &hex)
{
    QByteArray bytes = QByteArray::fromHex(hex);
    for (qsizetype i = 0; i + 4 <= bytes.size(); i += 4) {
        const quint32 word = qFromBigEndian<quint32>(bytes.constData() + i);
        std::memcpy(bytes.data() + i, &word, sizeof word);
    }
    if (bytes.size() == 4)
        return QHostAddress(qFromBigEndian<quint32>(bytes.constData())).toString();
    if (bytes.size() != 16)
        return {};
    return QHostAddress(reinterpret_cast<const quint8 *>(bytes.constData())).toString();
}

} // namespace

std::optional<bool> HostFolder::writableBy(uint uid, std::optional<uint> gid) const
{
    if (uid == 0 || (mode & S_IWOTH))
        return true;
    if (uid == owner)
        return bool(mode & S_IWUSR);
    if (!(mode & S_IWGRP))
        return false;
    if (!gid)
        return std::nullopt;
    return *gid == group;
}

QString Person::text() const { return gid ? u"%1:%2"_s.arg(uid).arg(*gid) : QString::number(uid); }

void learn(MachineFacts &facts, const docker::Info &info, const QString &hostName, const Person &person)
{
    facts.cpus = info.cpus;
    facts.memory = info.memory;
    facts.rootIsRoot = !info.rootless && !info.userNamespaces;
    facts.person.reset();
    // In a virtual machine (Docker Desktop) or behind a forwarded socket files and ports are not those seen here.
    if (!hostName.isEmpty() && info.name == hostName)
        facts.person = person;
}

Person myself() { return {uint(::geteuid()), uint(::getegid())}; }

std::optional<Person> writerOf(const recipe::RunConfig &config, const MachineFacts &facts)
{
    return personOf(config.user.isEmpty() ? facts.images.value(config.image).user : config.user);
}

QList<TakenPort> listeningPorts(const QByteArray &procNetTcp)
{
    QList<TakenPort> ports;
    for (const QByteArray &line : procNetTcp.split('\n')) {
        const QList<QByteArray> words = line.simplified().split(' '); // sl local remote state …
        if (words.size() < 4 || words[3] != "0A") // TCP_LISTEN
            continue;
        const QList<QByteArray> local = words[1].split(':');
        bool ok = false;
        const int port = local.value(1).toInt(&ok, 16);
        const TakenPort taken{port, addressOf(local.value(0)), u"tcp"_s, {}};
        if (ok && port > 0 && !ports.contains(taken))
            ports += taken;
    }
    return ports;
}

QList<TakenPort> readListeningPorts()
{
    QList<TakenPort> ports;
    for (const QString &path : {u"/proc/net/tcp"_s, u"/proc/net/tcp6"_s}) {
        QFile file(path);
        if (file.open(QIODevice::ReadOnly)) // without IPv6 there is no tcp6
            ports += listeningPorts(file.readAll());
    }
    return ports;
}

HostFolder lookUpFolder(const QString &path)
{
    struct stat about = {};
    // Behind a folder that may not be entered nobody knows: then nothing is objected to.
    if (::stat(QFile::encodeName(path).constData(), &about) != 0)
        return {.exists = errno != ENOENT && errno != ENOTDIR, .owner = 0, .group = 0, .mode = 07777};
    return {true, about.st_uid, about.st_gid, about.st_mode & 07777};
}

core::Result<void> makeFolder(const QString &path)
{
    std::error_code error;
    std::filesystem::create_directories(QFile::encodeName(path).toStdString(), error);
    if (!error)
        return {};
    const bool denied = error == std::errc::permission_denied || error == std::errc::read_only_file_system;
    return core::Error{denied ? core::ErrorKind::Denied : core::ErrorKind::Daemon, 0,
        u"The folder %1 could not be made: %2."_s.arg(
            path, QString::fromLocal8Bit(std::strerror(error.value())).toLower()),
        {}};
}

} // namespace launch
