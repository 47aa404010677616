#include "docker/streams.h"

#include "core/log.h"
#include "docker/parse.h"
#include "http/bytestream.h"

namespace docker {

namespace {

/** No line that tells of long work is longer, BuildKit's included; a daemon that sends one has lost its way. */
constexpr qsizetype longestReport = 64 * 1024 * 1024;

/** Hands each complete line of a stream cut anywhere to f; keeps the unfinished one in `rest`. */
template <typename F> void eachLine(QByteArray &rest, const QByteArray &bytes, F f)
{
    rest += bytes;
    qsizetype begin = 0;
    for (qsizetype end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n', begin)) {
        const QByteArray line = rest.mid(begin, end - begin).trimmed();
        begin = end + 1;
        if (!line.isEmpty())
            f(line);
    }
    rest.remove(0, begin);
}

} // namespace

Stream::~Stream() = default;

void Stream::attachTo(http::ByteStream *bytes, ApiVersion version)
{
    m_bytes = bytes;
    connect(bytes, &http::ByteStream::opened, this, [this, version](const http::ResponseHead &head) {
        takeHead(head, version);
        Q_EMIT opened();
    });
    connect(bytes, &http::ByteStream::data, this, &Stream::take);
    connect(bytes, &http::ByteStream::closed, this, [this](const core::Result<void> &result) {
        close(verdict(result ? result : core::Result<void>(inDaemonsWords(result.error()))));
    });
}

void Stream::stop()
{
    if (m_bytes)
        m_bytes->stop();
    else
        QMetaObject::invokeMethod(
            this,
            [this] {
                close(core::Error{core::ErrorKind::Aborted, 0, QStringLiteral("stopped"), {}});
            },
            Qt::QueuedConnection);
}

void Stream::close(const core::Result<void> &result)
{
    if (m_closed)
        return;
    m_closed = true;
    Q_EMIT closed(result);
}

OutputStream::OutputStream(bool tty, QObject *parent)
    : Stream(parent)
    , m_tty(tty)
{
}

void OutputStream::write(const QByteArray &bytes)
{
    if (m_bytes)
        m_bytes->write(bytes);
}

void OutputStream::takeHead(const http::ResponseHead &head, ApiVersion version)
{
    // Older ones call frames raw too, and so do newer ones that were asked to attach and did not upgrade.
    constexpr ApiVersion exact{1, 42};
    const QByteArray type = head.contentType();
    if (type == "application/vnd.docker.multiplexed-stream")
        m_tty = false;
    else if (type == "application/vnd.docker.raw-stream" && version >= exact
        && (head.status == 101 || !head.headers.value("Api-Version").isEmpty()))
        m_tty = true;
}

void OutputStream::take(const QByteArray &bytes)
{
    if (m_tty) {
        Q_EMIT output(Output::Terminal, bytes);
        return;
    }
    const QPointer<OutputStream> guard(this);
    for (const FrameReader::Frame &frame : m_frames.feed(bytes)) {
        Q_EMIT output(frame.from, frame.bytes);
        if (!guard)
            return;
    }
}

void EventStream::take(const QByteArray &bytes)
{
    eachLine(m_line, bytes, [this](const QByteArray &line) {
        if (const auto parsed = parseEvent(line))
            Q_EMIT event(*parsed);
        else
            qCWarning(core::lcDocker) << "event not understood:" << parsed.error().message << parsed.error().detail;
    });
}

void ReportStream::take(const QByteArray &bytes)
{
    const QPointer<ReportStream> guard(this);
    QByteArray rest = std::exchange(m_line, {});
    eachLine(rest, bytes, [&guard](const QByteArray &line) {
        if (guard)
            guard->takeLine(line);
    });
    if (!guard)
        return;
    m_line = rest;
    if (m_line.size() > longestReport) {
        m_line.clear();
        m_failure
            = core::Error{core::ErrorKind::Protocol, 0, QStringLiteral("a line of the daemon's does not end"), {}};
    }
}

void ReportStream::takeLine(const QByteArray &line)
{
    const core::Result<void> told = tell(line);
    if (told)
        return;
    if (told.error().kind == core::ErrorKind::Protocol)
        qCWarning(core::lcDocker) << metaObject()->className() << "not understood:" << told.error().message
                                  << told.error().detail;
    else
        m_failure = told.error();
}

core::Result<void> ReportStream::verdict(const core::Result<void> &end)
{
    if (end && !m_line.trimmed().isEmpty())
        takeLine(std::exchange(m_line, {})); // the last line need not have an end
    const bool stopped = !end && end.error().kind == core::ErrorKind::Aborted;
    return m_failure && !stopped ? core::Result<void>(*m_failure) : end;
}

core::Result<void> PullStream::tell(const QByteArray &line)
{
    const auto parsed = parsePullStep(line);
    if (!parsed)
        return parsed.error();
    Q_EMIT step(*parsed);
    return {};
}

void StatsStream::take(const QByteArray &bytes)
{
    eachLine(m_line, bytes, [this](const QByteArray &line) {
        if (const auto parsed = parseStats(line))
            Q_EMIT sample(*parsed);
        else
            qCWarning(core::lcDocker) << "stats not understood:" << parsed.error().message << parsed.error().detail;
    });
}

} // namespace docker
