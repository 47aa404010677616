#pragma once

#include "inventory/inventory.h"
#include "models/rowsmodel.h"
#include "runs/history.h"

namespace runs {

/**
 * The table of runs: those of the History, and those other Slipways launched, read from the labels of containers in
 * sight. IdRole is Record::id, StateRole an inventory::Phase. Data only. Owned by its page.
 */
class RunsModel : public models::RowsModel<Record>
{
    Q_OBJECT
public:
    /** host: address of the inventory's daemon, as Record::host has it. Both must outlive the model. */
    RunsModel(
        const History &history, const inventory::Inventory &inventory, const QString &host, QObject *parent = nullptr);

    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    const Record &at(int row) const { return rows()[row]; }
    /** Ages are counted from here (Unix seconds). */
    void setNow(qint64 now);

private:
    void merge();
    QString text(const Record &record, RunColumn column) const;
    QVariant sortKey(const Record &record, RunColumn column) const;
    QString toolTip(const Record &record, RunColumn column) const;

    const History &m_history;
    const inventory::Inventory &m_inventory;
    QString m_host;
    qint64 m_now;
};

/** As the colour and icon of a container in that state. */
inventory::Phase phaseOf(const Record &record);

} // namespace runs
