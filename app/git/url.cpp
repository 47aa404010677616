#include "git/url.h"

#include <QHash>
#include <QRegularExpression>
#include <QUrl>

namespace git {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype tokenLength = 20; // GitHub's have 40, GitLab's 26; people's names are shorter

bool isHttp(UrlForm form) { return form == UrlForm::Http || form == UrlForm::Https; }

UrlForm formOfScheme(const QString &scheme)
{
    static const QHash<QString, UrlForm> forms{{u"https"_s, UrlForm::Https}, {u"http"_s, UrlForm::Http},
        {u"ssh"_s, UrlForm::Ssh}, {u"git+ssh"_s, UrlForm::Ssh}, {u"ssh+git"_s, UrlForm::Ssh}, {u"git"_s, UrlForm::Git},
        {u"file"_s, UrlForm::File}};
    return forms.value(scheme, UrlForm::None);
}

QString decoded(const QString &text) { return QUrl::fromPercentEncoding(text.toUtf8()); }

Url withScheme(const QString &scheme, const QString &rest)
{
    // git ends the user's part at the last @ before the path.
    static const QRegularExpression authority(
        uR"(^(?:([^/?#]*)@)?(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9_][^/:@?#\s]*)(?::(\d{1,5}))?(/.*)$)"_s);
    Url url;
    url.form = formOfScheme(scheme);
    url.scheme = scheme;
    if (url.form == UrlForm::File) {
        url.path = rest;
        if (!rest.startsWith(u'/') || rest.size() < 2)
            url.form = UrlForm::None;
        return url;
    }
    const auto match = authority.match(rest);
    if (!match.hasMatch())
        url.form = UrlForm::None;
    const QString user = match.captured(1);
    url.user = decoded(user.section(u':', 0, 0));
    url.password = decoded(user.section(u':', 1));
    url.host = match.captured(2).toLower();
    url.port = match.captured(3).isEmpty() ? -1 : match.captured(3).toInt();
    url.path = match.captured(4);
    if (url.path == "/"_L1 || url.port > 65535 || url.port == 0)
        url.form = UrlForm::None;
    return url;
}

} // namespace

bool Url::holdsSecret() const { return !password.isEmpty() || (isHttp(form) && user.size() >= tokenLength); }

QString Url::withoutSecret() const
{
    const bool keepsUser = !user.isEmpty() && !isHttp(form);
    const QString who = keepsUser ? QString(QString::fromUtf8(QUrl::toPercentEncoding(user)) + u'@') : QString();
    switch (form) {
    case UrlForm::None:
        return {};
    case UrlForm::Path:
        return path;
    case UrlForm::File:
        return scheme + "://"_L1 + path;
    case UrlForm::Scp:
        return (user.isEmpty() ? QString() : QString(user + u'@')) + host + u':' + path;
    default:
        return scheme + "://"_L1 + who + host + (port < 0 ? QString() : QString(u':' + QString::number(port))) + path;
    }
}

Url parseUrl(const QString &text)
{
    static const QRegularExpression control(uR"([\x00-\x1f\x7f])"_s);
    static const QRegularExpression scheme(uR"(^([A-Za-z][A-Za-z0-9+.-]*)://(.*)$)"_s);
    // As git reads it: a colon before any slash. "::" would name a transport that runs programs (ext::).
    static const QRegularExpression scp(uR"(^(?:([^@/:\s]+)@)?(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9_][^/:@\s]*):([^:].*)$)"_s);
    if (text.isEmpty() || text.startsWith(u'-') || text.contains(control))
        return {};
    if (const auto match = scheme.match(text); match.hasMatch())
        return withScheme(match.captured(1).toLower(), match.captured(2));
    if (text.startsWith(u'/'))
        return {.form = UrlForm::Path, .user = {}, .password = {}, .host = {}, .port = -1, .path = text, .scheme = {}};
    const auto match = scp.match(text);
    if (!match.hasMatch())
        return {};
    // An ssh host's name may be an alias of ssh_config, where capitals count.
    return {.form = UrlForm::Scp,
        .user = match.captured(1),
        .password = {},
        .host = match.captured(2),
        .port = -1,
        .path = match.captured(3),
        .scheme = {}};
}

QString urlProblem(const QString &text)
{
    if (text.trimmed().isEmpty())
        return u"Give the repository's address."_s;
    if (text != text.trimmed())
        return u"There are blanks around the repository's address: take them out."_s;
    if (parseUrl(text).form != UrlForm::None)
        return {};
    return u"“%1” is no repository's address: write https://host/team/repository.git or git@host:team/repository.git."_s
        .arg(redacted(text));
}

QString repositoryName(const QString &url)
{
    const Url parts = parseUrl(url);
    QString path = parts.path;
    while (path.endsWith(u'/'))
        path.chop(1);
    if (path.endsWith("/.git"_L1))
        path.chop(5);
    QString name = path.section(u'/', -1);
    for (const auto &ending : {".git"_L1, ".bundle"_L1}) {
        if (name.endsWith(ending))
            name.chop(ending.size());
    }
    return parts.form == UrlForm::None ? QString() : name;
}

std::optional<QString> asHttps(const QString &url)
{
    const Url parts = parseUrl(url);
    QString path = parts.path;
    while (path.startsWith(u'/'))
        path.remove(0, 1);
    const bool ssh = parts.form == UrlForm::Ssh || parts.form == UrlForm::Scp;
    // A name without a dot is one of the own network, or an alias of ssh's configuration: unknown to a container.
    if (!ssh || !parts.host.contains(u'.') || path.isEmpty() || path.startsWith(u'~'))
        return {};
    return "https://"_L1 + parts.host + u'/' + path;
}

QString redacted(const QString &text)
{
    static const QRegularExpression http(uR"((https?://)[^/?#\s'"]*@)"_s, QRegularExpression::CaseInsensitiveOption);
    static const QRegularExpression other(
        uR"(([a-z][a-z0-9+.-]*://[^/?#\s'":@]*):[^/?#\s'"]*@)"_s, QRegularExpression::CaseInsensitiveOption);
    // An address alone may have blanks and quotes in its password.
    static const QRegularExpression whole(uR"(^(https?://)[^/?#]*@)"_s, QRegularExpression::CaseInsensitiveOption);
    QString shown = text;
    shown.replace(whole, uR"(\1***@)"_s);
    shown.replace(http, uR"(\1***@)"_s);
    shown.replace(other, uR"(\1:***@)"_s);
    return shown;
}

} // namespace git
