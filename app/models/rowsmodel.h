#pragma once

#include "inventory/listchange.h"

#include <QAbstractTableModel>

namespace models {

/** Roles beyond Qt's. Models hold data only: icons and colours are ui's business. */
enum Role {
    SortRole = Qt::UserRole, ///< numbers stay numbers
    IdRole, ///< the row's key: a container's or an image's id
    StateRole, ///< what colour and icon hang on (an int of the row's own enum)
    ReferenceRole, ///< images: "repository:tag" or the id
};

/** Above this many runs one dataChanged over all of them is cheaper for views than one each. */
inline constexpr int maxDataChangedRuns = 256;

/**
 * Rows of a table as a copy of an inventory list, changed only as a ListChange tells: no resets, and one dataChanged a
 * run (one for all of them beyond 256 runs). T is the row's plain struct.
 */
template <typename T> class RowsModel : public QAbstractTableModel
{
public:
    using QAbstractTableModel::QAbstractTableModel;

    int rowCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : int(m_rows.size()); }

    const QList<T> &rows() const { return m_rows; }

    void apply(const inventory::ListChange &change, const QList<T> &now)
    {
        for (const auto &run : change.removed) {
            beginRemoveRows({}, int(run.first), int(run.first + run.count - 1));
            m_rows.remove(run.first, run.count);
            endRemoveRows();
        }
        for (const auto &run : change.changed)
            std::copy_n(now.begin() + run.first, run.count, m_rows.begin() + run.first);
        if (change.added > 0) {
            const auto first = m_rows.size();
            beginInsertRows({}, int(first), int(first + change.added - 1));
            m_rows.append(now.mid(first, change.added));
            endInsertRows();
        }
        announce(change.changed);
    }

protected:
    /** These cells show something else now, by their columns. */
    void announce(const QList<inventory::ListChange::Run> &runs)
    {
        if (runs.isEmpty())
            return;
        if (runs.size() > maxDataChangedRuns) {
            const int last = int(runs.last().first + runs.last().count - 1);
            Q_EMIT dataChanged(index(int(runs.first().first), 0), index(last, columnCount() - 1));
            return;
        }
        for (const auto &run : runs) {
            const int left = std::min(int(qCountTrailingZeroBits(run.columns)), columnCount() - 1);
            const int right = std::clamp(31 - int(qCountLeadingZeroBits(run.columns)), left, columnCount() - 1);
            Q_EMIT dataChanged(index(int(run.first), left), index(int(run.first + run.count - 1), right));
        }
    }

private:
    QList<T> m_rows;
};

} // namespace models
