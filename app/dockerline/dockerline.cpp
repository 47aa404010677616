#include "dockerline/dockerline.h"

#include "core/units.h"
#include "recipe/notation.h"
#include "recipe/optiontable.h"
#include "recipe/startcommand.h"

namespace dockerline {

using namespace Qt::StringLiterals;
using namespace recipe;

namespace {

/** Collects the options that differ from Docker's own defaults, each with its value. */
class Options
{
public:
    void flag(bool on, const QString &name)
    {
        if (on)
            list += QStringList{name};
    }
    void joined(const QString &name, const QString &value)
    {
        if (!value.isEmpty())
            list += QStringList{name + u'=' + value};
    }
    void apart(const QString &name, const QString &value)
    {
        if (!value.isEmpty())
            list += QStringList{name, value};
    }

    QList<QStringList> list;
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
        options.list += QStringList{u"--entrypoint"_s, *config.entrypoint};
}

QList<QStringList> optionsOf(const RunConfig &config)
{
    Options options;
    options.flag(config.interactive && config.tty, u"-it"_s);
    options.flag(config.interactive && !config.tty, u"-i"_s);
    options.flag(!config.interactive && config.tty, u"-t"_s);
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
    for (const Option &option : config.options)
        options.list += QStringList{optionWord(option)};
    if (config.image.startsWith(u'-'))
        options.list += QStringList{u"--"_s};
    return options.list;
}

QString imageOf(const RunConfig &config) { return config.image.isEmpty() ? u"IMAGE"_s : config.image; }

} // namespace

QStringList dockerRunWords(const RunConfig &config)
{
    QStringList words = {u"docker"_s, u"run"_s};
    for (const QStringList &option : optionsOf(config))
        words += option;
    return words + QStringList{imageOf(config)} + startCommand(config);
}

QString dockerRunLine(const RunConfig &config) { return shellJoin(dockerRunWords(config)); }

QString dockerRunScript(const RunConfig &config)
{
    QStringList lines = {u"docker run"_s};
    for (const QStringList &option : optionsOf(config))
        lines += shellJoin(option);
    lines += shellJoin({imageOf(config)});
    if (const QStringList command = startCommand(config); !command.isEmpty())
        lines += shellJoin(command);
    return u"#!/bin/sh\n"_s + lines.join(u" \\\n    "_s) + u'\n';
}

} // namespace dockerline
