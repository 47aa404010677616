#pragma once

#include <QByteArray>
#include <QJsonObject>
#include <QList>
#include <QMap>
#include <QString>
#include <QStringList>

/**
 * The Engine API's objects as plain values: the fields Slipway uses, under Docker's own names, times as Unix seconds
 * (0: unknown). Source: docker-api v1.41 … v1.55. Missing fields are their defaults, null lists are empty.
 */
namespace docker {

/** A port of a container, and where the host shows it. */
struct Port
{
    QString ip; ///< host address, empty when not published
    int privatePort = 0;
    int publicPort = 0; ///< 0 when not published
    QString type; ///< tcp, udp, sctp

    bool operator==(const Port &) const = default;
};

/** GET /containers/json, one element. */
struct ContainerSummary
{
    QString id;
    QString name; ///< first of Names, without its leading slash
    QString image; ///< as the container was created: a name, or an id once the name went elsewhere
    QString imageId;
    QString command;
    QString state; ///< created, restarting, running, removing, paused, exited, dead
    QString status; ///< the daemon's words: "Up 2 minutes (healthy)", "Exited (137) 3 hours ago"
    qint64 created = 0;
    QList<Port> ports;
    QMap<QString, QString> labels;
    QString networkMode;

    bool operator==(const ContainerSummary &) const = default;
};

/** HostConfig.DeviceRequests, one element: what `--gpus` asked for. */
struct DeviceRequest
{
    QString driver;
    int count = 0; ///< −1: all
    QStringList deviceIds;
    QList<QStringList> capabilities;

    bool operator==(const DeviceRequest &) const = default;
};

/** What is mounted in a container, and from where. */
struct Mount
{
    QString type; ///< bind, volume, tmpfs
    QString name; ///< of a volume
    QString source;
    QString destination;
    bool readWrite = true;

    bool operator==(const Mount &) const = default;
};

/** GET /containers/{id}/json. */
struct ContainerDetail
{
    QString id;
    QString name; ///< without its leading slash
    QString image; ///< Config.Image
    QString imageId;
    QString status; ///< State.Status: as ContainerSummary::state
    bool running = false;
    bool oomKilled = false;
    int exitCode = 0;
    qint64 pid = 0; ///< of the first process, on the daemon's machine; 0 when stopped
    QString stateError; ///< why it could not be started, in the daemon's words
    qint64 created = 0;
    qint64 startedAt = 0; ///< 0: never
    qint64 finishedAt = 0;
    int restartCount = 0;
    bool tty = false;
    bool openStdin = false;
    bool autoRemove = false;
    QStringList env;
    QString logDriver;
    QString runtime; ///< "runc", "nvidia"
    QList<DeviceRequest> deviceRequests;
    QStringList devices; ///< HostConfig.Devices: their paths on the host
    QList<Mount> mounts;
    QJsonObject raw; ///< the whole answer, for Inspect and Duplicate

    bool operator==(const ContainerDetail &) const = default;
};

/** POST /containers/create. */
struct Created
{
    QString id;
    QStringList warnings;
};

/** POST /containers/{id}/wait. */
struct WaitResult
{
    int statusCode = 0;
    QString error;
};

/** GET /containers/{id}/top. */
struct ProcessTable
{
    QStringList titles;
    QList<QStringList> processes;
};

/** GET /images/json, one element. */
struct ImageSummary
{
    QString id; ///< with its "sha256:"
    QStringList repoTags; ///< without the "<none>:<none>" of old daemons
    QStringList repoDigests;
    qint64 created = 0;
    qint64 size = 0; ///< bytes, shared layers included
    QMap<QString, QString> labels;

    bool operator==(const ImageSummary &) const = default;
};

/** GET /images/{name}/json. */
struct ImageDetail
{
    QString id;
    QStringList repoTags;
    QString architecture;
    QString os;
    QStringList env;
    QStringList entrypoint;
    QStringList cmd;
    QString workingDir;
    QString user;
    qint64 size = 0;
    QJsonObject raw;
};

/** DELETE /images/{name}, one element: exactly one of the two is set. */
struct ImageDeletion
{
    QString untagged;
    QString deleted;
};

/** POST /images/create, one line of what it tells of a pull. */
struct PullStep
{
    QString id; ///< a layer's, 12 hex digits; of "Pulling from …" the tag; of the whole: empty
    QString status; ///< "Downloading", "Pull complete", "Digest: sha256:…"
    qint64 current = -1; ///< bytes of this status; −1: not told
    qint64 total = -1; ///< bytes, where the daemon knows them; current may be above

    bool operator==(const PullStep &) const = default;
};

/** GET /info, the parts in use. */
struct Info
{
    QString name;
    QString serverVersion;
    QString operatingSystem;
    int cpus = 0;
    qint64 memory = 0; ///< bytes
    QStringList runtimes;
    QStringList discoveredDevices; ///< by CDI, from API 1.50 on: "nvidia.com/gpu=0"
    QString dockerRootDir;
    bool rootless = false; ///< it runs as an ordinary user, who the containers' root is outside
    bool userNamespaces = false; ///< --userns-remap: the containers' root is nobody outside
    int cgroupVersion = 2; ///< 1 or 2
};

/** GET /version. */
struct Version
{
    QString version;
    QString apiVersion;
    QString minApiVersion;
};

/** One line of GET /events. */
struct Event
{
    QString type; ///< container, image
    QString action; ///< start, die, "health_status: healthy"
    QString id; ///< Actor.ID
    QMap<QString, QString> attributes; ///< Actor.Attributes
    qint64 timeNano = 0;
};

/** One sample of GET /containers/{id}/stats. */
struct Stats
{
    quint64 cpuTotal = 0; ///< ns of CPU time used
    quint64 systemCpu = 0; ///< ns of CPU time of the whole machine
    int onlineCpus = 0;
    qint64 memoryUsed = -1; ///< bytes, page cache left out as `docker stats` does; −1: not told
    qint64 memoryLimit = -1;
};

} // namespace docker
