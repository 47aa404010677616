#pragma once

#include "inventory/inventory.h"
#include "inventory/livefigures.h"
#include "models/rowsmodel.h"

#include <QSet>

namespace models {

/**
 * The containers table over an Inventory and its LiveFigures. Times are told against `now`, which the page moves once a
 * minute. Data only. Owned by its page.
 */
class ContainersModel : public RowsModel<inventory::Container>
{
    Q_OBJECT
public:
    ContainersModel(
        const inventory::Inventory &inventory, const inventory::LiveFigures &figures, QObject *parent = nullptr);

    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    const inventory::Container &at(int row) const { return rows()[row]; }
    /** Ages are counted from here (Unix seconds). */
    void setNow(qint64 now);

private:
    QVariant text(const inventory::Container &container, inventory::ContainerColumn column) const;
    QVariant sortKey(const inventory::Container &container, inventory::ContainerColumn column) const;
    QString toolTip(const inventory::Container &container, inventory::ContainerColumn column) const;
    void figuresTicked(const QSet<QString> &ids);

    const inventory::LiveFigures &m_figures;
    qint64 m_now;
};

} // namespace models
