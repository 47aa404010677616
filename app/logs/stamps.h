#pragma once

#include "docker/framereader.h"

#include <QByteArray>
#include <array>
#include <optional>
#include <utility>

namespace logs {

/**
 * Takes the daemon's time stamps (`timestamps=1`: 30 characters and a blank, UTC, nine digits) off a container's
 * log and leaves out what was seen before, so that a log can be opened again where it was lost.
 *
 * A line longer than 16 KiB, and the last one of a run that has no line feed, leave a stamp in mid-line: a text of that
 * form which is not older than its line's own stamp cannot have been printed by the program. The same stamp goes on
 * with the line; a later one begins another. Clock steps backwards are not healed. Main thread; owned by a Feed.
 */
class StampStripper
{
public:
    /** The text in these bytes (cut anywhere) that was not seen before. */
    QByteArray strip(docker::Output from, QByteArrayView bytes);
    /** A new stream begins: its lines up to the last complete one that was seen are left out. */
    void reopen();
    /**
     * Whether the stream that was opened again did not reach back to the last line seen: some are missing before the
     * text that was stripped just now. True once.
     */
    bool takeGap() { return std::exchange(m_gap, false); }
    /** The stream is complete: unfinished lines count as seen. Their held back bytes, per docker::Output. */
    std::array<QByteArray, 3> finish();
    /** Bytes are missing here: goes on with the next line. */
    void resync();
    /** The next stream's first entry of that output was seen without a stamp: leave it out. */
    void leaveOutFirst(docker::Output from) { m_lines[size_t(from)].leaveOutFirst = true; }

    /** Entries of the log, which are lines or parts of long ones, with a stamp before this one are counted. */
    void countBefore(const QByteArray &stamp) { m_countBefore = stamp; }
    qint64 counted() const { return m_counted; }

    /** Entries with a stamp before this one are of an earlier run, see runBegin(). */
    void setRunBegin(const QByteArray &stamp) { m_runBegin = stamp; }
    /** Where in the text that was stripped just now the last run begins. Once. */
    std::optional<qsizetype> takeRunBegin() { return std::exchange(m_runBeginsAt, std::nullopt); }

    bool seenAny() const;
    /** For the `since` of the logs API: two seconds before the last stamp, since the order of two outputs may differ.
     */
    QByteArray since() const;

private:
    struct Line
    {
        QByteArray held; ///< bytes that may be a part of a stamp
        QByteArray stamp; ///< of the current entry; empty at the start of a line
        QByteArray lastSeen; ///< stamp of the last complete line
        QByteArray seenBefore; ///< lastSeen when this stream began; within one, stamps may be equal
        bool inLine = false;
        bool leftOut = false; ///< the current entry
        bool leaveOutFirst = false;
        bool lost = false; ///< up to the next line feed
    };
    void count(QByteArrayView stamp);
    void begin(Line &line, QByteArrayView stamp, qsizetype textBefore);
    QByteArray lastSeen() const;

    std::array<Line, 3> m_lines;
    QByteArray m_joinAt; ///< the last stamp seen before reopen(), until the first one after it
    bool m_gap = false;
    QByteArray m_countBefore;
    qint64 m_counted = 0;
    QByteArray m_runBegin; ///< empty: not asked for, or passed
    std::optional<qsizetype> m_runBeginsAt;
};

/**
 * The stamp that parts a container's last run from those before, of State.StartedAt; empty for none. A little earlier
 * than that time, which the daemon takes when the program runs already and may have printed. Between two runs it is
 * busy for longer, making the new process.
 */
QByteArray runBegin(const QString &startedAt);

/** Whether bytes begin like a stamp, as far as they go; a whole one is 30 bytes and a blank. */
bool looksLikeStamp(QByteArrayView bytes);

} // namespace logs
