#include "logs/screen.h"

#include "logs/charwidth.h"

#include <algorithm>

namespace logs {

namespace {

constexpr char escape = '\x1b';

bool endsPlainText(char c) { return c == '\n' || c == '\r' || c == '\b' || c == escape; }

int firstNumber(QByteArrayView parameters, int otherwise)
{
    int n = 0;
    for (const char c : parameters) {
        if (c < '0' || c > '9')
            break;
        n = std::min(n * 10 + (c - '0'), 100000);
    }
    return n == 0 ? otherwise : n;
}

} // namespace

void Screen::feed(QByteArrayView bytes, LineSink &sink)
{
    QByteArray joined; // keeps m_carry's bytes alive while they are read
    if (!m_carry.isEmpty()) {
        joined = m_carry + bytes;
        m_carry.clear();
        bytes = joined;
    }
    const qsizetype cut = cutCharLength(bytes);
    const char *p = bytes.begin();
    const char *end = bytes.end() - cut;
    while (p < end) {
        const char *next = m_plain ? feedPlain(p, end, sink) : feedCells(p, end, sink);
        if (!next) { // an escape sequence or a carriage return is cut here
            m_carry = QByteArray(p, bytes.end() - p);
            writeBack(sink);
            return;
        }
        p = next;
    }
    if (cut > 0)
        m_carry = QByteArray(end, cut);
    writeBack(sink);
}

/**
 * Takes one run of text, one line end or one SGR sequence. Anything else makes cells of the row and is left to
 * feedCells(). Null: what begins at p is cut.
 */
const char *Screen::feedPlain(const char *p, const char *end, LineSink &sink)
{
    const char *stop = std::find_if(p, end, endsPlainText);
    if (stop > p && (stop == end || *stop != '\n' || !m_open.isEmpty() || !m_style.isDefault())) {
        appendPlain(QByteArrayView(p, std::min<qsizetype>(stop - p, longestLine)));
        if (m_open.size() >= longestLine)
            commitPlain(sink);
        return p + std::min<qsizetype>(stop - p, longestLine);
    }
    if (stop > p) { // a whole line of plain text: the common case, copied once
        const qsizetype length = std::min<qsizetype>(stop - p, longestLine);
        commit(QByteArrayView(p, length), sink);
        return p + length + (length == stop - p ? 1 : 0);
    }
    if (*p == '\n') {
        commitPlain(sink);
        return p + 1;
    }
    if (*p == '\r') {
        const char *after = std::find_if(p, end, [](char c) { return c != '\r'; });
        if (after == end)
            return nullptr;
        if (*after == '\n')
            return after;
    } else if (*p == escape) {
        const Escape found = parseEscape(QByteArrayView(p, end));
        if (found.length == 0)
            return nullptr;
        if (found.isSgr()) {
            if (!m_open.isEmpty())
                m_open.append(p, found.length);
            applySgr(found.parameters, m_style);
            return p + found.length;
        }
    }
    toCells();
    return p;
}

void Screen::appendPlain(QByteArrayView run)
{
    if (m_open.isEmpty() && !m_style.isDefault())
        m_open = sgr(m_style); // a colour lasts over line ends, but each stored line stands alone
    m_open.append(run.data(), run.size());
}

void Screen::commitPlain(LineSink &sink)
{
    commit(m_open, sink);
    m_open.resize(0);
}

void Screen::commit(QByteArrayView line, LineSink &sink)
{
    if (qsizetype(m_recent.size()) == 2 * rowsAbove) // in blocks, so that it costs nothing per line
        m_recent.erase(m_recent.begin(), m_recent.begin() + rowsAbove);
    m_recent.push_back(sink.commit(line));
    m_upAtLineFeed = 0;
    m_styleAtLineFeed = m_style;
}

void Screen::toCells()
{
    m_cells = cellsOf(m_open);
    m_open.resize(0);
    m_column = qsizetype(m_cells.size());
    m_plain = false;
}

const char *Screen::feedCells(const char *p, const char *end, LineSink &sink)
{
    switch (*p) {
    case '\n':
        lineFeed(sink);
        return p + 1;
    case '\r':
        m_column = 0;
        return p + 1;
    case '\b':
        m_column = std::max<qsizetype>(m_column - 1, 0);
        return p + 1;
    case '\t':
        do
            put(U' ', sink);
        while (m_column % 8 != 0);
        return p + 1;
    case escape:
        return takeEscape(p, end, sink);
    default:
        break;
    }
    if (uchar(*p) < 0x20 || *p == '\x7f')
        return p + 1;
    QByteArrayView rest(p, end);
    put(takeChar(rest), sink);
    return rest.begin();
}

const char *Screen::takeEscape(const char *p, const char *end, LineSink &sink)
{
    const Escape found = parseEscape(QByteArrayView(p, end));
    if (found.length == 0)
        return nullptr;
    if (found.isSgr())
        applySgr(found.parameters, m_style);
    else if (found.final)
        control(found.final, found.parameters, sink);
    return p + found.length;
}

void Screen::lineFeed(LineSink &sink)
{
    if (m_up == 0) {
        commit(bytesOf(m_cells), sink);
        m_cells.clear();
        m_plain = true;
    } else {
        moveTo(m_up - 1, sink);
        m_upAtLineFeed = m_up;
        m_styleAtLineFeed = m_style;
    }
    m_column = 0;
}

/** Moves the cursor to the row that many above the bottom one, as far as there are rows; the column stays. */
void Screen::moveTo(qsizetype up, LineSink &sink)
{
    up = std::clamp<qsizetype>(up, 0, std::min<qsizetype>(rowsAbove, qsizetype(m_recent.size())));
    if (up == m_up)
        return;
    writeBack(sink);
    if (m_up == 0)
        m_bottom = std::move(m_cells);
    m_cells = up == 0 ? std::move(m_bottom) : cellsOf(sink.read(m_recent[m_recent.size() - size_t(up)]));
    m_up = up;
}

void Screen::writeBack(LineSink &sink)
{
    if (m_dirty && m_up > 0)
        sink.replace(m_recent[m_recent.size() - size_t(m_up)], bytesOf(m_cells));
    m_dirty = false;
}

void Screen::put(char32_t c, LineSink &sink)
{
    const int width = charWidth(c);
    if (width == 0) {
        const qsizetype before = std::min(m_column, qsizetype(m_cells.size())) - 1;
        if (before >= 0)
            m_cells[size_t(before)].mark = c;
        m_dirty = true;
        return;
    }
    if (m_column + width > longestLine) {
        lineFeed(sink);
        if (m_plain)
            toCells();
    }
    if (qsizetype(m_cells.size()) < m_column + width)
        m_cells.resize(size_t(m_column + width));
    // Half of a wide character that is written over does not stay.
    if (m_column > 0 && m_cells[size_t(m_column)].character == 0)
        m_cells[size_t(m_column - 1)] = {};
    const auto after = size_t(m_column + width);
    if (after < m_cells.size() && m_cells[after].character == 0)
        m_cells[after] = {};
    m_cells[size_t(m_column)] = {c, 0, m_style};
    if (width == 2)
        m_cells[size_t(m_column + 1)] = {0, 0, m_style};
    m_column += width;
    m_dirty = true;
}

void Screen::control(char final, QByteArrayView parameters, LineSink &sink)
{
    const int n = firstNumber(parameters, 1);
    // No right edge is known; far beyond every terminal's stands for it.
    const auto rightEdge = std::max<qsizetype>(qsizetype(m_cells.size()), 1000);
    switch (final) {
    case 'A':
        return moveTo(m_up + n, sink);
    case 'B':
        return moveTo(m_up - n, sink);
    case 'C':
        m_column = std::min(m_column + n, rightEdge);
        return;
    case 'D':
        m_column = std::max<qsizetype>(m_column - n, 0);
        return;
    case 'E':
        m_column = 0;
        return moveTo(m_up - n, sink);
    case 'F':
        m_column = 0;
        return moveTo(m_up + n, sink);
    case 'G':
        m_column = std::min<qsizetype>(n - 1, rightEdge);
        return;
    case 'K':
        return eraseInLine(firstNumber(parameters, 0));
    case 'J':
        // Clearing the whole screen is left out: a log keeps what was printed.
        return firstNumber(parameters, 0) == 0 ? eraseBelow(sink) : void();
    default:
        return;
    }
}

/** 0: from the cursor on, 1: up to it, 2: all */
void Screen::eraseInLine(int part)
{
    if (part == 0 || part == 2)
        m_cells.resize(part == 2 ? 0 : size_t(std::min(m_column, qsizetype(m_cells.size()))));
    else if (part == 1)
        std::fill_n(m_cells.begin(), std::min(m_column + 1, qsizetype(m_cells.size())), Cell());
    m_dirty = true;
}

void Screen::eraseBelow(LineSink &sink)
{
    eraseInLine(0);
    for (qsizetype up = m_up - 1; up > 0; --up)
        sink.replace(m_recent[m_recent.size() - size_t(up)], {});
    if (m_up > 0)
        m_bottom.clear();
}

void Screen::restartLine(LineSink &sink)
{
    m_carry.clear();
    if (!m_plain)
        moveTo(m_upAtLineFeed, sink);
    if (m_up == 0) {
        m_cells.clear();
        m_open.clear();
        m_plain = true;
    }
    m_dirty = false;
    m_column = 0;
    m_style = m_styleAtLineFeed;
}

void Screen::finish(LineSink &sink)
{
    const QByteArray carry = std::exchange(m_carry, {});
    if (!carry.isEmpty() && carry[0] != escape && carry[0] != '\r') { // a cut character: shown as U+FFFD
        if (m_plain)
            appendPlain(carry);
        else
            put(0xfffd, sink);
    }
    const QByteArray open = openRow();
    if (!m_plain)
        moveTo(0, sink);
    m_style = {};
    if (!open.isEmpty())
        commit(open, sink);
    m_upAtLineFeed = 0;
    restartLine(sink);
}

QByteArray Screen::openRow() const { return m_plain ? m_open : bytesOf(m_up == 0 ? m_cells : m_bottom); }

Screen::Row Screen::cellsOf(QByteArrayView line)
{
    Row row;
    Style style;
    while (!line.isEmpty()) {
        if (line[0] == escape) {
            const Escape found = parseEscape(line);
            if (found.isSgr())
                applySgr(found.parameters, style);
            line = line.sliced(std::max<qsizetype>(found.length, 1));
            continue;
        }
        const char32_t c = takeChar(line);
        if (c == U'\t') {
            row.resize((row.size() / 8 + 1) * 8, {U' ', 0, style});
            continue;
        }
        const int width = c < 0x20 || c == 0x7f ? 0 : charWidth(c);
        if (width > 0) {
            row.push_back({c, 0, style});
            if (width == 2)
                row.push_back({0, 0, style});
        } else if (c >= 0x20 && c != 0x7f && !row.empty())
            row.back().mark = c;
    }
    return row;
}

QByteArray Screen::bytesOf(const Row &row)
{
    QByteArray bytes;
    bytes.reserve(qsizetype(row.size()) + 16);
    Style style;
    const auto append = [&bytes](char32_t c) {
        if (c < 0x80)
            bytes += char(c);
        else
            bytes += QStringView(QChar::fromUcs4(c)).toUtf8();
    };
    for (const Cell &cell : row) {
        if (cell.style != style) {
            style = cell.style;
            bytes += sgr(style);
        }
        if (cell.character)
            append(cell.character);
        if (cell.mark)
            append(cell.mark);
    }
    return bytes;
}

} // namespace logs
