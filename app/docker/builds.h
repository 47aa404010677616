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

/** context: a tar archive. The Engine belongs into a thread of its own: see BodySource. */
BuildStream *build(Engine &engine, const BuildQuery &query, std::shared_ptr<http::BodySource> context, QObject *parent);

/** Ends a BuildKit build by its BuildQuery::id. Success where there is none such any more. */
core::Pending<void> cancelBuild(Engine &engine, const QString &id);

} // namespace docker
