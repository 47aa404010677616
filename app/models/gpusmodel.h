#pragma once

#include "gpu/snapshot.h"
#include "inventory/listchange.h"
#include "models/rowsmodel.h"

namespace inventory {
class GpuState;
}

namespace models {

/** What a GPU's row stands for at a glance: StateRole. */
enum class GpuPhase {
    Free, ///< nobody on it
    Used,
    Idle, ///< all who are on it hold memory and compute nothing
    Asleep,
    Lost,
};

/** Columns of the GPU table, in DESIGN.md's order. */
enum class GpuColumn { Gpu, Name, Utilisation, Memory, Temperature, Power, UsedBy };
inline constexpr int gpuColumnCount = 7;

/** One row of the GPU table: a GPU, or one of its MIG devices under it. */
struct GpuRow
{
    QString uuid; ///< of the GPU or the MIG device
    QString gpu; ///< uuid of the GPU
    QString place; ///< "0", "0:1"
    qint64 order = 0; ///< its place among the rows
    QString name;
    GpuPhase phase = GpuPhase::Free;
    QString error; ///< of a lost one
    int utilisation = gpu::unknown; ///< percent
    qint64 memoryUsed = gpu::unknown; ///< bytes
    qint64 memoryTotal = gpu::unknown; ///< bytes
    int temperature = gpu::unknown; ///< °C
    double power = gpu::unknown; ///< W
    double powerLimit = gpu::unknown; ///< W
    QStringList notes; ///< throttled, faults
    QStringList usedBy;
    qsizetype users = 0;

    bool operator==(const GpuRow &) const = default;

    bool isMig() const { return uuid != gpu; }
    QString key() const { return uuid; }
    inventory::ColumnMask changedColumns(const GpuRow &now) const;
};

/**
 * The GPU table over a GpuState: a row a GPU, its MIG devices indented below it (they sort with their GPU). Data only.
 * Owned by its page.
 */
class GpusModel : public RowsModel<GpuRow>
{
    Q_OBJECT
public:
    explicit GpusModel(const inventory::GpuState &state, QObject *parent = nullptr);

    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    const GpuRow &at(int row) const { return rows()[row]; }

private:
    void take();
    QVariant sortKey(int row, GpuColumn column) const;

    const inventory::GpuState &m_state;
};

/** What a cell of the GPU table says, for the table and the terminal alike. */
QString gpuCellText(const GpuRow &row, GpuColumn column);
QString gpuHeading(GpuColumn column);
/** The rows of the table now. */
QList<GpuRow> gpuRows(const inventory::GpuState &state);

} // namespace models
