#include "accounts/registryname.h"

#include <QRegularExpression>
#include <QStringList>

namespace accounts {

using namespace Qt::StringLiterals;

namespace {
const QString hub = u"docker.io"_s;
}

QString registryOf(const QString &text)
{
    static const QRegularExpression scheme(u"^https?://"_s, QRegularExpression::CaseInsensitiveOption);
    static const QRegularExpression host(
        u"^(?:[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?|\\[[0-9a-f:.]+\\])(?::[0-9]{1,5})?$"_s);
    const QString name = text.trimmed().remove(scheme).section(u'/', 0, 0).toLower();
    if (QStringList{hub, u"index.docker.io"_s, u"registry-1.docker.io"_s, u"hub.docker.com"_s, u"docker.com"_s}
            .contains(name))
        return hub;
    return host.match(name).hasMatch() ? name : QString();
}

QString serverOf(const QString &registry) { return registry == hub ? u"https://index.docker.io/v1/"_s : registry; }

QString registryTitle(const QString &registry) { return registry == hub ? u"Docker Hub"_s : registry; }

} // namespace accounts
