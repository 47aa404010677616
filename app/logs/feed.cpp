#include "logs/feed.h"

#include "core/log.h"
#include "core/units.h"

#include <QDateTime>

namespace logs {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr std::chrono::milliseconds frame = 33ms;
constexpr std::chrono::milliseconds drainBudget = 8ms; ///< of each frame: the rest is for painting and clicks
constexpr qint64 drainStep = 1024 * 1024;
constexpr std::chrono::milliseconds firstRetry = 200ms;
constexpr std::chrono::milliseconds lastRetry = 5s;
constexpr std::chrono::milliseconds endPatience = 2s;
constexpr std::chrono::milliseconds attachPause = 5s;
constexpr qint64 firstTail = 1000; ///< 7 ms of the daemon's time
constexpr qint64 missedTail = 100'000; ///< 0.34 s

/** Asking again will not help. A daemon that goes down or comes up answers 500 and 503 for a while. */
bool isRefusal(const core::Error &error) { return error.httpStatus != 0 && error.httpStatus < 500; }

} // namespace

Feed::Feed(const http::Endpoint &endpoint, const QString &containerId, bool tty, QObject *parent)
    : QObject(parent)
    , m_id(containerId)
    , m_tty(tty)
    , m_endpoint(endpoint)
    , m_seenLines(std::make_shared<Reader::Seen>())
    , m_retryAfter(firstRetry)
{
    m_inbox
        = std::make_shared<Inbox>([this] { QMetaObject::invokeMethod(this, &Feed::drainSoon, Qt::QueuedConnection); });
    for (QTimer *timer : {&m_drainTimer, &m_retryTimer, &m_endTimer})
        timer->setSingleShot(true);
    m_drainTimer.setTimerType(Qt::PreciseTimer);
    connect(&m_drainTimer, &QTimer::timeout, this, &Feed::drain);
    connect(&m_retryTimer, &QTimer::timeout, this, &Feed::goOn);
    connect(&m_endTimer, &QTimer::timeout, this, &Feed::endIfQuiet);
}

Feed::~Feed()
{
    // The reader only ever runs for moments between events, and must not outlive what its inbox wakes.
    m_thread.quit();
    m_thread.wait();
}

void Feed::startReader()
{
    if (m_reader)
        return;
    m_thread.wait(); // for the last moment of a former reader that was told to end just now
    m_thread.setObjectName(u"log-reader"_s);
    m_reader = new Reader(m_endpoint, m_id, m_tty, m_inbox, m_seenLines);
    m_reader->moveToThread(&m_thread);
    connect(&m_thread, &QThread::finished, m_reader, &QObject::deleteLater); // with the thread's last breath
    connect(m_reader, &Reader::opened, this, &Feed::streamOpened);
    m_thread.start();
}

/** Closes all; a log that rests holds no thread and no connection. */
void Feed::endReader()
{
    ++m_generation;
    m_reader = nullptr;
    m_thread.quit();
}

void Feed::streamOpened(Inbox::Source source, int generation)
{
    if (generation != m_generation)
        return;
    if (m_attached && source == Inbox::Source::Attach)
        std::exchange(m_attached, {})->answer(core::Result<void>());
    if ((source == Inbox::Source::Attach) != m_wholeByAttach)
        return;
    m_retryAfter = firstRetry;
    if (m_state == State::Lost) {
        m_document.appendNote(u"Connected again"_s);
        m_document.flush();
    }
    setState(State::Live);
}

template <typename F> void Feed::inReader(F f)
{
    startReader();
    ++m_generation;
    QMetaObject::invokeMethod(
        m_reader, [reader = m_reader, generation = m_generation, f] { f(*reader, generation); }, Qt::QueuedConnection);
}

core::Pending<void> Feed::attach()
{
    m_attached.emplace();
    m_wholeByAttach = m_seenByAttach = true;
    m_firstStartAwaited = m_running = true;
    setState(State::Opening);
    inReader([](Reader &reader, int generation) { reader.attach(generation); });
    return m_attached->pending();
}

void Feed::open(bool running, const QString &startedAt)
{
    m_running = running;
    if (const QByteArray stamp = runBegin(startedAt); !stamp.isEmpty()) {
        m_stamps.setRunBegin(stamp);
        m_document.beginEarlierRun();
    }
    setState(State::Opening);
    openLogs(running);
}

