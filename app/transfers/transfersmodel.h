#pragma once

#include <QAbstractTableModel>

namespace transfers {

class Transfers;

/** Roles beyond Qt's; the first three as in models/rowsmodel.h, so that the pages' tables can sort these rows. */
enum Role {
    SortRole = Qt::UserRole,
    IdRole,
    StateRole, ///< Transfer::State as int; of a layer docker::PullProgress::Stage
    FractionRole = Qt::UserRole + 16, ///< 0 … 1; invalid where the whole is not known
};

/** Columns of the table of transfers, in order. */
enum class TransferColumn { Image, What, Progress, Speed, Left, State, Count };

/** The table of all Transfers, oldest first. Data only. Owned by its panel. */
class TransfersModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    /** transfers must outlive the model. */
    explicit TransfersModel(const Transfers &transfers, QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    /** −1 where it is none of them. */
    int rowOf(int id) const;

private:
    QString text(int row, TransferColumn column) const;
    QVariant sortKey(int row, TransferColumn column) const;

    const Transfers &m_transfers;
    int m_rows = 0; ///< as views know it: a row is in the list before it is announced
};

} // namespace transfers
