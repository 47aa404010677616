#include "core/jsonfields.h"

#include "core/units.h"

namespace core {

using namespace Qt::StringLiterals;

void JsonFields::read(const QString &key, QString &into)
{
    const QJsonValue found = value(key);
    if (found.isString())
        into = found.toString();
    else if (!found.isUndefined())
        fault(path(key), u"should be a text"_s);
}

void JsonFields::read(const QString &key, bool &into)
{
    const QJsonValue found = value(key);
    if (found.isBool())
        into = found.toBool();
    else if (!found.isUndefined())
        fault(path(key), u"should be true or false"_s);
}

void JsonFields::readSize(const QString &key, qint64 &into)
{
    const QJsonValue found = value(key);
    if (found.isUndefined())
        return;
    const auto bytes = found.isString() ? parseBytes(found.toString()) : std::nullopt;
    if (bytes)
        into = *bytes;
    else if (found.isDouble() && found.toInteger(-1) >= 0)
        into = found.toInteger();
    else
        fault(path(key), u"should be a size such as \"16g\", or bytes"_s);
}

void JsonFields::readNumber(const QString &key, double &into)
{
    const QJsonValue found = value(key);
    if (found.isDouble() && found.toDouble() >= 0)
        into = found.toDouble();
    else if (!found.isUndefined())
        fault(path(key), u"should be a number from 0 up"_s);
}

void JsonFields::read(const QString &key, QStringList &into)
{
    each(key, [&](const QJsonValue &element, const QString &where) {
        if (element.isString())
            into += element.toString();
        else
            fault(where, u"should be a text"_s);
    });
}

} // namespace core
