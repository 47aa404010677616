#pragma once

#include "common/theme.h"

#include <QStyledItemDelegate>
#include <functional>

namespace common {

/** How a cell's word is painted: an icon of the icon theme before it, both in the tone's colour. */
struct CellLook
{
    QString icon; ///< empty: none
    Tone tone = Tone::Plain;
};

/** Paints an icon and the cell's text in a state's colour. What the state is, the page's function says. Owned by the
 * page. */
class StateDelegate : public QStyledItemDelegate
{
    Q_OBJECT
public:
    using Look = std::function<CellLook(const QModelIndex &)>;

    explicit StateDelegate(Look look, QObject *parent = nullptr);

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;

private:
    Look m_look;
};

/** Paints a lock and the word beside a name that is protected; which are, the page's function says. Owned by the page.
 */
class LockDelegate : public StateDelegate
{
    Q_OBJECT
public:
    using IsLocked = std::function<bool(const QModelIndex &)>;

    explicit LockDelegate(IsLocked isLocked, QObject *parent = nullptr);

protected:
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override;

private:
    IsLocked m_isLocked;
};

} // namespace common
