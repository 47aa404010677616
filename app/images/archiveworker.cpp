#include "images/archiveworker.h"

#include "core/units.h"
#include "http/bodysource.h"

#include <QDir>
#include <QFileInfo>
#include <QSaveFile>
#include <QStorageInfo>

namespace images {

using namespace Qt::StringLiterals;

namespace {
constexpr qint64 tellEvery = 100; ///< ms
constexpr qint64 pieceSize = 256 * 1024;
} // namespace

// ---- what both do

ArchiveWorker::ArchiveWorker(const http::Endpoint &endpoint)
    : m_endpoint(endpoint)
{
}

ArchiveWorker::~ArchiveWorker() = default;

void ArchiveWorker::begin()
{
    if (m_finished)
        return;
    m_engine = std::make_unique<docker::Engine>(m_endpoint);
    open(*m_engine);
}

void ArchiveWorker::follow(docker::Stream *stream)
{
    m_stream = stream;
    connect(stream, &docker::Stream::closed, this, [this](const core::Result<void> &result) {
        if (!m_fileFault.isEmpty() || m_stopped)
            finish(core::Error{core::ErrorKind::Aborted, 0, u"stopped"_s, {}});
        else if (!result)
            finish(result.error());
        else
            finish(complete());
    });
}

void ArchiveWorker::stop()
{
    m_stopped = true;
    if (m_stream)
        m_stream->stop();
    else
        finish(core::Error{core::ErrorKind::Aborted, 0, u"stopped"_s, {}});
}

void ArchiveWorker::failFile(const QString &words)
{
    if (m_fileFault.isEmpty())
        m_fileFault = words;
    if (m_stream)
        m_stream->stop();
    else
        finish(core::Error{core::ErrorKind::Daemon, 0, words, {}});
}

void ArchiveWorker::tell(qint64 done, qint64 total, const QString &words, bool now)
{
    if (!now && m_told.isValid() && m_told.elapsed() < tellEvery)
        return;
    m_told.start();
    Q_EMIT progressed(done, total, words);
}

void ArchiveWorker::finish(const core::Result<QStringList> &result)
{
    if (std::exchange(m_finished, true))
        return;
    if (!result || !m_fileFault.isEmpty())
        discard();
    if (!m_fileFault.isEmpty())
        Q_EMIT finished(core::Error{core::ErrorKind::Daemon, 0, m_fileFault, {}}, true);
    else
        Q_EMIT finished(result, false);
}

// ---- save

SaveWorker::SaveWorker(
    const http::Endpoint &endpoint, const QStringList &names, qint64 expected, qint64 atLeast, const QString &path)
    : ArchiveWorker(endpoint)
    , m_names(names)
    , m_expected(expected)
    , m_atLeast(atLeast)
    , m_path(path)
{
}

SaveWorker::~SaveWorker() = default;

void SaveWorker::open(docker::Engine &engine)
{
    const QString folder = QFileInfo(m_path).absolutePath();
    const QStorageInfo disk(folder);
    if (disk.isValid() && disk.bytesAvailable() < m_atLeast)
        return failFile(u"%1 has %2 free, and the archive takes about %3"_s.arg(
            folder, core::bytesText(disk.bytesAvailable()), core::bytesText(m_atLeast)));
    m_file = std::make_unique<QSaveFile>(m_path);
    if (!m_file->open(QIODevice::WriteOnly))
        return failFile(fileFault());
    docker::ArchiveStream *stream = docker::saveImages(engine, m_names, this);
    connect(stream, &docker::ArchiveStream::bytes, this, &SaveWorker::write);
    tell(0, m_expected, u"Docker gathers the layers"_s, true);
    follow(stream);
}

void SaveWorker::write(const QByteArray &bytes)
{
    if (!m_file)
        return;
    // A disk that becomes full takes a part first and says so the next time.
    for (qsizetype taken = 0; taken < bytes.size();) {
        const qint64 now = m_file->write(bytes.constData() + taken, bytes.size() - taken);
        if (now <= 0 || !m_file->flush()) {
            const QString words = fileFault();
            discard();
            return failFile(words);
        }
        taken += now;
    }
    const bool first = m_written == 0;
    m_written += bytes.size();
    tell(m_written, m_expected, {}, first);
}

void SaveWorker::discard() { m_file.reset(); }

core::Result<QStringList> SaveWorker::complete()
{
    tell(m_written, m_expected, u"Writing to the disk"_s, true);
    if (!m_file->commit()) {
        failFile(fileFault());
        return core::Error{core::ErrorKind::Daemon, 0, u"not written"_s, {}};
    }
    return m_names;
}

QString SaveWorker::fileFault() const
{
    const QString folder = QFileInfo(m_path).absolutePath();
    if (m_file->error() == QFileDevice::ResourceError)
        return u"the disk of %1 is full"_s.arg(folder);
    if (!QFileInfo::exists(folder))
        return u"there is no folder %1"_s.arg(folder);
    return u"%1 cannot be written (%2)"_s.arg(m_path, m_file->errorString());
}

// ---- load

/** The file, a piece at a time; flat memory whatever its size. */
class LoadWorker::Source : public http::BodySource
{
public:
    explicit Source(LoadWorker &worker)
        : m_worker(worker)
        , m_file(worker.m_path)
    {
    }

    bool open() { return m_file.open(QIODevice::ReadOnly | QIODevice::Unbuffered); }
    QString fault() const { return m_file.errorString(); }
    qint64 size() const { return m_file.size(); }
    qint64 sent() const { return m_sent; }

    core::Result<QByteArray> next() override
    {
        QByteArray piece(pieceSize, Qt::Uninitialized);
        const qint64 read = m_file.read(piece.data(), piece.size());
        if (read < 0) {
            const QString words = u"%1 cannot be read (%2)"_s.arg(m_worker.m_path, m_file.errorString());
            m_worker.noteFault(words);
            return core::Error{core::ErrorKind::Aborted, 0, words, {}};
        }
        piece.truncate(read);
        m_sent += read;
        m_worker.tell(m_sent, m_file.size(), {}, read == 0);
        return piece;
    }

private:
    LoadWorker &m_worker; ///< outlives its engine, which has this
    QFile m_file;
    qint64 m_sent = 0;
};

LoadWorker::LoadWorker(const http::Endpoint &endpoint, const QString &path)
    : ArchiveWorker(endpoint)
    , m_path(path)
{
}

void LoadWorker::open(docker::Engine &engine)
{
    const QFileInfo file(m_path);
    m_source = std::make_shared<Source>(*this);
    if (file.isDir())
        return failFile(u"%1 is a folder"_s.arg(m_path));
    if (!m_source->open())
        return failFile(u"%1 cannot be read (%2)"_s.arg(m_path, m_source->fault()));
    if (m_source->size() == 0)
        return failFile(u"%1 is empty"_s.arg(m_path));
    docker::LoadStream *stream = docker::loadImages(engine, m_source, this);
    connect(stream, &docker::LoadStream::step, this, &LoadWorker::take);
    follow(stream);
}

void LoadWorker::take(const docker::LoadStep &step)
{
    if (!step.loaded.isEmpty())
        m_loaded.append(step.loaded);
    if (!step.status.isEmpty() && step.total > 0)
        tell(m_source->sent(), m_source->size(),
            u"Unpacking layer %1: %2 of %3"_s.arg(
                step.id.left(12), core::bytesText(std::min(step.current, step.total)), core::bytesText(step.total)));
}

core::Result<QStringList> LoadWorker::complete() { return m_loaded; }

} // namespace images
