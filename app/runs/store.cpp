#include "runs/store.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>
#include <QUuid>
#include <QVariant>

namespace runs {

using namespace Qt::StringLiterals;

namespace {

constexpr int newestSchema = 1;
constexpr int busyMs = 10000; ///< another Slipway writes for far less

/** How each schema became the next; the first makes the tables. Never changed, only added to. */
const QList<QStringList> &migrations()
{
    static const QList<QStringList> all{{
        uR"(CREATE TABLE runs (
            id TEXT PRIMARY KEY, config_name TEXT NOT NULL, config TEXT NOT NULL, line TEXT NOT NULL,
            host TEXT NOT NULL, container_id TEXT NOT NULL, container_name TEXT NOT NULL, image TEXT NOT NULL,
            image_id TEXT NOT NULL, image_digest TEXT NOT NULL, commits TEXT NOT NULL, gpus TEXT NOT NULL,
            created INTEGER NOT NULL, started INTEGER NOT NULL, finished INTEGER NOT NULL, stage INTEGER NOT NULL,
            exit_code INTEGER NOT NULL, oom_killed INTEGER NOT NULL, note TEXT NOT NULL, log_file TEXT NOT NULL,
            origin INTEGER NOT NULL))"_s,
        u"CREATE INDEX runs_created ON runs (created)"_s,
    }};
    static_assert(newestSchema == 1);
    return all;
}

QString commitsText(const QList<Commit> &commits)
{
    QJsonArray array;
    for (const Commit &commit : commits) {
        QJsonObject object{{u"folder"_s, commit.folder}, {u"hash"_s, commit.hash}};
        if (commit.changed)
            object.insert(u"changed"_s, true);
        array += object;
    }
    return QString::fromUtf8(QJsonDocument(array).toJson(QJsonDocument::Compact));
}

QList<Commit> commitsOf(const QString &text)
{
    QList<Commit> commits;
    for (const QJsonValue &value : QJsonDocument::fromJson(text.toUtf8()).array())
        commits += Commit{value["folder"_L1].toString(), value["hash"_L1].toString(), value["changed"_L1].toBool()};
    return commits;
}

QString text(const QString &value) { return value.isNull() ? u""_s : value; } // NULL is none of ours

Record recordOf(const QSqlQuery &row)
{
    int column = 0;
    const auto next = [&] { return row.value(column++); };
    Record record;
    record.id = next().toString();
    record.configName = next().toString();
    record.config = next().toString().toUtf8();
    record.line = next().toString();
    record.host = next().toString();
    record.containerId = next().toString();
    record.containerName = next().toString();
    record.image = next().toString();
    record.imageId = next().toString();
    record.imageDigest = next().toString();
    record.commits = commitsOf(next().toString());
    record.gpus = next().toString().split(u'\n', Qt::SkipEmptyParts);
    record.created = next().toLongLong();
    record.started = next().toLongLong();
    record.finished = next().toLongLong();
    record.stage = Stage(qBound(0, next().toInt(), int(Stage::EndUnknown)));
    record.exitCode = next().toInt();
    record.oomKilled = next().toBool();
    record.note = next().toString();
    record.logFile = next().toString();
    record.origin = Origin(qBound(0, next().toInt(), int(Origin::RunAgain)));
    return record;
}

core::Error failure(const QSqlError &error)
{
    return {core::ErrorKind::Denied, 0,
        QCoreApplication::translate("runs::History", "The history of runs cannot be kept: %1.")
            .arg(error.databaseText().isEmpty() ? error.driverText() : error.databaseText()),
        error.nativeErrorCode()};
}

/** SQLITE_CORRUPT and SQLITE_NOTADB, also as extended codes. */
bool isBroken(const core::Error &error)
{
    const int code = error.detail.toInt() & 0xff;
    return code == 11 || code == 26;
}

} // namespace

Store::Store(const QString &file)
    : m_file(file)
    , m_connection(QUuid::createUuid().toString())
{
}

Store::~Store() { close(); }

void Store::close() { QSqlDatabase::removeDatabase(m_connection); }

