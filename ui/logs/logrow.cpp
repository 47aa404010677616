#include "logs/logrow.h"

#include "logs/charwidth.h"
#include "logs/logcolors.h"

#include <algorithm>
#include <cmath>

namespace logs {

LogRow::LogRow(const Document::Line &line)
    : m_kind(line.kind)
{
    QByteArrayView bytes = line.bytes;
    if (bytes.size() > mostBytes) {
        bytes = bytes.first(mostBytes);
        bytes = bytes.chopped(cutCharLength(bytes));
        m_line = decode(bytes);
        m_line.text += QStringLiteral(" …");
    } else {
        m_line = decode(bytes);
    }
    const QString &text = m_line.text;
    if (std::all_of(text.begin(), text.end(), [](QChar c) { return c.unicode() < 0x300; }))
        return;
    m_columns.reserve(size_t(text.size() + 1));
    int column = 0;
    for (qsizetype i = 0; i < text.size(); ++i) {
        m_columns.push_back(column);
        char32_t c = text[i].unicode();
        if (text[i].isHighSurrogate() && i + 1 < text.size()) {
            c = QChar::surrogateToUcs4(text[i], text[i + 1]);
            m_columns.push_back(column);
            ++i;
        }
        column += charWidth(c);
    }
    m_columns.push_back(column);
}

int LogRow::columnOf(qsizetype index) const
{
    index = std::clamp<qsizetype>(index, 0, m_line.text.size());
    return m_columns.empty() ? int(index) : m_columns[size_t(index)];
}

qsizetype LogRow::indexOf(int column) const
{
    if (m_columns.empty())
        return std::clamp<qsizetype>(column, 0, m_line.text.size());
    const auto after = std::upper_bound(m_columns.begin(), m_columns.end(), column);
    if (after == m_columns.begin())
        return 0;
    // The first unit of that character: its second unit and its marks stand at the same column.
    return std::lower_bound(m_columns.begin(), m_columns.end(), *std::prev(after)) - m_columns.begin();
}

void LogRow::paint(QPainter &painter, const QPointF &origin, const Pen &pen) const
{
    if (m_kind == LineKind::Note)
        return paintNote(painter, origin, pen);
    qsizetype at = 0;
    for (const Span &span : m_line.spans) {
        paintRun(painter, origin, pen, at, span.begin - at, {});
        paintRun(painter, origin, pen, span.begin, span.length, span.style);
        at = span.begin + span.length;
    }
    paintRun(painter, origin, pen, at, m_line.text.size() - at, {});
}

/** Slipway's own words, with a rule up to the edge: nothing that a container prints looks so. */
void LogRow::paintNote(QPainter &painter, const QPointF &origin, const Pen &pen) const
{
    QFont font = pen.font;
    font.setBold(true);
    painter.setFont(font);
    painter.setPen(pen.colors.note());
    painter.drawText(QPointF(origin.x(), origin.y() + pen.metrics.ascent()), m_line.text);
    const double y = std::floor(origin.y() + pen.metrics.height() / 2) + 0.5;
    painter.drawLine(
        QPointF(origin.x() + (columns() + 1) * pen.advance, y), QPointF(origin.x() + pen.lastColumn * pen.advance, y));
}

void LogRow::paintRun(QPainter &painter, const QPointF &origin, const Pen &pen, qsizetype begin, qsizetype length,
    const Style &style) const
{
    // Only what can be seen: a line may be thousands of columns long.
    const qsizetype from = std::max(begin, indexOf(pen.firstColumn));
    const qsizetype to = std::min(begin + length, indexOf(pen.lastColumn) + 1);
    if (from >= to)
        return;
    const LogColors::Pair colors = pen.colors.pair(style);
    const double left = origin.x() + columnOf(from) * pen.advance;
    const double right = origin.x() + columnOf(to) * pen.advance;
    if (colors.background.isValid())
        painter.fillRect(QRectF(left, origin.y(), right - left, pen.metrics.height()), colors.background);
    QFont font = pen.font;
    font.setBold(style.attributes & Bold);
    font.setItalic(style.attributes & Italic);
    font.setUnderline(style.attributes & Underline);
    font.setStrikeOut(style.attributes & StrikeOut);
    painter.setFont(font);
    painter.setPen(colors.text);
    paintText(painter, origin, pen, from, to);
}

/** In one piece where the font keeps to the grid, else character by character, each in its column. */
void LogRow::paintText(QPainter &painter, const QPointF &origin, const Pen &pen, qsizetype begin, qsizetype end) const
{
    const double baseline = origin.y() + pen.metrics.ascent();
    const auto draw = [&](qsizetype from, qsizetype to) {
        painter.drawText(
            QPointF(origin.x() + columnOf(from) * pen.advance, baseline), m_line.text.mid(from, to - from));
    };
    if (m_columns.empty())
        return draw(begin, end);
    const double wanted = (columnOf(end) - columnOf(begin)) * pen.advance;
    if (std::abs(pen.metrics.horizontalAdvance(m_line.text.mid(begin, end - begin)) - wanted) < pen.advance / 4)
        return draw(begin, end);
    for (qsizetype from = begin; from < end;) {
        qsizetype to = from + 1;
        const bool plain = m_line.text[from].unicode() < 0x300;
        // Plain characters together; any other with the units and marks that stand on it.
        while (to < end
            && (plain ? m_line.text[to].unicode() < 0x300
                      : m_columns[size_t(to)] == m_columns[size_t(from)]
                        || m_columns[size_t(to + 1)] == m_columns[size_t(to)]))
            ++to;
        draw(from, to);
        from = to;
    }
}

} // namespace logs
