#include "dockerline/dockerline.h"

#include "core/units.h"
#include "recipe/notation.h"
#include "recipe/startcommand.h"

namespace dockerline {

using namespace Qt::StringLiterals;
using namespace recipe;

namespace {

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

} // namespace dockerline
