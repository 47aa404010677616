#pragma once

#include "logs/logcolors.h"
#include "logs/logrow.h"

#include <QAbstractScrollArea>
#include <QClipboard>
#include <QTimer>

namespace logs {

/**
 * Shows a Document: rows of one height, of which only the visible ones are decoded and painted, at most once a frame.
 * Follows the end until someone scrolls up. Lines are found by their number, so what is looked at and what is selected
 * stay where they are while others come and go. Does not own the document, which outlives it.
 */
class LogView : public QAbstractScrollArea
{
    Q_OBJECT
public:
    explicit LogView(QWidget *parent = nullptr);

    void setDocument(Document *document);
    Document *document() const { return m_document; }
    /** What stands in the view while the document is empty. */
    void setEmptyText(const QString &text);

    bool isFollowing() const { return m_following; }
    /** On: goes to the end and stays there. */
    void setFollowing(bool on);
    /** Finished lines that came since following was paused. */
    qint64 newLines() const;

    bool hasSelection() const { return m_anchor != m_cursor; }
    /** At most 2 Mi characters and 50,000 lines from the beginning: more is said in inPart. */
    QString selectedText(bool *inPart = nullptr) const;
    /** The text of the last lines, for accessibility and tests; unfinished lines included. */
    QString lastText(qint64 lines) const;
    qint64 topLine() const { return m_top; }

public Q_SLOTS:
    void copy();
    void selectAll();

Q_SIGNALS:
    void followingChanged(bool on);
    void newLinesChanged(qint64 lines);
    void selectionChanged();
    /** What is selected is too long for the clipboard: only its beginning was copied. */
    void copiedInPart();
    /** The text changed; at most once a frame. */
    void shown();

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void showEvent(QShowEvent *event) override;
    void changeEvent(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    bool viewportEvent(QEvent *event) override;

private:
    /** Before the character at that index of a line's shown text. */
    struct Position
    {
        qint64 line = 0;
        qsizetype index = 0;

        auto operator<=>(const Position &) const = default;
    };
    void readFont();
    void changed();
    void sync();
    void scrolled(int value);
    void dropped(qint64 firstKept);
    int pageRows() const;
    int gutter() const;
    LogRow row(qint64 line) const;
    Position positionAt(const QPoint &point) const;
    void select(const Position &anchor, const Position &cursor);
    void paintSelection(QPainter &painter, const LogRow &row, qint64 line, const QPointF &origin);
    void paintMargin(QPainter &painter, const LogRow &row, double y);
    void scrollWhileSelecting();
    void copyTo(QClipboard::Mode mode);
    QString text(const Position &from, const Position &to, qsizetype most) const;

    Document *m_document = nullptr;
    QString m_emptyText;
    LogColors m_colors;
    double m_advance = 8; ///< of one column
    int m_rowHeight = 16;
    qint64 m_top = 0; ///< the line in the first row
    int m_widest = 0; ///< columns of the widest line seen
    bool m_following = true;
    qint64 m_pausedAt = 0;
    qint64 m_newLinesTold = 0;
    bool m_syncing = false; ///< the scroll bar moves because of the document, not because of a person
    Position m_anchor;
    Position m_cursor;
    bool m_selecting = false;
    QTimer m_frame;
    QTimer m_scrollTimer; ///< while the mouse selects beyond the edge
    QPoint m_mouse;
};

} // namespace logs
