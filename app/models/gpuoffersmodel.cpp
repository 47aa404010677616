#include "models/gpuoffersmodel.h"

#include "core/units.h"

#include <algorithm>

namespace models {

void GpuOffersModel::setOffers(const QList<inventory::GpuOffer> &offers)
{
    const bool same = std::ranges::equal(offers, m_offers, {}, &inventory::GpuOffer::uuid, &inventory::GpuOffer::uuid);
    if (!same) {
        beginResetModel();
        m_offers = offers;
        endResetModel();
        return;
    }
    for (int row = 0; row < int(offers.size()); ++row) {
        if (m_offers[row] == offers[row])
            continue;
        m_offers[row] = offers[row];
        Q_EMIT dataChanged(index(row, 0), index(row, UsedBy));
    }
}

void GpuOffersModel::setTicked(const QStringList &uuids)
{
    if (uuids == m_ticked)
        return;
    m_ticked = uuids;
    if (!m_offers.isEmpty())
        Q_EMIT dataChanged(index(0, Gpu), index(rowCount() - 1, Gpu), {Qt::CheckStateRole});
}

int GpuOffersModel::rowCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : int(m_offers.size()); }

int GpuOffersModel::columnCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : UsedBy + 1; }

QString GpuOffersModel::text(const inventory::GpuOffer &offer, int column) const
{
    switch (column) {
    case Gpu:
        return offer.place;
    case Name:
        return offer.name;
    case Free:
        if (offer.memoryFree < 0)
            return core::noValue();
        return tr("%1 of %2").arg(core::bytesText(offer.memoryFree), core::bytesText(offer.memoryTotal));
    case Utilisation:
        return core::percentText(offer.utilisation);
    case UsedBy:
        break;
    }
    if (offer.lost || offer.busy())
        return offer.usedBy();
    if (offer.justGiven)
        return tr("given to a run that is starting");
    return offer.askedBy.isEmpty() ? tr("nobody")
                                   : tr("%1 (does not use it yet)").arg(offer.askedBy.join(QStringLiteral(", ")));
}

QVariant GpuOffersModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const inventory::GpuOffer &offer = m_offers[index.row()];
    switch (role) {
    case Qt::DisplayRole:
        return text(offer, index.column());
    case Qt::CheckStateRole:
        if (index.column() == Gpu)
            return int(m_ticked.contains(offer.uuid) ? Qt::Checked : Qt::Unchecked);
        return {};
    case Qt::ToolTipRole:
        if (index.column() == Gpu)
            return offer.uuid;
        return {};
    case Qt::TextAlignmentRole:
        if (index.column() == Utilisation)
            return int(Qt::AlignRight | Qt::AlignVCenter);
        return {};
    default:
        return {};
    }
}

bool GpuOffersModel::setData(const QModelIndex &index, const QVariant &value, int role)
{
    if (!index.isValid() || index.column() != Gpu || role != Qt::CheckStateRole)
        return false;
    const QString uuid = m_offers[index.row()].uuid;
    const bool on = value.toInt() == Qt::Checked;
    if (on == m_ticked.contains(uuid))
        return false;
    Q_EMIT tickRequested(uuid, on);
    return m_ticked.contains(uuid) == on;
}

QVariant GpuOffersModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Gpu:
        return tr("GPU");
    case Name:
        return tr("Name");
    case Free:
        return tr("Free memory");
    case Utilisation:
        return tr("Utilisation");
    case UsedBy:
        return tr("Used by");
    default:
        return {};
    }
}

Qt::ItemFlags GpuOffersModel::flags(const QModelIndex &index) const
{
    if (!index.isValid())
        return {};
    const Qt::ItemFlags own = Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemNeverHasChildren;
    return index.column() == Gpu ? own | Qt::ItemIsUserCheckable : own;
}

} // namespace models
