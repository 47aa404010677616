#pragma once

#include "docker/pullprogress.h"

#include <QAbstractTableModel>

namespace transfers {

/** Columns of the table of layers, in order. */
enum class LayerColumn { Layer, Size, State, Count };

/** The layers of one transfer, in their order; roles as TransfersModel's. Data only. Owned by its panel. */
class LayersModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    using QAbstractTableModel::QAbstractTableModel;

    /** Of another transfer, or of the same one a moment later: only what has changed is announced. */
    void setProgress(const docker::PullProgress &progress);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    docker::PullProgress m_progress;
};

} // namespace transfers
