#include "builds/builds.h"

#include <QDateTime>
#include <QPointer>
#include <QStandardPaths>
#include <QUuid>

namespace builds {

using namespace Qt::StringLiterals;

namespace {
qint64 now() { return QDateTime::currentMSecsSinceEpoch(); }
} // namespace

QString Builds::defaultFolder()
{
    return QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) + u"/slipway/builds"_s;
}

Builds::Builds(const http::Endpoint &endpoint, const QString &host, const QString &folder, QObject *parent)
    : QObject(parent)
    , m_endpoint(endpoint)
    , m_host(host)
    , m_folder(folder)
{
    m_disk.setMaxThreadCount(1);
    load();
}

Builds::~Builds()
{
    for (BuildRecord &record : m_records) {
        if (record.state != BuildState::Running)
            continue;
        record.state = BuildState::Cancelled; // whoever ended the program was asked
        record.finished = now();
        if (const auto at = m_jobs.find(record.id); at != m_jobs.end())
            record.progress = at->second->progress();
        record.progress.end(false);
        m_disk.start([folder = m_folder, record] { saveRecord(folder, record); });
    }
    m_jobs.clear();
}

void Builds::load()
{
    m_disk.start([this, folder = m_folder] {
        const QList<BuildRecord> records = loadRecords(folder);
        // This lives: its end waits for this thread.
        QMetaObject::invokeMethod(
            this,
            [this, records] {
                QList<BuildRecord> fresh;
                for (const BuildRecord &record : records) {
                    if (indexOf(record.id) < 0)
                        fresh.append(record);
                }
                insert(int(m_records.size()), fresh);
                m_loaded = true;
                Q_EMIT loadedChanged();
            },
            Qt::QueuedConnection);
    });
}

void Builds::insert(int row, const QList<BuildRecord> &records)
{
    if (records.isEmpty())
        return;
    Q_EMIT aboutToAdd(row, int(records.size()));
    for (qsizetype i = 0; i < records.size(); ++i)
        m_records.insert(row + i, records[i]);
    Q_EMIT added();
}

int Builds::indexOf(const QString &id) const
{
    for (qsizetype i = 0; i < m_records.size(); ++i) {
        if (m_records[i].id == id)
            return int(i);
    }
    return -1;
}

const BuildRecord *Builds::find(const QString &id) const
{
    const int row = indexOf(id);
    return row < 0 ? nullptr : &m_records[row];
}

const BuildJob *Builds::job(const QString &id) const
{
    const auto it = m_jobs.find(id);
    return it == m_jobs.end() ? nullptr : it->second.get();
}

const BuildProgress &Builds::progress(const BuildRecord &record) const
{
    const BuildJob *running = job(record.id);
    return running ? running->progress() : record.progress;
}

QString Builds::start(const BuildRequest &request)
{
    BuildRecord record;
    record.id = QUuid::createUuid().toString(QUuid::WithoutBraces);
    record.host = m_host;
    record.request = request;
    record.started = now();
    auto job = std::make_unique<BuildJob>(m_endpoint, request, m_transfers);
    const QString id = record.id;
    connect(job.get(), &BuildJob::progressed, this, [this, id] { Q_EMIT changed(indexOf(id)); });
    connect(job.get(), &BuildJob::stepsChanged, this,
        [this, id](const QList<int> &steps) { Q_EMIT stepsChanged(id, steps); });
    connect(job.get(), &BuildJob::logAppended, this,
        [this, id](int step, const QByteArray &bytes) { Q_EMIT logAppended(id, step, bytes); });
    connect(
        job.get(), &BuildJob::finished, this, [this, id](const core::Result<QString> &result) { finish(id, result); });
    BuildJob *started = job.get();
    m_jobs.emplace(id, std::move(job));
    insert(0, {record});
    save(record);
    started->start();
    return id;
}

void Builds::cancel(const QString &id)
{
    const auto it = m_jobs.find(id);
    if (it != m_jobs.end())
        it->second->abort();
}

void Builds::remove(const QString &id)
{
    const int row = indexOf(id);
    if (row < 0 || job(id))
        return;
    Q_EMIT aboutToRemove(row);
    m_records.removeAt(row);
    Q_EMIT removed();
    m_disk.start([folder = m_folder, id] { removeRecord(folder, id); });
}

void Builds::finish(const QString &id, const core::Result<QString> &result)
{
    const auto it = m_jobs.find(id);
    const int row = indexOf(id);
    if (it == m_jobs.end() || row < 0)
        return;
    BuildRecord &record = m_records[row];
    record.finished = now();
    record.progress = it->second->progress();
    record.remarks = it->second->remarks();
    if (result) {
        record.state = BuildState::Succeeded;
        record.imageId = *result;
    } else {
        const bool cancelled = result.error().kind == core::ErrorKind::Aborted;
        record.state = cancelled ? BuildState::Cancelled : BuildState::Failed;
        record.error = cancelled ? QString() : result.error().message;
        record.refusedBase = cancelled ? QString() : it->second->refusedBase(result.error());
        if (!result.error().detail.isEmpty() && !cancelled)
            record.error = result.error().detail + u' ' + record.error;
    }
    const int failed = record.progress.failed();
    record.failedLine = failed >= 0 ? record.progress.steps()[failed].line : lineInError(record.error);
    if (record.failedLine > 0)
        record.failedLines = record.progress.dockerfile().lines(record.failedLine);
    it->second.release()->deleteLater(); // this is its signal
    m_jobs.erase(it);
    save(record);
    forgetOldLogs();
    Q_EMIT changed(row);
    Q_EMIT ended(id);
}

void Builds::forgetOldLogs()
{
    int ended = 0;
    for (BuildRecord &record : m_records) {
        if (record.state != BuildState::Running && ++ended > keptLogs)
            record.progress.forgetLogs();
    }
}

void Builds::save(const BuildRecord &record)
{
    m_disk.start([this, folder = m_folder, record] {
        const auto saved = saveRecord(folder, record);
        if (saved)
            return;
        QMetaObject::invokeMethod(
            this,
            [this, sentence = saved.error().message] {
                m_trouble = tr("Past builds are not kept: %1").arg(sentence);
                Q_EMIT troubleChanged();
            },
            Qt::QueuedConnection);
    });
}

} // namespace builds
