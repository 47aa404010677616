#include "inventory/image.h"

namespace inventory {

using namespace Qt::StringLiterals;

QString Image::shortId() const
{
    constexpr qsizetype digits = 12;
    return id.mid(id.indexOf(u':') + 1, digits);
}

QString Image::formerRepository() const
{
    return repository.isEmpty() ? digests.value(0).section(u'@', 0, 0) : QString();
}

ColumnMask Image::changedColumns(const Image &now) const
{
    ColumnMask mask = 0;
    const auto mark = [&mask](bool changed, ImageColumn column) {
        if (changed)
            mask |= ColumnMask(1) << int(column);
    };
    mark(digests != now.digests, ImageColumn::Repository);
    mark(size != now.size, ImageColumn::Size);
    mark(created != now.created, ImageColumn::Created);
    mark(usedBy != now.usedBy, ImageColumn::UsedBy);
    return mask;
}

QList<qsizetype> rowsWithMovedNames(const QList<docker::ImageSummary> &images, const QList<Container> &containers)
{
    QHash<QString, QString> ids;
    for (const docker::ImageSummary &image : images) {
        for (const QString &name : image.repoTags)
            ids.insert(name, image.id);
    }
    QList<qsizetype> rows;
    for (qsizetype row = 0; row < containers.size(); ++row) {
        const Container &container = containers[row];
        const bool tagged = container.image.lastIndexOf(u':') > container.image.lastIndexOf(u'/');
        const QString id = ids.value(tagged ? container.image : container.image + u":latest"_s);
        if (!id.isEmpty() && !container.imageId.isEmpty() && id != container.imageId)
            rows.append(row);
    }
    return rows;
}

QList<Image> imageRows(const QList<docker::ImageSummary> &images, const QList<Container> &containers)
{
    QHash<QString, QStringList> users;
    for (const Container &container : containers)
        users[container.imageId].append(container.name);
    for (QStringList &names : users)
        names.sort();

    QList<Image> rows;
    for (const docker::ImageSummary &summary : images) {
        Image row;
        row.id = summary.id;
        row.size = summary.size;
        row.created = summary.created;
        row.digests = summary.repoDigests;
        row.usedBy = users.value(summary.id);
        if (summary.repoTags.isEmpty()) {
            rows.append(row);
            continue;
        }
        for (const QString &name : summary.repoTags) {
            const qsizetype colon = name.lastIndexOf(u':');
            row.repository = name.left(colon);
            row.tag = name.mid(colon + 1);
            rows.append(row);
        }
    }
    return rows;
}

} // namespace inventory
