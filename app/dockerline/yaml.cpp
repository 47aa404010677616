#include "dockerline/yaml.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QRegularExpression>
#include <QSet>
#include <yaml-cpp/emitter.h>

namespace dockerline {

using namespace Qt::StringLiterals;

namespace {

/** What YAML would take for something else stands in quotes. */
bool isPlain(const QString &text)
{
    static const QRegularExpression form(uR"(^[A-Za-z/_][A-Za-z0-9_./@=+-]*(:[A-Za-z0-9_./@=+-]+)*\z)"_s);
    static const QSet<QString> words
        = {u"y"_s, u"n"_s, u"yes"_s, u"no"_s, u"on"_s, u"off"_s, u"true"_s, u"false"_s, u"null"_s};
    return text.contains(form) && !words.contains(text.toLower());
}

void writeText(YAML::Emitter &out, const QString &text)
{
    if (!isPlain(text))
        out << YAML::DoubleQuoted;
    out << text.toStdString();
}

void write(YAML::Emitter &out, const QJsonValue &value)
{
    if (value.isObject()) {
        const QJsonObject object = value.toObject();
        if (object.isEmpty())
            out << YAML::Flow;
        out << YAML::BeginMap;
        for (auto it = object.begin(); it != object.end(); ++it) {
            out << YAML::Key;
            writeText(out, it.key());
            out << YAML::Value;
            write(out, *it);
        }
        out << YAML::EndMap;
    } else if (value.isArray()) {
        const QJsonArray array = value.toArray();
        if (array.isEmpty())
            out << YAML::Flow;
        out << YAML::BeginSeq;
        for (const QJsonValue &item : array)
            write(out, item);
        out << YAML::EndSeq;
    } else if (value.isString()) {
        writeText(out, value.toString());
    } else if (value.isBool()) {
        out << value.toBool();
    } else if (value.toDouble() == double(value.toInteger())) {
        out << std::to_string(value.toInteger());
    } else {
        out << value.toDouble();
    }
}

} // namespace

QString yamlField(const QString &key, const QJsonValue &value, int depth)
{
    YAML::Emitter out;
    out << YAML::BeginMap << YAML::Key;
    writeText(out, key);
    out << YAML::Value;
    if (value.isNull())
        out << YAML::Newline; // "key:"
    else
        write(out, value);
    out << YAML::EndMap;
    const QString indent(2 * qsizetype(depth), u' ');
    QString text;
    for (const QString &line : QString::fromUtf8(out.c_str()).split(u'\n', Qt::SkipEmptyParts)) // none is in a text
        text += indent + line + u'\n';
    return text;
}

} // namespace dockerline
