#include "docker/imagereference.h"

#include <QRegularExpression>

namespace docker {

using namespace Qt::StringLiterals;

bool isImageReference(const QString &text)
{
    static const QString label = u"(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])"_s;
    static const QString domain = u"(?:%1(?:\\.%1)*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?"_s.arg(label);
    static const QString part = u"[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*"_s;
    static const QString path = u"(?:%1/)?%2(?:/%2)*"_s.arg(domain, part);
    static const QString tag = u":[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}"_s;
    static const QString digest = u"@[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}"_s;
    static const QRegularExpression form(
        QRegularExpression::anchoredPattern(u"(?:%1)(?:%2)?(?:%3)?"_s.arg(path, tag, digest)));
    return form.match(text).hasMatch();
}

QString fullImageReference(const QString &reference)
{
    QString full = reference;
    const QString first = full.section(u'/', 0, 0);
    const bool hasDomain
        = full.contains(u'/') && (first.contains(u'.') || first.contains(u':') || first == "localhost"_L1);
    if (!hasDomain)
        full.prepend(full.contains(u'/') ? "docker.io/"_L1 : "docker.io/library/"_L1);
    if (!full.section(u'/', -1).contains(u':') && !full.contains(u'@'))
        full += ":latest"_L1;
    return full;
}

std::optional<ImageReference> ImageReference::parse(const QString &text)
{
    static const QRegularExpression id(u"^(sha256:)?[0-9a-f]{64}$"_s);
    if (!isImageReference(text) || id.match(text).hasMatch())
        return std::nullopt;
    const QString full = fullImageReference(text);
    ImageReference reference;
    reference.registry = full.section(u'/', 0, 0);
    reference.path = full.section(u'/', 1).section(u'@', 0, 0);
    reference.digest = full.section(u'@', 1);
    if (const qsizetype colon = reference.path.lastIndexOf(u':'); colon >= 0) {
        reference.tag = reference.path.mid(colon + 1);
        reference.path.truncate(colon);
    }
    return reference;
}

QString ImageReference::repository() const
{
    if (registry != "docker.io"_L1)
        return registry + u'/' + path;
    static const QString official = u"library/"_s;
    return path.startsWith(official) && !path.mid(official.size()).contains(u'/') ? path.mid(official.size()) : path;
}

namespace {
QString withVersions(QString name, const ImageReference &reference)
{
    if (!reference.tag.isEmpty())
        name += u':' + reference.tag;
    if (!reference.digest.isEmpty())
        name += u'@' + reference.digest;
    return name;
}
} // namespace

QString ImageReference::text() const { return withVersions(repository(), *this); }

QString ImageReference::full() const { return withVersions(registry + u'/' + path, *this); }

} // namespace docker
