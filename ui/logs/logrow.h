#pragma once

#include "logs/document.h"

#include <QFontMetricsF>
#include <QPainter>
#include <vector>

namespace logs {

class LogColors;

/**
 * One line as a LogView shows it: decoded, on a grid of columns. Only made for lines that are painted, pointed at or
 * copied. A value.
 */
class LogRow
{
public:
    /** Of a longer line only so many bytes are shown; the whole one is copied and saved. */
    static constexpr qsizetype mostBytes = 16 * 1024;

    LogRow() = default;
    explicit LogRow(const Document::Line &line);

    const QString &text() const { return m_line.text; }
    LineKind kind() const { return m_kind; }
    int columns() const { return columnOf(m_line.text.size()); }
    int columnOf(qsizetype index) const;
    /** Of the character at or nearest before the column. */
    qsizetype indexOf(int column) const;

    /** What a row is painted with. */
    struct Pen
    {
        const LogColors &colors;
        QFont font;
        QFontMetricsF metrics;
        double advance; ///< of one column
        int firstColumn; ///< visible
        int lastColumn;
    };
    /** origin: top left of column 0. */
    void paint(QPainter &painter, const QPointF &origin, const Pen &pen) const;

private:
    void paintNote(QPainter &painter, const QPointF &origin, const Pen &pen) const;
    void paintRun(QPainter &painter, const QPointF &origin, const Pen &pen, qsizetype begin, qsizetype length,
        const Style &style) const;
    void paintText(QPainter &painter, const QPointF &origin, const Pen &pen, qsizetype begin, qsizetype end) const;

    StyledLine m_line;
    LineKind m_kind = LineKind::Stdout;
    std::vector<int> m_columns; ///< of each UTF-16 unit and the end; empty: column = index
};

} // namespace logs
