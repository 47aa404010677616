#pragma once

#include "images/layers.h"

#include <QAbstractTableModel>

namespace images {

/** Columns of the table of layers. */
enum class LayerColumn { Layer, Size, Share, SharedWith, Command };
inline constexpr int layerColumnCount = 5;

/** The layers of one image as a table. Data only. Owned by its view. */
class LayersModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    using QAbstractTableModel::QAbstractTableModel;

    /** names: of image ids, for those that share layers; sharingKnown: it was found out who does. */
    void setLayers(const QList<Layer> &layers, const QHash<QString, QString> &names, bool sharingKnown);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QString text(const Layer &layer, LayerColumn column) const;
    QVariant sortKey(const Layer &layer, LayerColumn column) const;
    QString users(const Layer &layer, const QString &separator) const;

    QList<Layer> m_layers;
    QHash<QString, QString> m_names;
    bool m_sharingKnown = false;
    qint64 m_total = 0;
};

} // namespace images
