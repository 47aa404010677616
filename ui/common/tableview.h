#pragma once

#include <QPointer>
#include <QTableView>
#include <QTimer>

class QAction;
class QKeySequence;

namespace common {

class EmptyState;
class TableView;

/** An action of the table's selection: its shortcut works while the table has the focus. Owned by the table. */
QAction *addTableAction(TableView *table, const QString &text, const QString &icon, const QKeySequence &shortcut);

/**
 * The one table of the pages: whole rows, many at once, sorted by its model (a proxy), columns measured once from a
 * sample and remembered, tool tips for cut text, an EmptyState over it when there is no row, grey when out of date.
 * Knows nothing of what it shows. Owned by its page.
 */
class TableView : public QTableView
{
    Q_OBJECT
public:
    explicit TableView(QWidget *parent = nullptr);

    void setModel(QAbstractItemModel *model) override;

    /** What usually stands in the columns, from the first on: columns begin at least as wide, so that the next rows
     * fit. */
    void setTypicalCells(const QStringList &cells) { m_typical = cells; }

    /** Widths, order, hidden columns and sort order; only for a table with as many columns. */
    QByteArray saveColumns() const;
    /** False, and nothing changed, when state is not of such a table. Call it after setModel(). */
    bool restoreColumns(const QByteArray &state);

    /** Over the table while it has no row; the table becomes its parent. */
    void setEmptyState(EmptyState *emptyState);

    /** Out of date: the rows stay, greyed. */
    void setStale(bool stale);
    bool stale() const { return m_stale; }

    /** The rows of the selection, in the model's indexes, from the top. */
    QModelIndexList selectedRowIndexes() const;

    /** The rows in sight, −1 and −1 when there is none or the table is hidden. */
    std::pair<int, int> visibleRows() const;
    /** The height that shows so many rows and the header. */
    int heightOfRows(int rows) const;

Q_SIGNALS:
    /** 300 ms after scrolling, resizing, sorting, or rows coming and going have stopped; at once when hidden. */
    void visibleRowsChanged(int first, int last);
    /** The context menu of the selection is wanted, at a place on the screen: by mouse or by key. */
    void menuRequested(const QPoint &globalPosition);

protected:
    void contextMenuEvent(QContextMenuEvent *event) override;
    bool viewportEvent(QEvent *event) override;
    void scrollContentsBy(int dx, int dy) override;
    void resizeEvent(QResizeEvent *event) override;
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void rowsMayHaveChanged();
    void announceVisibleRows();
    void measureColumns();
    int sampledWidth(int column) const;
    void fitIntoView(QList<int> &widths) const;
    void fitRowHeight();
    void placeEmptyState();
    void showColumnMenu(const QPoint &position);
    bool showCutText(const QPoint &position, const QPoint &globalPosition);

    QStringList m_typical;
    QTimer m_settled; ///< runs while the rows in sight are changing
    QPointer<EmptyState> m_emptyState;
    std::pair<int, int> m_announced{-1, -1};
    bool m_measured = false;
    bool m_stale = false;
};

} // namespace common
