#include "recipe/configfile.h"

#include "core/units.h"
#include "recipe/dockeroptions.h"
#include "recipe/notation.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
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

// ---- reading

/** Reads one object's fields, remembers the first fault of the whole file and which fields were asked for. */
class Fields
{
public:
    struct Faults
    {
        QString first;
        QStringList unknown;
    };

    Fields(const QJsonObject &object, const QString &path, const std::shared_ptr<Faults> &faults)
        : m_object(object)
        , m_path(path)
        , m_faults(faults)
    {
    }
    ~Fields()
    {
        for (const QString &key : m_object.keys()) {
            if (!m_known.contains(key))
                m_faults->unknown += m_path + key;
        }
    }
    Q_DISABLE_COPY_MOVE(Fields)

    QString path(const QString &key) const { return m_path + key; }
    const std::shared_ptr<Faults> &faults() const { return m_faults; }
    void fault(const QString &path, const QString &text)
    {
        if (m_faults->first.isEmpty())
            m_faults->first = u"The field “%1” %2."_s.arg(path, text);
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
    void readCpus(double &into);
    void read(const QString &key, QStringList &into);
    /** Of each element of an array: f(element, its path). */
    template <typename F> void each(const QString &key, F f);

private:
    QJsonObject m_object;
    QString m_path; ///< "" or "code."
    std::shared_ptr<Faults> m_faults;
    QStringList m_known;
};

void Fields::read(const QString &key, QString &into)
{
    const QJsonValue found = value(key);
    if (found.isString())
        into = found.toString();
    else if (!found.isUndefined())
        fault(path(key), u"should be a text"_s);
}

void Fields::read(const QString &key, bool &into)
{
    const QJsonValue found = value(key);
    if (found.isBool())
        into = found.toBool();
    else if (!found.isUndefined())
        fault(path(key), u"should be true or false"_s);
}

void Fields::readSize(const QString &key, qint64 &into)
{
    const QJsonValue found = value(key);
    if (found.isUndefined())
        return;
    const auto bytes = found.isString() ? core::parseBytes(found.toString()) : std::nullopt;
    if (bytes)
        into = *bytes;
    else if (found.isDouble() && found.toInteger(-1) >= 0)
        into = found.toInteger();
    else
        fault(path(key), u"should be a size such as \"16g\", or bytes"_s);
}

void Fields::readCpus(double &into)
{
    const QJsonValue found = value(u"cpus"_s);
    if (found.isDouble() && found.toDouble() >= 0)
        into = found.toDouble();
    else if (!found.isUndefined())
        fault(path(u"cpus"_s), u"should be a number from 0 up"_s);
}

template <typename F> void Fields::each(const QString &key, F f)
{
    const QJsonValue found = value(key);
    if (!found.isArray() && !found.isUndefined())
        return fault(path(key), u"should be a list"_s);
    const QJsonArray array = found.toArray();
    for (qsizetype i = 0; i < array.size(); ++i)
        f(array[i], u"%1[%2]"_s.arg(path(key)).arg(i));
}

void Fields::read(const QString &key, QStringList &into)
{
    each(key, [&](const QJsonValue &element, const QString &where) {
        if (element.isString())
            into += element.toString();
        else
            fault(where, u"should be a text"_s);
    });
}

void readGpus(Fields &fields, GpuRequest &gpus)
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
        Fields part(found.toObject(), fields.path(u"gpus."_s), fields.faults());
        gpus.kind = GpuRequest::Kind::Any;
        gpus.count = part.value(u"any"_s).toInt();
        part.readSize(u"minFree"_s, gpus.minFree);
        if (gpus.count < 1)
            part.fault(part.path(u"any"_s), u"should be a number of GPUs from 1 up"_s);
    } else {
        fields.fault(fields.path(key), u"should be \"all\", a number, or a list of GPUs"_s);
    }
}

void readMount(Fields &fields, Mount &mount)
{
    fields.read(u"source"_s, mount.source);
    fields.read(u"target"_s, mount.target);
    fields.read(u"readOnly"_s, mount.readOnly);
    fields.read(u"mustExist"_s, mount.mustExist);
    fields.read(u"options"_s, mount.options);
}

