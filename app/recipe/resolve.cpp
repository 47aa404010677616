#include "recipe/resolve.h"

#include "recipe/configfile.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QRegularExpression>
#include <algorithm>

namespace recipe {

using namespace Qt::StringLiterals;

namespace {

/** In the container's shell a name that nobody declared is the shell's business; elsewhere it is a mistake. */
enum class Kind { Text, Shell };

/** What one pass over all texts of a configuration does with each: the new text. */
using Change = std::function<QString(const QString &text, const QString &path, Kind kind)>;

QJsonValue changed(const QJsonValue &value, const QString &path, Kind kind, const Change &change)
{
    if (value.isString())
        return change(value.toString(), path, kind);
    if (value.isArray()) {
        QJsonArray array = value.toArray();
        for (qsizetype i = 0; i < array.size(); ++i)
            array[i] = changed(array.at(i), u"%1[%2]"_s.arg(path).arg(i), kind, change);
        return array;
    }
    if (value.isObject()) {
        QJsonObject object = value.toObject();
        for (const QString &key : object.keys()) {
            const QString place = path.isEmpty() ? key : QString(path + u'.' + key);
            const bool shell = place == "command"_L1 || place == "script"_L1;
            if (place != "parameters"_L1)
                object[key] = changed(object.value(key), place, shell ? Kind::Shell : kind, change);
        }
        return object;
    }
    return value;
}

/** By way of the file's form, so that no field can be forgotten. */
core::Result<RunConfig> changed(const RunConfig &config, const Change &change)
{
    const QJsonValue before = QJsonDocument::fromJson(toJson(config)).object();
    const QJsonObject after = changed(before, {}, Kind::Text, change).toObject();
    auto read = fromJson(QJsonDocument(after).toJson());
    if (!read) {
        static const QRegularExpression line(u" \\(line \\d+\\)\\.$"_s); // of a text that nobody sees
        core::Error error = read.error();
        error.message.replace(line, u"."_s);
        return error;
    }
    RunConfig result = read->config;
    for (qsizetype i = 0; i < std::min(config.env.size(), result.env.size()); ++i) {
        if (config.env[i].secret)
            result.env[i].value = config.env[i].value;
    }
    return result;
}

/** Replaces each ${NAME} by what is known under that name; remembers the first it could not. */
class Filler
{
public:
    explicit Filler(Values known)
        : m_known(std::move(known))
    {
    }

    void setMachine(const Values &machine) { m_machine = machine; }
    const QString &fault() const { return m_fault; }

    QString fill(const QString &text, const QString &path, Kind kind)
    {
        static const QRegularExpression blank(u"\\$?\\$\\{(?:([A-Za-z_][A-Za-z0-9_]*)\\})?"_s);
        QString out;
        qsizetype last = 0;
        for (auto it = blank.globalMatch(text); it.hasNext();) {
            const auto match = it.next();
            out += QStringView(text).mid(last, match.capturedStart() - last);
            out += one(match.captured(), match.captured(1), path, kind);
            last = match.capturedEnd();
        }
        return out + QStringView(text).mid(last);
    }

private:
    QString one(const QString &found, const QString &name, const QString &path, Kind kind)
    {
        const bool declared = m_known.contains(name);
        if (kind == Kind::Shell && !declared)
            return found;
        if (found.startsWith("$$"_L1))
            return found.mid(1);
        if (declared)
            return m_known[name];
        if (m_machine.contains(name))
            return m_machine[name];
        if (!m_fault.isEmpty())
            return found;
        if (name.isEmpty())
            m_fault = u"The field “%1” has a “${” that begins no variable; write “$${” for the characters themselves."_s
                          .arg(path);
        else
            m_fault
                = u"The field “%1” has the variable ${%2}, which is not known: it is no parameter of this run."_s.arg(
                    path, name);
        return found;
    }

