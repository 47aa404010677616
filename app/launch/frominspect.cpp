#include "launch/frominspect.h"

#include "launch/lostoptions.h"
#include "recipe/configfile.h"
#include "recipe/optiontable.h"
#include "recipe/portspec.h"
#include "recipe/startcommand.h"

#include <QJsonArray>
#include <algorithm>

namespace launch {

using namespace Qt::StringLiterals;
using namespace recipe;

namespace {

constexpr qint64 defaultShmSize = 64 * 1024 * 1024;

QStringList strings(const QJsonValue &list) { return list.toVariant().toStringList(); }

/** Reads one container. Lives for one call of fromInspect(). */
class InspectReader
{
public:
    InspectReader(const docker::ContainerDetail &container, const std::optional<docker::ImageDetail> &image)
        : m_container(container)
        , m_config(container.raw["Config"_L1].toObject())
        , m_host(container.raw["HostConfig"_L1].toObject())
        , m_image(image ? image->raw["Config"_L1].toObject() : QJsonObject())
    {
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
        mounts();
        command();
        environment();
        labels();
        ports();
        limits();
        modes();
        m_result.lost += lostOptions(m_container.raw, m_image);
        m_result.lost.removeDuplicates();
        return m_result;
    }

private:
    QString unlessImages(QLatin1String key) const
    {
        const QString value = m_config[key].toString();
        return value == m_image[key].toString() ? QString() : value;
    }
    void lose(bool lost, const QString &what)
    {
        if (lost)
            m_result.lost += what;
    }

