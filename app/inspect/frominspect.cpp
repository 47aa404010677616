#include "inspect/frominspect.h"

#include "inspect/mountsof.h"
#include "inspect/networksof.h"
#include "inspect/optionsof.h"
#include "recipe/configfile.h"
#include "recipe/optiontable.h"
#include "recipe/portspec.h"
#include "recipe/startcommand.h"
#include "recipe/values.h"

#include <QJsonArray>
#include <algorithm>

namespace inspect {

using namespace Qt::StringLiterals;
using namespace recipe;

namespace {

constexpr qint64 defaultShmSize = 64 * 1024 * 1024;

QStringList strings(const QJsonValue &list) { return list.toVariant().toStringList(); }

/** Reads one container. Lives for one call of fromInspect(). */
class InspectReader
{
public:
    InspectReader(const docker::ContainerDetail &container, const std::optional<docker::ImageDetail> &image,
        const DaemonTraits &daemon)
        : m_container(container)
        , m_config(container.raw["Config"_L1].toObject())
        , m_host(container.raw["HostConfig"_L1].toObject())
        , m_image(image ? image->raw["Config"_L1].toObject() : QJsonObject())
    {
        m_result.daemon = daemon;
    }

    InspectedConfig read()
    {
        RunConfig &run = m_result.config;
        run.image = m_container.image.isEmpty() ? m_container.imageId : m_container.image;
        run.name = m_container.name;
        run.detach = true;
        run.tty = m_config["Tty"_L1].toBool();
        run.interactive = m_config["OpenStdin"_L1].toBool();
        run.user = unlessImages("User"_L1);
        run.workingDir = unlessImages("WorkingDir"_L1);
        gpus();
        takeMounts(m_result, m_container.raw, m_image);
        command();
        environment();
        labels();
        ports();
        limits();
        modes();
        takeNetworks(m_result, m_container.raw);
        takeOptions(m_result, m_container.raw, m_image);
        m_result.lost.removeDuplicates();
        return m_result;
    }

private:
    QString unlessImages(QLatin1String key) const
    {
        const QString value = m_config[key].toString();
        return value == m_image[key].toString() ? QString() : value;
    }

    void gpus();
    void gpuRequest(const QJsonObject &request);
    void command();
    void environment();
    void labels();
    void ports();
    void limits();
    void modes();

