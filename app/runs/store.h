#pragma once

#include "core/result.h"
#include "runs/history.h"

#include <optional>

class QSqlQuery;

namespace runs {

/**
 * The SQLite file behind the History: opens it, brings its tables up to date, sets a broken one aside. Blocks; lives in
 * one thread, which its History owns. Any number of processes may have the same file open.
 */
class Store
{
public:
    explicit Store(const QString &file);
    ~Store();
    Q_DISABLE_COPY_MOVE(Store)

    /** Before anything else. An error: nothing can be kept; a text: what happened to an older, broken file. */
    core::Result<QString> open();

    core::Result<QList<Record>> all(); ///< newest first
    core::Result<void> put(const Record &record);
    core::Result<void> end(const QString &id, const End &end);
    core::Result<void> remove(const QStringList &ids);
    /** Whether another process has written since this was last asked. */
    bool changedElsewhere();

private:
    core::Result<QString> openOrReplace();
    core::Result<void> openFile();
    core::Result<void> migrate();
    core::Result<void> run(QSqlQuery &query);
    core::Result<void> run(const QString &statement);
    void close();

    QString m_file;
    QString m_connection;
    std::optional<core::Error> m_fault; ///< of open(): the file is left alone
    qint64 m_version = -1; ///< SQLite's data_version: of other connections' writes
};

} // namespace runs
