#include "common/statedelegate.h"

#include "common/tableview.h"

#include <QApplication>
#include <QPainter>

namespace common {

namespace {
constexpr int iconSize = 2 * grid;
}

StateDelegate::StateDelegate(Look look, QObject *parent)
    : QStyledItemDelegate(parent)
    , m_look(std::move(look))
{
}

void StateDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const CellLook look = m_look(index);
    QStyleOptionViewItem item = option;
    initStyleOption(&item, index);
    const auto *table = qobject_cast<const TableView *>(option.widget);
    const bool stale = table && table->stale();
    const bool selected = item.state & QStyle::State_Selected;
    QColor color = toneColor(stale ? Tone::Muted : look.tone, item.palette);
    if (selected)
        color = item.palette.color(QPalette::HighlightedText);

    // The style paints the background and the focus; icon and text are ours, at fixed places.
    const QString text = item.text;
    item.text.clear();
    item.icon = {};
    const QStyle *style = item.widget ? item.widget->style() : QApplication::style();
    style->drawControl(QStyle::CE_ItemViewItem, &item, painter, item.widget);

    const int margin = style->pixelMetric(QStyle::PM_FocusFrameHMargin, &item, item.widget) + 1;
    QRect rect = item.rect.adjusted(margin, 0, -margin, 0);
    if (!look.icon.isEmpty()) {
        const QPixmap icon = tintedIcon(look.icon, color, iconSize, painter->device()->devicePixelRatioF());
        painter->drawPixmap(rect.left(), rect.top() + (rect.height() - iconSize) / 2, icon);
        rect.setLeft(rect.left() + iconSize + 6);
    }
    painter->save();
    painter->setFont(item.font);
    painter->setPen(color);
    painter->drawText(
        rect, int(item.displayAlignment), item.fontMetrics.elidedText(text, item.textElideMode, rect.width()));
    painter->restore();
}

QSize StateDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    QSize size = QStyledItemDelegate::sizeHint(option, index);
    if (!m_look(index).icon.isEmpty())
        size.rwidth() += iconSize + 6;
    return size;
}

LockDelegate::LockDelegate(IsLocked isLocked, QObject *parent)
    : StateDelegate(
        [isLocked](const QModelIndex &index) {
            return CellLook{isLocked(index) ? QStringLiteral("object-locked") : QString(), Tone::Plain};
        },
        parent)
    , m_isLocked(std::move(isLocked))
{
}

void LockDelegate::initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const
{
    StateDelegate::initStyleOption(option, index);
    if (m_isLocked(index))
        option->text += tr(" (protected)");
}

} // namespace common
