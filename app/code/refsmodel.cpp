#include "code/refsmodel.h"

#include "code/words.h"

#include <QSet>

namespace code {

RefsModel::RefsModel(QObject *parent)
    : QAbstractTableModel(parent)
{
}

void RefsModel::setRefs(const git::Refs &refs, qint64 now)
{
    QSet<QString> here;
    for (const git::Ref &ref : refs.refs) {
        if (ref.kind == git::Ref::Kind::Branch)
            here.insert(ref.name);
    }
    QList<git::Ref> rows;
    QSet<QString> remote;
    for (const git::Ref &ref : refs.refs) {
        if (ref.kind == git::Ref::Kind::RemoteBranch) {
            if (here.contains(ref.name) || remote.contains(ref.name))
                continue;
            remote.insert(ref.name);
        }
        rows += ref;
    }
    // The same again must not close a list that is open.
    if (rows == m_refs)
        return;
    beginResetModel();
    m_refs = rows;
    m_now = now;
    endResetModel();
}

int RefsModel::rowCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : int(m_refs.size()); }

int RefsModel::columnCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : columns; }

QVariant RefsModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const git::Ref &ref = m_refs[index.row()];
    if (role == Qt::ToolTipRole)
        return ref.commit;
    if (role == Qt::AccessibleTextRole && index.column() == Name)
        return QStringLiteral("%1, %2, %3").arg(ref.name, kindText(ref), summaryText(ref, m_now));
    if (role != Qt::DisplayRole && role != Qt::EditRole)
        return {};
    switch (index.column()) {
    case Name:
        return ref.exact ? ref.name : ref.commit;
    case Kind:
        return kindText(ref);
    default:
        return summaryText(ref, m_now);
    }
}

} // namespace code
