#pragma once

#include "logs/ansi.h"

#include <QByteArray>
#include <vector>

namespace logs {

/** Where a Screen puts the lines that are finished, and finds them again when the cursor goes back up to them. */
class LineSink
{
public:
    virtual ~LineSink() = default;
    /** Returns the line's number. */
    virtual qint64 commit(QByteArrayView line) = 0;
    virtual void replace(qint64 number, QByteArrayView line) = 0;
    virtual QByteArrayView read(qint64 number) const = 0;
};

/**
 * One output of a container as a terminal would show it: the open row at the bottom and the last 64 rows above it,
 * with a cursor. Text without cursor movement goes straight through to the sink; carriage returns, backspaces and
 * cursor movement are applied to the cells of a row, whose final state is kept as bytes with SGR only. A line feed
 * also returns the carriage. Rows have no right edge. A copy is independent. Owned by a Document.
 */
class Screen
{
public:
    static constexpr qsizetype longestLine = 1024 * 1024; ///< bytes or cells; the rest goes into the next line
    static constexpr qsizetype rowsAbove = 64;

    /** Bytes cut anywhere. */
    void feed(QByteArrayView bytes, LineSink &sink);
    /** Back to just after the last line feed, as if nothing had come since. */
    void restartLine(LineSink &sink);
    /** Nothing more comes: an open row that shows something becomes a line. */
    void finish(LineSink &sink);

    /** The row at the bottom that no line feed has ended yet; empty when there is nothing on it. */
    QByteArray openRow() const;

private:
    struct Cell
    {
        char32_t character = U' '; ///< 0: the right half of a wide one
        char32_t mark = 0; ///< a combining one on it; a second one is lost
        Style style;
    };
    using Row = std::vector<Cell>;

    static Row cellsOf(QByteArrayView line);
    static QByteArray bytesOf(const Row &row);

    const char *feedPlain(const char *p, const char *end, LineSink &sink);
    const char *feedCells(const char *p, const char *end, LineSink &sink);
    const char *takeEscape(const char *p, const char *end, LineSink &sink);
    void appendPlain(QByteArrayView run);
    void commitPlain(LineSink &sink);
    void commit(QByteArrayView line, LineSink &sink);
    void toCells();
    void lineFeed(LineSink &sink);
    void moveTo(qsizetype up, LineSink &sink);
    void writeBack(LineSink &sink);
    void put(char32_t c, LineSink &sink);
    void control(char final, QByteArrayView parameters, LineSink &sink);
    void eraseInLine(int part);
    void eraseBelow(LineSink &sink);

    QByteArray m_carry; ///< a cut escape sequence, character or carriage return
    Style m_style;
    bool m_plain = true; ///< the cursor is at the end of the bottom row, which is m_open
    QByteArray m_open;
    Row m_cells; ///< the row under the cursor, unless plain
    Row m_bottom; ///< the bottom row while the cursor is above it
    bool m_dirty = false; ///< m_cells, of a row above, differs from the sink's line
    qsizetype m_up = 0; ///< rows between the cursor and the bottom row
    qsizetype m_column = 0;
    std::vector<qint64> m_recent; ///< numbers of the rows above, at most twice rowsAbove
    qsizetype m_upAtLineFeed = 0;
    Style m_styleAtLineFeed;
};

} // namespace logs
