#pragma once

#include <QStyledItemDelegate>

namespace transfers {

/** A cell's text over a thin bar, by FractionRole; without a fraction the text alone. Owned by its table. */
class ProgressDelegate : public QStyledItemDelegate
{
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
};

} // namespace transfers
