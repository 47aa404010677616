#include "contexts/contextscan.h"

#include "contexts/contextwalk.h"

#include <QElapsedTimer>
#include <QFile>
#include <QMutex>
#include <QThreadPool>
#include <algorithm>
#include <fcntl.h>
#include <unistd.h>

namespace contexts {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype shownParts = 8;
constexpr qint64 betweenTold = 150; ///< ms
constexpr qint64 bigIgnoreFile = 4 * 1024 * 1024;

/** Adds up sizes by the first and by the first two parts of their paths. */
class Parts
{
public:
    void add(const QByteArray &path, qint64 bytes)
    {
        const qsizetype first = path.indexOf('/');
        count(m_top, first < 0 ? path : path.left(first), bytes, first >= 0);
        if (first < 0)
            return;
        const qsizetype second = path.indexOf('/', first + 1);
        count(m_below, second < 0 ? path : path.left(second), bytes, second >= 0);
    }

    /** A folder that is nearly all one thing in it, is that thing: "src/data" and not "src". */
    QList<ContextPart> biggest() const
    {
        QHash<QByteArray, ContextPart> shown = m_top;
        for (auto it = m_below.begin(); it != m_below.end(); ++it) {
            const QByteArray top = it.key().left(it.key().indexOf('/'));
            const ContextPart &whole = m_top[top];
            if (it->bytes * 10 >= whole.bytes * 9 && whole.files > it->files) {
                shown.remove(top);
                shown.insert(it.key(), *it);
            }
        }
        QList<ContextPart> sorted(shown.begin(), shown.end());
        std::sort(sorted.begin(), sorted.end(), [](const ContextPart &a, const ContextPart &b) {
            return std::tie(b.bytes, a.path) < std::tie(a.bytes, b.path);
        });
        return sorted.mid(0, shownParts);
    }

private:
    /** Folders of this many names each are summed up no further. */
    static constexpr qsizetype limit = 100'000;

    static void count(QHash<QByteArray, ContextPart> &parts, const QByteArray &path, qint64 bytes, bool folder)
    {
        auto it = parts.find(path);
        if (it == parts.end()) {
            if (parts.size() >= limit)
                return;
            it = parts.insert(path, {QString::fromUtf8(path), 0, 0, folder});
        }
        it->bytes += bytes;
        ++it->files;
        it->folder |= folder;
    }

    QHash<QByteArray, ContextPart> m_top;
    QHash<QByteArray, ContextPart> m_below;
};

/** Whether the daemon's copy could be made. */
bool readable(const QByteArray &path) { return ::faccessat(AT_FDCWD, path.constData(), R_OK, AT_EACCESS) == 0; }

} // namespace

core::Result<IgnoreFile> rulesFor(const QString &context, const QString &dockerfile, bool *found)
{
    QFile file(ignoreFilePath(context, dockerfile));
    QByteArray text;
    if (found)
        *found = file.exists();
    if (file.exists()) {
        if (!file.open(QIODevice::ReadOnly))
            return core::Error{core::ErrorKind::Denied, 0, u"%1: %2"_s.arg(file.fileName(), file.errorString()), {}};
        text = file.read(bigIgnoreFile);
    }
    return IgnoreFile::parse(text);
}

core::Result<ContextSummary> scanContext(const QString &context, const QString &dockerfile,
    const std::atomic<bool> &cancelled, const std::function<void(qint64 files, qint64 bytes)> &told)
{
    ContextSummary summary;
    const auto rules = rulesFor(context, dockerfile, &summary.ignoreFile);
    if (!rules)
        return rules.error();
    const QByteArray root = QFile::encodeName(context) + '/';
    ContextWalk walk(root, *rules);
    Parts parts;
    QElapsedTimer sinceTold;
    sinceTold.start();
    for (;;) {
        if (cancelled)
            return core::Error{core::ErrorKind::Aborted, 0, u"aborted"_s, {}};
        const auto entry = walk.next();
        if (!entry)
            return entry.error();
        if (!*entry)
            break;
        const auto &[path, status] = **entry;
        if (S_ISREG(status.st_mode)) {
            ++summary.files;
            summary.bytes += status.st_size;
            parts.add(path, status.st_size);
            if (!readable(root + path) && summary.unreadable++ == 0)
                summary.firstUnreadable = QString::fromLocal8Bit(path);
        } else if (S_ISDIR(status.st_mode)) {
            ++summary.folders;
        } else if (S_ISLNK(status.st_mode)) {
            ++summary.links;
        } else if (summary.special++ == 0) {
            summary.firstSpecial = QString::fromLocal8Bit(path);
        }
        if (told && sinceTold.hasExpired(betweenTold)) {
            sinceTold.restart();
            told(summary.files, summary.bytes);
        }
    }
    if (walk.unreadable() > 0 && summary.unreadable == 0)
        summary.firstUnreadable = QString::fromLocal8Bit(walk.firstUnreadable());
    summary.unreadable += walk.unreadable();
    summary.biggest = parts.biggest();
    return summary;
}

QString unreadableSentence(const ContextSummary &summary)
{
    if (summary.unreadable == 0)
        return {};
    if (summary.unreadable == 1)
        return ContextScan::tr("“%1” cannot be read. Make it readable, or add it to .dockerignore.")
            .arg(summary.firstUnreadable);
    return ContextScan::tr("“%1” and %2 more cannot be read. Make them readable, or add them to .dockerignore.")
        .arg(summary.firstUnreadable)
        .arg(summary.unreadable - 1);
}

/** What the scanning thread and the ContextScan share. */
struct ContextScan::Run
{
    std::atomic<bool> cancelled = false;
    QMutex mutex;
    ContextScan *owner = nullptr; ///< guarded; null once nobody waits

    template <typename F> void tell(F f)
    {
        const QMutexLocker lock(&mutex);
        if (owner)
            QMetaObject::invokeMethod(owner, std::move(f), Qt::QueuedConnection);
    }
};

ContextScan::~ContextScan() { abort(); }

void ContextScan::abort()
{
    if (!m_run)
        return;
    const std::shared_ptr<Run> run = std::exchange(m_run, nullptr);
    run->cancelled = true;
    const QMutexLocker lock(&run->mutex);
    run->owner = nullptr;
}

void ContextScan::start(const QString &context, const QString &dockerfile)
{
    abort();
    m_run = std::make_shared<Run>();
    m_run->owner = this;
    QThreadPool::globalInstance()->start([this, run = m_run, context, dockerfile] {
        const auto told = [this, run](qint64 files, qint64 bytes) {
            run->tell([this, run, files, bytes] {
                if (m_run == run)
                    Q_EMIT progressed(files, bytes);
            });
        };
        const auto result = scanContext(context, dockerfile, run->cancelled, told);
        run->tell([this, run, result] {
            if (m_run != run)
                return;
            m_run = nullptr;
            Q_EMIT finished(result);
        });
    });
}

} // namespace contexts
