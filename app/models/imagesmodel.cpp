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
        if (!image.repository.isEmpty())
            return image.repository;
        return image.formerRepository().isEmpty() ? u"(untagged)"_s : image.formerRepository() + u" (untagged)"_s;
    case ImageColumn::Tag:
        return image.tag.isEmpty() ? core::noValue() : image.tag;
    case ImageColumn::Id:
        return image.shortId();
    case ImageColumn::Size:
        return core::bytesText(image.size);
    case ImageColumn::Created:
        return core::ageText(image.created, m_now);
    case ImageColumn::UsedBy:
        return users(image).isEmpty() ? core::noValue() : users(image).join(", "_L1);
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
        return users(image).size();
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
        return users(image).join(u'\n');
    case ImageColumn::Size:
        if (const auto sizes = m_sizes.constFind(image.id); sizes != m_sizes.constEnd())
            return u"%1, of which %2 are its own and %3 shared with other images"_s.arg(
                core::bytesText(image.size), core::bytesText(sizes->own), core::bytesText(sizes->shared));
        return u"%1, layers shared with other images included. Its details tell how much is its own."_s.arg(
            core::bytesText(image.size));
    case ImageColumn::Repository:
        return image.repository.isEmpty() ? u"It has no name any more: another image took it, or it was removed."_s
                                          : image.repository;
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

QStringList ImagesModel::users(const Image &image) const
{
    QStringList all = image.usedBy;
    if (isProtected(image))
        all.prepend(u"protected"_s);
    for (const QString &name : savedUsers(image))
        all.append(u"%1 (saved)"_s.arg(name));
    return all;
}

void ImagesModel::setSavedUsers(const QHash<QString, QStringList> &saved)
{
    if (saved == m_saved)
        return;
    m_saved = saved;
    if (rowCount() > 0)
        Q_EMIT dataChanged(index(0, int(ImageColumn::UsedBy)), index(rowCount() - 1, int(ImageColumn::UsedBy)));
}

void ImagesModel::setProtected(const QSet<QString> &locked)
{
    if (locked == m_protected)
        return;
    m_protected = locked;
    if (rowCount() > 0)
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, int(ImageColumn::UsedBy)));
}

void ImagesModel::setOwnSize(const QString &id, qint64 own, qint64 shared)
{
    m_sizes.insert(id, {own, shared});
    for (int row = 0; row < rowCount(); ++row) {
        if (at(row).id == id)
            Q_EMIT dataChanged(
                index(row, int(ImageColumn::Size)), index(row, int(ImageColumn::Size)), {Qt::ToolTipRole});
    }
}

} // namespace models
