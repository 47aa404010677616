#include "docker/requests.h"

#include <QJsonDocument>
#include <QUrl>

namespace docker {

QByteArray escaped(const QString &text) { return QUrl::toPercentEncoding(text); }

QByteArray imagePath(const QString &name, const char *what)
{
    return "/images/" + QUrl::toPercentEncoding(name, "/:@") + what;
}

void add(QUrlQuery &query, const QString &key, const QString &value)
{
    query.addQueryItem(key, QString::fromLatin1(QUrl::toPercentEncoding(value)));
}

QString filters(const QJsonObject &object)
{
    return QString::fromUtf8(QJsonDocument(object).toJson(QJsonDocument::Compact));
}

http::Request get(const QByteArray &path, const QUrlQuery &query)
{
    http::Request request;
    request.path = path;
    request.query = query;
    return request;
}

http::Request post(const QByteArray &path, const QUrlQuery &query)
{
    http::Request request = get(path, query);
    request.method = "POST";
    return request;
}

http::Request postJson(const QByteArray &path, const QJsonObject &body)
{
    http::Request request = post(path);
    request.contentType = "application/json";
    request.body = QJsonDocument(body).toJson(QJsonDocument::Compact);
    return request;
}

} // namespace docker
