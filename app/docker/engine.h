#pragma once

#include "core/pending.h"
#include "docker/apiversion.h"
#include "docker/registryauth.h"
#include "docker/streams.h"
#include "docker/types.h"
#include "http/client.h"

#include <QObject>
#include <functional>
#include <optional>

namespace docker {

/** What of a container's log is wanted. */
struct LogQuery
{
    bool follow = false;
    bool timestamps = false;
    std::optional<qint64> tail; ///< lines from the end; unset: all
    QByteArray since; ///< Unix seconds[.nanoseconds], empty: from the start (never without tail: FACTS.md 1.5)
};

/** What else may go when a container is removed. */
struct RemoveOptions
{
    bool force = false; ///< kills it first
    bool volumes = false; ///< its anonymous volumes go with it
};

/**
 * The Engine API of one daemon: one method per endpoint (of whole areas: a function in a header of this folder that
 * takes the Engine), no state but the negotiated version. Answers are Pending, failures in the daemon's own words. The
 * version is asked once (HEAD /_ping) before the first call and again after renegotiate(). Owned by the Application
 * (one per host) or by a log feed (one per reader thread).
 */
class Engine : public QObject
{
    Q_OBJECT
public:
    explicit Engine(const http::Endpoint &endpoint, QObject *parent = nullptr);

    const http::Endpoint &endpoint() const { return m_client.endpoint(); }
    /** Empty until the first answer. */
    const std::optional<ApiVersion> &version() const { return m_version; }
    /** The daemon may be another one now: ask its version again before the next call. */
    void renegotiate();

    core::Pending<ApiVersion> ping();
    core::Pending<Version> daemonVersion();
    core::Pending<Info> info();

    /** All containers, or only those of the ids. */
    core::Pending<QList<ContainerSummary>> containers(const QStringList &ids = {});
    /** The request of containers() as it may be sent before the version is known, and its answer (http::sendEarly). */
    static http::Request earlyContainersRequest();
    core::Pending<QList<ContainerSummary>> adoptEarlyContainers(int descriptor);

    core::Pending<ContainerDetail> inspectContainer(const QString &id);
    core::Pending<Created> createContainer(
        const QJsonObject &body, const QString &name = {}, const QString &platform = {});
    core::Pending<void> startContainer(const QString &id);
    /** Answers when it has stopped; the daemon kills it after its own stop timeout (10 s unless set). */
    core::Pending<void> stopContainer(const QString &id);
    core::Pending<void> restartContainer(const QString &id);
    core::Pending<void> killContainer(const QString &id, const QString &signal = {});
    core::Pending<void> pauseContainer(const QString &id);
    core::Pending<void> unpauseContainer(const QString &id);
    core::Pending<void> renameContainer(const QString &id, const QString &name);
    core::Pending<void> removeContainer(const QString &id, RemoveOptions options = {});
    core::Pending<ProcessTable> top(const QString &id);

    enum class WaitFor { NotRunning, NextExit, Removed };
    struct Waiting
    {
        core::Pending<void> registered; ///< the daemon watches: start the container now, and its end is not missed
        core::Pending<WaitResult> end; ///< without a deadline
    };
    Waiting waitContainer(const QString &id, WaitFor condition, QObject *parent);

    OutputStream *logs(const QString &id, bool tty, const LogQuery &query, QObject *parent);
    /** stdout and stderr from now on; with stdin also write(). Attach before start: nothing is missed. */
    OutputStream *attach(const QString &id, bool tty, bool stdinToo, QObject *parent);
    /** The event kinds Slipway uses, of containers and images. since: Unix seconds[.nanoseconds], empty: from now on.
     */
    EventStream *events(const QByteArray &since, QObject *parent);
    StatsStream *stats(const QString &id, QObject *parent);

    core::Pending<QList<ImageSummary>> images();
    core::Pending<ImageDetail> inspectImage(const QString &name);
    core::Pending<QList<ImageDeletion>> removeImage(const QString &name, bool force = false);
    /** tag: or a digest; never empty, for the daemon would pull all tags. */
    PullStream *pullImage(const QString &repository, const QString &tag, const QString &platform, QObject *parent,
        const RegistryAuth &auth = {});
    /** A tar as `docker save` makes it; answers the daemon's last words ("Loaded image: x:1"). No deadline. */
    core::Pending<QString> loadImage(const QByteArray &tar);

    // For the endpoints that are functions beside this class. The path is without its version.

    /** An answer without success is its Error, in the daemon's own words. */
    core::Pending<http::Response> send(const http::Request &request, bool notModifiedIsSuccess = false);
    /** Opens the stream, which the caller made. */
    void open(Stream *stream, const http::Request &request);

private:
    using Ready = std::function<void(const core::Result<ApiVersion> &)>;
    void whenReady(Ready f);
    http::Request versioned(http::Request request) const;
    core::Pending<void> command(const QByteArray &path, const QUrlQuery &query = {},
        std::chrono::milliseconds deadline = std::chrono::seconds(30));
    void learn(const http::ResponseHead &head);

    http::Client m_client;
    std::optional<ApiVersion> m_version;
    bool m_asking = false;
    QList<Ready> m_waiting;
};

} // namespace docker
