#pragma once

#include "core/pending.h"
#include "core/result.h"
#include "http/endpoint.h"
#include "logs/document.h"
#include "logs/inbox.h"
#include "logs/reader.h"
#include "logs/stamps.h"

#include <QElapsedTimer>
#include <QObject>
#include <QThread>
#include <QTimer>
#include <array>
#include <chrono>
#include <memory>
#include <optional>

namespace logs {

/**
 * One container's log into one Document, across restarts of the container and of its daemon. The sockets are read in a
 * thread of its own (Reader), which always drains them into a bounded Inbox, so that neither a busy window nor a long
 * log can slow the container (FACTS.md 1.4). It does not watch the container: its owner says when it starts and ends.
 *
 * Begin with exactly one of:
 *  - attach(), before the container is started: the attach stream is then the whole output from its first byte.
 *  - open(), for a container that ran before: the last 1000 lines of the logs API, then what follows. Finished lines
 *    come from the logs API alone; an attach stream only shows the unfinished last line, for which logs is 14 s late.
 *
 * A lost daemon: what is shown stays; the feed tries again after 0.2 s doubling to 5 s and goes on where it was: after
 * the last time stamp seen, or, for a log that came by attach, after as many lines as were seen. At most the last
 * 100,000 lines written in the meantime are fetched.
 */
class Feed : public QObject
{
    Q_OBJECT
public:
    enum class State {
        Idle, ///< neither attach() nor open() was called
        Opening, ///< the first bytes are being waited for
        Live, ///< following
        Ended, ///< the container's output is complete until it starts again
        Lost, ///< the daemon is gone, or in no state to answer; trying again
        Failed, ///< the daemon refused: see error(); tried again when the container starts
    };
    Q_ENUM(State)

    /** containerId: the full id. tty: Config.Tty of the container. Opens nothing. */
    Feed(const http::Endpoint &endpoint, const QString &containerId, bool tty, QObject *parent = nullptr);
    ~Feed() override;

    const QString &containerId() const { return m_id; }
    Document &document() { return m_document; }
    State state() const { return m_state; }
    /** Why it is Failed or Lost. */
    const core::Error &error() const { return m_error; }

    /** Answers when the daemon has accepted it: start the container then, and nothing it prints is missed. */
    core::Pending<void> attach();
    /** running: the container runs now (or is paused), so follow. startedAt: State.StartedAt as inspect tells it; what
     * was printed before is of an earlier run. */
    void open(bool running, const QString &startedAt = {});

    /** A `start` event of the container after attach() or open(), the first one too: goes on in the same document. */
    void containerStarted();
    /** Counts containerStarted(). Whoever has to ask about an end keeps the number it had when the end was reported. */
    int run() const { return m_run; }
    /**
     * The container ended, in words for people: "Finished", "Failed (exit 3)". Becomes the document's last line once
     * its output is complete; also before open(running = false). run: which run it was, now if unset; of an earlier one
     * the words are shown only while the newer has shown nothing, and the newer goes on.
     */
    void setEnded(const QString &words, std::optional<int> run = {});

Q_SIGNALS:
    void stateChanged();
    /** Bytes of the log that never reached the document because the window was blocked for too long; rare. */
    void skipped(qint64 bytes);

private:
    void startReader();
    void endReader();
    void streamOpened(Inbox::Source source, int generation);
    void openLogs(bool follow);
    void drainSoon();
    void drain();
    void take(const Inbox::Piece &piece);
    void takeText(const Inbox::Piece &piece);
    void appendText(docker::Output from, const QByteArray &text);
    void addDueDivider();
    void beginRun();
    void takeSkipped(const Inbox::Piece &piece);
    void logsClosed(const core::Result<void> &result);
    void attachClosed(const core::Result<void> &result);
    void lost(const core::Error &error);
    void fail(const core::Error &error);
    void goOnWithNewRun();
    void setEarlierEnded(const QString &words);
    void endIfQuiet();
    void complete();
    void finishText();
    void markEnd();
    void goOn();
    void setState(State state);
    template <typename F> void inReader(F f);

    QString m_id;
    bool m_tty;
    http::Endpoint m_endpoint;
    Document m_document;
    std::shared_ptr<Inbox> m_inbox; ///< shared with m_reader
    QThread m_thread;
    Reader *m_reader = nullptr; ///< lives in m_thread, which deletes it; only while something is open or awaited
    std::shared_ptr<Reader::Seen> m_seenLines; ///< from one reader to the next
    int m_generation = 0; ///< of the streams that are open now; pieces of others are old
    State m_state = State::Idle;
    core::Error m_error;
    std::optional<core::Promise<void>> m_attached; ///< until answered
    bool m_wholeByAttach = false; ///< finished lines come from the attach stream, not from logs
    bool m_keepsNoLog = false; ///< log driver none: attach is all there is, and always misses what was before
    bool m_seenByAttach = false; ///< what is shown came by attach, without stamps
    std::array<bool, 3>
        m_midLine{}; ///< of an attach stream that is the whole: it does not end in a line feed, per output
    StampStripper m_stamps;
    bool m_tailed = false; ///< the open stream began with firstTail lines, and it is not known whether that was all
    QString m_endWords; ///< not yet shown
    int m_run = 0;
    bool m_running = false; ///< the container, as far as told
    bool m_firstStartAwaited = false; ///< attach() was called and its start event has not come
    bool m_startedAgain = false; ///< a start that no stream covers yet
    bool m_dividerDue = false; ///< before the first text of the new run
    QTimer m_drainTimer;
    QElapsedTimer m_sinceDrain;
    QTimer m_retryTimer;
    QTimer m_endTimer; ///< a stream that does not end although its container did
    QElapsedTimer m_sinceAttach; ///< valid while the attach stream beside logs is closed
    std::chrono::milliseconds m_retryAfter;
};

} // namespace logs
