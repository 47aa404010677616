#pragma once

#include "core/jsonplace.h"

#include <QJsonArray>
#include <QStringList>
#include <memory>

namespace core {

/** Reads one object's fields, remembers the first fault of the whole file and which fields nobody asked for. A value on
 * the stack of whoever reads the file. */
class JsonFields
{
public:
    struct Faults
    {
        QString path; ///< of the first
        QString first;
        QList<UnknownField> unknown;
    };

    /** The whole file. */
    JsonFields(const QJsonObject &object, const std::shared_ptr<Faults> &faults)
        : m_object(object)
        , m_faults(faults)
    {
    }
    /** The object at that place of the file. */
    JsonFields(const QJsonObject &object, const QString &place, const std::shared_ptr<Faults> &faults)
        : m_object(object)
        , m_place(place)
        , m_faults(faults)
    {
    }
    ~JsonFields()
    {
        for (const QString &key : m_object.keys()) {
            if (!m_known.contains(key))
                m_faults->unknown += UnknownField{m_place, nameOfElement(m_object), key, m_object[key]};
        }
    }
    Q_DISABLE_COPY_MOVE(JsonFields)

    QString path(const QString &key) const
    {
        return m_place.isEmpty() ? key : QString(m_place + QLatin1Char('.') + key);
    }
    const std::shared_ptr<Faults> &faults() const { return m_faults; }
    void fault(const QString &path, const QString &text)
    {
        if (!m_faults->first.isEmpty())
            return;
        m_faults->path = path;
        m_faults->first = QStringLiteral("The field “%1” %2").arg(path, text);
    }
    /** The field's value; undefined when it is missing or null. */
    QJsonValue value(const QString &key)
    {
        m_known += key;
        const QJsonValue found = m_object.value(key);
        return found.isNull() ? QJsonValue(QJsonValue::Undefined) : found;
    }

    void read(const QString &key, QString &into);
    void read(const QString &key, bool &into);
    void readSize(const QString &key, qint64 &into);
    /** From 0 up. */
    void readNumber(const QString &key, double &into);
    void read(const QString &key, QStringList &into);
    /** Of each element of an array: f(element, its path). */
    template <typename F> void each(const QString &key, F f);

private:
    QJsonObject m_object;
    QString m_place; ///< "" or "code"
    std::shared_ptr<Faults> m_faults;
    QStringList m_known;
};

template <typename F> void JsonFields::each(const QString &key, F f)
{
    const QJsonValue found = value(key);
    if (!found.isArray() && !found.isUndefined())
        return fault(path(key), QStringLiteral("should be a list"));
    const QJsonArray array = found.toArray();
    for (qsizetype i = 0; i < array.size(); ++i)
        f(array[i], QStringLiteral("%1[%2]").arg(path(key)).arg(i));
}

} // namespace core
