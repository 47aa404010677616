#include "transfers/progressdelegate.h"

#include "common/theme.h"
#include "transfers/transfersmodel.h"

#include <QPainter>
#include <algorithm>

namespace transfers {

void ProgressDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    QStyledItemDelegate::paint(painter, option, index);
    const QVariant fraction = index.data(FractionRole);
    if (!fraction.isValid())
        return;
    constexpr int height = 3;
    const QRect track(option.rect.left() + common::grid / 2, option.rect.bottom() - height - 1,
        option.rect.width() - common::grid, height);
    QRect bar = track;
    bar.setWidth(int(track.width() * std::clamp(fraction.toDouble(), 0.0, 1.0)));
    const bool selected = option.state & QStyle::State_Selected;
    QColor color = selected ? option.palette.color(QPalette::HighlightedText)
                            : common::toneColor(common::Tone::Accent, option.palette);
    painter->save();
    painter->fillRect(bar, color);
    color.setAlphaF(0.25F);
    painter->fillRect(track, color);
    painter->restore();
}

} // namespace transfers
