#pragma once

#include "git/refs.h"

#include <QAbstractTableModel>

namespace code {

/** What can be checked out: branches and tags with their last commit. Data only. Owned by its page. */
class RefsModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { Name, Kind, LastCommit };
    static constexpr int columns = 3;

    explicit RefsModel(QObject *parent = nullptr);

    /** now: Unix seconds, from which ages are counted. A remote's branch that is here under its own name stands once.
     */
    void setRefs(const git::Refs &refs, qint64 now);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    /** Of column Name, what is typed behind `git checkout`. */
    QVariant data(const QModelIndex &index, int role) const override;

private:
    QList<git::Ref> m_refs;
    qint64 m_now = 0;
};

} // namespace code
