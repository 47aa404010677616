#include "cleanup/candidatestree.h"

#include "cleanup/candidatesmodel.h"
#include "common/statedelegate.h"
#include "common/theme.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QHeaderView>
#include <QKeyEvent>
#include <QMenu>

namespace cleanup {

using common::grid;
using namespace Qt::StringLiterals;

namespace {

common::CellLook lookOf(const QModelIndex &index)
{
    const QVariant verdict = index.data(VerdictRole);
    if (!verdict.isValid())
        return {{}, common::Tone::Muted};
    switch (Verdict(verdict.toInt())) {
    case Verdict::Safe:
        return {u"emblem-ok-symbolic"_s, common::Tone::Running};
    case Verdict::Careful:
        return {u"data-warning"_s, common::Tone::Warning};
    case Verdict::Protected:
        return {u"object-locked"_s, common::Tone::Accent};
    }
    return {};
}

/** Groups stand out, also where the check box is painted by the style. */
class GroupDelegate : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        QSize size = QStyledItemDelegate::sizeHint(option, index);
        size.setHeight(std::max(size.height(), option.fontMetrics.height() + grid));
        return size;
    }

protected:
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override
    {
        QStyledItemDelegate::initStyleOption(option, index);
        if (!index.parent().isValid())
            option->font.setBold(true);
        if (index.column() != int(Column::Name) || (option->features & QStyleOptionViewItem::HasCheckIndicator))
            return;
        // As much room as a box takes, so that the names stand in line; a lock says why there is none.
        const QStyle *style = option->widget ? option->widget->style() : QApplication::style();
        option->decorationSize = {style->pixelMetric(QStyle::PM_IndicatorWidth, option, option->widget),
            style->pixelMetric(QStyle::PM_IndicatorHeight, option, option->widget)};
        option->features |= QStyleOptionViewItem::HasDecoration;
        QPixmap room(option->decorationSize);
        room.fill(Qt::transparent);
        if (index.parent().isValid())
            room = common::tintedIcon(u"object-locked"_s,
                option->palette.color(
                    option->state & QStyle::State_Selected ? QPalette::HighlightedText : QPalette::Text),
                option->decorationSize.width(), 1);
        option->icon = QIcon(room);
    }
};

} // namespace

CandidatesTree::CandidatesTree(QWidget *parent)
    : QTreeView(parent)
    , m_tick(new QAction(QIcon::fromTheme(u"checkbox"_s), u"&Tick"_s, this))
    , m_untick(new QAction(u"U&ntick"_s, this))
    , m_protect(new QAction(QIcon::fromTheme(u"object-locked"_s), u"&Protect"_s, this))
    , m_unprotect(new QAction(QIcon::fromTheme(u"object-unlocked"_s), u"&Unprotect"_s, this))
    , m_copy(new QAction(QIcon::fromTheme(u"edit-copy"_s), u"&Copy name"_s, this))
{
    setAccessibleName(u"Clean up"_s);
    setSelectionBehavior(SelectRows);
    setSelectionMode(ExtendedSelection);
    setEditTriggers(NoEditTriggers);
    setUniformRowHeights(true);
    setAlternatingRowColors(true);
    setAllColumnsShowFocus(true);
    setFrameShape(NoFrame);
    setSortingEnabled(true);
    setVerticalScrollMode(ScrollPerPixel);
    setHorizontalScrollMode(ScrollPerPixel);
    header()->setStretchLastSection(true);
    header()->setSectionsMovable(false); // the boxes stand in the first
    setItemDelegate(new GroupDelegate(this));
    setItemDelegateForColumn(int(Column::Why), new common::StateDelegate(lookOf, this));

    connect(header(), &QHeaderView::sectionResized, this, [this] {
        if (!m_fitting && isVisible())
            m_fitted = true;
    });
    connect(m_tick, &QAction::triggered, this, [this] { tickSelected(Qt::Checked); });
    connect(m_untick, &QAction::triggered, this, [this] { tickSelected(Qt::Unchecked); });
    connect(m_protect, &QAction::triggered, this, [this] { Q_EMIT protectRequested(selectedCandidates()); });
    connect(m_unprotect, &QAction::triggered, this, [this] { Q_EMIT unprotectRequested(selectedCandidates()); });
    connect(m_copy, &QAction::triggered, this, [this] {
        QStringList names;
        for (const Candidate &item : selectedCandidates())
            names.append(item.name);
        QApplication::clipboard()->setText(names.join(u'\n'));
    });
}

