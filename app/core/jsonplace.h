#pragma once

#include <QByteArray>
#include <QJsonObject>
#include <QString>

/** Places in a JSON text, written as "mounts[0].target"; the keys on the way hold neither dots nor brackets. */
namespace core {

/** A field that this Slipway does not know, kept for the next writing. */
struct UnknownField
{
    QString parent; ///< "", "code", "mounts[0]": where it stood when it was read
    QString element; ///< nameOfElement() of the list's element it belongs to: it follows that one
    QString key;
    QJsonValue value;

    QString path() const { return parent.isEmpty() ? key : QString(parent + u'.' + key); }
    bool operator==(const UnknownField &) const = default;
};

/** The line, from 1, in which the value at this place begins; of a missing one that of what should hold it. */
int lineOf(const QByteArray &json, const QString &path);

/** What tells an element of a list from its neighbours: the target of a mount, the name of a variable. */
QString nameOfElement(const QJsonValue &element);

/** The object with that field in its old place; as it was when what held the field is gone. */
QJsonObject withField(const QJsonObject &object, const UnknownField &field);

/** null, false, 0, "", [], {}: what programs write where nothing was asked for. */
bool isNothing(const QJsonValue &value);

} // namespace core