core::Result<QString> Store::open()
{
    auto result = openOrReplace();
    m_fault = result ? std::nullopt : std::optional(result.error());
    return result;
}

core::Result<QString> Store::openOrReplace()
{
    QDir().mkpath(QFileInfo(m_file).path());
    auto opened = openFile();
    if (opened)
        return QString();
    if (!isBroken(opened.error()))
        return opened.error();
    close();
    const QString aside = u"%1.broken-%2"_s.arg(m_file, QDateTime::currentDateTime().toString(u"yyyyMMdd-HHmmss"_s));
    if (!QFile::rename(m_file, aside))
        return opened.error();
    for (const QString &companion : {u"-wal"_s, u"-shm"_s}) {
        if (QFile::exists(m_file + companion))
            QFile::rename(m_file + companion, aside + companion);
    }
    if (opened = openFile(); !opened)
        return opened.error();
    return QCoreApplication::translate(
        "runs::History", "The history of runs was damaged. It was set aside as %1, and a new one was begun.")
        .arg(aside);
}

core::Result<void> Store::openFile()
{
    QSqlDatabase database = QSqlDatabase::addDatabase(u"QSQLITE"_s, m_connection);
    database.setDatabaseName(m_file);
    database.setConnectOptions(u"QSQLITE_BUSY_TIMEOUT=%1"_s.arg(busyMs));
    if (!database.open())
        return failure(database.lastError());
    QFile::setPermissions(m_file, QFile::ReadOwner | QFile::WriteOwner); // paths and commands are nobody else's
    for (const QString &pragma : {u"PRAGMA journal_mode=WAL"_s, u"PRAGMA synchronous=FULL"_s}) {
        if (auto set = run(pragma); !set)
            return set;
    }
    QSqlQuery check(database);
    check.prepare(u"PRAGMA quick_check"_s);
    if (auto checked = run(check); !checked)
        return checked;
    if (!check.next() || check.value(0).toString() != "ok"_L1)
        return core::Error{core::ErrorKind::Denied, 0, check.value(0).toString(), u"11"_s};
    check.finish();
    return migrate();
}

core::Result<void> Store::migrate()
{
    // IMMEDIATE: of two Slipways that start at once one waits here, and then finds it done.
    if (auto begun = run(u"BEGIN IMMEDIATE"_s); !begun)
        return begun;
    QSqlQuery query(QSqlDatabase::database(m_connection));
    query.prepare(u"PRAGMA user_version"_s);
    auto result = run(query);
    const int version = result && query.next() ? query.value(0).toInt() : 0;
    query.finish();
    if (version > newestSchema)
        result = core::Error{core::ErrorKind::Denied, 0,
            QCoreApplication::translate("runs::History",
                "The history of runs was written by a newer Slipway; this one leaves it alone and keeps none."),
            {}};
    for (int step = version; result && step < newestSchema; ++step) {
        for (const QString &statement : migrations()[step]) {
            if (result)
                result = run(statement);
        }
    }
    if (result)
        result = run(u"PRAGMA user_version = %1"_s.arg(newestSchema));
    if (!result) {
        run(u"ROLLBACK"_s);
        return result;
    }
    return run(u"COMMIT"_s);
}

core::Result<void> Store::run(QSqlQuery &query)
{
    // exec() would forget why it could not be prepared.
    if (query.lastError().isValid() || !query.exec())
        return failure(query.lastError());
    return {};
}

core::Result<void> Store::run(const QString &statement)
{
    QSqlQuery query(QSqlDatabase::database(m_connection));
    query.prepare(statement);
    return run(query);
}

core::Result<QList<Record>> Store::all()
{
    if (m_fault)
        return *m_fault;
    QSqlQuery query(QSqlDatabase::database(m_connection));
    query.setForwardOnly(true);
    query.prepare(u"SELECT id, config_name, config, line, host, container_id, container_name, image, image_id, "
                  "image_digest, commits, gpus, created, started, finished, stage, exit_code, oom_killed, note, "
                  "log_file, origin FROM runs ORDER BY created DESC, rowid DESC"_s);
    if (const auto done = run(query); !done)
        return done.error();
    QList<Record> records;
    while (query.next())
        records += recordOf(query);
    if (query.lastError().isValid())
        return failure(query.lastError());
    return records;
}

