#include "dockerline/namedfiles.h"

#include <QCoreApplication>
#include <csignal>
#include <mutex>
#include <thread>

namespace dockerline {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

/** A path is typed letter by letter, and each beginning of it is a path too. */
constexpr auto rest = 100ms;
constexpr auto fresh = 2s;
/** Threads that a dead folder may hold up; what is wanted beyond that waits for one of them. */
constexpr int mostReading = 8;

/**
 * Not in Qt's pool, whose few threads others need, and whose end waits for all. A signal must find the thread that
 * waits for it, and not end the program here.
 */
void inThreadOfItsOwn(std::function<void()> work)
{
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    ::pthread_sigmask(SIG_BLOCK, &all, &before);
    std::thread(std::move(work)).detach();
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

bool same(const core::Result<QByteArray> &left, const core::Result<QByteArray> &right)
{
    if (left.ok() != right.ok())
        return false;
    return left.ok() ? *left == *right : left.error().message == right.error().message;
}

} // namespace

struct NamedFiles::Door
{
    std::mutex mutex;
    NamedFiles *files; ///< null: gone
};

NamedFiles::NamedFiles(Read read, QObject *parent)
    : QObject(parent)
    , m_read(std::move(read))
    , m_door(std::make_shared<Door>())
{
    m_door->files = this;
    m_soon.setSingleShot(true);
    m_soon.setInterval(rest);
    connect(&m_soon, &QTimer::timeout, this, &NamedFiles::readWanted);
}

NamedFiles::~NamedFiles()
{
    const std::lock_guard lock(m_door->mutex);
    m_door->files = nullptr;
}

core::Result<QByteArray> NamedFiles::content(const QString &path)
{
    const auto known = m_files.constFind(path);
    if (known == m_files.constEnd() || std::chrono::milliseconds(known->age.elapsed()) > fresh)
        want(path);
    if (known != m_files.constEnd())
        return known->content;
    if (!m_awaited.contains(path))
        m_awaited += path;
    return core::Error{core::ErrorKind::Timeout, 0,
        QCoreApplication::translate("dockerline", "The file %1 is being read…").arg(path), {}};
}

void NamedFiles::begin()
{
    m_awaited.clear();
    m_wanted.clear();
}

void NamedFiles::forget()
{
    m_files.clear();
    ++m_round;
}

void NamedFiles::want(const QString &path)
{
    if (m_reading.value(path, -1) == m_round || m_wanted.contains(path))
        return;
    m_wanted += path;
    m_soon.start();
}

void NamedFiles::readWanted()
{
    while (!m_wanted.isEmpty() && m_threads < mostReading) {
        const QString path = m_wanted.takeFirst();
        m_reading.insert(path, m_round);
        ++m_threads;
        inThreadOfItsOwn([read = m_read, door = m_door, path, round = m_round] {
            const core::Result<QByteArray> content = read(path);
            const std::lock_guard lock(door->mutex);
            if (NamedFiles *files = door->files)
                QMetaObject::invokeMethod(
                    files, [files, path, round, content] { files->take(path, round, content); }, Qt::QueuedConnection);
        });
    }
}

void NamedFiles::take(const QString &path, int round, const core::Result<QByteArray> &content)
{
    --m_threads;
    if (m_reading.value(path, -1) == round)
        m_reading.remove(path);
    if (!m_wanted.isEmpty() && !m_soon.isActive())
        m_soon.start();
    if (round != m_round)
        return; // read before forget()
    const auto known = m_files.constFind(path);
    const bool news = known == m_files.constEnd() || !same(known->content, content);
    File file{content, {}};
    file.age.start();
    m_files.insert(path, file);
    if (news)
        Q_EMIT arrived();
}

} // namespace dockerline
