#include "transfers/knownimages.h"

#include "core/log.h"
#include "core/units.h"
#include "docker/imagereference.h"
#include "docker/jsonreader.h"
#include "transfers/transfersmodel.h"

#include <QFile>
#include <QJsonDocument>

namespace transfers {

using namespace Qt::StringLiterals;

core::Result<QList<KnownImage>> parseKnownImages(const QByteArray &json)
{
    const auto wrong = [](const QString &where) {
        return core::Error{core::ErrorKind::Protocol, 0, u"the list of well-known images is not valid"_s, where};
    };
    QJsonParseError fault;
    const QJsonDocument document = QJsonDocument::fromJson(json, &fault);
    if (!document.isArray())
        return wrong(fault.errorString());
    QList<KnownImage> images;
    const auto error = std::make_shared<QString>();
    for (const docker::JsonReader &entry : docker::JsonReader::list(document.array(), error)) {
        const QString repository = entry.string("repository"_L1);
        for (const docker::JsonReader &tag : entry.objects("tags"_L1)) {
            const QString reference = repository + u':' + tag.string("tag"_L1);
            const auto download = core::parseBytes(tag.string("download"_L1));
            if (!docker::isImageReference(reference) || !download)
                return wrong(reference);
            images += KnownImage{reference, entry.string("what"_L1) + u": "_s + tag.string("what"_L1), *download};
        }
    }
    if (!error->isEmpty())
        return wrong(*error);
    return images;
}

const QList<KnownImage> &knownImages()
{
    static const QList<KnownImage> images = [] {
        QFile file(u":/images.json"_s);
        if (!file.open(QIODevice::ReadOnly))
            return QList<KnownImage>();
        const auto parsed = parseKnownImages(file.readAll());
        if (!parsed)
            qCWarning(core::lcDocker) << parsed.error().message << parsed.error().detail;
        return parsed ? *parsed : QList<KnownImage>();
    }();
    return images;
}

KnownImagesModel::KnownImagesModel(const QList<KnownImage> &images, QObject *parent)
    : QAbstractTableModel(parent)
    , m_images(images)
{
}

int KnownImagesModel::rowCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : int(m_images.size()); }

int KnownImagesModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(KnownColumn::Count);
}

QVariant KnownImagesModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const KnownImage &image = m_images[index.row()];
    const auto column = KnownColumn(index.column());
    if (role == Qt::TextAlignmentRole && column == KnownColumn::Download)
        return int(Qt::AlignRight | Qt::AlignVCenter);
    if (role == SortRole && column == KnownColumn::Download)
        return image.download;
    if (role != Qt::DisplayRole && role != SortRole)
        return {};
    switch (column) {
    case KnownColumn::Image:
        return image.reference;
    case KnownColumn::What:
        return image.what;
    default:
        return u"~ %1"_s.arg(core::bytesText(image.download));
    }
}

QVariant KnownImagesModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= int(KnownColumn::Count))
        return {};
    if (role == Qt::TextAlignmentRole && section == int(KnownColumn::Download))
        return int(Qt::AlignRight | Qt::AlignVCenter);
    static const QStringList names{tr("Image"), tr("What it is"), tr("Download")};
    return role == Qt::DisplayRole ? QVariant(names[section]) : QVariant();
}

} // namespace transfers
