#include "images/layersmodel.h"

#include "core/units.h"
#include "models/rowsmodel.h"

#include <array>

namespace images {

using namespace Qt::StringLiterals;

namespace {

constexpr std::array headings = {"Layer"_L1, "Size"_L1, "Share"_L1, "Shared with"_L1, "Command"_L1};
static_assert(headings.size() == layerColumnCount);
/** A tool tip is for reading, not for scrolling. */
constexpr qsizetype longestToolTip = 2000;

bool isNumber(LayerColumn column) { return column <= LayerColumn::Share; }

} // namespace

void LayersModel::setLayers(const QList<Layer> &layers, const QHash<QString, QString> &names, bool sharingKnown)
{
    // The same image with more known of it keeps its rows, and so the view its selection.
    const bool same = layers.size() == m_layers.size() && !layers.isEmpty()
        && std::equal(layers.begin(), layers.end(), m_layers.begin(), [](const Layer &a, const Layer &b) {
               return a.chain == b.chain && a.wholeCommand == b.wholeCommand && a.size == b.size;
           });
    if (!same)
        beginResetModel();
    m_layers = layers;
    m_names = names;
    m_sharingKnown = sharingKnown;
    m_total = 0;
    for (const Layer &layer : layers)
        m_total += layer.size;
    if (!same)
        endResetModel();
    else
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, layerColumnCount - 1));
}

int LayersModel::rowCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : int(m_layers.size()); }

int LayersModel::columnCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : layerColumnCount; }

QVariant LayersModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const Layer &layer = m_layers[index.row()];
    const auto column = LayerColumn(index.column());
    switch (role) {
    case Qt::DisplayRole:
    case Qt::AccessibleTextRole:
        return text(layer, column);
    case Qt::ToolTipRole:
        if (column == LayerColumn::SharedWith)
            return users(layer, u"\n"_s);
        // Rich text wraps; what the command holds stays as it is.
        return u"<p style='white-space:pre-wrap'>%1</p>"_s.arg(layer.wholeCommand.left(longestToolTip).toHtmlEscaped());
    case Qt::TextAlignmentRole:
        return int(Qt::AlignVCenter | (isNumber(column) ? Qt::AlignRight : Qt::AlignLeft));
    case models::SortRole:
        return sortKey(layer, column);
    default:
        return {};
    }
}

QString LayersModel::users(const Layer &layer, const QString &separator) const
{
    QStringList names;
    for (const QString &id : layer.sharedWith)
        names.append(m_names.value(id, id.section(u':', -1).left(12)));
    names.sort();
    return names.join(separator);
}

QString LayersModel::text(const Layer &layer, LayerColumn column) const
{
    switch (column) {
    case LayerColumn::Layer:
        return QString::number(layer.number);
    case LayerColumn::Size:
        return layer.size > 0 ? core::bytesText(layer.size) : core::noValue();
    case LayerColumn::Share:
        return layer.size > 0 && m_total > 0 ? core::percentText(100.0 * double(layer.size) / double(m_total))
                                             : core::noValue();
    case LayerColumn::SharedWith:
        if (!m_sharingKnown || layer.chain.isEmpty())
            return core::noValue();
        return layer.sharedWith.isEmpty() ? u"only here"_s : users(layer, u", "_s);
    case LayerColumn::Command:
        return layer.command;
    }
    return {};
}

QVariant LayersModel::sortKey(const Layer &layer, LayerColumn column) const
{
    switch (column) {
    case LayerColumn::Layer:
        return layer.number;
    case LayerColumn::Size:
    case LayerColumn::Share:
        return layer.size;
    case LayerColumn::SharedWith:
        return layer.sharedWith.size();
    case LayerColumn::Command:
        break;
    }
    return layer.command;
}

QVariant LayersModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= layerColumnCount)
        return {};
    if (role == Qt::DisplayRole)
        return QString(headings[size_t(section)]);
    if (role == Qt::TextAlignmentRole)
        return int(Qt::AlignVCenter | (isNumber(LayerColumn(section)) ? Qt::AlignRight : Qt::AlignLeft));
    return {};
}

} // namespace images
