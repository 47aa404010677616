#include "transfers/layersmodel.h"

#include "core/units.h"
#include "transfers/transfersmodel.h"

#include <algorithm>

namespace transfers {

using Layer = docker::PullProgress::Layer;
using Stage = docker::PullProgress::Stage;

namespace {

/** Over the network, then onto the disk: each way its own bar. */
QVariant fractionOf(const Layer &layer)
{
    if (layer.stage >= Stage::Done)
        return 1.0;
    if (layer.stage == Stage::Unpacking)
        return layer.seconds < 0 && layer.size > 0 ? QVariant(double(layer.unpacked) / double(layer.size)) : QVariant();
    return layer.size > 0 ? QVariant(double(layer.current) / double(layer.size)) : QVariant();
}

} // namespace

void LayersModel::setProgress(const docker::PullProgress &progress)
{
    const QList<Layer> before = m_progress.layers();
    const QList<Layer> &now = progress.layers();
    const qsizetype common = std::min(before.size(), now.size());
    const bool same = now.size() >= before.size()
        && std::equal(before.begin(), before.begin() + common, now.begin(),
            [](const Layer &a, const Layer &b) { return a.id == b.id; });
    if (!same) {
        beginResetModel();
        m_progress = progress;
        endResetModel();
        return;
    }
    if (now.size() > before.size()) {
        beginInsertRows({}, int(before.size()), int(now.size()) - 1);
        m_progress = progress;
        endInsertRows();
    } else {
        m_progress = progress;
    }
    for (qsizetype row = 0; row < common; ++row) {
        if (before[row] != now[row])
            Q_EMIT dataChanged(index(int(row), int(LayerColumn::Size)), index(int(row), int(LayerColumn::State)));
    }
}

int LayersModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_progress.layers().size());
}

int LayersModel::columnCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : int(LayerColumn::Count); }

QVariant LayersModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Layer &layer = m_progress.layers()[index.row()];
    const auto column = LayerColumn(index.column());
    switch (role) {
    case Qt::DisplayRole:
        if (column == LayerColumn::Layer)
            return layer.id;
        if (column == LayerColumn::Size)
            return layer.size > 0 ? core::bytesText(layer.size) : core::noValue();
        return m_progress.layerText(layer);
    case Qt::TextAlignmentRole:
        return column == LayerColumn::Size ? QVariant(int(Qt::AlignRight | Qt::AlignVCenter)) : QVariant();
    case SortRole:
        return column == LayerColumn::Size ? QVariant(layer.size) : QVariant(index.row());
    case IdRole:
        return layer.id;
    case StateRole:
        return int(layer.stage);
    case FractionRole:
        return fractionOf(layer);
    default:
        return {};
    }
}

QVariant LayersModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= int(LayerColumn::Count))
        return {};
    if (role == Qt::TextAlignmentRole && section == int(LayerColumn::Size))
        return int(Qt::AlignRight | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    static const QStringList names{tr("Layer"), tr("Size"), tr("State")};
    return names[section];
}

} // namespace transfers
