#pragma once

#include "core/pending.h"
#include "docker/streams.h"

#include <QList>
#include <memory>

namespace http {
class BodySource;
}

/** The endpoints that tell what an image is made of, and that write and read archives of images. */
namespace docker {

class Engine;

/** GET /images/{name}/history, one element. */
struct HistoryEntry
{
    qint64 created = 0; ///< Unix seconds
    QString createdBy; ///< the command, in the builder's notation
    QString comment;
    qint64 size = 0; ///< bytes

    bool operator==(const HistoryEntry &) const = default;
};

/** The newest first, as the daemon tells them; also those that changed no file. */
core::Pending<QList<HistoryEntry>> imageHistory(Engine &engine, const QString &name);
core::Result<QList<HistoryEntry>> parseHistory(const QByteArray &json);

/** GET /images/get: a tar of images, as `docker save` writes it. Its bytes come as fast as they are taken. */
class ArchiveStream : public Stream
{
    Q_OBJECT
public:
    using Stream::Stream;

Q_SIGNALS:
    void bytes(const QByteArray &bytes);

protected:
    void take(const QByteArray &piece) override { Q_EMIT bytes(piece); }
};

/** names: at least one; a name brings its tag along, an id does not. */
ArchiveStream *saveImages(Engine &engine, const QStringList &names, QObject *parent);

/** POST /images/load, one line of what it tells. */
struct LoadStep
{
    QString loaded; ///< "bb:1", or an id: this image is there now
    QString status; ///< "Loading layer"
    QString id; ///< of the layer
    qint64 current = -1; ///< bytes of the layer; −1: not told
    qint64 total = -1;

    bool operator==(const LoadStep &) const = default;
};

/** What the daemon tells while it reads an archive of images. closed() has its refusal, also one in the last line. */
class LoadStream : public ReportStream
{
    Q_OBJECT
public:
    using ReportStream::ReportStream;

Q_SIGNALS:
    void step(const docker::LoadStep &step);

protected:
    core::Result<void> tell(const QByteArray &line) override;
};

/** The archive may be packed with gzip, bzip2, xz or zstd: the daemon sees to it. */
LoadStream *loadImages(Engine &engine, const std::shared_ptr<http::BodySource> &archive, QObject *parent);
/** A line that ends it is the Error it tells, in the daemon's words. */
core::Result<LoadStep> parseLoadStep(const QByteArray &json);

} // namespace docker
