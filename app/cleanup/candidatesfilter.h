#pragma once

#include <QSortFilterProxyModel>
#include <QStringList>

namespace cleanup {

/**
 * Sorts what is in the groups of a CandidatesModel and hides what lacks one of the words; the groups stay, in their
 * order. The box of a group ticks only what is shown. Owned by the page.
 */
class CandidatesFilter : public QSortFilterProxyModel
{
    Q_OBJECT
public:
    explicit CandidatesFilter(QObject *parent = nullptr);

    void setText(const QString &text);
    const QStringList &words() const { return m_words; }
    bool setData(const QModelIndex &index, const QVariant &value, int role) override;

protected:
    bool filterAcceptsRow(int row, const QModelIndex &parent) const override;
    bool lessThan(const QModelIndex &left, const QModelIndex &right) const override;

private:
    QStringList m_words;
};

} // namespace cleanup
