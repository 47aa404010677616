#pragma once

#include "inventory/inventory.h"
#include "models/rowsmodel.h"

#include <QHash>
#include <QSet>

namespace models {

/**
 * The images table over an Inventory. Whom the inventory does not know is told: saved configurations that need an
 * image, and how much of it is its own. Data only. Owned by its page.
 */
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
    /** Names of saved configurations, by the row's key(). */
    void setSavedUsers(const QHash<QString, QStringList> &saved);
    QStringList savedUsers(const inventory::Image &image) const { return m_saved.value(image.key()); }
    /** Rows, by key(), that nothing may remove. */
    void setProtected(const QSet<QString> &locked);
    bool isProtected(const inventory::Image &image) const { return m_protected.contains(image.key()); }
    /** Bytes that would go with the image of that id, and bytes that others share. */
    void setOwnSize(const QString &id, qint64 own, qint64 shared);
    /** An image came or went: what was known of the others may be wrong now. */
    void forgetOwnSizes() { m_sizes.clear(); }

private:
    QString text(const inventory::Image &image, inventory::ImageColumn column) const;
    QVariant sortKey(const inventory::Image &image, inventory::ImageColumn column) const;
    QString toolTip(const inventory::Image &image, inventory::ImageColumn column) const;

    QStringList users(const inventory::Image &image) const;

    struct Sizes
    {
        qint64 own;
        qint64 shared;
    };
    qint64 m_now;
    QHash<QString, QStringList> m_saved;
    QSet<QString> m_protected;
    QHash<QString, Sizes> m_sizes; ///< by id
};

} // namespace models
