#pragma once

#include "inventory/inventory.h"
#include "models/rowsmodel.h"

namespace models {

/** The images table over an Inventory. Data only. Owned by its page. */
class ImagesModel : public RowsModel<inventory::Image>
{
    Q_OBJECT
public:
    explicit ImagesModel(const inventory::Inventory &inventory, QObject *parent = nullptr);

    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    const inventory::Image &at(int row) const { return rows()[row]; }
    /** Ages are counted from here (Unix seconds). */
    void setNow(qint64 now);

private:
    QString text(const inventory::Image &image, inventory::ImageColumn column) const;
    QVariant sortKey(const inventory::Image &image, inventory::ImageColumn column) const;
    QString toolTip(const inventory::Image &image, inventory::ImageColumn column) const;

    qint64 m_now;
};

} // namespace models
