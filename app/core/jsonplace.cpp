#include "core/jsonplace.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <cstring>
#include <optional>

namespace core {

using namespace Qt::StringLiterals;

namespace {

/** One step on a path: the key of an object, or the index of a list. */
struct Step
{
    QString key;
    qsizetype index = -1; ///< −1: it is a key
};

QList<Step> stepsOf(const QString &path)
{
    QList<Step> steps;
    for (const QString &part : path.split(u'.', Qt::SkipEmptyParts)) {
        const QString key = part.section(u'[', 0, 0);
        steps += Step{key};
        for (const QString &index : part.mid(key.size()).split(u'[', Qt::SkipEmptyParts))
            steps += Step{{}, index.chopped(1).toInt()};
    }
    return steps;
}

/** Walks through a text that is known to be JSON. */
class Scanner
{
public:
    explicit Scanner(const QByteArray &json)
        : m_json(json)
    {
    }

    /** Offset of the value at this place, or of the last on the way to it. Begins at a value. */
    qsizetype find(const QList<Step> &steps, qsizetype done = 0)
    {
        skipSpace();
        const qsizetype here = m_at;
        if (done == steps.size())
            return here;
        const Step &step = steps[done];
        if (peek() != (step.index < 0 ? '{' : '['))
            return here;
        ++m_at;
        for (qsizetype i = 0; skipSpace(), m_at < m_json.size() && peek() != '}' && peek() != ']'; ++i) {
            const bool wanted = step.index < 0 ? key() == step.key : i == step.index;
            if (wanted)
                return find(steps, done + 1);
            skipValue();
            skipSpace();
            if (peek() == ',')
                ++m_at;
        }
        return here;
    }

private:
    char peek() const { return m_at < m_json.size() ? m_json[m_at] : '\0'; }

    void skipSpace()
    {
        while (m_at < m_json.size() && std::strchr(" \t\r\n", m_json[m_at]))
            ++m_at;
    }

    /** A key and its colon. */
    QString key()
    {
        const qsizetype from = m_at;
        skipString();
        const QByteArray text = m_json.mid(from, m_at - from);
        skipSpace();
        ++m_at;
        return QJsonDocument::fromJson('[' + text + ']')[0].toString();
    }

    void skipString()
    {
        for (++m_at; m_at < m_json.size() && m_json[m_at] != '"'; ++m_at) {
            if (m_json[m_at] == '\\')
                ++m_at;
        }
        ++m_at;
    }

    void skipValue()
    {
        skipSpace();
        int depth = 0;
        while (m_at < m_json.size()) {
            const char c = m_json[m_at];
            if (c == '"') {
                skipString();
            } else if (c == '{' || c == '[') {
                ++depth;
                ++m_at;
            } else if (c == '}' || c == ']' || c == ',') {
                if (depth == 0)
                    return;
                if (c != ',')
                    --depth;
                ++m_at;
            } else {
                ++m_at;
            }
        }
    }

    const QByteArray &m_json;
    qsizetype m_at = 0;
};

qsizetype findElement(const QJsonArray &array, qsizetype guess, const QString &name)
{
    if (guess < array.size() && nameOfElement(array[guess]) == name)
        return guess;
    for (qsizetype i = 0; i < array.size(); ++i) {
        if (nameOfElement(array[i]) == name)
            return i;
    }
    return -1;
}

/** The value with the field put in below it; nothing when there is no such place. */
std::optional<QJsonValue> with(const QJsonValue &value, const QList<Step> &steps, const UnknownField &field)
{
    if (steps.isEmpty()) {
        QJsonObject object = value.toObject();
        if (value.isString()) // "A=1": only an object can hold more
            object = {{u"name"_s, field.element}, {u"value"_s, value.toString().section(u'=', 1)}};
        else if (!value.isObject() && !value.isUndefined())
            return std::nullopt;
        if (!object.contains(field.key))
            object[field.key] = field.value;
        return object;
    }
    const QList<Step> rest = steps.mid(1);
    if (steps[0].index >= 0) {
        QJsonArray array = value.toArray();
        const qsizetype index = findElement(array, steps[0].index, field.element);
        const auto element = index < 0 ? std::nullopt : with(array[index], rest, field);
        if (!element)
            return std::nullopt;
        array[index] = *element;
        return array;
    }
    QJsonObject object = value.toObject();
    const QString &key = steps[0].key;
    if (object.contains(key) && object[key].isString())
        return std::nullopt;
    // An object of defaults only is not written, and reads the same with a stranger in it. "gpus" has no defaults.
    if (!object.contains(key) && key == "gpus"_L1)
        return std::nullopt;
    const auto child = with(object.value(key), rest, field);
    if (!child)
        return std::nullopt;
    object[key] = *child;
    return object;
}

} // namespace

int lineOf(const QByteArray &json, const QString &path)
{
    const qsizetype offset = Scanner(json).find(stepsOf(path));
    return int(json.left(offset).count('\n')) + 1;
}

QString nameOfElement(const QJsonValue &element)
{
    if (element.isString())
        return element.toString().section(u'=', 0, 0);
    const QJsonObject object = element.toObject();
    for (const QString &key : {u"name"_s, u"target"_s, u"folder"_s}) {
        if (object.contains(key))
            return object[key].toString();
    }
    return {};
}

QJsonObject withField(const QJsonObject &object, const UnknownField &field)
{
    return with(object, stepsOf(field.parent), field).value_or(object).toObject();
}

bool isNothing(const QJsonValue &value)
{
    switch (value.type()) {
    case QJsonValue::Bool:
        return !value.toBool();
    case QJsonValue::Double:
        return value.toDouble() == 0;
    case QJsonValue::String:
        return value.toString().isEmpty();
    case QJsonValue::Array:
        return value.toArray().isEmpty();
    case QJsonValue::Object:
        return value.toObject().isEmpty();
    default:
        return true;
    }
}

} // namespace core
