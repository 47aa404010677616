#pragma once

#include "builds/buildrequest.h"
#include "builds/contextbody.h"
#include "builds/dockerfile.h"
#include "builds/readers.h"
#include "contexts/contextscan.h"
#include "docker/engine.h"
#include "docker/registryauth.h"

#include <QMutex>
#include <QObject>
#include <atomic>
#include <functional>
#include <memory>

namespace session {
class BuildSession;
class FileSource;
struct FileRequest;
} // namespace session

namespace builds {

/**
 * What the steps of a build tell on their way from its thread to the window's: bounded, the oldest output goes first
 * when nobody takes any. Shared by a BuildJob and its BuildWorker; any thread.
 */
class StepInbox
{
public:
    /** wake: called in the worker's thread, once until the next take(). */
    explicit StepInbox(std::function<void()> wake)
        : m_wake(std::move(wake))
    {
    }
    void push(const QList<StepEvent> &events);
    QList<StepEvent> take();

private:
    void cut();

    std::function<void()> m_wake;
    QMutex m_mutex;
    QList<StepEvent> m_events;
    qint64 m_logBytes = 0;
};

/** What is known before the daemon is asked. */
struct PreparedBuild
{
    contexts::ContextSummary summary;
    Dockerfile dockerfile;
    QStringList bases; ///< images of registries
};

/**
 * The side of a BuildJob that lives in a thread of its own, with an Engine of its own: looks through the folder, sends
 * the context while reading it, reads the stream. Owned by the job's thread.
 */
class BuildWorker : public QObject
{
    Q_OBJECT
public:
    BuildWorker(const http::Endpoint &endpoint, const BuildRequest &request, std::shared_ptr<StepInbox> inbox,
        std::shared_ptr<std::atomic<bool>> cancelled, std::shared_ptr<std::atomic<qint64>> sent);
    ~BuildWorker() override;

    void prepare();
    /** auths: for the builder that takes them. basesAreNew: the daemon need not ask their registries again. */
    void build(const QList<docker::RegistryAuth> &auths, bool basesAreNew);
    /** After *cancelled: ends what it waits for. */
    void cancel();

Q_SIGNALS:
    void counted(qint64 files, qint64 bytes);
    void prepared(const core::Result<builds::PreparedBuild> &result);
    /** To the builder of these words; also after another one refused. */
    void sending();
    /** Files are on their way; partly: only those that the builder does not have. */
    void transferring(bool on, bool partly);
    void remarked(const QString &sentence);
    /** The image's id. Exactly once. */
    void finished(const core::Result<QString> &result);

private:
    void send(docker::Builder builder);
    void openSession();
    core::Result<std::unique_ptr<session::FileSource>> filesFor(const session::FileRequest &request) const;
    void sendWithSession();
    void sendArchive(docker::Builder builder);
    void follow(docker::BuildStream *stream);
    docker::BuildQuery query(docker::Builder builder) const;
    QString remark() const;
    void take(const docker::BuildMessage &message);
    void streamClosed(const core::Result<void> &result);
    bool refusesBuildKit(const core::Error &error) const;
    void finish(const core::Result<QString> &result);

    http::Endpoint m_endpoint;
    BuildRequest m_request;
    std::shared_ptr<StepInbox> m_inbox;
    std::shared_ptr<std::atomic<bool>> m_cancelled;
    std::shared_ptr<std::atomic<qint64>> m_sent;
    std::unique_ptr<docker::Engine> m_engine; ///< made in the worker's thread
    QString m_dockerfile; ///< where the builder finds it
    bool m_basesAreNew = false;
    QList<docker::RegistryAuth> m_auths;
    QString m_id;
    docker::Builder m_builder = docker::Builder::BuildKit;
    session::BuildSession *m_session = nullptr; ///< child; of a BuildKit that has sessions
    std::shared_ptr<ContextBody> m_body; ///< else
    QPointer<docker::BuildStream> m_stream;
    ClassicReader m_classic;
    bool m_traced = false;
    QString m_image;
    bool m_finished = false;
};

} // namespace builds
