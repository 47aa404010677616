#include "models/imagesmodel.h"

#include "core/units.h"

#include <QDateTime>
#include <QLocale>
#include <array>

namespace models {

using inventory::Image;
using inventory::ImageColumn;
using namespace Qt::StringLiterals;

namespace {
constexpr std::array headings = {"Repository"_L1, "Tag"_L1, "ID"_L1, "Size"_L1, "Created"_L1, "Used by"_L1};
static_assert(headings.size() == inventory::imageColumnCount);
} // namespace

ImagesModel::ImagesModel(const inventory::Inventory &inventory, QObject *parent)
    : RowsModel(parent)
    , m_now(QDateTime::currentSecsSinceEpoch())
{
    apply({{}, {}, inventory.images().size()}, inventory.images());
    connect(&inventory, &inventory::Inventory::imagesChanged, this,
        [this, &inventory](const inventory::ListChange &change) {
            m_now = QDateTime::currentSecsSinceEpoch();
            apply(change, inventory.images());
        });
}

int ImagesModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : inventory::imageColumnCount;
}

QVariant ImagesModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const Image &image = at(index.row());
    const auto column = ImageColumn(index.column());
    switch (role) {
    case Qt::DisplayRole:
    case Qt::AccessibleTextRole:
        return text(image, column);
    case Qt::ToolTipRole:
        return toolTip(image, column);
    case Qt::TextAlignmentRole:
        return int(Qt::AlignVCenter | (column == ImageColumn::Size ? Qt::AlignRight : Qt::AlignLeft));
    case SortRole:
        return sortKey(image, column);
    case IdRole:
        return image.id;
    case ReferenceRole:
        return image.reference();
    default:
        return {};
    }
}

QString ImagesModel::text(const Image &image, ImageColumn column) const
{
    switch (column) {
    case ImageColumn::Repository:
        return image.repository.isEmpty() ? u"(untagged)"_s : image.repository;
    case ImageColumn::Tag:
        return image.tag.isEmpty() ? core::noValue() : image.tag;
    case ImageColumn::Id:
        return image.shortId();
    case ImageColumn::Size:
        return core::bytesText(image.size);
    case ImageColumn::Created:
        return core::ageText(image.created, m_now);
    case ImageColumn::UsedBy:
        return image.usedBy.isEmpty() ? core::noValue() : image.usedBy.join(", "_L1);
    }
    return {};
}

QVariant ImagesModel::sortKey(const Image &image, ImageColumn column) const
{
    switch (column) {
    case ImageColumn::Size:
        return image.size;
    case ImageColumn::Created:
        return image.created;
    case ImageColumn::UsedBy:
        return image.usedBy.size();
    default:
        return text(image, column);
    }
}

QString ImagesModel::toolTip(const Image &image, ImageColumn column) const
{
    switch (column) {
    case ImageColumn::Id:
        return image.id;
    case ImageColumn::Created:
        return image.created > 0
            ? QLocale::system().toString(QDateTime::fromSecsSinceEpoch(image.created), QLocale::LongFormat)
            : QString();
    case ImageColumn::UsedBy:
        return image.usedBy.join(u'\n');
    default:
        return text(image, column);
    }
}

QVariant ImagesModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= inventory::imageColumnCount)
        return {};
    if (role == Qt::DisplayRole)
        return QString(headings[size_t(section)]);
    if (role == Qt::TextAlignmentRole)
        return int(Qt::AlignVCenter | (ImageColumn(section) == ImageColumn::Size ? Qt::AlignRight : Qt::AlignLeft));
    return {};
}

void ImagesModel::setNow(qint64 now)
{
    m_now = now;
    if (rowCount() > 0)
        Q_EMIT dataChanged(
            index(0, int(ImageColumn::Created)), index(rowCount() - 1, int(ImageColumn::Created)), {Qt::DisplayRole});
}

} // namespace models
