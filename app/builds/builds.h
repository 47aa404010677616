#pragma once

#include "builds/buildjob.h"
#include "builds/buildrecord.h"

#include <QObject>
#include <QThreadPool>
#include <map>
#include <memory>

namespace builds {

/**
 * All builds there are to see: those that run, and past ones from the disk, newest first. A running build goes on
 * whatever window shows it; it ends with this object. Owned by the Application.
 */
class Builds : public QObject
{
    Q_OBJECT
public:
    /** folder: where past builds are kept, one file each. Reads it off the window's thread. */
    Builds(const http::Endpoint &endpoint, const QString &host, const QString &folder = defaultFolder(),
        QObject *parent = nullptr);
    /** Running builds are ended at the daemon; what is still to be written is written. */
    ~Builds() override;

    /** XDG_DATA_HOME/slipway/builds */
    static QString defaultFolder();
    /** Of so many builds that have ended, the newest, the steps' output is still there. */
    static constexpr int keptLogs = 20;

    /** Who registries are asked as, and where bases that want an account are pulled; must outlive it. */
    void setTransfers(transfers::Transfers &transfers) { m_transfers = &transfers; }

    const QList<BuildRecord> &records() const { return m_records; }
    /** −1: no such build. */
    int indexOf(const QString &id) const;
    const BuildRecord *find(const QString &id) const;
    /** Null once it has ended. */
    const BuildJob *job(const QString &id) const;
    /** Of a running build from its job, of a past one from its record. */
    const BuildProgress &progress(const BuildRecord &record) const;
    int running() const { return int(m_jobs.size()); }
    /** False until the folder was read. */
    bool loaded() const { return m_loaded; }
    /** A sentence when past builds cannot be kept; empty otherwise. */
    const QString &trouble() const { return m_trouble; }

    /** Returns its id. */
    QString start(const BuildRequest &request);
    void cancel(const QString &id);
    /** Forgets a build that has ended. The image stays. */
    void remove(const QString &id);

Q_SIGNALS:
    void aboutToAdd(int first, int count);
    void added();
    void aboutToRemove(int row);
    void removed();
    /** The record, or what its job is doing. */
    void changed(int row);
    void stepsChanged(const QString &id, const QList<int> &steps);
    void logAppended(const QString &id, int step, const QByteArray &bytes);
    void ended(const QString &id);
    void loadedChanged();
    void troubleChanged();

private:
    void load();
    void insert(int row, const QList<BuildRecord> &records);
    void finish(const QString &id, const core::Result<QString> &result);
    void save(const BuildRecord &record);
    void forgetOldLogs();

    http::Endpoint m_endpoint;
    QString m_host;
    QString m_folder;
    transfers::Transfers *m_transfers = nullptr; ///< null: as nobody
    QList<BuildRecord> m_records;
    std::map<QString, std::unique_ptr<BuildJob>> m_jobs;
    bool m_loaded = false;
    QString m_trouble;
    QThreadPool m_disk; ///< one thread: what is written last stays; it ends when all is written
};

} // namespace builds
