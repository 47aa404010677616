#pragma once

#include "inventory/gpuoffer.h"

#include <QAbstractTableModel>

namespace models {

/**
 * The GPUs of the wizard's list with a tick for each that the run would get. Knows nothing of how they are chosen: a
 * click only asks. Owned by the GPUs step.
 */
class GpuOffersModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { Gpu, Name, Free, Utilisation, UsedBy };

    using QAbstractTableModel::QAbstractTableModel;

    /** Rows stay where they are while the same GPUs come. */
    void setOffers(const QList<inventory::GpuOffer> &offers);
    const QList<inventory::GpuOffer> &offers() const { return m_offers; }
    /** By uuid. */
    void setTicked(const QStringList &uuids);
    const QStringList &ticked() const { return m_ticked; }

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    bool setData(const QModelIndex &index, const QVariant &value, int role) override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;

Q_SIGNALS:
    /** The person wants it, or does not any more. */
    void tickRequested(const QString &uuid, bool on);

private:
    QString text(const inventory::GpuOffer &offer, int column) const;

    QList<inventory::GpuOffer> m_offers;
    QStringList m_ticked;
};

} // namespace models