    const docker::ContainerDetail &m_container;
    const QJsonObject m_config;
    const QJsonObject m_host;
    const QJsonObject m_image; ///< its Config
    InspectedConfig m_result;
};

void InspectReader::gpus()
{
    for (const QJsonValue &request : m_host["DeviceRequests"_L1].toArray())
        gpuRequest(request.toObject());
}

/** Every request is written as --gpus says it; the option's reader finds the fields of RunConfig that fit. */
void InspectReader::gpuRequest(const QJsonObject &request)
{
    const QString driver = request["Driver"_L1].toString();
    const QStringList devices = strings(request["DeviceIDs"_L1]);
    if (driver == "cdi"_L1) {
        for (const QString &device : devices)
            m_result.say("device"_L1, device);
        return;
    }
    const QJsonArray alternatives = request["Capabilities"_L1].toArray();
    QStringList capabilities = strings(alternatives.at(0));
    if (!capabilities.removeOne(u"gpu"_s)) // always there, and last
        return m_result.lose(true, u"--gpus (without gpu)"_s);
    m_result.lose(alternatives.size() > 1, u"--gpus (other capabilities)"_s);
    QStringList fields;
    const qint64 count = request["Count"_L1].toInteger();
    if (devices.isEmpty() || count != 0)
        fields += count == -1 ? u"all"_s : QString::number(count);
    if (!devices.isEmpty())
        fields += csvField(u"device="_s + devices.join(u','));
    if (!driver.isEmpty())
        fields += csvField(u"driver="_s + driver);
    if (!capabilities.isEmpty())
        fields += csvField(u"capabilities="_s + capabilities.join(u','));
    QStringList options;
    const QJsonObject map = request["Options"_L1].toObject();
    for (auto it = map.begin(); it != map.end(); ++it)
        options += csvField(it.key() + u'=' + it.value().toString());
    if (!options.isEmpty())
        fields += csvField(u"options="_s + options.join(u','));
    m_result.say("gpus"_L1, fields.join(u','));
}

/**
 * Naming an entry point drops the image's command, so the two are decided together. Behind --entrypoint stands one
 * word; the further ones come first in the command, which runs the same.
 */
void InspectReader::command()
{
    const QStringList entrypoint = strings(m_config["Entrypoint"_L1]);
    const QStringList words = strings(m_config["Cmd"_L1]);
    const QStringList ofImage = strings(m_image["Cmd"_L1]);
    const bool imagesEntrypoint
        = entrypoint == strings(m_image["Entrypoint"_L1]) && (!words.isEmpty() || ofImage.isEmpty());
    if (!imagesEntrypoint) {
        m_result.config.entrypoint = entrypoint.value(0);
        setStartCommand(m_result.config, entrypoint.mid(1) + words);
    } else if (words != ofImage) {
        setStartCommand(m_result.config, words);
    }
}

void InspectReader::environment()
{
    // A run that Slipway launched says itself which of its variables are secrets: they stay that.
    const QString recipe = m_config["Labels"_L1]["io.slipway.recipe"_L1].toString();
    const auto launched = fromJson(recipe.toUtf8());
    const auto isSecret = [&launched](const QString &name) {
        return launched && std::ranges::any_of(launched->config.env, [&name](const EnvVar &variable) {
            return variable.secret && variable.name == name;
        });
    };
    const QStringList ofImage = strings(m_image["Env"_L1]);
    const QStringList variables = strings(m_config["Env"_L1]);
    const auto nameOf = [](const QString &variable) { return variable.section(u'=', 0, 0); };
    QHash<QString, int> times;
    for (const QString &variable : variables)
        ++times[nameOf(variable)];
    for (const QString &variable : variables) {
        // One that is set twice is kept whole: the last one counts, and it may be the image's.
        if (ofImage.contains(variable) && times[nameOf(variable)] == 1)
            continue;
        EnvVar entry{nameOf(variable), {}};
        if (variable.contains(u'='))
            entry.value = variable.section(u'=', 1);
        entry.secret = isSecret(entry.name);
        m_result.config.env += entry;
    }
}

void InspectReader::labels()
{
    const QJsonObject labels = m_config["Labels"_L1].toObject();
    const QJsonObject ofImage = m_image["Labels"_L1].toObject();
    for (auto it = labels.begin(); it != labels.end(); ++it) {
        // io.slipway.…: what Slipway wrote down of that one launch.
        if (ofImage[it.key()] != it.value() && !it.key().startsWith("io.slipway."_L1))
            m_result.config.labels += {it.key(), it.value().toString()};
    }
}

void InspectReader::ports()
{
    const QJsonObject bindings = m_host["PortBindings"_L1].toObject();
    for (auto it = bindings.begin(); it != bindings.end(); ++it) {
        QString port = it.key();
        if (port.endsWith("/tcp"_L1))
            port.chop(4);
        for (const QJsonValue &value : it.value().toArray()) {
            const QString ip = value["HostIp"_L1].toString();
            const QString hostPort = value["HostPort"_L1].toString();
            QString spec = port;
            if (!ip.isEmpty() || !hostPort.isEmpty())
                spec.prepend(QString(hostPort + u':'));
            if (!ip.isEmpty())
                spec.prepend(ip.contains(u':') ? QString(u'[' + ip + u"]:"_s) : QString(ip + u':'));
            m_result.lose(!parsePort(spec), u"--publish "_s + spec);
            if (parsePort(spec))
                m_result.config.ports += spec;
        }
    }
}

void InspectReader::limits()
{
    RunConfig &run = m_result.config;
    const qint64 shm = m_host["ShmSize"_L1].toInteger();
    run.shmSize = shm == defaultShmSize ? 0 : qMax(qint64(0), shm);
    run.memory = qMax(qint64(0), m_host["Memory"_L1].toInteger());
    run.cpus = qMax(0.0, m_host["NanoCpus"_L1].toDouble() / 1e9);
    for (const QJsonValue &value : m_host["Ulimits"_L1].toArray())
        run.ulimits += Ulimit{value["Name"_L1].toString(), value["Soft"_L1].toInteger(), value["Hard"_L1].toInteger()};
}

void InspectReader::modes()
{
    RunConfig &run = m_result.config;
    run.removeWhenFinished = m_host["AutoRemove"_L1].toBool();
    // private is what the daemon fills in; the others are said, also where daemon.json made shareable the default.
    run.ipc = m_host["IpcMode"_L1].toString();
    if (run.ipc == "private"_L1)
        run.ipc.clear();
    const QJsonObject policy = m_host["RestartPolicy"_L1].toObject();
    run.restart = policy["Name"_L1].toString();
    if (run.restart == "no"_L1)
        run.restart.clear();
    const int tries = policy["MaximumRetryCount"_L1].toInt();
    if (run.restart == "on-failure"_L1 && tries > 0)
        run.restart += u':' + QString::number(tries);
}

} // namespace

void InspectedConfig::say(QLatin1String name, const QString &value)
{
    ShellContext context;
    context.environment.clear();
    context.api = {daemon.api.major, daemon.api.minor};
    const DockerOption *option = dockerOption(name);
    const QString fault = option ? option->read(config, value, context) : name;
    lose(!fault.isEmpty(), u"--"_s + name);
}

void InspectedConfig::lose(bool isLost, const QString &what)
{
    if (isLost)
        lost += what;
}

InspectedConfig fromInspect(const docker::ContainerDetail &container, const std::optional<docker::ImageDetail> &image,
    const DaemonTraits &daemon)
{
    return InspectReader(container, image, daemon).read();
}

} // namespace inspect
