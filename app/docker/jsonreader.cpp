#include "docker/jsonreader.h"

#include <QDateTime>
#include <cmath>

namespace docker {

namespace {

const char *typeName(const QJsonValue &value)
{
    switch (value.type()) {
    case QJsonValue::Bool:
        return "a boolean";
    case QJsonValue::Double:
        return "a number";
    case QJsonValue::String:
        return "a string";
    case QJsonValue::Array:
        return "a list";
    case QJsonValue::Object:
        return "an object";
    default:
        return "nothing";
    }
}

bool absent(const QJsonValue &value) { return value.isUndefined() || value.isNull(); }

void note(const std::shared_ptr<QString> &error, const QString &path, const char *expected, const QJsonValue &found)
{
    if (error->isEmpty())
        *error = QStringLiteral("%1: expected %2, found %3")
                     .arg(path, QLatin1String(expected), QLatin1String(typeName(found)));
}

} // namespace

JsonReader::JsonReader(QJsonObject object)
    : JsonReader(std::move(object), {}, std::make_shared<QString>())
{
}

JsonReader::JsonReader(const QJsonValue &value)
    : JsonReader(value.toObject())
{
    if (!value.isObject() && !absent(value))
        note(m_error, QStringLiteral("."), "an object", value);
}

JsonReader::JsonReader(QJsonObject object, QString path, std::shared_ptr<QString> error)
    : m_object(std::move(object))
    , m_path(std::move(path))
    , m_error(std::move(error))
{
}

core::Error JsonReader::error() const
{
    return {core::ErrorKind::Protocol, 0, QStringLiteral("the daemon's answer is not as its API describes"), *m_error};
}

void JsonReader::wrong(QLatin1String key, const char *expected, const QJsonValue &found) const
{
    note(m_error, m_path + u'.' + key, expected, found);
}

QString JsonReader::string(QLatin1String key) const
{
    const QJsonValue value = m_object.value(key);
    if (value.isString())
        return value.toString();
    if (!absent(value))
        wrong(key, "a string", value);
    return {};
}

qint64 JsonReader::integer(QLatin1String key) const
{
    const QJsonValue value = m_object.value(key);
    constexpr double tooBig = 9.2e18; // a cast beyond 63 bits is undefined
    if (value.isDouble() && std::abs(value.toDouble()) < tooBig)
        return value.toInteger(qint64(value.toDouble()));
    if (value.isString()) {
        bool ok = false;
        const qint64 number = value.toString().toLongLong(&ok);
        if (ok)
            return number;
    }
    if (!absent(value))
        wrong(key, "a number", value);
    return 0;
}

double JsonReader::number(QLatin1String key) const
{
    const QJsonValue value = m_object.value(key);
    if (value.isDouble())
        return value.toDouble();
    if (!absent(value))
        wrong(key, "a number", value);
    return 0;
}

bool JsonReader::boolean(QLatin1String key) const
{
    const QJsonValue value = m_object.value(key);
    if (!value.isBool() && !absent(value))
        wrong(key, "a boolean", value);
    return value.toBool();
}

QJsonArray JsonReader::array(QLatin1String key) const
{
    const QJsonValue value = m_object.value(key);
    if (!value.isArray() && !absent(value))
        wrong(key, "a list", value);
    return value.toArray();
}

QStringList JsonReader::strings(QLatin1String key) const
{
    // Entrypoint and Cmd were single strings in images of old builders.
    if (const QJsonValue value = m_object.value(key); value.isString())
        return {value.toString()};
    QStringList list;
    const QJsonArray values = array(key);
    list.reserve(values.size());
    for (const QJsonValue &value : values) {
        if (!value.isString())
            wrong(key, "a list of strings", value);
        list.append(value.toString());
    }
    return list;
}

QMap<QString, QString> JsonReader::stringMap(QLatin1String key) const
{
    const QJsonValue value = m_object.value(key);
    if (!value.isObject() && !absent(value))
        wrong(key, "an object", value);
    QMap<QString, QString> map;
    const QJsonObject object = value.toObject();
    for (auto it = object.begin(); it != object.end(); ++it) {
        if (!it->isString() && !absent(*it))
            wrong(key, "an object of strings", *it);
        map.insert(it.key(), it->toString());
    }
    return map;
}

JsonReader JsonReader::child(const QJsonValue &value, const QString &path, const std::shared_ptr<QString> &error)
{
    if (!value.isObject() && !absent(value))
        note(error, path, "an object", value);
    return JsonReader(value.toObject(), path, error);
}

JsonReader JsonReader::object(QLatin1String key) const
{
    return child(m_object.value(key), m_path + u'.' + key, m_error);
}

QList<JsonReader> JsonReader::objects(QLatin1String key) const
{
    QList<JsonReader> list;
    const QJsonArray values = array(key);
    for (qsizetype i = 0; i < values.size(); ++i)
        list.append(child(values[i], QStringLiteral("%1.%2[%3]").arg(m_path, key).arg(i), m_error));
    return list;
}

QList<JsonReader> JsonReader::list(const QJsonArray &array, const std::shared_ptr<QString> &error)
{
    QList<JsonReader> list;
    list.reserve(array.size());
    for (qsizetype i = 0; i < array.size(); ++i)
        list.append(child(array[i], QStringLiteral("[%1]").arg(i), error));
    return list;
}

qint64 JsonReader::time(QLatin1String key) const
{
    const QString text = string(key);
    if (text.isEmpty() || text.startsWith(u"0001-"))
        return 0;
    // Qt reads at most milliseconds; Go writes up to nine digits.
    static constexpr qsizetype secondsEnd = 19;
    const qsizetype zone = text.indexOf(u'Z', secondsEnd);
    QString whole = text.left(secondsEnd);
    if (zone >= 0)
        whole += u'Z';
    else if (const qsizetype offset = std::max(text.lastIndexOf(u'+'), text.lastIndexOf(u'-')); offset >= secondsEnd)
        whole += text.mid(offset);
    const QDateTime time = QDateTime::fromString(whole, Qt::ISODate);
    if (!time.isValid()) {
        wrong(key, "a time", m_object.value(key));
        return 0;
    }
    return time.toSecsSinceEpoch();
}

core::Result<QJsonDocument> jsonDocument(const QByteArray &json)
{
    QJsonParseError error;
    QJsonDocument parsed = QJsonDocument::fromJson(json, &error);
    if (error.error != QJsonParseError::NoError)
        return core::Error{core::ErrorKind::Protocol, 0,
            QStringLiteral("the daemon's answer is not JSON: %1").arg(error.errorString()),
            QStringLiteral("at byte %1").arg(error.offset)};
    return parsed;
}

} // namespace docker