/** Lists of texts in Docker's own notation ("A=1", "memlock=-1"), read as its options are. */
void readNotation(Fields &fields, const QString &key, QLatin1String option, RunConfig &config)
{
    fields.each(key, [&](const QJsonValue &element, const QString &where) {
        if (!element.isString())
            return fields.fault(where, u"should be a text"_s);
        const QString fault = dockerOption(option)->read(config, element.toString(), {});
        if (!fault.isEmpty())
            fields.fault(where, u"is wrong: %1"_s.arg(fault.endsWith(u'.') ? fault.chopped(1) : fault));
    });
}

void readPlain(Fields &fields, RunConfig &config)
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
    fields.readCpus(config.cpus);
    readNotation(fields, u"env"_s, "env"_L1, config);
    readNotation(fields, u"labels"_s, "label"_L1, config);
    readNotation(fields, u"ulimits"_s, "ulimit"_L1, config);
}

void readParts(Fields &fields, RunConfig &config, const std::shared_ptr<Fields::Faults> &faults)
{
    readGpus(fields, config.gpus);
    if (const QJsonValue code = fields.value(u"code"_s); code.isObject()) {
        Fields part(code.toObject(), fields.path(u"code."_s), faults);
        part.read(u"folder"_s, config.code.folder);
        part.read(u"pull"_s, config.code.pull);
        part.read(u"checkout"_s, config.code.checkout);
    } else if (!code.isUndefined()) {
        fields.fault(fields.path(u"code"_s), u"should be an object"_s);
    }
    fields.each(u"mounts"_s, [&](const QJsonValue &element, const QString &where) {
        if (!element.isObject())
            return fields.fault(where, u"should be an object"_s);
        Fields part(element.toObject(), where + u'.', faults);
        readMount(part, config.mounts.emplaceBack());
    });
    if (!fields.value(u"entrypoint"_s).isUndefined())
        fields.read(u"entrypoint"_s, config.entrypoint.emplace());
    config.useShell = !fields.value(u"script"_s).isUndefined();
    fields.read(u"script"_s, config.script);
}

core::Error wrong(const QString &message) { return {core::ErrorKind::Protocol, 0, message, {}}; }

} // namespace

QByteArray toJson(const RunConfig &config)
{
    static const RunConfig defaults;
    QJsonObject object{{u"slipway"_s, newestVersion}};
    const auto put = [&object](const QString &key, const QJsonValue &value, bool isDefault) {
        if (!isDefault)
            object[key] = value;
    };
    const auto putText = [&put](const QString &key, const QString &value) { put(key, value, value.isEmpty()); };
    const auto putArray = [&put](const QString &key, const QJsonArray &array) { put(key, array, array.isEmpty()); };

    putText(u"image"_s, config.image);
    putText(u"name"_s, config.name);
    putText(u"platform"_s, config.platform);
    put(u"gpus"_s, gpusJson(config.gpus), config.gpus.kind == GpuRequest::Kind::None);
    put(u"code"_s,
        QJsonObject{
            {u"folder"_s, config.code.folder}, {u"pull"_s, config.code.pull}, {u"checkout"_s, config.code.checkout}},
        config.code == defaults.code);
    putArray(u"mounts"_s, arrayOf(config.mounts, mountJson));
    putArray(u"command"_s, QJsonArray::fromStringList(config.command));
    put(u"script"_s, config.script, !config.useShell);
    put(u"shell"_s, config.shell, config.shell == defaults.shell);
    put(u"entrypoint"_s, config.entrypoint.value_or(QString()), !config.entrypoint);
    putText(u"workingDir"_s, config.workingDir);
    putText(u"user"_s, config.user);
    putArray(u"env"_s, arrayOf(config.env, envValue));
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

    const auto faults = std::make_shared<Fields::Faults>();
    ConfigFile file;
    {
        Fields fields(document.object(), {}, faults);
        const QJsonValue version = fields.value(u"slipway"_s);
        if (!version.isDouble())
            return wrong(u"This is no run configuration: the field “slipway” with its version is missing."_s);
        if (version.toInt() != newestVersion)
            return wrong(
                u"This run configuration has version %1; this Slipway reads version %2."_s.arg(version.toDouble())
                    .arg(newestVersion));
        readPlain(fields, file.config);
        readParts(fields, file.config, faults);
    }
    if (!faults->first.isEmpty())
        return wrong(faults->first);
    for (const QString &path : std::as_const(faults->unknown))
        file.warnings += u"The field “%1” is not known and was left out."_s.arg(path);
    return file;
}

} // namespace recipe
