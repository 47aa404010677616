#pragma once

#include "inventory/gpuusers.h"
#include "inventory/inventory.h"
#include "inventory/livefigures.h"
#include "models/rowsmodel.h"

#include <QSet>

namespace inventory {
class GpuState;
}

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

    /** Who uses which GPU; without it the GPUs column says what was asked for. Must outlive the model. */
    void setGpus(const inventory::GpuState &gpus);

    const inventory::Container &at(int row) const { return rows()[row]; }
    /** Ages are counted from here (Unix seconds). */
    void setNow(qint64 now);

private:
    QString imageText(const inventory::Container &container) const;
    QVariant text(const inventory::Container &container, inventory::ContainerColumn column) const;
    QVariant sortKey(const inventory::Container &container, inventory::ContainerColumn column) const;
    QString toolTip(const inventory::Container &container, inventory::ContainerColumn column) const;
    QString gpusText(const inventory::Container &container) const;
    QString gpusToolTip(const inventory::Container &container) const;
    void figuresTicked(const QSet<QString> &ids);
    void gpusChanged(const QHash<QString, inventory::ContainerGpu> &now);

    const inventory::Inventory &m_inventory;
    const inventory::LiveFigures &m_figures;
    QHash<QString, inventory::ContainerGpu> m_gpus; ///< by container, as shown
    qint64 m_now;
};

} // namespace models
