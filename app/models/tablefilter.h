#pragma once

#include <QCollator>
#include <QSortFilterProxyModel>

namespace models {

/**
 * The filter box and the sorting of a table: a row stays when each word typed stands in one of its cells, whatever the
 * case; sorts on SortRole, numbers as numbers and names as people do (run-2 before run-10). Owned by its page.
 */
class TableFilter : public QSortFilterProxyModel
{
    Q_OBJECT
public:
    explicit TableFilter(QObject *parent = nullptr);

    void setText(const QString &text);
    const QStringList &words() const { return m_words; }

protected:
    bool filterAcceptsRow(int row, const QModelIndex &parent) const override;
    bool lessThan(const QModelIndex &left, const QModelIndex &right) const override;

private:
    QStringList m_words;
    QCollator m_collator;
};

} // namespace models
