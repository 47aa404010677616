#pragma once

#include "docker/registryauth.h"
#include "docker/streams.h"

#include <QMap>
#include <memory>

namespace http {
class BodySource;
}

/** Building images: POST /build and what belongs to it. Source: FACTS.md 7. */
namespace docker {

class Engine;

/** Which of the daemon's two builders. */
enum class Builder { BuildKit, Classic };

/** The parameters of POST /build. */
struct BuildQuery
{
    Builder builder = Builder::BuildKit;
    QString id{}; ///< for cancelBuild(); BuildKit only
    QStringList tags{};
    QString dockerfile{}; ///< its path in the archive
    QString target{};
    QMap<QString, QString> args{};
    QMap<QString, QString> labels{};
    QString network{}; ///< "host", "none"; empty: the daemon's own
    QString platform{}; ///< "linux/amd64"
    qint64 shmSize = 0; ///< bytes; 0: the daemon's own
    QString session{}; ///< of openSession(): the folder is asked for there; BuildKit only
    bool noCache = false;
    bool pull = false; ///< ask the registry for newer bases
    QList<RegistryAuth> auths{}; ///< for the classic builder's own pulls
};

/** One line of a build's stream. */
struct BuildMessage
{
    enum class Kind {
        Trace, ///< bytes: a BuildKit StatusResponse, protobuf
        Text, ///< bytes: of the classic builder, or a last word
        Status, ///< step: of the classic builder's pull of a base
        Image, ///< bytes: the id of what was built
        Other,
    };
    Kind kind = Kind::Other;
    QByteArray bytes{};
    PullStep step{};
};

/** A line, or the Error that ends the build, in the daemon's words. */
core::Result<BuildMessage> parseBuildMessage(const QByteArray &json);

/** A build as it goes; closed() has its failure. stop() takes it back: the daemon ends it. */
class BuildStream : public ReportStream
{
    Q_OBJECT
public:
    using ReportStream::ReportStream;

Q_SIGNALS:
    void message(const docker::BuildMessage &message);

protected:
    core::Result<void> tell(const QByteArray &line) override;
};

/** Who the other end of a session is. Source: buildkit's session package, the daemon's POST /session. */
struct SessionFacts
{
    QString id; ///< random
    QString name; ///< for the daemon's log
    QString sharedKey; ///< what was sent in one of the same key need not be sent again
    QList<QByteArray> methods; ///< of gRPC: "/moby.filesync.v1.FileSync/DiffCopy"
};

/** The bytes of a session, on which the daemon is the client of our gRPC server. */
class SessionStream : public Stream
{
    Q_OBJECT
public:
    using Stream::Stream;
    void write(const QByteArray &bytes);

Q_SIGNALS:
    void received(const QByteArray &bytes);

protected:
    void take(const QByteArray &bytes) override { Q_EMIT received(bytes); }
};

/** Lasts as long as the stream. Refused (404 and the like) by what calls itself Docker and has no BuildKit. */
SessionStream *openSession(Engine &engine, const SessionFacts &facts, QObject *parent);

/** context: a tar archive; none for a build with a session. The Engine belongs into a thread of its own: see
 * BodySource. */
BuildStream *build(Engine &engine, const BuildQuery &query, std::shared_ptr<http::BodySource> context, QObject *parent);

/** Ends a BuildKit build by its BuildQuery::id. Success where there is none such any more. */
core::Pending<void> cancelBuild(Engine &engine, const QString &id);

} // namespace docker