    void gpus();
    void gpuRequest(const QJsonObject &request);
    void mounts();
    void bindMount(const QJsonObject &mount);
    void volumeMount(const QJsonObject &mount);
    void namelessVolumes();
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

void InspectReader::gpuRequest(const QJsonObject &request)
{
    GpuRequest &gpus = m_result.config.gpus;
    const QString driver = request["Driver"_L1].toString();
    const QJsonArray capabilities = request["Capabilities"_L1].toArray();
    if (driver == "cdi"_L1)
        return lose(true, u"--device"_s);
    const bool wantsGpu
        = std::ranges::any_of(capabilities, [](const QJsonValue &all) { return all.toArray().contains(u"gpu"_s); });
    if (!wantsGpu)
        return lose(true, u"--gpus (without gpu)"_s);
    if (gpus.kind != GpuRequest::Kind::None)
        return lose(true, u"--gpus (a second one)"_s);
    const int count = request["Count"_L1].toInt();
    gpus.devices = strings(request["DeviceIDs"_L1]);
    if (!gpus.devices.isEmpty())
        gpus.kind = GpuRequest::Kind::Devices;
    else if (count < 0)
        gpus.kind = GpuRequest::Kind::All;
    else
        gpus = {GpuRequest::Kind::Count, count, {}};
    lose(count != 0 && gpus.kind == GpuRequest::Kind::Devices, u"--gpus count="_s + QString::number(count));
    lose(!driver.isEmpty(), u"--gpus driver="_s + driver);
    lose(capabilities != QJsonArray{QJsonArray{u"gpu"_s}}, u"--gpus capabilities"_s);
    lose(!request["Options"_L1].toObject().isEmpty(), u"--gpus options"_s);
}

void InspectReader::mounts()
{
    // A bind is what stood behind -v, word for word.
    const QStringList binds = strings(m_host["Binds"_L1]);
    for (const QString &bind : binds) {
        const QString fault = dockerOption(u"volume")->read(m_result.config, bind, {});
        lose(!fault.isEmpty(), u"--volume "_s + bind);
    }
    for (const QJsonValue &value : m_host["Mounts"_L1].toArray()) {
        const QJsonObject mount = value.toObject();
        const QString type = mount["Type"_L1].toString();
        if (type == "bind"_L1)
            bindMount(mount);
        else if (type == "volume"_L1)
            volumeMount(mount);
        else
            lose(true, u"--mount type="_s + type);
    }
    namelessVolumes();
}

void InspectReader::bindMount(const QJsonObject &mount)
{
    const QString source = mount["Source"_L1].toString();
    const QString target = mount["Target"_L1].toString();
    const QJsonObject options = mount["BindOptions"_L1].toObject();
    // Created when missing is what -v does; -v cannot say a colon.
    const bool creates = options["CreateMountpoint"_L1].toBool();
    const bool colon = source.contains(u':') || target.contains(u':');
    m_result.config.mounts += Mount{source, target, mount["ReadOnly"_L1].toBool(), !creates || colon, {}};
    lose(creates && colon, u"--mount bind-create-src"_s);
    const QString propagation = options["Propagation"_L1].toString();
    lose(!propagation.isEmpty() && propagation != "rprivate"_L1, u"--mount bind-propagation="_s + propagation);
    for (const auto key : {"NonRecursive"_L1, "ReadOnlyNonRecursive"_L1, "ReadOnlyForceRecursive"_L1})
        lose(options[key].toBool(), u"--mount bind-recursive"_s);
}

/** -v says the same of a volume, as long as it is only named. */
void InspectReader::volumeMount(const QJsonObject &mount)
{
    const QJsonObject options = mount["VolumeOptions"_L1].toObject();
    const QJsonObject driver = options["DriverConfig"_L1].toObject();
    Mount volume{mount["Source"_L1].toString(), mount["Target"_L1].toString(), mount["ReadOnly"_L1].toBool(), false,
        options["NoCopy"_L1].toBool() ? u"nocopy"_s : QString()};
    if (volume.target.contains(u':'))
        return lose(true, u"--mount type=volume"_s);
    if (volume.source.isEmpty()) {
        lose(volume.readOnly, u"--mount readonly"_s);
        lose(!volume.options.isEmpty(), u"--mount volume-nocopy"_s);
        volume = {{}, volume.target, false, false, {}};
    }
    m_result.config.mounts += volume;
    const QString name = driver["Name"_L1].toString();
    lose(!name.isEmpty() && name != "local"_L1, u"--mount volume-driver="_s + name);
    lose(!driver["Options"_L1].toObject().isEmpty(), u"--mount volume-opt"_s);
    lose(!options["Labels"_L1].toObject().isEmpty(), u"--mount volume-label"_s);
    lose(!options["Subpath"_L1].toString().isEmpty(), u"--mount volume-subpath"_s);
}

void InspectReader::namelessVolumes()
{
    QList<Mount> &mounts = m_result.config.mounts;
    const QJsonObject ofImage = m_image["Volumes"_L1].toObject();
    const QStringList targets = m_config["Volumes"_L1].toObject().keys();
    for (const QString &target : targets) {
        // Compose lists the place of every mount here.
        const bool mounted = std::ranges::find(mounts, target, &Mount::target) != mounts.end();
        if (!mounted && !ofImage.contains(target))
            mounts += Mount{{}, target, false, false, {}};
    }
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
            if (parsePort(spec))
                m_result.config.ports += spec;
            else
                lose(true, u"--publish "_s + spec);
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
    run.network = m_host["NetworkMode"_L1].toString();
    if (run.network == "default"_L1 || run.network == "bridge"_L1)
        run.network.clear();
    const QJsonObject policy = m_host["RestartPolicy"_L1].toObject();
    run.restart = policy["Name"_L1].toString();
    if (run.restart == "no"_L1)
        run.restart.clear();
    const int tries = policy["MaximumRetryCount"_L1].toInt();
    if (run.restart == "on-failure"_L1 && tries > 0)
        run.restart += u':' + QString::number(tries);
}

} // namespace

InspectedConfig fromInspect(const docker::ContainerDetail &container, const std::optional<docker::ImageDetail> &image)
{
    return InspectReader(container, image).read();
}

} // namespace launch
