#include "recipe/configfile.h"

#include "core/jsonfields.h"
#include "core/units.h"
#include "recipe/notation.h"
#include "recipe/optiontable.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <algorithm>
#include <array>
#include <memory>

namespace recipe {

using namespace Qt::StringLiterals;

namespace {

constexpr int newestVersion = 1;

// ---- writing

QJsonValue gpusJson(const GpuRequest &gpus)
{
    switch (gpus.kind) {
    case GpuRequest::Kind::None:
        break;
    case GpuRequest::Kind::All:
        return u"all"_s;
    case GpuRequest::Kind::Count:
        return gpus.count;
    case GpuRequest::Kind::Devices:
        return QJsonArray::fromStringList(gpus.devices);
    case GpuRequest::Kind::Any:
        return QJsonObject{{u"any"_s, gpus.count}, {u"minFree"_s, core::dockerBytes(gpus.minFree)}};
    }
    return {};
}

constexpr std::array updateNames = {"none"_L1, "pull"_L1, "fetch"_L1}; // in the order of CodeStep::Update

QJsonObject codeJson(const CodeStep &code)
{
    QJsonObject object{{u"folder"_s, code.folder}, {u"update"_s, updateNames[std::size_t(code.update)]},
        {u"checkout"_s, code.checkout}};
    if (!code.commit.isEmpty())
        object[u"commit"_s] = code.commit;
    if (code.source == CodeStep::Source::Clone)
        object[u"source"_s] = u"clone"_s;
    if (!code.url.isEmpty())
        object[u"url"_s] = code.url;
    return object;
}

QJsonObject mountJson(const Mount &mount)
{
    QJsonObject object{{u"target"_s, mount.target}};
    if (!mount.source.isEmpty())
        object[u"source"_s] = mount.source;
    if (mount.readOnly)
        object[u"readOnly"_s] = true;
    if (mount.mustExist)
        object[u"mustExist"_s] = true;
    if (!mount.options.isEmpty())
        object[u"options"_s] = mount.options;
    return object;
}

template <typename List, typename F> QJsonArray arrayOf(const List &list, F f)
{
    QJsonArray array;
    for (const auto &element : list)
        array += f(element);
    return array;
}

QJsonValue envJson(const EnvVar &env)
{
    if (env.secret)
        return QJsonObject{{u"name"_s, env.name}, {u"secret"_s, true}};
    return envValue(env);
}

QJsonObject parameterJson(const Parameter &parameter)
{
    QJsonObject object{{u"name"_s, parameter.name}};
    if (parameter.fallback)
        object[u"default"_s] = *parameter.fallback;
    if (!parameter.description.isEmpty())
        object[u"description"_s] = parameter.description;
    return object;
}

// ---- reading

void readGpus(core::JsonFields &fields, GpuRequest &gpus)
{
    const QString key = u"gpus"_s;
    const QJsonValue found = fields.value(key);
    if (found.isUndefined() || found == "none"_L1)
        return;
    if (found == "all"_L1) {
        gpus.kind = GpuRequest::Kind::All;
    } else if (found.isArray()) {
        gpus.kind = GpuRequest::Kind::Devices;
        fields.each(key, [&](const QJsonValue &element, const QString &where) {
            if (element.isString())
                gpus.devices += element.toString();
            else if (element.isDouble() && element.toInteger(-1) >= 0)
                gpus.devices += QString::number(element.toInteger());
            else
                fields.fault(where, u"should be a GPU's number or UUID"_s);
        });
    } else if (found.isDouble() && found.toInt(-1) >= 0) {
        gpus.kind = GpuRequest::Kind::Count;
        gpus.count = found.toInt();
    } else if (found.isObject()) {
        core::JsonFields part(found.toObject(), fields.path(u"gpus"_s), fields.faults());
        gpus.kind = GpuRequest::Kind::Any;
        gpus.count = part.value(u"any"_s).toInt();
        part.readSize(u"minFree"_s, gpus.minFree);
        if (gpus.count < 1)
            part.fault(part.path(u"any"_s), u"should be a number of GPUs from 1 up"_s);
    } else {
        fields.fault(fields.path(key), u"should be \"all\", a number, or a list of GPUs"_s);
    }
}

void readCode(core::JsonFields &fields, CodeStep &code)
{
    fields.read(u"folder"_s, code.folder);
    fields.read(u"checkout"_s, code.checkout);
    fields.read(u"commit"_s, code.commit);
    fields.read(u"url"_s, code.url);
    bool pull = code.update == CodeStep::Update::Pull;
    fields.read(u"pull"_s, pull); // what stood in place of "update" at first
    code.update = pull ? CodeStep::Update::Pull : CodeStep::Update::None;
    if (const QJsonValue update = fields.value(u"update"_s); !update.isUndefined()) {
        const auto known = std::ranges::find(updateNames, update.toString());
        if (known == updateNames.end())
            return fields.fault(fields.path(u"update"_s), u"should be \"none\", \"pull\" or \"fetch\""_s);
        code.update = CodeStep::Update(known - updateNames.begin());
    }
    if (const QJsonValue source = fields.value(u"source"_s); source == "clone"_L1)
        code.source = CodeStep::Source::Clone;
    else if (!source.isUndefined() && source != "present"_L1)
        fields.fault(fields.path(u"source"_s), u"should be \"present\" or \"clone\""_s);
}

void readMount(core::JsonFields &fields, Mount &mount)
{
    fields.read(u"source"_s, mount.source);
    fields.read(u"target"_s, mount.target);
    fields.read(u"readOnly"_s, mount.readOnly);
    fields.read(u"mustExist"_s, mount.mustExist);
    fields.read(u"options"_s, mount.options);
}

/** A text in Docker's own notation ("A=1", "memlock=-1"), read as its option is. */
void readWord(
    core::JsonFields &fields, const QJsonValue &element, const QString &where, QLatin1String option, RunConfig &config)
{
    if (!element.isString())
        return fields.fault(where, u"should be a text"_s);
    const QString fault = dockerOption(option)->read(config, element.toString(), {});
    if (!fault.isEmpty())
        fields.fault(where, u"is wrong: %1"_s.arg(fault.endsWith(u'.') ? fault.chopped(1) : fault));
}

void readNotation(core::JsonFields &fields, const QString &key, QLatin1String option, RunConfig &config)
{
    fields.each(key,
        [&](const QJsonValue &element, const QString &where) { readWord(fields, element, where, option, config); });
}

void readOption(core::JsonFields &fields, const QJsonValue &element, const QString &where, RunConfig &config)
{
    const QString text = element.toString();
    const QString name = text.section(u'=', 0, 0);
    const DockerOption *known = name.startsWith("--"_L1) ? dockerOption(QStringView(name).sliced(2)) : nullptr;
    if (!known)
        return fields.fault(where, u"should be an option of docker run, such as \"--cap-add=SYS_PTRACE\""_s);
    const Option option{known->name, text.contains(u'=') ? text.sliced(name.size() + 1) : u"true"_s};
    RunConfig scratch; // for its judgement: here it stays an option
    ShellContext unread; // files and the daemon's age are the launch's business
    unread.api = {1, 99};
    unread.readFile = [](const QString &) -> core::Result<QByteArray> { return QByteArray("{}"); };
    if (const QString fault = known->read(scratch, option.value, unread); !fault.isEmpty())
        return fields.fault(where, u"is wrong: %1"_s.arg(fault.endsWith(u'.') ? fault.chopped(1) : fault));
    if (!known->list)
        config.options.removeIf([&option](const Option &other) { return other.name == option.name; });
    config.options += option;
}

/** {"name", "value"}, or {"name", "secret"}. */
void readVariable(core::JsonFields &fields, RunConfig &config)
{
    QString name;
    std::optional<QString> value;
    bool secret = false;
    fields.read(u"name"_s, name);
    if (!fields.value(u"value"_s).isUndefined())
        fields.read(u"value"_s, value.emplace());
    fields.read(u"secret"_s, secret);
    if (secret && value)
        return fields.fault(
            fields.path(u"value"_s), u"is a secret's: secrets are given at the launch and kept in no file"_s);
    const QString fault = name.contains(u'=') ? u"a name holds no “=”"_s
                                              : dockerOption("env"_L1)->read(config, envValue({name, value}), {});
    if (!fault.isEmpty())
        return fields.fault(
            fields.path(u"name"_s), u"is wrong: %1"_s.arg(fault.endsWith(u'.') ? fault.chopped(1) : fault));
    config.env.last().secret = secret;
}

void readEnvironment(core::JsonFields &fields, RunConfig &config)
{
    fields.each(u"env"_s, [&](const QJsonValue &element, const QString &where) {
        if (element.isObject()) {
            core::JsonFields part(element.toObject(), where, fields.faults());
            return readVariable(part, config);
        }
        readWord(fields, element, where, "env"_L1, config);
    });
}

void readParameter(core::JsonFields &fields, RunConfig &config)
{
    static const QRegularExpression nameRule(u"^[A-Za-z_][A-Za-z0-9_]*$"_s);
    Parameter parameter;
    fields.read(u"name"_s, parameter.name);
    if (!fields.value(u"default"_s).isUndefined())
        fields.read(u"default"_s, parameter.fallback.emplace());
    fields.read(u"description"_s, parameter.description);
    if (!nameRule.match(parameter.name).hasMatch())
        fields.fault(fields.path(u"name"_s), u"should be letters, digits and “_”, such as \"LR\""_s);
    if (std::ranges::count(config.parameters, parameter.name, &Parameter::name) > 0)
        fields.fault(fields.path(u"name"_s), u"is there twice: “%1”"_s.arg(parameter.name));
    config.parameters += parameter;
}

void readPlain(core::JsonFields &fields, RunConfig &config)
{
    fields.read(u"image"_s, config.image);
    fields.read(u"name"_s, config.name);
    fields.read(u"platform"_s, config.platform);
    fields.read(u"command"_s, config.command);
    fields.read(u"workingDir"_s, config.workingDir);
    fields.read(u"user"_s, config.user);
    fields.read(u"interactive"_s, config.interactive);
    fields.read(u"tty"_s, config.tty);
    fields.read(u"detach"_s, config.detach);
    fields.read(u"removeWhenFinished"_s, config.removeWhenFinished);
    fields.read(u"network"_s, config.network);
    fields.read(u"ports"_s, config.ports);
    fields.read(u"ipc"_s, config.ipc);
    fields.read(u"restart"_s, config.restart);
    fields.read(u"shell"_s, config.shell);
    fields.readSize(u"shmSize"_s, config.shmSize);
    fields.readSize(u"memory"_s, config.memory);
    fields.readNumber(u"cpus"_s, config.cpus);
    readNotation(fields, u"labels"_s, "label"_L1, config);
    readNotation(fields, u"ulimits"_s, "ulimit"_L1, config);
    fields.each(u"options"_s,
        [&](const QJsonValue &element, const QString &where) { readOption(fields, element, where, config); });
}

void readParts(core::JsonFields &fields, RunConfig &config, const std::shared_ptr<core::JsonFields::Faults> &faults)
{
    readGpus(fields, config.gpus);
    readEnvironment(fields, config);
    if (const QJsonValue code = fields.value(u"code"_s); code.isObject()) {
        core::JsonFields part(code.toObject(), fields.path(u"code"_s), faults);
        readCode(part, config.code);
    } else if (!code.isUndefined()) {
        fields.fault(fields.path(u"code"_s), u"should be an object"_s);
    }
    fields.each(u"mounts"_s, [&](const QJsonValue &element, const QString &where) {
        if (!element.isObject())
            return fields.fault(where, u"should be an object"_s);
        core::JsonFields part(element.toObject(), where, faults);
        readMount(part, config.mounts.emplaceBack());
    });
    fields.each(u"parameters"_s, [&](const QJsonValue &element, const QString &where) {
        if (!element.isObject())
            return fields.fault(where, u"should be an object"_s);
        core::JsonFields part(element.toObject(), where, faults);
        readParameter(part, config);
    });
    if (!fields.value(u"entrypoint"_s).isUndefined())
        fields.read(u"entrypoint"_s, config.entrypoint.emplace());
    config.useShell = !fields.value(u"script"_s).isUndefined();
    fields.read(u"script"_s, config.script);
}

core::Error wrong(const QString &message) { return {core::ErrorKind::Protocol, 0, message, {}}; }

} // namespace

QByteArray toJson(const RunConfig &config) { return toJson(ConfigFile{config, {}, {}, {}}); }

QByteArray toJson(const ConfigFile &file)
{
    static const RunConfig defaults;
    const RunConfig &config = file.config;
    QJsonObject object{{u"slipway"_s, newestVersion}};
    const auto put = [&object](const QString &key, const QJsonValue &value, bool isDefault) {
        if (!isDefault)
            object[key] = value;
    };
    const auto putText = [&put](const QString &key, const QString &value) { put(key, value, value.isEmpty()); };
    const auto putArray = [&put](const QString &key, const QJsonArray &array) { put(key, array, array.isEmpty()); };

    putText(u"description"_s, file.description);
    putText(u"image"_s, config.image);
    putText(u"name"_s, config.name);
    putText(u"platform"_s, config.platform);
    put(u"gpus"_s, gpusJson(config.gpus), config.gpus.kind == GpuRequest::Kind::None);
    put(u"code"_s, codeJson(config.code), config.code == defaults.code);
    putArray(u"mounts"_s, arrayOf(config.mounts, mountJson));
    putArray(u"command"_s, QJsonArray::fromStringList(config.command));
    put(u"script"_s, config.script, !config.useShell);
    put(u"shell"_s, config.shell, config.shell == defaults.shell);
    put(u"entrypoint"_s, config.entrypoint.value_or(QString()), !config.entrypoint);
    putText(u"workingDir"_s, config.workingDir);
    putText(u"user"_s, config.user);
    putArray(u"env"_s, arrayOf(config.env, envJson));
    putArray(u"labels"_s,
        arrayOf(config.labels, [](const auto &label) { return QString(label.first + u'=' + label.second); }));
    put(u"interactive"_s, config.interactive, config.interactive == defaults.interactive);
    put(u"tty"_s, config.tty, config.tty == defaults.tty);
    put(u"detach"_s, config.detach, config.detach == defaults.detach);
    put(u"removeWhenFinished"_s, config.removeWhenFinished, config.removeWhenFinished == defaults.removeWhenFinished);
    putText(u"network"_s, config.network);
    putArray(u"ports"_s, QJsonArray::fromStringList(config.ports));
    put(u"shmSize"_s, core::dockerBytes(config.shmSize), config.shmSize == 0);
    put(u"memory"_s, core::dockerBytes(config.memory), config.memory == 0);
    put(u"cpus"_s, config.cpus, config.cpus == 0);
    putArray(u"ulimits"_s, arrayOf(config.ulimits, ulimitValue));
    putText(u"ipc"_s, config.ipc);
    putText(u"restart"_s, config.restart);
    putArray(u"options"_s, arrayOf(config.options, optionWord));
    putArray(u"parameters"_s, arrayOf(config.parameters, parameterJson));
    for (const core::UnknownField &field : file.unknown)
        object = core::withField(object, field);
    return QJsonDocument(object).toJson(QJsonDocument::Indented);
}

core::Result<ConfigFile> fromJson(const QByteArray &json)
{
    QJsonParseError parseError;
    const QJsonDocument document = QJsonDocument::fromJson(json, &parseError);
    if (parseError.error != QJsonParseError::NoError) {
        const auto line = json.left(parseError.offset).count('\n') + 1;
        return wrong(
            u"This is no run configuration: line %1 is not JSON (%2)."_s.arg(line).arg(parseError.errorString()));
    }
    if (!document.isObject())
        return wrong(u"This is no run configuration: it should be one JSON object."_s);

    const auto faults = std::make_shared<core::JsonFields::Faults>();
    ConfigFile file;
    {
        core::JsonFields fields(document.object(), faults);
        const QJsonValue version = fields.value(u"slipway"_s);
        if (!version.isDouble())
            return wrong(u"This is no run configuration: the field “slipway” with its version is missing."_s);
        if (version.toInt() != newestVersion)
            return wrong(
                u"This run configuration has version %1; this Slipway reads version %2."_s.arg(version.toDouble())
                    .arg(newestVersion));
        fields.read(u"description"_s, file.description);
        readPlain(fields, file.config);
        readParts(fields, file.config, faults);
    }
    if (!faults->first.isEmpty())
        return wrong(u"%1 (line %2)."_s.arg(faults->first).arg(core::lineOf(json, faults->path)));
    file.unknown = faults->unknown;
    for (const core::UnknownField &field : std::as_const(file.unknown))
        file.warnings += u"The field “%1” is not known and has no effect (line %2)."_s.arg(field.path())
                             .arg(core::lineOf(json, field.path()));
    return file;
}

} // namespace recipe
