#include "runs/history.h"

#include "core/log.h"
#include "runs/store.h"

#include <QStandardPaths>
#include <algorithm>
#include <csignal>

namespace runs {

using namespace Qt::StringLiterals;

QString History::defaultFile()
{
    return QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) + u"/slipway/history.sqlite"_s;
}

History::History(const QString &file, QObject *parent)
    : QObject(parent)
    , m_file(file)
    , m_worker(std::make_unique<QObject>())
{
    m_soon.setSingleShot(true);
    m_soon.setInterval(200); // one write touches the file several times
    connect(&m_soon, &QTimer::timeout, this, &History::refresh);
    connect(&m_watcher, &QFileSystemWatcher::fileChanged, &m_soon, qOverload<>(&QTimer::start));
    m_thread.setObjectName(u"history"_s);
    m_worker->moveToThread(&m_thread);
    // It inherits the mask: a signal must find the thread that waits for it, and not end the program here.
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    ::pthread_sigmask(SIG_BLOCK, &all, &before);
    m_thread.start();
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    open();
}

History::~History()
{
    // Behind everything that is still to be written.
    QMetaObject::invokeMethod(
        m_worker.get(),
        [this] {
            m_store.reset();
            m_thread.quit();
        },
        Qt::QueuedConnection);
    m_thread.wait();
}

void History::open()
{
    QMetaObject::invokeMethod(
        m_worker.get(),
        [this] {
            m_store = std::make_unique<Store>(m_file);
            auto result = m_store->open();
            QList<Record> records;
            if (result) {
                m_store->changedElsewhere();
                auto all = m_store->all();
                if (all)
                    records = std::move(*all);
                else
                    result = all.error();
            }
            QMetaObject::invokeMethod(
                this, [this, result, records] { opened(result, records); }, Qt::QueuedConnection);
        },
        Qt::QueuedConnection);
}

void History::opened(const core::Result<QString> &result, const QList<Record> &records)
{
    m_openTrouble = result ? *result : result.error().message;
    setTrouble(m_openTrouble);
    m_loaded = true;
    apply(records);
    m_watcher.addPath(m_file + u"-wal"_s); // where the others write
    Q_EMIT loadedChanged();
}

void History::setTrouble(const QString &sentence)
{
    if (sentence == m_trouble)
        return;
    m_trouble = sentence;
    if (!sentence.isEmpty())
        qCDebug(core::lcLaunch).noquote() << sentence; // whoever shows the history says it to the person
    Q_EMIT troubleChanged();
}

void History::apply(const QList<Record> &fresh)
{
    const inventory::ListChange change = inventory::update(m_records, fresh);
    if (!change.empty())
        Q_EMIT changed(change);
}

core::Pending<void> History::write(std::function<core::Result<void>(Store &store)> onDisk, Change inMemory)
{
    const core::Promise<void> promise;
    QMetaObject::invokeMethod(
        m_worker.get(),
        [this, promise, onDisk = std::move(onDisk), inMemory = std::move(inMemory)] {
            const core::Result<void> result = onDisk(*m_store);
            QMetaObject::invokeMethod(
                this,
                [this, promise, result, inMemory] {
                    if (!result)
                        setTrouble(result.error().message);
                    else if (m_writeFailed)
                        setTrouble(m_openTrouble); // it works again
                    m_writeFailed = !result;
                    // Also when it could not be written: for this session it is known.
                    QList<Record> fresh = m_records;
                    inMemory(fresh);
                    apply(fresh);
                    promise.answer(result);
                },
                Qt::QueuedConnection);
        },
        Qt::QueuedConnection);
    return promise.pending();
}

core::Pending<void> History::put(const Record &record)
{
    return write([record](Store &store) { return store.put(record); },
        [record](QList<Record> &records) {
            const auto it = std::ranges::find(records, record.id, &Record::id);
            if (it == records.end())
                records.append(record);
            else
                *it = record;
        });
}

core::Pending<void> History::end(const QString &id, const End &end)
{
    return write([id, end](Store &store) { return store.end(id, end); },
        [id, end](QList<Record> &records) {
            const auto it = std::ranges::find(records, id, &Record::id);
            if (it != records.end())
                applyEnd(*it, end);
        });
}

core::Pending<void> History::remove(const QStringList &ids)
{
    return write([ids](Store &store) { return store.remove(ids); },
        [ids](QList<Record> &records) {
            records.removeIf([&ids](const Record &record) { return ids.contains(record.id); });
        });
}

void History::refresh()
{
    QMetaObject::invokeMethod(
        m_worker.get(),
        [this] {
            if (!m_store->changedElsewhere())
                return;
            const auto records = m_store->all();
            if (records)
                QMetaObject::invokeMethod(
                    this, [this, fresh = *records] { apply(fresh); }, Qt::QueuedConnection);
        },
        Qt::QueuedConnection);
}

const Record *History::find(const QString &id) const
{
    const auto it = std::ranges::find(m_records, id, &Record::id);
    return it == m_records.end() ? nullptr : &*it;
}

const Record *History::ofContainer(const QString &containerId) const
{
    const auto it = std::ranges::find(m_records, containerId, &Record::containerId);
    return containerId.isEmpty() || it == m_records.end() ? nullptr : &*it;
}

void applyEnd(Record &record, const End &end)
{
    const bool learns = record.stage == Stage::EndUnknown && end.stage == Stage::Ended;
    if (!record.open() && !learns)
        return;
    record.stage = end.stage;
    record.exitCode = end.exitCode;
    record.oomKilled = end.oomKilled;
    record.finished = end.finished;
    record.note = end.note;
    if (end.started > 0)
        record.started = end.started;
}

} // namespace runs
