#include "common/tableview.h"

#include "common/emptystate.h"
#include "common/form.h"
#include "common/theme.h"

#include <QAction>
#include <QApplication>
#include <QContextMenuEvent>
#include <QDataStream>
#include <QHeaderView>
#include <QHelpEvent>
#include <QIODevice>
#include <QMenu>
#include <QScrollBar>
#include <QToolTip>

namespace common {

namespace {

constexpr int settleMs = 300;
constexpr int sampleRows = 50;
/** A column that gives way keeps this much. */
constexpr int narrowedColumn = 18 * grid;
constexpr int widestColumn = 40 * grid;
constexpr int cellPadding = 3 * grid;
constexpr quint32 stateVersion = 1;

} // namespace

QAction *addTableAction(TableView *table, const QString &text, const QString &icon, const QKeySequence &shortcut)
{
    auto *action = new QAction(QIcon::fromTheme(icon), text, table);
    action->setShortcut(shortcut);
    action->setShortcutContext(Qt::WidgetShortcut);
    if (!shortcut.isEmpty())
        action->setToolTip(
            QStringLiteral("%1 (%2)").arg(plainLabel(text), shortcut.toString(QKeySequence::NativeText)));
    table->addAction(action);
    return action;
}

TableView::TableView(QWidget *parent)
    : QTableView(parent)
{
    setSelectionBehavior(SelectRows);
    setSelectionMode(ExtendedSelection);
    setEditTriggers(NoEditTriggers);
    setShowGrid(false);
    setAlternatingRowColors(true);
    setWordWrap(false);
    setTextElideMode(Qt::ElideRight);
    setTabKeyNavigation(false);
    setVerticalScrollMode(ScrollPerPixel);
    setHorizontalScrollMode(ScrollPerPixel);
    setCornerButtonEnabled(false);
    setFrameShape(NoFrame);
    verticalHeader()->hide();
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    QHeaderView *header = horizontalHeader();
    header->setSectionsMovable(true);
    header->setStretchLastSection(true);
    header->setHighlightSections(false);
    header->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    header->setMinimumSectionSize(5 * grid);
    header->setContextMenuPolicy(Qt::CustomContextMenu);
    header->setSortIndicator(0, Qt::AscendingOrder);
    setSortingEnabled(true);
    fitRowHeight();

    m_settled.setSingleShot(true);
    m_settled.setInterval(settleMs);
    connect(&m_settled, &QTimer::timeout, this, &TableView::announceVisibleRows);
    connect(header, &QHeaderView::customContextMenuRequested, this, &TableView::showColumnMenu);
}

void TableView::setModel(QAbstractItemModel *model)
{
    if (this->model())
        disconnect(this->model(), nullptr, this, nullptr);
    QTableView::setModel(model);
    m_measured = false;
    if (!model)
        return;
    for (const auto signal : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
        connect(model, signal, this, &TableView::rowsMayHaveChanged);
    connect(model, &QAbstractItemModel::modelReset, this, &TableView::rowsMayHaveChanged);
    connect(model, &QAbstractItemModel::layoutChanged, this, &TableView::rowsMayHaveChanged);
    rowsMayHaveChanged();
}

QByteArray TableView::saveColumns() const
{
    // Widths that nobody chose and no row was there to tell are not worth remembering.
    if (!m_measured)
        return {};
    QByteArray state;
    QDataStream out(&state, QIODevice::WriteOnly);
    out << stateVersion << qint32(horizontalHeader()->count()) << horizontalHeader()->saveState();
    return state;
}

bool TableView::restoreColumns(const QByteArray &state)
{
    quint32 version = 0;
    qint32 columns = 0;
    QByteArray header;
    QDataStream in(state);
    in >> version >> columns >> header;
    if (in.status() != QDataStream::Ok || version != stateVersion || columns != horizontalHeader()->count())
        return false;
    if (!horizontalHeader()->restoreState(header))
        return false;
    m_measured = true;
    sortByColumn(horizontalHeader()->sortIndicatorSection(), horizontalHeader()->sortIndicatorOrder());
    return true;
}

void TableView::setEmptyState(EmptyState *emptyState)
{
    delete m_emptyState;
    m_emptyState = emptyState;
    emptyState->setParent(this);
    placeEmptyState();
}

void TableView::setStale(bool stale)
{
    if (m_stale == stale)
        return;
    m_stale = stale;
    QPalette own;
    if (stale) {
        const QColor muted = toneColor(Tone::Muted, QApplication::palette());
        own.setColor(QPalette::Text, muted);
        own.setColor(QPalette::Highlight, QApplication::palette().color(QPalette::Disabled, QPalette::Highlight));
        own.setColor(QPalette::HighlightedText, QApplication::palette().color(QPalette::Text));
    }
    setPalette(own);
    viewport()->update();
}

QModelIndexList TableView::selectedRowIndexes() const
{
    QModelIndexList rows = selectionModel() ? selectionModel()->selectedRows() : QModelIndexList();
    std::sort(rows.begin(), rows.end());
    return rows;
}

std::pair<int, int> TableView::visibleRows() const
{
    const int rows = model() ? model()->rowCount(rootIndex()) : 0;
    if (rows == 0 || !isVisible())
        return {-1, -1};
    const int first = rowAt(0);
    const int last = rowAt(viewport()->height() - 1);
    return {std::max(first, 0), last < 0 ? rows - 1 : last};
}

int TableView::heightOfRows(int rows) const
{
    const int scrollBar = horizontalScrollBar()->isVisible() ? horizontalScrollBar()->height() : 0;
    return horizontalHeader()->sizeHint().height() + rows * verticalHeader()->defaultSectionSize() + scrollBar
        + 2 * frameWidth();
}

void TableView::rowsMayHaveChanged()
{
    // Out of sight it does not have its width yet.
    if (!m_measured && isVisible() && model() && model()->rowCount(rootIndex()) > 0)
        measureColumns();
    placeEmptyState();
    // Rows may have moved under an unchanged range: say it again.
    m_announced = {-2, -2};
    m_settled.start();
}

void TableView::announceVisibleRows()
{
    const auto rows = visibleRows();
    if (rows == m_announced)
        return;
    m_announced = rows;
    Q_EMIT visibleRowsChanged(rows.first, rows.second);
}

void TableView::measureColumns()
{
    m_measured = true;
    QList<int> widths;
    for (int column = 0; column < model()->columnCount(rootIndex()); ++column)
        widths.append(sampledWidth(column));
    fitIntoView(widths);
    for (int column = 0; column < widths.size(); ++column)
        setColumnWidth(column, widths[column]);
}

void TableView::fitIntoView(QList<int> &widths) const
{
    // One long name must not push the last columns out of sight: the widest gives way, its text is cut.
    QList<int *> shown;
    int excess = -viewport()->width();
    for (int column = 0; column < widths.size(); ++column) {
        if (isColumnHidden(column))
            continue;
        shown.append(&widths[column]);
        excess += widths[column];
    }
    while (excess > 0 && !shown.isEmpty()) {
        int &widest = **std::max_element(shown.begin(), shown.end(), [](int *a, int *b) { return *a < *b; });
        if (widest <= narrowedColumn)
            return;
        const int less = std::min(excess, grid);
        excess -= less;
        widest -= less;
    }
}

int TableView::sampledWidth(int column) const
{
    const int rows = std::min(model()->rowCount(rootIndex()), sampleRows);
    // The header's own hint has room for the sort arrow.
    int width = horizontalHeader()->sectionSizeHint(column);
    width = std::max(width, fontMetrics().horizontalAdvance(m_typical.value(column)) + cellPadding);
    for (int row = 0; row < rows; ++row) {
        const QModelIndex index = model()->index(row, column, rootIndex());
        int text = fontMetrics().horizontalAdvance(index.data(Qt::DisplayRole).toString());
        if (itemDelegateForIndex(index) != itemDelegate())
            text += 3 * grid; // a column with its own delegate draws an icon too
        width = std::max(width, text + cellPadding);
    }
    return std::min(width, widestColumn);
}

void TableView::fitRowHeight()
{
    const int text = fontMetrics().height() + 6;
    verticalHeader()->setMinimumSectionSize(grid);
    verticalHeader()->setDefaultSectionSize((text + grid - 1) / grid * grid);
}

void TableView::placeEmptyState()
{
    if (!m_emptyState)
        return;
    m_emptyState->setGeometry(viewport()->geometry());
    m_emptyState->setVisible(!model() || model()->rowCount(rootIndex()) == 0);
}

void TableView::showColumnMenu(const QPoint &position)
{
    if (!model())
        return;
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    QHeaderView *header = horizontalHeader();
    const int shown = header->count() - header->hiddenSectionCount();
    for (int visual = 0; visual < header->count(); ++visual) {
        const int column = header->logicalIndex(visual);
        QAction *action = menu->addAction(model()->headerData(column, Qt::Horizontal).toString());
        action->setCheckable(true);
        action->setChecked(!header->isSectionHidden(column));
        // The last one stays: there would be no header left to bring the others back from.
        action->setEnabled(!action->isChecked() || shown > 1);
        connect(action, &QAction::toggled, this, [this, column](bool on) { setColumnHidden(column, !on); });
    }
    menu->popup(header->mapToGlobal(position));
}

void TableView::contextMenuEvent(QContextMenuEvent *event)
{
    QPoint position = event->globalPos();
    if (event->reason() == QContextMenuEvent::Keyboard)
        position = viewport()->mapToGlobal(visualRect(currentIndex()).bottomLeft());
    event->accept();
    Q_EMIT menuRequested(position);
}

bool TableView::viewportEvent(QEvent *event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto *help = static_cast<QHelpEvent *>(event);
        if (showCutText(help->pos(), help->globalPos()))
            return true;
    }
    return QTableView::viewportEvent(event);
}

/** The text of a cell that does not fit, unless the model has a tool tip of its own. */
bool TableView::showCutText(const QPoint &position, const QPoint &globalPosition)
{
    const QModelIndex index = indexAt(position);
    if (!index.isValid() || index.data(Qt::ToolTipRole).isValid())
        return false;
    QStyleOptionViewItem option;
    initViewItemOption(&option);
    const bool cut = itemDelegateForIndex(index)->sizeHint(option, index).width() > columnWidth(index.column());
    if (cut)
        QToolTip::showText(globalPosition, index.data().toString(), viewport(), visualRect(index));
    else
        QToolTip::hideText();
    return true;
}

void TableView::scrollContentsBy(int dx, int dy)
{
    QTableView::scrollContentsBy(dx, dy);
    if (dy != 0)
        m_settled.start();
}

void TableView::resizeEvent(QResizeEvent *event)
{
    QTableView::resizeEvent(event);
    placeEmptyState();
    m_settled.start();
}

void TableView::showEvent(QShowEvent *event)
{
    QTableView::showEvent(event);
    rowsMayHaveChanged();
}

void TableView::hideEvent(QHideEvent *event)
{
    QTableView::hideEvent(event);
    m_settled.stop();
    announceVisibleRows();
}

void TableView::changeEvent(QEvent *event)
{
    QTableView::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        fitRowHeight();
    if (event->type() == QEvent::ApplicationPaletteChange && m_stale) {
        m_stale = false;
        setStale(true);
    }
}

} // namespace common
