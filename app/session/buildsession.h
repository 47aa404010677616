#pragma once

#include "core/pending.h"
#include "docker/builds.h"
#include "session/filesync.h"
#include "session/grpcserver.h"

#include <QObject>
#include <atomic>
#include <functional>
#include <memory>

namespace docker {
class Engine;
}

namespace session {

/** What a build may ask us for. */
struct Offer
{
    QString name; ///< for the daemon's log
    QString sharedKey; ///< the same for builds of the same folder: only what changed is sent then
    std::function<core::Result<std::unique_ptr<FileSource>>(const FileRequest &)> files;
    QList<docker::RegistryAuth> auths; ///< for bases that the builder itself asks registries for
};

/**
 * A session beside a BuildKit build: the daemon calls back for files, for accounts, and to hear whether we live. Opened
 * before the build, whose request names it; closed when it is deleted. Lives in the build's thread, for it reads files.
 * Owned by the build's worker. Source: buildkit's session package.
 */
class BuildSession : public QObject
{
    Q_OBJECT
public:
    /** sent: bytes of files, added up. engine outlives it. */
    BuildSession(
        docker::Engine &engine, Offer offer, std::shared_ptr<std::atomic<qint64>> sent, QObject *parent = nullptr);
    ~BuildSession() override;

    const QString &id() const { return m_id; }
    /** An Error with an HTTP status: this daemon has no sessions. Once. */
    core::Pending<void> open();
    /** What happened to files while they were sent. */
    const FileRemarks &remarks() const { return *m_remarks; }

Q_SIGNALS:
    /** The builder begins to ask for files of this folder, or has all it wants. */
    void asked(const QByteArray &folder, bool more);

private:
    std::unique_ptr<GrpcCall> call(const QByteArray &path, const Metadata &metadata);
    std::unique_ptr<GrpcCall> files(const Metadata &metadata);
    GrpcStatus credentials(const QByteArray &request, QByteArray &answer) const;

    docker::Engine &m_engine;
    Offer m_offer;
    std::shared_ptr<std::atomic<qint64>> m_sent;
    std::shared_ptr<FileRemarks> m_remarks;
    QString m_id;
    docker::SessionStream *m_stream = nullptr; ///< child
    GrpcServer *m_server; ///< child
};

} // namespace session
