#pragma once

#include "core/pending.h"
#include "inventory/listchange.h"
#include "runs/record.h"

#include <QFileSystemWatcher>
#include <QObject>
#include <QThread>
#include <QTimer>
#include <functional>
#include <memory>

namespace runs {

class Store;

/** How a run ended, as far as could be learnt. */
struct End
{
    Stage stage = Stage::Ended;
    int exitCode = 0;
    bool oomKilled = false;
    qint64 started = 0; ///< 0: as it was
    qint64 finished = 0;
    QString note = {};
};

/** Ends an open record; a known end stays, an unknown one may become known. */
void applyEnd(Record &record, const End &end);

/**
 * What was launched, in no order, kept in a SQLite file that any number of Slipways share. Everything that touches the
 * file happens in a thread of its own, in order; records() is the copy of it that models show. A write is on the disk
 * when its Pending answers, and at the latest when the History is gone. Owned by the Application.
 */
class History : public QObject
{
    Q_OBJECT
public:
    /** XDG_DATA_HOME/slipway/history.sqlite. */
    static QString defaultFile();
    explicit History(const QString &file = defaultFile(), QObject *parent = nullptr);
    ~History() override;

    const QList<Record> &records() const { return m_records; }
    /** Null when there is no such record. */
    const Record *find(const QString &id) const;
    /** The one whose container this is; null when there is none. */
    const Record *ofContainer(const QString &containerId) const;
    /** False until the file was read for the first time: an empty table means "loading". */
    bool loaded() const { return m_loaded; }
    /** A sentence when the file cannot be used or had to be set aside, or the last write failed; empty otherwise. */
    const QString &trouble() const { return m_trouble; }

    /** Adds the record, or replaces the one with its id. */
    core::Pending<void> put(const Record &record);
    /** Ends an open record; one whose end is known already stays as it is. */
    core::Pending<void> end(const QString &id, const End &end);
    core::Pending<void> remove(const QStringList &ids);
    /** Reads the file again if somebody else has written to it; by itself soon after that. */
    void refresh();

Q_SIGNALS:
    void changed(const inventory::ListChange &change);
    void loadedChanged();
    void troubleChanged();

private:
    using Change = std::function<void(QList<Record> &records)>;
    core::Pending<void> write(std::function<core::Result<void>(Store &store)> onDisk, Change inMemory);
    void open();
    void opened(const core::Result<QString> &result, const QList<Record> &records);
    void apply(const QList<Record> &fresh);
    void setTrouble(const QString &sentence);

    QString m_file;
    QThread m_thread;
    std::unique_ptr<QObject> m_worker; ///< in m_thread: what is to be done is sent to it
    std::unique_ptr<Store> m_store; ///< made, used and deleted in m_thread
    QList<Record> m_records;
    bool m_loaded = false;
    QString m_trouble;
    QString m_openTrouble; ///< of the file as a whole
    bool m_writeFailed = false; ///< the last one
    QFileSystemWatcher m_watcher;
    QTimer m_soon;
};

} // namespace runs
