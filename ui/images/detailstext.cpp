#include "images/detailstext.h"

#include "common/theme.h"
#include "core/units.h"
#include "images/contents.h"

#include <QDateTime>
#include <QLocale>
#include <QPalette>
#include <QUrl>

namespace images {

using inventory::Container;
using inventory::Image;
using namespace Qt::StringLiterals;

namespace {

/** Rows of a name and a value. */
class Table
{
public:
    explicit Table(const QPalette &palette)
        : m_muted(common::toneColor(common::Tone::Muted, palette).name())
    {
    }

    /** Nothing for an empty value. */
    void add(const QString &name, const QString &value)
    {
        if (!value.isEmpty())
            addHtml(name, value.toHtmlEscaped());
    }
    void add(const QString &name, const QStringList &values, bool code = false)
    {
        QStringList escaped;
        for (const QString &value : values)
            escaped.append(value.toHtmlEscaped());
        const QString lines = escaped.join("<br>"_L1);
        if (!lines.isEmpty())
            addHtml(name, code ? u"<code>%1</code>"_s.arg(lines) : lines);
    }
    void addHtml(const QString &name, const QString &value)
    {
        m_rows += u"<tr><td style='color:%1; padding-right:16px; white-space:nowrap'>%2</td><td>%3</td></tr>"_s.arg(
            m_muted, name.toHtmlEscaped(), value);
    }
    QString html() const { return u"<table cellspacing='0' cellpadding='2'>%1</table>"_s.arg(m_rows); }

private:
    QString m_muted;
    QString m_rows;
};

/** Words as a shell would take them, where that is more than the words. */
QString commandText(const QStringList &words)
{
    QStringList shown;
    for (const QString &word : words) {
        const bool plain = !word.isEmpty() && !word.contains(u' ') && !word.contains(u'"') && !word.contains(u'\n');
        shown.append(plain ? word : u'"' + QString(word).replace(u'"', "\\\""_L1) + u'"');
    }
    return shown.join(u' ');
}

QString link(const char *scheme, const QString &target, const QString &text)
{
    return u"<a href='%1:%2'>%3</a>"_s.arg(
        QString::fromLatin1(scheme), QString::fromLatin1(QUrl::toPercentEncoding(target)), text.toHtmlEscaped());
}

QString sizeText(const Details *details, qint64 size, const inventory::Inventory &inventory)
{
    if (!details || !details->sharingKnown)
        return core::bytesText(size);
    const OwnSize &sizes = details->sizes;
    if (sizes.sharedWith.isEmpty())
        return u"%1, all its own"_s.arg(core::bytesText(size));
    QStringList with;
    for (const QString &id : sizes.sharedWith)
        with.append(imageName(inventory, id));
    with.sort();
    constexpr qsizetype most = 4;
    const qsizetype more = with.size() - most;
    if (more > 0)
        with = with.mid(0, most) << u"%1 more"_s.arg(more);
    return u"%1: %2 its own, %3 shared with %4"_s.arg(
        core::bytesText(size), core::bytesText(sizes.own), core::bytesText(sizes.shared), with.join(", "_L1));
}

} // namespace

QString imageName(const inventory::Inventory &inventory, const QString &id)
{
    Image image;
    image.id = id;
    for (const Image &row : inventory.images()) {
        if (row.id == id && !row.repository.isEmpty())
            return row.reference();
    }
    return QObject::tr("untagged %1").arg(image.shortId());
}

QList<Image> DetailsText::rows() const
{
    QList<Image> rows;
    for (const Image &row : inventory.images()) {
        if (row.id == id)
            rows.append(row);
    }
    return rows;
}

QString DetailsText::html(const QPalette &palette) const
{
    const QList<Image> names = rows();
    if (names.isEmpty())
        return {};
    Table table(palette);
    QStringList references;
    QStringList users;
    for (const Image &row : names) {
        references.append(row.repository.isEmpty() ? u"none: it is untagged"_s : row.reference());
        for (const QString &name : saved.value(row.key()))
            users.append(link(savedScheme, name, name) + u" (saved configuration)"_s);
    }
    QStringList containers;
    for (const Container &container : inventory.containers()) {
        if (container.imageId == id)
            containers.append(link(containerScheme, container.id, container.name));
    }
    users = containers + users;
    table.add(references.size() == 1 ? u"Name"_s : u"Names"_s, references);
    table.addHtml(u"Used by"_s, users.isEmpty() ? u"nobody"_s : users.join(", "_L1));
    table.add(u"Size"_s, sizeText(details, names.first().size, inventory));
    if (names.first().created > 0)
        table.add(u"Created"_s,
            QLocale::system().toString(QDateTime::fromSecsSinceEpoch(names.first().created), QLocale::LongFormat));
    if (details) {
        for (const Content &content : contentsOf(details->env, details->labels))
            table.addHtml(content.what,
                u"<span title='%2'>%1</span>"_s.arg(content.value.toHtmlEscaped(), content.source.toHtmlEscaped()));
        for (const QString &line : details->env) {
            if (line.startsWith("NVIDIA_REQUIRE_CUDA="_L1))
                table.add(u"NVIDIA driver"_s, driverFor(line.section(u'=', 1)));
        }
        table.add(u"Platform"_s, details->platform);
        table.add(u"Entrypoint"_s, QStringList{commandText(details->entrypoint)}, true);
        table.add(u"Command"_s, QStringList{commandText(details->command)}, true);
        table.add(u"Working dir"_s, QStringList{details->workingDir}, true);
        table.add(u"User"_s, details->user.isEmpty() ? u"root"_s : details->user);
        table.add(u"Ports"_s, details->ports.join(", "_L1));
        table.add(u"Volumes"_s, details->volumes, true);
        table.add(u"Author"_s, details->author);
    }
    table.add(u"ID"_s, QStringList{id}, true);
    table.add(u"Digests"_s, names.first().digests, true);
    if (details) {
        table.add(u"Environment"_s, details->env, true);
        QStringList labels;
        for (auto label = details->labels.begin(); label != details->labels.end(); ++label)
            labels.append(label.key() + u'=' + label.value());
        table.add(u"Labels"_s, labels, true);
    }
    return table.html();
}

} // namespace images
