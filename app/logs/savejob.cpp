#include "logs/savejob.h"

#include "logs/ansi.h"

#include <algorithm>

namespace logs {

namespace {

constexpr qsizetype stepBytes = 1024 * 1024;

} // namespace

SaveJob::SaveJob(const Document &document, const QString &path, Colors colors, QObject *parent)
    : QObject(parent)
    , m_document(&document)
    , m_file(path)
    , m_colors(colors)
{
    connect(&m_timer, &QTimer::timeout, this, &SaveJob::step);
}

void SaveJob::start()
{
    m_first = m_next = m_document->firstLine();
    m_end = m_document->endLine();
    m_file.open(QIODevice::WriteOnly); // an error shows in step(), so that finished() never comes inside this call
    m_timer.start(0);
}

void SaveJob::abort()
{
    QMetaObject::invokeMethod(
        this,
        [this] {
            finish(core::Error{core::ErrorKind::Aborted, 0, QStringLiteral("aborted"), {}});
        },
        Qt::QueuedConnection);
}

void SaveJob::step()
{
    if (!m_file.isOpen())
        return finish(fileError());
    QByteArray bytes;
    const qint64 end = m_document ? std::min(m_end, m_document->endLine()) : m_next;
    if (m_document)
        m_next = std::max(m_next, m_document->firstLine());
    for (; m_next < end && bytes.size() < stepBytes; ++m_next) {
        const QByteArrayView line = m_document->line(m_next).bytes;
        bytes += m_colors == Colors::Keep ? line.toByteArray() : withoutEscapes(line);
        if (m_colors == Colors::Keep && line.contains('\x1b'))
            bytes += "\x1b[0m";
        bytes += '\n';
    }
    if (m_file.write(bytes) != bytes.size())
        return finish(fileError());
    Q_EMIT progressed(m_next - m_first, m_end - m_first);
    if (m_next < end)
        return;
    finish(m_file.commit() ? core::Result<void>() : core::Result<void>(fileError()));
}

core::Error SaveJob::fileError() const
{
    const bool denied = m_file.error() == QFileDevice::PermissionsError || m_file.error() == QFileDevice::OpenError;
    return {denied ? core::ErrorKind::Denied : core::ErrorKind::Daemon, 0, m_file.errorString(), m_file.fileName()};
}

void SaveJob::finish(const core::Result<void> &result)
{
    m_timer.stop();
    if (std::exchange(m_finished, true))
        return;
    if (!result)
        m_file.cancelWriting();
    Q_EMIT finished(result);
}

} // namespace logs
