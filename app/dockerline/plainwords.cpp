#include "dockerline/plainwords.h"

#include "core/units.h"
#include "recipe/notation.h"
#include "recipe/startcommand.h"

namespace dockerline {

using namespace Qt::StringLiterals;
using namespace recipe;

namespace {

constexpr qsizetype longest = 300; ///< characters of one value
constexpr qsizetype most = 40; ///< entries of one part

/** On one line, and no longer than one reads. */
QString cut(QString text)
{
    text.truncate(4 * longest); // before looking at each character of a script of 100 kB
    text = text.simplified();
    if (text.size() > longest)
        text = text.left(longest - 1) + u'…';
    return text;
}

/** "0", "0 and 1", "0, 1 and 2". */
QString listed(QStringList names)
{
    if (names.size() < 2)
        return names.join(QString());
    const QString last = names.takeLast();
    return names.join(u", "_s) + u" and "_s + last;
}

QStringList imageWords(const RunConfig &config)
{
    QStringList words;
    if (!config.image.isEmpty())
        words += cut(config.image);
    if (!config.platform.isEmpty())
        words += u"For %1"_s.arg(config.platform);
    return words;
}

QStringList gpuWords(const GpuRequest &gpus)
{
    const bool one = gpus.count == 1;
    switch (gpus.kind) {
    case GpuRequest::Kind::None:
        return {};
    case GpuRequest::Kind::All:
        return {u"All GPUs"_s};
    case GpuRequest::Kind::Count:
        return {one ? u"The first GPU"_s : u"The first %1 GPUs"_s.arg(gpus.count)};
    case GpuRequest::Kind::Devices:
        return {cut((gpus.devices.size() == 1 ? u"GPU "_s : u"GPUs "_s) + listed(gpus.devices))};
    case GpuRequest::Kind::Any:
        return {(one ? u"Any free GPU"_s : u"Any %1 free GPUs"_s.arg(gpus.count))
            + (gpus.minFree > 0 ? u" with %1 free"_s.arg(core::bytesText(gpus.minFree)) : QString())};
    }
    return {};
}

QStringList codeWords(const CodeStep &code)
{
    QStringList words;
    if (code.folder.isEmpty())
        return words;
    if (code.source == CodeStep::Source::Clone)
        words += cut(u"Clone %1 into %2"_s.arg(code.url, code.folder));
    else
        words += u"In %1"_s.arg(cut(code.folder));
    if (code.source == CodeStep::Source::Present && code.update != CodeStep::Update::None)
        words += code.update == CodeStep::Update::Pull ? u"git pull"_s : u"git fetch"_s;
    const QString commit = code.commit.left(12);
    if (!code.checkout.isEmpty())
        words += cut(u"Check out %1"_s.arg(code.checkout)) + (commit.isEmpty() ? QString() : u" at %1"_s.arg(commit));
    else if (!commit.isEmpty())
        words += u"Check out %1"_s.arg(commit);
    return words;
}

QString mountWords(const Mount &mount)
{
    QStringList extra;
    if (mount.readOnly)
        extra += u"read-only"_s;
    if (mount.mustExist)
        extra += u"must exist"_s;
    if (!mount.options.isEmpty())
        extra += mount.options;
    const QString tail = extra.isEmpty() ? QString() : u" (%1)"_s.arg(extra.join(u", "_s));
    if (mount.source.isEmpty())
        return cut(u"A new volume → %1"_s.arg(mount.target)) + tail;
    const QString what = mount.source.startsWith(u'/') ? u"Mount"_s : u"Volume"_s;
    return cut(u"%1 %2 → %3"_s.arg(what, mount.source, mount.target)) + tail;
}

QStringList commandWords(const RunConfig &config)
{
    QStringList words;
    if (config.useShell)
        words += cut(u"%1 runs: "_s.arg(config.shell) + config.script.left(longest));
    else if (!config.command.isEmpty())
        words += cut(u"Runs: "_s + shellJoin(config.command.mid(0, longest)));
    if (config.entrypoint)
        words += config.entrypoint->isEmpty() ? u"Without the image's entry point"_s
                                              : cut(u"Entry point: %1"_s.arg(*config.entrypoint));
    if (!config.workingDir.isEmpty())
        words += cut(u"In the folder %1"_s.arg(config.workingDir));
    if (!config.user.isEmpty())
        words += cut(u"As user %1"_s.arg(config.user));
    for (const EnvVar &env : config.env)
        words += env.secret ? u"Secret variable %1"_s.arg(cut(env.name))
            : env.value     ? cut(u"Variable "_s + env.name + u'=' + *env.value)
                            : u"Variable %1, as it is set where Slipway runs"_s.arg(cut(env.name));
    return words;
}

QString restartWords(const QString &restart)
{
    if (restart == u"always")
        return u"Always restarted"_s;
    if (restart == u"unless-stopped")
        return u"Restarted until it is stopped"_s;
    const QString times = restart.section(u':', 1);
    return times.isEmpty() ? u"Restarted after a failure"_s : u"Restarted up to %1 times after a failure"_s.arg(times);
}

QStringList limitWords(const RunConfig &config)
{
    QStringList words;
    if (config.shmSize > 0)
        words += u"%1 of shared memory"_s.arg(core::bytesText(config.shmSize));
    if (config.memory > 0)
        words += u"At most %1 of memory"_s.arg(core::bytesText(config.memory));
    if (config.cpus > 0)
        words += u"At most %1 CPUs"_s.arg(cpusValue(config.cpus));
    if (!config.ipc.isEmpty())
        words += config.ipc == u"host" ? u"The host's shared memory (IPC)"_s : u"IPC: %1"_s.arg(cut(config.ipc));
    for (const Ulimit &ulimit : config.ulimits)
        words += ulimitWords(ulimit);
    return words;
}

QStringList resourceWords(const RunConfig &config)
{
    QStringList words;
    if (!config.name.isEmpty())
        words += u"Named %1"_s.arg(cut(config.name));
    words += config.removeWhenFinished ? u"Removed when it ends"_s : u"Stays when it ends, until it is removed"_s;
    words += config.detach ? u"Runs in the background"_s : u"Runs in the foreground"_s;
    if (config.interactive)
        words += u"Its input stays open"_s;
    if (config.tty)
        words += u"Has a terminal"_s;
    if (!config.restart.isEmpty())
        words += restartWords(config.restart);
    words += limitWords(config);
    if (config.network == u"host")
        words += u"The host's own network"_s;
    else if (config.network == u"none")
        words += u"No network"_s;
    else if (!config.network.isEmpty())
        words += u"Network %1"_s.arg(cut(config.network));
    for (const QString &port : config.ports)
        words += u"Port %1"_s.arg(cut(port));
    for (const auto &[name, value] : config.labels)
        words += cut(u"Label "_s + name + u'=' + value);
    for (const Option &option : config.options)
        words += cut(u"--"_s + option.name + (option.value == u"true" ? QString() : QString(u'=' + option.value)));
    return words;
}

} // namespace

QString ulimitWords(const Ulimit &ulimit)
{
    if (ulimit.soft == -1 && ulimit.hard == -1)
        return u"Unlimited %1"_s.arg(ulimit.name);
    if (ulimit.name == u"stack" && ulimit.soft == ulimit.hard)
        return u"A stack of %1"_s.arg(core::bytesText(ulimit.soft));
    return u"Limit "_s + ulimitValue(ulimit);
}

QList<PartWords> plainWords(const RunConfig &config)
{
    QStringList mounts;
    for (const Mount &mount : config.mounts)
        mounts += mountWords(mount);
    QList<PartWords> parts;
    for (PartWords part : {PartWords{Part::Image, imageWords(config)}, PartWords{Part::Gpus, gpuWords(config.gpus)},
             PartWords{Part::Code, codeWords(config.code)}, PartWords{Part::Mounts, mounts},
             PartWords{Part::Command, commandWords(config)}, PartWords{Part::Resources, resourceWords(config)}}) {
        const qsizetype more = part.words.size() - most;
        if (more > 1)
            part.words = part.words.mid(0, most) + QStringList{u"and %1 more"_s.arg(more)};
        if (!part.words.isEmpty())
            parts += part;
    }
    return parts;
}

} // namespace dockerline
