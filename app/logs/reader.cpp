#include "logs/reader.h"

#include <QTimer>
#include <algorithm>

namespace logs {

using namespace std::chrono_literals;

Reader::Reader(const http::Endpoint &endpoint, const QString &containerId, bool tty, std::shared_ptr<Inbox> inbox,
    std::shared_ptr<Seen> seen)
    : m_id(containerId)
    , m_tty(tty)
    , m_inbox(std::move(inbox))
    , m_seen(std::move(seen))
    , m_endpoint(endpoint)
{
}

void Reader::close()
{
    for (docker::OutputStream **stream : {&m_logs, &m_attach}) {
        if (*stream) {
            (*stream)->disconnect(this);
            (*stream)->stop();
            (*stream)->deleteLater();
        }
        *stream = nullptr;
    }
}

void Reader::begin()
{
    close();
    if (!m_engine)
        m_engine = std::make_unique<docker::Engine>(m_endpoint);
    m_engine->renegotiate(); // after a lost connection it may be another daemon
}

void Reader::attach(int generation)
{
    begin();
    m_countLines = true;
    *m_seen = {};
    openAttach(generation);
}

void Reader::attachAgain(int generation)
{
    if (!m_attach)
        openAttach(generation);
}

void Reader::readLogs(int generation, const docker::LogQuery &query, bool withAttach)
{
    begin();
    m_leaveOut = query.tail ? Seen{} : *m_seen;
    m_countLines = false;
    m_logs = m_engine->logs(m_id, m_tty, query, this);
    forward(m_logs, Inbox::Source::Logs, generation);
    if (withAttach)
        openAttach(generation);
}

void Reader::openAttach(int generation)
{
    m_attach = m_engine->attach(m_id, m_tty, false, this);
    forward(m_attach, Inbox::Source::Attach, generation);
}

void Reader::forward(docker::OutputStream *stream, Inbox::Source source, int generation)
{
    connect(stream, &docker::Stream::opened, this, [this, source, generation] { Q_EMIT opened(source, generation); });
    connect(stream, &docker::OutputStream::output, this,
        [this, source, generation](docker::Output from, const QByteArray &bytes) {
            Inbox::Piece piece{source, generation, from, bytes, {}, 0};
            if (source == Inbox::Source::Logs)
                piece.bytes = leaveOutSeen(from, bytes);
            else if (m_countLines)
                (*m_seen)[size_t(from)] += bytes.count('\n');
            if (!piece.bytes.isEmpty())
                m_inbox->push(std::move(piece));
        });
    connect(
        stream, &docker::Stream::closed, this, [this, stream, source, generation](const core::Result<void> &result) {
            docker::OutputStream *&mine = source == Inbox::Source::Logs ? m_logs : m_attach;
            if (mine == stream)
                mine = nullptr;
            stream->deleteLater();
            if (source == Inbox::Source::Attach && m_countLines && result)
                checkEnd(generation, 10);
            else
                pushClosed(source, generation, result);
        });
}

void Reader::pushClosed(Inbox::Source source, int generation, const core::Result<void> &result)
{
    m_inbox->push({source, generation, docker::Output::Stdout, {}, result, 0});
}

/**
 * An attach stream has no end mark: a dying daemon looks like a container that ended. So ask; for a second, since the
 * daemon closes the stream a little before it counts the container as stopped.
 */
void Reader::checkEnd(int generation, int triesLeft)
{
    m_engine->inspectContainer(m_id).then(
        this, [this, generation, triesLeft](const core::Result<docker::ContainerDetail> &detail) {
            const bool gone = !detail && detail.error().kind == core::ErrorKind::NotFound;
            const bool running = detail && detail->running;
            if (running && triesLeft > 0)
                QTimer::singleShot(100ms, this, [this, generation, triesLeft] { checkEnd(generation, triesLeft - 1); });
            else if (gone || (detail && !running))
                pushClosed(Inbox::Source::Attach, generation, {});
            else
                pushClosed(Inbox::Source::Attach, generation,
                    core::Error{core::ErrorKind::Unreachable, 0, QStringLiteral("connection lost"), {}});
        });
}

/** What follows the lines that the attach stream has shown already. */
QByteArray Reader::leaveOutSeen(docker::Output from, const QByteArray &bytes)
{
    qint64 &left = m_leaveOut[size_t(from)];
    qsizetype begin = 0;
    while (left > 0) {
        const qsizetype lineFeed = bytes.indexOf('\n', begin);
        if (lineFeed < 0)
            return {};
        begin = lineFeed + 1;
        --left;
    }
    return begin == 0 ? bytes : bytes.mid(begin);
}

} // namespace logs
