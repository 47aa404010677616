#pragma once

#include "docker/engine.h"
#include "docker/imagefiles.h"

#include <QElapsedTimer>
#include <QObject>
#include <memory>

class QSaveFile;

namespace images {

/**
 * The side of an ArchiveJob that lives in its own thread, where it may block on a disk: holds the connection to the
 * daemon and the file. finished() exactly once. Owned by the job's thread.
 */
class ArchiveWorker : public QObject
{
    Q_OBJECT
public:
    explicit ArchiveWorker(const http::Endpoint &endpoint);
    ~ArchiveWorker() override;

    void begin();
    /** finished(Aborted) follows, or what came first. */
    void stop();

Q_SIGNALS:
    /** bytes of the archive; total: −1 where nobody knows; words: what else is done. Some ten times a second. */
    void progressed(qint64 done, qint64 total, const QString &words);
    /** The images in the archive. fileFault: the error's message is a sentence's end on the file, not the daemon's. */
    void finished(const core::Result<QStringList> &result, bool fileFault);

protected:
    virtual void open(docker::Engine &engine) = 0;
    void follow(docker::Stream *stream);
    /** The daemon did all. */
    virtual core::Result<QStringList> complete() = 0;
    /** It failed: nothing half written stays. */
    virtual void discard() { }
    void failFile(const QString &words);
    /** The exchange is about to end by it. */
    void noteFault(const QString &words) { m_fileFault = words; }
    void tell(qint64 done, qint64 total, const QString &words, bool now = false);

private:
    void finish(const core::Result<QStringList> &result);

    http::Endpoint m_endpoint;
    std::unique_ptr<docker::Engine> m_engine; ///< made in the worker's thread
    docker::Stream *m_stream = nullptr;
    QElapsedTimer m_told;
    QString m_fileFault;
    bool m_stopped = false;
    bool m_finished = false;
};

/** Writes images into an archive: beside the target under another name, which becomes the target when it is whole. */
class SaveWorker : public ArchiveWorker
{
    Q_OBJECT
public:
    /** expected: bytes, as far as known; atLeast: what must fit on the disk. */
    SaveWorker(
        const http::Endpoint &endpoint, const QStringList &names, qint64 expected, qint64 atLeast, const QString &path);
    ~SaveWorker() override;

protected:
    void open(docker::Engine &engine) override;
    core::Result<QStringList> complete() override;
    void discard() override;

private:
    void write(const QByteArray &bytes);
    QString fileFault() const;

    QStringList m_names;
    qint64 m_expected;
    qint64 m_atLeast;
    QString m_path;
    std::unique_ptr<QSaveFile> m_file; ///< made in the worker's thread
    qint64 m_written = 0;
};

/** Sends an archive to the daemon, a piece at a time. */
class LoadWorker : public ArchiveWorker
{
    Q_OBJECT
public:
    LoadWorker(const http::Endpoint &endpoint, const QString &path);

protected:
    void open(docker::Engine &engine) override;
    core::Result<QStringList> complete() override;

private:
    class Source;
    void take(const docker::LoadStep &step);

    QString m_path;
    std::shared_ptr<Source> m_source;
    QStringList m_loaded;
};

} // namespace images
