#pragma once

#include "core/result.h"
#include "http/endpoint.h"

#include <QObject>
#include <QStringList>
#include <QThread>

namespace images {

class ArchiveWorker;

/**
 * Writes images into a tar file, or loads them from one, in a thread of its own. A job: progressed(), finished()
 * exactly once, abort(), which leaves no file behind (what the daemon has loaded already stays). Owned by who began it;
 * its end waits for the disk.
 */
class ArchiveJob : public QObject
{
    Q_OBJECT
public:
    /** expected: bytes of the archive, as far as known; atLeast: what must be free on the disk. */
    static ArchiveJob *save(const http::Endpoint &endpoint, const QStringList &names, qint64 expected, qint64 atLeast,
        const QString &path, QObject *parent);
    static ArchiveJob *load(const http::Endpoint &endpoint, const QString &path, QObject *parent);
    ~ArchiveJob() override;

    void start();
    void abort();

    /** Of a failure: the file's, in words that end "Could not … : "; else the daemon's. */
    bool fileFault() const { return m_fileFault; }

Q_SIGNALS:
    /** bytes of the archive; total −1: not known; words: what is done besides, or empty. */
    void progressed(qint64 done, qint64 total, const QString &words);
    /** The names in the archive, those that are there now. */
    void finished(const core::Result<QStringList> &result);

private:
    ArchiveJob(ArchiveWorker *worker, QObject *parent);

    QThread m_thread;
    ArchiveWorker *m_worker; ///< lives in m_thread, which deletes it
    bool m_started = false;
    bool m_fileFault = false;
};

} // namespace images