core::Result<void> Store::put(const Record &record)
{
    if (m_fault)
        return *m_fault;
    QSqlQuery query(QSqlDatabase::database(m_connection));
    // Not REPLACE, which would give the row a new place.
    query.prepare(
        u"INSERT INTO runs (id, config_name, config, line, host, container_id, container_name, image, image_id, "
        "image_digest, commits, gpus, created, started, finished, stage, exit_code, oom_killed, note, log_file, "
        "origin) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT (id) DO UPDATE SET "
        "config_name=excluded.config_name, config=excluded.config, line=excluded.line, host=excluded.host, "
        "container_id=excluded.container_id, container_name=excluded.container_name, image=excluded.image, "
        "image_id=excluded.image_id, image_digest=excluded.image_digest, commits=excluded.commits, "
        "gpus=excluded.gpus, created=excluded.created, started=excluded.started, finished=excluded.finished, "
        "stage=excluded.stage, exit_code=excluded.exit_code, oom_killed=excluded.oom_killed, note=excluded.note, "
        "log_file=excluded.log_file, origin=excluded.origin"_s);
    for (const QString &value : {record.id, record.configName, QString::fromUtf8(record.config), record.line,
             record.host, record.containerId, record.containerName, record.image, record.imageId, record.imageDigest,
             commitsText(record.commits), record.gpus.join(u'\n')})
        query.addBindValue(text(value));
    for (const qint64 value : {record.created, record.started, record.finished, qint64(record.stage),
             qint64(record.exitCode), qint64(record.oomKilled)})
        query.addBindValue(value);
    query.addBindValue(text(record.note));
    query.addBindValue(text(record.logFile));
    query.addBindValue(int(record.origin));
    return run(query);
}

core::Result<void> Store::end(const QString &id, const End &end)
{
    if (m_fault)
        return *m_fault;
    QSqlQuery query(QSqlDatabase::database(m_connection));
    query.prepare(
        u"UPDATE runs SET stage = ?, exit_code = ?, oom_killed = ?, finished = ?, note = ?, "
        "started = CASE WHEN ? > 0 THEN ? ELSE started END WHERE id = ? AND (stage <= ? OR (stage = ? AND ? = ?))"_s);
    query.addBindValue(int(end.stage));
    query.addBindValue(end.exitCode);
    query.addBindValue(int(end.oomKilled));
    query.addBindValue(end.finished);
    query.addBindValue(text(end.note));
    query.addBindValue(end.started);
    query.addBindValue(end.started);
    query.addBindValue(id);
    query.addBindValue(int(Stage::Running));
    query.addBindValue(int(Stage::EndUnknown));
    query.addBindValue(int(end.stage));
    query.addBindValue(int(Stage::Ended));
    return run(query);
}

core::Result<void> Store::remove(const QStringList &ids)
{
    if (m_fault)
        return *m_fault;
    if (auto begun = run(u"BEGIN IMMEDIATE"_s); !begun)
        return begun;
    core::Result<void> result;
    for (const QString &id : ids) {
        QSqlQuery query(QSqlDatabase::database(m_connection));
        query.prepare(u"DELETE FROM runs WHERE id = ?"_s);
        query.addBindValue(id);
        if (result)
            result = run(query);
    }
    const auto closed = run(result ? u"COMMIT"_s : u"ROLLBACK"_s);
    return result ? closed : result;
}

bool Store::changedElsewhere()
{
    if (m_fault)
        return false;
    QSqlQuery query(QSqlDatabase::database(m_connection));
    query.prepare(u"PRAGMA data_version"_s);
    if (!run(query) || !query.next())
        return false;
    const qint64 version = query.value(0).toLongLong();
    return std::exchange(m_version, version) != version;
}

} // namespace runs