void Feed::openLogs(bool follow)
{
    docker::LogQuery query;
    query.follow = follow;
    query.timestamps = true;
    m_tailed = false;
    if (m_stamps.seenAny()) {
        query.tail = missedTail;
        query.since = m_stamps.since();
    } else if (!m_seenByAttach) {
        query.tail = firstTail;
        m_tailed = true;
        // What comes from now on is no part of the tail. Both clocks are the same, or the note may be missing.
        m_stamps.countBefore(QDateTime::currentDateTimeUtc().toString(Qt::ISODateWithMs).toLatin1());
    } // else all, of which the reader leaves out the lines that were seen
    m_wholeByAttach = false;
    m_stamps.reopen();
    inReader([query, follow](Reader &reader, int generation) { reader.readLogs(generation, query, follow); });
}

void Feed::containerStarted()
{
    ++m_run;
    if (std::exchange(m_firstStartAwaited, false))
        return;
    m_running = true;
    goOnWithNewRun();
}

void Feed::goOnWithNewRun()
{
    if (m_state == State::Ended || m_state == State::Failed) {
        m_dividerDue = !m_document.isEmpty();
        setState(State::Opening);
        goOn();
    } else if (m_state != State::Idle) {
        m_startedAgain = true; // its former run's output has not come to its end yet
    }
}

void Feed::setEnded(const QString &words, std::optional<int> run)
{
    if (run && *run != m_run) {
        setEarlierEnded(words);
        return;
    }
    m_endWords = words;
    m_firstStartAwaited = m_running = false;
    if (m_state == State::Ended)
        markEnd();
    else if (m_state == State::Live)
        m_endTimer.start(endPatience);
}

/** Told late: shown only where it still stands before the new run's text. */
void Feed::setEarlierEnded(const QString &words)
{
    if (m_startedAgain && m_endWords.isEmpty()) {
        m_endWords = words;
    } else if (m_dividerDue) {
        m_document.appendNote(words);
        m_document.flush();
    }
}

/** The container ended and its stream did not: nothing more comes, unless it only waits to be taken. */
void Feed::endIfQuiet()
{
    if (m_inbox->isEmpty())
        complete();
    else
        m_endTimer.start(endPatience);
}

/** Opens the streams where they were left. */
void Feed::goOn()
{
    if (m_keepsNoLog) {
        m_wholeByAttach = true;
        inReader([](Reader &reader, int generation) { reader.attach(generation); });
        return;
    }
    openLogs(true); // of a container that has ended, it ends by itself
}

void Feed::drainSoon()
{
    if (m_drainTimer.isActive())
        return;
    const auto since = m_sinceDrain.isValid() ? std::chrono::milliseconds(m_sinceDrain.elapsed()) : frame;
    m_drainTimer.start(std::max(frame - since, 0ms));
}

void Feed::drain()
{
    QElapsedTimer spent;
    spent.start();
    bool empty = false;
    while (!empty && spent.elapsed() < drainBudget.count()) {
        const std::vector<Inbox::Piece> pieces = m_inbox->take(drainStep);
        empty = pieces.empty();
        for (const Inbox::Piece &piece : pieces)
            take(piece);
    }
    m_document.flush();
    m_sinceDrain.start();
    if (!empty) // a flood: most of the time stays with the window
        m_drainTimer.start(drainBudget);
}

void Feed::take(const Inbox::Piece &piece)
{
    if (m_startedAgain)
        m_endTimer.stop(); // the stream may have gone over to the new run: only its own end tells
    else if (m_endTimer.isActive())
        m_endTimer.start(endPatience);
    if (piece.skipped > 0)
        takeSkipped(piece);
    else if (piece.generation != m_generation)
        return;
    else if (!piece.closed)
        takeText(piece);
    else if (piece.source == Inbox::Source::Logs)
        logsClosed(*piece.closed);
    else
        attachClosed(*piece.closed);
}

void Feed::takeText(const Inbox::Piece &piece)
{
    if (piece.source == Inbox::Source::Logs) {
        QByteArray text = m_stamps.strip(piece.output, piece.bytes);
        if (m_stamps.takeGap()) // more than missedTail, or the daemon dropped its older files
            m_document.appendNote(u"… some lines were not kept"_s);
        if (const auto at = m_stamps.takeRunBegin()) {
            appendText(piece.output, text.first(*at));
            text.remove(0, *at);
            beginRun();
        }
        appendText(piece.output, text);
        if (m_tailed && m_stamps.counted() >= firstTail) {
            m_tailed = false;
            m_document.setHeadNote(u"… opened at its last 1000 lines: earlier lines are not loaded"_s);
        }
        if (m_sinceAttach.isValid() && m_sinceAttach.elapsed() > attachPause.count()) {
            m_sinceAttach.invalidate(); // the container was paused when it was refused
            QMetaObject::invokeMethod(
                m_reader, [reader = m_reader, generation = m_generation] { reader->attachAgain(generation); },
                Qt::QueuedConnection);
        }
    } else if (m_wholeByAttach) {
        m_midLine[size_t(piece.output)] = !piece.bytes.endsWith('\n');
        appendText(piece.output, piece.bytes);
    } else {
        m_document.appendLive(piece.output, piece.bytes);
    }
}

