#pragma once

#include "core/result.h"
#include "docker/types.h"
#include "recipe/runconfig.h"

#include <QHash>
#include <QList>
#include <QString>
#include <optional>

/** What is known of the machine that Docker runs on, as far as a run's success depends on it. */
namespace launch {

/** A path of the host, as its file system has it. */
struct HostFolder
{
    bool exists = false;
    uint owner = 0;
    uint group = 0;
    uint mode = 0; ///< the permission bits

    bool operator==(const HostFolder &) const = default;

    /** By owner, group and mode alone; unset when the group decides and is not known. */
    std::optional<bool> writableBy(uint uid, std::optional<uint> gid) const;
};

/** A port of the host that somebody has. */
struct TakenPort
{
    int port = 0;
    QString ip; ///< empty, "0.0.0.0" or "::": all addresses
    QString protocol; ///< tcp, udp, sctp
    QString container; ///< who publishes it; empty: a program of the host listens

    bool operator==(const TakenPort &) const = default;
};

/** Someone who may write files: the person in front of Slipway, or the user a run is told. */
struct Person
{
    uint uid = 0;
    std::optional<uint> gid;

    bool operator==(const Person &) const = default;
    /** As --user takes it. */
    QString text() const;
};

/** What an image brings along. */
struct ImageFacts
{
    QStringList entrypoint;
    QString user;
    QStringList command = {};

    bool operator==(const ImageFacts &) const = default;
};

/** All of it; what is left out or 0 is not known, and nothing is said of it. A value. */
struct MachineFacts
{
    int cpus = 0;
    qint64 memory = 0; ///< bytes
    std::optional<bool>
        rootIsRoot; ///< false: the containers' root is somebody else outside (rootless, user namespaces)
    std::optional<Person> person; ///< only when Docker runs on this machine
    bool noGpu = false; ///< it is known to have none
    QList<TakenPort> ports;
    QHash<QString, ImageFacts> images; ///< by the name they were asked for

    bool operator==(const MachineFacts &) const = default;
};

/** cpus, memory, rootIsRoot and, where info is of the machine named hostName, person. */
void learn(MachineFacts &facts, const docker::Info &info, const QString &hostName, const Person &person);
/** The person that runs Slipway. */
Person myself();

/** Who writes what the run writes; unset: not known by number. */
std::optional<Person> writerOf(const recipe::RunConfig &config, const MachineFacts &facts);

/** What listens, of a /proc/net/tcp or tcp6. */
QList<TakenPort> listeningPorts(const QByteArray &procNetTcp);
/** Of this machine. Reads files: off the main thread. */
QList<TakenPort> readListeningPorts();
/** May take long on a dead network folder: off the main thread. */
HostFolder lookUpFolder(const QString &path);
/** With its parents. Denied or Daemon with a sentence. */
core::Result<void> makeFolder(const QString &path);

} // namespace launch
