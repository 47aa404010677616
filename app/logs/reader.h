#pragma once

#include "docker/engine.h"
#include "logs/inbox.h"

#include <QObject>
#include <array>
#include <memory>

namespace logs {

/**
 * The side of a Feed that lives in its own thread: holds the connections to the daemon and moves bytes from the log and
 * attach streams into the Inbox without ever waiting or parsing. Owned by the Feed's thread.
 */
class Reader : public QObject
{
    Q_OBJECT
public:
    /** Line feeds per docker::Output that came by an attach stream which is the whole output. */
    using Seen = std::array<qint64, 3>;

    /** seen: this reader's alone while it lives; left to the next one. */
    Reader(const http::Endpoint &endpoint, const QString &containerId, bool tty, std::shared_ptr<Inbox> inbox,
        std::shared_ptr<Seen> seen);

    /** Closes what is open and opens these; the pieces carry the generation. */
    void attach(int generation);
    /** withAttach: also an attach stream for the unfinished lines. */
    void readLogs(int generation, const docker::LogQuery &query, bool withAttach);
    /** The attach stream alone, beside a log stream that goes on. */
    void attachAgain(int generation);
    void close();

Q_SIGNALS:
    /** Accepted by the daemon. */
    void opened(logs::Inbox::Source source, int generation);

private:
    void begin();
    void pushClosed(Inbox::Source source, int generation, const core::Result<void> &result);
    void checkEnd(int generation, int triesLeft);
    void openAttach(int generation);
    void forward(docker::OutputStream *stream, Inbox::Source source, int generation);
    QByteArray leaveOutSeen(docker::Output from, const QByteArray &bytes);

    QString m_id;
    bool m_tty;
    std::shared_ptr<Inbox> m_inbox;
    std::shared_ptr<Seen> m_seen;
    http::Endpoint m_endpoint;
    std::unique_ptr<docker::Engine> m_engine; ///< made in the reader's thread, where all its parts must live
    docker::OutputStream *m_logs = nullptr; ///< child
    docker::OutputStream *m_attach = nullptr; ///< child
    bool m_countLines = false; ///< the attach stream is the whole output: count, so that logs can go on after it
    std::array<qint64, 3> m_leaveOut{}; ///< line feeds the current log stream has yet to pass
};

} // namespace logs