void Feed::appendText(docker::Output from, const QByteArray &text)
{
    if (text.isEmpty())
        return;
    addDueDivider();
    m_document.append(from, text);
}

/** Only once the new run shows something: a start that the open streams had covered leaves no trace. */
void Feed::addDueDivider()
{
    if (std::exchange(m_dividerDue, false))
        m_document.appendNote(startedAgain.toString());
}

/** The text that was read up to here is of earlier runs. */
void Feed::beginRun()
{
    m_document.beginRun();
    m_dividerDue = m_dividerDue || !m_document.isEmpty();
}

void Feed::takeSkipped(const Inbox::Piece &piece)
{
    if (piece.source == Inbox::Source::Attach && !m_wholeByAttach) {
        m_document.clearLive();
        return;
    }
    m_stamps.resync();
    m_document.finishLines();
    m_document.appendNote(
        u"… %1 skipped: they came faster than they could be shown"_s.arg(core::bytesText(piece.skipped)));
    Q_EMIT skipped(piece.skipped);
}

void Feed::logsClosed(const core::Result<void> &result)
{
    if (result)
        return complete();
    const core::Error &error = result.error();
    if (error.httpStatus == 501) { // "configured logging driver does not support reading" (log driver none)
        m_keepsNoLog = true;
        m_document.appendNote(u"This container keeps no log: only what it writes from now on is shown."_s);
        if (m_running)
            goOn();
        else
            complete();
    } else if (error.httpStatus == 404 || error.httpStatus == 409) { // removed, or about to be
        if (m_document.isEmpty())
            fail(error);
        else
            complete();
    } else if (isRefusal(error)) {
        fail(error);
    } else {
        lost(error);
    }
}

void Feed::attachClosed(const core::Result<void> &result)
{
    const bool first = m_attached.has_value(); // who launches takes any answer but success for the last word
    if (first)
        std::exchange(m_attached, {})
            ->answer(result ? core::Error{core::ErrorKind::Unreachable, 0, u"closed at once"_s, {}} : result.error());
    if (!m_wholeByAttach) {
        // Only the moving last line is missing now; the log stream tells the rest.
        m_sinceAttach.start();
        return;
    }
    if (!result && (isRefusal(result.error()) || (first && result.error().httpStatus != 0)))
        fail(result.error());
    else if (result || m_startedAgain || !m_endWords.isEmpty()) // the run that was attached is known to be over
        complete();
    else
        lost(result.error());
}

void Feed::fail(const core::Error &error)
{
    m_endTimer.stop();
    m_error = error;
    endReader();
    setState(State::Failed);
}

void Feed::lost(const core::Error &error)
{
    qCInfo(core::lcLogs) << "lost the log of" << m_id << error.message;
    m_error = error;
    m_document.clearLive();
    m_document.restartLines();
    m_sinceAttach.invalidate();
    m_endTimer.stop(); // what is left of the log comes when the daemon is back, and then its end
    if (m_state != State::Lost)
        m_document.appendNote(error.httpStatus == 0 ? u"Connection to Docker lost"_s
                                                    : u"Docker cannot give the log now: %1"_s.arg(error.message));
    setState(State::Lost);
    m_retryTimer.start(m_retryAfter);
    m_retryAfter = std::min(m_retryAfter * 2, lastRetry);
}

/** The container's output is complete (or its end is long known). */
void Feed::complete()
{
    m_endTimer.stop();
    m_retryTimer.stop();
    m_sinceAttach.invalidate();
    finishText();
    endReader();
    setState(State::Ended);
    markEnd();
    m_document.flush();
    if (std::exchange(m_startedAgain, false))
        goOnWithNewRun();
}

void Feed::finishText()
{
    if (m_wholeByAttach) {
        for (size_t i = 0; i < m_midLine.size(); ++i)
            if (std::exchange(m_midLine[i], false))
                m_stamps.leaveOutFirst(docker::Output(i));
    } else {
        const auto held = m_stamps.finish();
        for (size_t i = 0; i < held.size(); ++i)
            m_document.append(docker::Output(i), held[i]);
    }
    m_document.finishLines();
}

void Feed::markEnd()
{
    if (m_endWords.isEmpty())
        return;
    addDueDivider();
    m_document.appendNote(std::exchange(m_endWords, {}));
    m_document.flush();
}

void Feed::setState(State state)
{
    if (std::exchange(m_state, state) != state)
        Q_EMIT stateChanged();
}

} // namespace logs