void CandidatesTree::setModel(QAbstractItemModel *model)
{
    QTreeView::setModel(model);
    sortByColumn(int(Column::Size), Qt::DescendingOrder);
    expandAll();
}

QByteArray CandidatesTree::saveColumns() const { return m_fitted ? header()->saveState() : QByteArray(); }

void CandidatesTree::restoreColumns(const QByteArray &state)
{
    m_fitted = !state.isEmpty() && header()->restoreState(state) && header()->count() == columnCount;
    if (m_fitted)
        sortByColumn(header()->sortIndicatorSection(), header()->sortIndicatorOrder());
}

void CandidatesTree::fitColumns()
{
    // Names and reasons share what the figures leave.
    m_fitting = true;
    const int figure = fontMetrics().horizontalAdvance(u"1000 MiB (xx)"_s) + 2 * grid;
    const int left = viewport()->width() - 3 * figure;
    header()->resizeSection(int(Column::Name), std::max(left * 2 / 5, 30 * grid));
    for (Column column : {Column::Size, Column::Age, Column::LastUse})
        header()->resizeSection(int(column), figure);
    m_fitting = false;
}

void CandidatesTree::resizeEvent(QResizeEvent *event)
{
    m_fitting = true; // the last section stretches
    QTreeView::resizeEvent(event);
    m_fitting = false;
    if (!m_fitted)
        fitColumns();
}

void CandidatesTree::keyPressEvent(QKeyEvent *event)
{
    const QModelIndex box = currentIndex().siblingAtColumn(0);
    if (event->key() != Qt::Key_Space || !box.parent().isValid())
        return QTreeView::keyPressEvent(event);
    // All that is selected, wherever in the row the cursor stands.
    const bool on = box.data(Qt::CheckStateRole).toInt() == Qt::Checked;
    tickSelected(on ? Qt::Unchecked : Qt::Checked);
}

QModelIndexList CandidatesTree::selectedItems() const
{
    QModelIndexList items;
    for (const QModelIndex &index : selectionModel()->selectedRows()) {
        if (index.parent().isValid())
            items.append(index);
    }
    return items;
}

QList<Candidate> CandidatesTree::selectedCandidates() const
{
    QList<Candidate> items;
    for (const QModelIndex &index : selectedItems())
        items.append(index.data(CandidateItemRole).value<Candidate>());
    return items;
}

void CandidatesTree::tickSelected(Qt::CheckState state)
{
    for (const QModelIndex &index : selectedItems())
        model()->setData(index, state, Qt::CheckStateRole);
}

void CandidatesTree::contextMenuEvent(QContextMenuEvent *event)
{
    const QList<Candidate> items = selectedCandidates();
    if (items.isEmpty())
        return;
    const auto any = [&items](auto fits) { return std::any_of(items.begin(), items.end(), fits); };
    const auto lockable
        = [](const Candidate &item) { return item.kind != Kind::UnusedNetwork && item.kind != Kind::BuildCache; };
    const bool locked = any([](const Candidate &item) { return item.verdict == Verdict::Protected; });
    m_tick->setEnabled(any([](const Candidate &item) { return item.verdict != Verdict::Protected; }));
    m_untick->setEnabled(m_tick->isEnabled());
    m_protect->setEnabled(
        any([&](const Candidate &item) { return lockable(item) && item.verdict != Verdict::Protected; }));
    m_unprotect->setEnabled(locked);
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addActions({m_tick, m_untick});
    menu->addSeparator();
    menu->addActions({m_protect, m_unprotect});
    menu->addSeparator();
    menu->addAction(m_copy);
    const QPoint at = event->reason() == QContextMenuEvent::Keyboard
        ? viewport()->mapToGlobal(visualRect(currentIndex()).center())
        : event->globalPos();
    menu->popup(at);
}

} // namespace cleanup
