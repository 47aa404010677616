#include "launch/dockerline.h"

#include "core/units.h"
#include "launch/startcommand.h"

namespace launch {

using namespace Qt::StringLiterals;

namespace {

/** One field of comma-separated values as Go's encoding/csv reads it. */
QString csvField(QString field)
{
    if (!field.contains(u',') && !field.contains(u'"') && !field.contains(u'\n'))
        return field;
    return u'"' + field.replace(u'"', u"\"\""_s) + u'"';
}

/** Collects the words of the options that differ from Docker's own defaults. */
class Options
{
public:
    void flag(bool on, const QString &name)
    {
        if (on)
            words += name;
    }
    void joined(const QString &name, const QString &value)
    {
        if (!value.isEmpty())
            words += name + u'=' + value;
    }
    void apart(const QString &name, const QString &value)
    {
        if (!value.isEmpty())
            words += {name, value};
    }

    QStringList words;
};

QString sizeValue(qint64 bytes) { return bytes > 0 ? core::dockerBytes(bytes) : QString(); }

void addResources(Options &options, const RunConfig &config)
{
    options.joined(u"--shm-size"_s, sizeValue(config.shmSize));
    for (const Ulimit &ulimit : config.ulimits)
        options.apart(u"--ulimit"_s, ulimitValue(ulimit));
    options.joined(u"--ipc"_s, config.ipc);
    options.joined(u"--memory"_s, sizeValue(config.memory));
    if (config.cpus > 0)
        options.joined(u"--cpus"_s, cpusValue(config.cpus));
}

void addMounts(Options &options, const RunConfig &config)
{
    for (const Mount &mount : config.mounts) {
        if (mount.mustExist)
            options.apart(u"--mount"_s, mountValue(mount));
        else
            options.apart(u"-v"_s, volumeValue(mount));
    }
}

void addProcess(Options &options, const RunConfig &config)
{
    for (const EnvVar &env : config.env)
        options.apart(u"-e"_s, envValue(env));
    for (const auto &[key, value] : config.labels)
        options.apart(u"-l"_s, value.isEmpty() ? key : QString(key + u'=' + value));
    options.apart(u"-w"_s, config.workingDir);
    options.apart(u"-u"_s, config.user);
    if (config.entrypoint)
        options.words += {u"--entrypoint"_s, *config.entrypoint};
}

} // namespace

QString gpusValue(const GpuRequest &gpus)
{
    switch (gpus.kind) {
    case GpuRequest::Kind::None:
        return {};
    case GpuRequest::Kind::All:
        return u"all"_s;
    case GpuRequest::Kind::Count:
    case GpuRequest::Kind::Any: // the nearest thing that Docker has; inventory::pickGpus() makes Devices of it before a launch
        return QString::number(gpus.count);
    case GpuRequest::Kind::Devices:
        break;
    }
    // Without quotes of its own Docker takes "device=0,1" for device 0 and a count of 1, and refuses to start it.
    return csvField(u"device="_s + gpus.devices.join(u','));
}

QString volumeValue(const Mount &mount)
{
    if (mount.source.isEmpty())
        return mount.target;
    QStringList options;
    if (mount.readOnly)
        options += u"ro"_s;
    if (!mount.options.isEmpty())
        options += mount.options;
    const QString value = mount.source + u':' + mount.target;
    return options.isEmpty() ? value : QString(value + u':' + options.join(u','));
}

QString mountValue(const Mount &mount)
{
    QString value
        = u"type=bind,"_s + csvField(u"source="_s + mount.source) + u',' + csvField(u"target="_s + mount.target);
    if (mount.readOnly)
        value += u",readonly"_s;
    return value;
}

QString ulimitValue(const Ulimit &ulimit)
{
    const QString value = ulimit.name + u'=' + QString::number(ulimit.soft);
    return ulimit.hard == ulimit.soft ? value : QString(value + u':' + QString::number(ulimit.hard));
}

QString envValue(const EnvVar &env) { return env.value ? QString(env.name + u'=' + *env.value) : env.name; }

QString cpusValue(double cpus)
{
    QString value = QString::number(cpus, 'f', 9); // Docker counts in billionths
    while (value.endsWith(u'0'))
        value.chop(1);
    if (value.endsWith(u'.'))
        value.chop(1);
    return value;
}

QStringList dockerRunWords(const RunConfig &config)
{
    Options options;
    options.flag(config.interactive, u"-i"_s);
    options.flag(config.tty, u"-t"_s);
    options.flag(config.detach, u"-d"_s);
    options.flag(config.removeWhenFinished, u"--rm"_s);
    options.joined(u"--gpus"_s, gpusValue(config.gpus));
    options.apart(u"--name"_s, config.name);
    options.joined(u"--network"_s, config.network);
    for (const QString &port : config.ports)
        options.apart(u"-p"_s, port);
    addResources(options, config);
    addMounts(options, config);
    addProcess(options, config);
    options.joined(u"--restart"_s, config.restart);
    options.joined(u"--platform"_s, config.platform);

    const QString image = config.image.isEmpty() ? u"IMAGE"_s : config.image;
    return QStringList{u"docker"_s, u"run"_s} + options.words + QStringList{image} + startCommand(config);
}

QString dockerRunLine(const RunConfig &config) { return shellJoin(dockerRunWords(config)); }

} // namespace launch