    Values m_known;
    Values m_machine;
    QString m_fault;
};

core::Error wrong(const QString &sentence) { return {core::ErrorKind::NotFound, 0, sentence, {}}; }

Values machineValues(const QProcessEnvironment &environment)
{
    Values values;
    for (const QString &name : {u"HOME"_s, u"USER"_s, u"PWD"_s}) {
        if (environment.contains(name))
            values[name] = environment.value(name);
    }
    return values;
}

QString strangers(const RunConfig &config, const Values &values)
{
    QStringList declared;
    for (const Parameter &parameter : config.parameters)
        declared += parameter.name;
    for (auto it = values.begin(); it != values.end(); ++it) {
        if (!declared.contains(it.key()))
            return declared.isEmpty()
                ? u"This run has no parameter “%1”; it has none at all."_s.arg(it.key())
                : u"This run has no parameter “%1”; it has: %2."_s.arg(it.key(), declared.join(u", "_s));
    }
    return {};
}

} // namespace

core::Result<RunConfig> resolve(const RunConfig &config, const Values &values, const QProcessEnvironment &environment)
{
    if (const QString stranger = strangers(config, values); !stranger.isEmpty())
        return wrong(stranger);
    if (const QStringList missing = unresolved(config, values); !missing.isEmpty())
        return wrong(u"A value is missing for %1."_s.arg(missing.join(u", "_s)));
    const Values machine = machineValues(environment);
    Values known;
    for (const Parameter &parameter : config.parameters) {
        Filler defaults({});
        defaults.setMachine(machine);
        known[parameter.name] = values.contains(parameter.name)
            ? values[parameter.name]
            : defaults.fill(*parameter.fallback, u"parameters: "_s + parameter.name, Kind::Text);
        if (!defaults.fault().isEmpty())
            return wrong(defaults.fault());
    }
    Filler filler(known);
    filler.setMachine(machine);
    auto result = changed(config,
        [&filler](const QString &text, const QString &path, Kind kind) { return filler.fill(text, path, kind); });
    if (!filler.fault().isEmpty())
        return wrong(filler.fault());
    if (result)
        result->parameters.clear();
    return result;
}

QStringList unresolved(const RunConfig &config, const Values &values)
{
    QStringList missing;
    for (const Parameter &parameter : config.parameters) {
        if (!parameter.fallback && !values.contains(parameter.name))
            missing += parameter.name;
    }
    return missing;
}

RunConfig escaped(const RunConfig &config)
{
    const auto result = changed(config, [](QString text, const QString &, Kind kind) {
        return kind == Kind::Shell ? text : text.replace(u"${"_s, u"$${"_s);
    });
    return result ? *result : config;
}

RunConfig placedIn(const RunConfig &config, const QString &folder)
{
    static const QRegularExpression pwd(u"\\$?\\$\\{PWD\\}"_s);
    const bool declared
        = std::ranges::any_of(config.parameters, [](const Parameter &parameter) { return parameter.name == "PWD"_L1; });
    const auto place = [quoted = QString(folder).replace(u"${"_s, u"$${"_s)](const QString &text) -> QString {
        QString out;
        qsizetype last = 0;
        for (auto it = pwd.globalMatch(text); it.hasNext();) {
            const auto match = it.next();
            out += QStringView(text).mid(last, match.capturedStart() - last);
            out += match.captured().startsWith("$$"_L1) ? match.captured() : quoted;
            last = match.capturedEnd();
        }
        return out + QStringView(text).mid(last);
    };
    auto result = changed(config, [&](const QString &text, const QString &, Kind kind) {
        return kind == Kind::Shell || declared ? text : place(text);
    });
    if (!result)
        return config;
    for (Parameter &parameter : result->parameters) {
        if (parameter.fallback)
            parameter.fallback = place(*parameter.fallback);
    }
    return *result;
}

core::Result<RunConfig> preview(const RunConfig &config, const QProcessEnvironment &environment)
{
    if (config.parameters.isEmpty() && escaped(config) == config)
        return config; // half-typed texts too: there is nothing to fill
    Values values;
    for (const Parameter &parameter : config.parameters)
        values[parameter.name] = parameter.fallback.value_or(u"${%1}"_s.arg(parameter.name));
    return resolve(config, values, environment);
}

} // namespace recipe
