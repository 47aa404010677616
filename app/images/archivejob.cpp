#include "images/archivejob.h"

#include "images/archiveworker.h"

namespace images {

ArchiveJob *ArchiveJob::save(const http::Endpoint &endpoint, const QStringList &names, qint64 expected, qint64 atLeast,
    const QString &path, QObject *parent)
{
    return new ArchiveJob(new SaveWorker(endpoint, names, expected, atLeast, path), parent);
}

ArchiveJob *ArchiveJob::load(const http::Endpoint &endpoint, const QString &path, QObject *parent)
{
    return new ArchiveJob(new LoadWorker(endpoint, path), parent);
}

ArchiveJob::ArchiveJob(ArchiveWorker *worker, QObject *parent)
    : QObject(parent)
    , m_worker(worker)
{
    m_thread.setObjectName(QStringLiteral("image-archive"));
    worker->moveToThread(&m_thread);
    connect(&m_thread, &QThread::finished, worker, &QObject::deleteLater);
    connect(worker, &ArchiveWorker::progressed, this, &ArchiveJob::progressed);
    connect(worker, &ArchiveWorker::finished, this, [this](const core::Result<QStringList> &result, bool fileFault) {
        m_fileFault = fileFault;
        m_worker = nullptr; // goes with its thread
        m_thread.quit();
        Q_EMIT finished(result);
    });
}

ArchiveJob::~ArchiveJob()
{
    if (!m_started) {
        delete m_worker;
        return;
    }
    m_thread.quit();
    m_thread.wait();
}

void ArchiveJob::start()
{
    m_started = true;
    m_thread.start();
    QMetaObject::invokeMethod(m_worker, &ArchiveWorker::begin, Qt::QueuedConnection);
}

void ArchiveJob::abort()
{
    if (m_worker)
        QMetaObject::invokeMethod(m_worker, &ArchiveWorker::stop, Qt::QueuedConnection);
}

} // namespace images
