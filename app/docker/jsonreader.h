#pragma once

#include "core/result.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QMap>
#include <QStringList>
#include <memory>
#include <type_traits>

namespace docker {

/**
 * Total reading of one JSON object: a missing field or null is its default, a number may stand as a string, and the
 * first value of a wrong type is remembered as a Protocol error with its path; reading goes on. Children report to
 * the same place, so one error() at the end is enough.
 */
class JsonReader
{
public:
    explicit JsonReader(QJsonObject object);
    /** Of a value that must be an object. */
    explicit JsonReader(const QJsonValue &value);

    QString string(QLatin1String key) const;
    qint64 integer(QLatin1String key) const;
    double number(QLatin1String key) const;
    bool boolean(QLatin1String key) const;
    QStringList strings(QLatin1String key) const;
    QMap<QString, QString> stringMap(QLatin1String key) const;
    JsonReader object(QLatin1String key) const;
    QList<JsonReader> objects(QLatin1String key) const;
    QJsonArray array(QLatin1String key) const;
    /** RFC 3339 as Go writes it, as Unix seconds; Go's zero time (year 1) and "" are 0. */
    qint64 time(QLatin1String key) const;

    const QJsonObject &raw() const { return m_object; }

    bool ok() const { return m_error->isEmpty(); }
    core::Error error() const;
    /** value, or the Protocol error when anything read so far had a wrong type. */
    template <typename T> core::Result<T> checked(T value) const
    {
        if (!ok())
            return error();
        return value;
    }

    /** Elements of a top-level array as readers that share one error. */
    static QList<JsonReader> list(const QJsonArray &array, const std::shared_ptr<QString> &error);

private:
    JsonReader(QJsonObject object, QString path, std::shared_ptr<QString> error);
    void wrong(QLatin1String key, const char *expected, const QJsonValue &found) const;
    static JsonReader child(const QJsonValue &value, const QString &path, const std::shared_ptr<QString> &error);

    QJsonObject m_object;
    QString m_path;
    std::shared_ptr<QString> m_error; ///< the first wrong type's description
};

/** A whole answer; a Protocol error where it is no JSON. */
core::Result<QJsonDocument> jsonDocument(const QByteArray &json);

/** An answer that is one object, read by f(JsonReader) -> T. */
template <typename F>
auto readObject(const QByteArray &json, F f) -> core::Result<std::invoke_result_t<F, const JsonReader &>>
{
    const auto parsed = jsonDocument(json);
    if (!parsed)
        return parsed.error();
    const JsonReader reader(parsed->isObject() ? QJsonValue(parsed->object()) : QJsonValue(parsed->array()));
    return reader.checked(f(reader));
}

/** An answer that is a list of objects, each read by f(JsonReader) -> T. `null` is an empty list. */
template <typename F>
auto readList(const QByteArray &json, F f) -> core::Result<QList<std::invoke_result_t<F, const JsonReader &>>>
{
    QList<std::invoke_result_t<F, const JsonReader &>> list;
    if (json.trimmed() == "null") // Go's empty list
        return list;
    const auto parsed = jsonDocument(json);
    if (!parsed)
        return parsed.error();
    if (!parsed->isArray())
        return core::Error{core::ErrorKind::Protocol, 0,
            QStringLiteral("the daemon's answer is not as its API describes"), QStringLiteral(".: expected a list")};
    const auto error = std::make_shared<QString>();
    const QList<JsonReader> readers = JsonReader::list(parsed->array(), error);
    list.reserve(readers.size());
    for (const JsonReader &reader : readers)
        list.append(f(reader));
    if (!error->isEmpty())
        return readers.first().error();
    return list;
}

} // namespace docker
