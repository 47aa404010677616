#include "images/removal.h"

#include "core/units.h"

#include <QSet>
#include <algorithm>

namespace images {

using inventory::Image;
using namespace Qt::StringLiterals;

namespace {

QString nameOf(const Image &image)
{
    if (!image.repository.isEmpty())
        return image.reference();
    const QString former = image.formerRepository();
    return former.isEmpty() ? u"untagged %1"_s.arg(image.shortId())
                            : u"untagged %1 (%2)"_s.arg(image.shortId(), former);
}

} // namespace

QStringList Removal::references() const
{
    QStringList references;
    for (const Line &line : lines) {
        if (!line.locked && !line.refused())
            references.append(line.reference);
    }
    return references;
}

int Removal::images() const
{
    return int(
        std::count_if(lines.begin(), lines.end(), [](const Line &line) { return line.imageGoes && !line.refused(); }));
}

bool Removal::refused() const
{
    return std::any_of(lines.begin(), lines.end(), [](const Line &line) { return line.refused(); });
}

bool Removal::hasLocked() const
{
    return std::any_of(lines.begin(), lines.end(), [](const Line &line) { return line.locked; });
}

Removal removalOf(const QList<Image> &rows, const QList<Image> &all, const QHash<QString, QStringList> &saved,
    const QSet<QString> &locked, const QHash<QString, qint64> &own)
{
    QSet<QString> chosen;
    for (const Image &row : rows) {
        if (!locked.contains(row.key()))
            chosen.insert(row.key());
    }
    Removal removal;
    QSet<QString> going;
    for (const Image &row : rows) {
        QStringList stays;
        for (const Image &other : all) {
            if (other.id == row.id && !chosen.contains(other.key()))
                stays.append(other.reference());
        }
        Removal::Line line;
        line.id = row.id;
        line.reference = row.reference();
        line.saved = saved.value(row.key());
        line.text = nameOf(row);
        if (locked.contains(row.key())) {
            line.locked = true;
            line.text += u"  –  protected: it stays"_s;
        } else if (!stays.isEmpty()) {
            line.text += u"  –  only this name; the image stays as %1"_s.arg(stays.join(u", "_s));
        } else if (going.contains(row.id)) {
            line.text += u"  –  another name of the same image"_s;
        } else {
            going.insert(row.id);
            line.imageGoes = true;
            line.containers = row.usedBy;
            const auto size = own.constFind(row.id);
            line.text += size == own.constEnd()
                ? u"  –  %1, less what it shares with other images"_s.arg(core::bytesText(row.size))
                : u"  –  frees %1 of %2"_s.arg(core::bytesText(*size), core::bytesText(row.size));
            if (row.usedBy.isEmpty())
                removal.freed += size == own.constEnd() ? row.size : *size;
        }
        removal.lines.append(line);
    }
    return removal;
}

void addSteps(Removal &removal, const QList<docker::ImageNode> &nodes, const QSet<QString> &kept)
{
    QStringList going;
    for (const Removal::Line &line : removal.lines) {
        if (line.imageGoes && line.containers.isEmpty())
            going.append(line.id);
    }
    const docker::ImageTree tree(nodes);
    const QStringList order = tree.goingWith(going, kept);
    for (const QString &id : order) {
        if (!going.contains(id))
            removal.steps.append(id);
        if (!going.contains(id) || !tree.children(id).isEmpty())
            removal.rest.append(id);
    }
    for (Removal::Line &line : removal.lines) {
        if (!going.contains(line.id) || !tree.node(line.id) || order.contains(line.id) || !line.imageGoes)
            continue;
        line.imageGoes = false;
        line.text
            = line.text.section(u"  –  "_s, 0, 0) + u"  –  only this name; the image stays: others are built on it"_s;
    }
}

} // namespace images
