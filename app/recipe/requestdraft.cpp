#include "recipe/requestdraft.h"

#include "core/units.h"
#include "recipe/optiontable.h"
#include "recipe/values.h"

namespace recipe {

using namespace Qt::StringLiterals;

namespace {

QString wants(const DockerOption &option, const QString &what, const QString &value)
{
    return u"--%1 wants %2, not “%3”."_s.arg(option.name, what, value);
}

/** The value as JSON, or undefined and why. */
std::pair<QJsonValue, QString> readValue(const DockerOption &option, const QString &value)
{
    switch (option.kind) {
    case OptionKind::Flag:
        return {value == "true"_L1, {}};
    case OptionKind::Number:
        if (const auto number = readWholeNumber(value))
            return {*number, {}};
        return {QJsonValue::Undefined, wants(option, u"a whole number"_s, value)};
    case OptionKind::Size:
        if (const auto bytes = core::parseBytes(value))
            return {*bytes, {}};
        return {QJsonValue::Undefined, wants(option, u"a size such as 512m or 16g"_s, value)};
    case OptionKind::Duration:
        if (const auto nanoseconds = readDuration(value))
            return {*nanoseconds, {}};
        return {QJsonValue::Undefined, wants(option, u"a time such as 30s or 1m30s"_s, value)};
    case OptionKind::Text:
    case OptionKind::Choice:
    case OptionKind::Decimal:
    case OptionKind::File:
        break;
    }
    return {value, {}};
}

} // namespace

void RequestDraft::append(QLatin1String key, const QJsonValue &value)
{
    QJsonArray list = host[key].toArray();
    list += value;
    host[key] = list;
}

void RequestDraft::insert(QLatin1String key, const QString &name, const QJsonValue &value)
{
    QJsonObject object = host[key].toObject();
    object[name] = value;
    host[key] = object;
}

QString RequestDraft::put(const DockerOption &option, const QString &value)
{
    const auto [json, fault] = readValue(option, value);
    if (!fault.isEmpty())
        return fault;
    constexpr auto hostPrefix = "HostConfig."_L1;
    const bool inHost = option.key.startsWith(hostPrefix);
    const QLatin1String key = inHost ? option.key.sliced(hostPrefix.size()) : option.key;
    if (option.list)
        append(key, json);
    else if (json != QJsonValue(QString())) // an empty text is none
        (inHost ? host : body)[key] = json;
    return {};
}

} // namespace recipe
