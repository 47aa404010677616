#pragma once

#include <QHash>
#include <QList>
#include <algorithm>

namespace inventory {

/** Columns that changed, as a mask of 1 << column. */
using ColumnMask = quint32;

/**
 * How one list became another: rows removed (by their old index, last run first), rows changed (by their new index)
 * and rows added at the end. Kept rows keep their order; sorting is a proxy's work.
 */
struct ListChange
{
    struct Run
    {
        qsizetype first = 0;
        qsizetype count = 0;
        ColumnMask columns = 0; ///< of changed rows

        bool operator==(const Run &) const = default;
    };
    QList<Run> removed;
    QList<Run> changed;
    qsizetype added = 0;

    bool empty() const { return removed.isEmpty() && changed.isEmpty() && added == 0; }
    bool operator==(const ListChange &) const = default;
};

/** Appends one row to the runs of a ListChange, joining it to the last where it continues it. */
inline void appendRow(QList<ListChange::Run> &runs, qsizetype row, ColumnMask columns)
{
    if (!runs.isEmpty() && runs.last().first + runs.last().count == row && runs.last().columns == columns)
        ++runs.last().count;
    else
        runs.append({row, 1, columns});
}

/**
 * Turns `rows` into the rows of `fresh` (matched by T::key()) and tells how: O(rows + fresh). T::changedColumns(other)
 * is 0 for equal rows.
 */
template <typename T> ListChange update(QList<T> &rows, QList<T> fresh)
{
    QHash<QString, qsizetype> freshIndex;
    freshIndex.reserve(fresh.size());
    for (qsizetype i = 0; i < fresh.size(); ++i)
        freshIndex.insert(fresh[i].key(), i);

    ListChange change;
    QList<T> result;
    result.reserve(fresh.size());
    QList<bool> kept(fresh.size(), false);
    for (qsizetype i = 0; i < rows.size(); ++i) {
        const auto found = freshIndex.constFind(rows[i].key());
        if (found == freshIndex.constEnd()) {
            appendRow(change.removed, i, 0);
            continue;
        }
        kept[*found] = true;
        T &now = fresh[*found];
        if (const ColumnMask columns = rows[i].changedColumns(now))
            appendRow(change.changed, result.size(), columns);
        result.append(std::move(now));
    }
    std::reverse(change.removed.begin(), change.removed.end());
    for (qsizetype i = 0; i < fresh.size(); ++i) {
        if (!kept[i] && freshIndex.value(fresh[i].key()) == i) { // a key twice: the last one counts
            result.append(std::move(fresh[i]));
            ++change.added;
        }
    }
    rows = std::move(result);
    return change;
}

} // namespace inventory
