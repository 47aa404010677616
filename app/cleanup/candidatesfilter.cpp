#include "cleanup/candidatesfilter.h"

#include "cleanup/candidatesmodel.h"

#include <algorithm>

namespace cleanup {

CandidatesFilter::CandidatesFilter(QObject *parent)
    : QSortFilterProxyModel(parent)
{
    setSortRole(SortRole);
    setSortCaseSensitivity(Qt::CaseInsensitive);
}

void CandidatesFilter::setText(const QString &text)
{
    m_words = text.split(u' ', Qt::SkipEmptyParts);
    invalidateFilter();
}

bool CandidatesFilter::setData(const QModelIndex &index, const QVariant &value, int role)
{
    if (role != Qt::CheckStateRole || !index.isValid() || index.parent().isValid() || m_words.isEmpty())
        return QSortFilterProxyModel::setData(index, value, role);
    const auto setAll = [&](Qt::CheckState state) {
        bool different = false;
        for (int row = 0; row < rowCount(index); ++row) {
            const QModelIndex child = this->index(row, 0, index);
            if (state == Qt::Unchecked || !child.data(CandidateItemRole).value<Candidate>().stern)
                different = QSortFilterProxyModel::setData(child, state, role) || different;
        }
        return different;
    };
    if (value.toInt() == Qt::Unchecked)
        return setAll(Qt::Unchecked);
    // What is hidden keeps the group partly ticked: the next click takes off what is shown.
    return setAll(Qt::Checked) || setAll(Qt::Unchecked);
}

bool CandidatesFilter::filterAcceptsRow(int row, const QModelIndex &parent) const
{
    if (!parent.isValid())
        return true;
    const QString name = sourceModel()->index(row, int(Column::Name), parent).data().toString();
    const QString why = sourceModel()->index(row, int(Column::Why), parent).data().toString();
    return std::all_of(m_words.begin(), m_words.end(), [&](const QString &word) {
        return name.contains(word, Qt::CaseInsensitive) || why.contains(word, Qt::CaseInsensitive);
    });
}

bool CandidatesFilter::lessThan(const QModelIndex &left, const QModelIndex &right) const
{
    if (!left.parent().isValid()) // whatever the order of what is in them
        return (left.row() < right.row()) == (sortOrder() == Qt::AscendingOrder);
    return QSortFilterProxyModel::lessThan(left, right);
}

} // namespace cleanup
