#pragma once

#include "inventory/gpuusers.h"
#include "models/rowsmodel.h"

namespace inventory {
class GpuState;
}

namespace models {

/** The table of processes on the GPUs, over a GpuState. Data only. Owned by its page. */
class GpuProcessesModel : public RowsModel<inventory::GpuProcess>
{
    Q_OBJECT
public:
    explicit GpuProcessesModel(const inventory::GpuState &state, QObject *parent = nullptr);

    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    const inventory::GpuProcess &at(int row) const { return rows()[row]; }
    /** Ages are counted from here (Unix seconds). */
    void setNow(qint64 now);

private:
    QString text(const inventory::GpuProcess &process, inventory::GpuProcessColumn column) const;
    QVariant sortKey(const inventory::GpuProcess &process, inventory::GpuProcessColumn column) const;
    QString toolTip(const inventory::GpuProcess &process, inventory::GpuProcessColumn column) const;
    void take(const QList<inventory::GpuProcess> &processes);

    qint64 m_now;
};

} // namespace models
