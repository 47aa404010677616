#include "launch/resourcechecks.h"

#include "core/units.h"
#include "launch/mountchecks.h"
#include "launch/sampletraining.h"
#include "recipe/rules.h"
#include "recipe/startcommand.h"

#include <QRegularExpression>
#include <QSet>
#include <algorithm>

namespace launch {

using namespace Qt::StringLiterals;
using namespace recipe;

namespace {

void checkName(const RunConfig &config, const CheckContext &context, ProblemList &problems)
{
    const QString &name = config.name;
    if (!name.isEmpty() && !isContainerName(name))
        problems.error(Step::Resources, u"name"_s,
            u"A container's name has at least two letters or digits; “_”, “.” and “-” may follow the first."_s);
    else if (!name.isEmpty() && context.containerNames && context.containerNames->contains(name))
        problems.error(Step::Resources, u"name"_s,
            u"There is a container %1 already: choose another name or remove it."_s.arg(name),
            {{Fix::Kind::Name, u"Use %1"_s.arg(freeName(name, *context.containerNames)),
                freeName(name, *context.containerNames)}});
}

void checkEnd(const RunConfig &config, ProblemList &problems)
{
    if (!isRestartPolicy(config.restart))
        problems.error(Step::Resources, u"restart"_s, u"Restart is no, always, unless-stopped or on-failure:N."_s);
    else if (config.removeWhenFinished && !config.restart.isEmpty() && config.restart != "no"_L1)
        problems.error(Step::Resources, u"restart"_s,
            u"A container that is removed when finished cannot be restarted: choose one of the two."_s,
            {{Fix::Kind::Keep, u"Keep the container"_s, {}}, {Fix::Kind::NoRestart, u"Do not restart"_s, {}}});
    if (config.removeWhenFinished && config.mounts.isEmpty())
        problems.warning(Step::Resources, u"removeWhenFinished"_s,
            u"Nothing is mounted and the container is removed when finished: what it writes is lost."_s,
            {{Fix::Kind::Keep, u"Keep the container"_s, {}}});
}

void checkLabels(const RunConfig &config, ProblemList &problems)
{
    for (qsizetype i = 0; i < config.labels.size(); ++i) {
        const QString &key = config.labels[i].first;
        if (key.isEmpty() || key.contains(u'='))
            problems.error(Step::Resources, u"labels[%1]"_s.arg(i), u"A label needs a key without “=”."_s);
    }
}

/** Frameworks whose data loaders hand batches over in /dev/shm. */
bool loadsData(const RunConfig &config)
{
    static const QRegularExpression images(
        u"torch|tensorflow|nemo|jax|keras|huggingface|transformers|deepspeed|lightning|mxnet|paddle"_s,
        QRegularExpression::CaseInsensitiveOption);
    static const QRegularExpression commands(u"\\b(python[0-9.]*|torchrun|accelerate|deepspeed)\\b"_s);
    return images.match(config.image).hasMatch()
        || (config.gpus.kind != GpuRequest::Kind::None && commands.match(startCommand(config).join(u' ')).hasMatch());
}

void checkSharedMemory(const RunConfig &config, ProblemList &problems)
{
    if (config.shmSize < 0)
        return problems.error(Step::Resources, u"shmSize"_s, u"Shared memory cannot be negative."_s);
    if (config.shmSize > 0 && config.ipc == "host"_L1)
        return problems.warning(Step::Resources, u"shmSize"_s,
            u"With ipc host the host's shared memory is used, and this size has no effect."_s);
    const auto isThere = [](const Mount &mount) { return place(mount.target) == "/dev/shm"_L1; };
    const bool own = config.ipc.isEmpty() || config.ipc == "private"_L1 || config.ipc == "shareable"_L1;
    const auto mentions = [](const Option &option) { return option.value.contains("/dev/shm"_L1); };
    if (config.shmSize > 0 || !own || usesSampleImage(config) || std::ranges::any_of(config.mounts, isThere)
        || std::ranges::any_of(config.options, mentions) || !loadsData(config))
        return;
    const QString size = QString::number(qint64(1) << 30);
    problems.warning(Step::Resources, u"shmSize"_s,
        u"Docker gives 64 MB of shared memory: data loaders with several workers die of that."_s,
        {{Fix::Kind::SharedMemory, u"Set 1 GiB"_s, size}, {Fix::Kind::Ipc, u"Use the host's"_s, u"host"_s}});
}

/** In whole GiB where there are any: what a person would write. */
qint64 roundedDown(qint64 bytes)
{
    const qint64 unit = bytes >= (qint64(1) << 30) ? qint64(1) << 30 : qint64(1) << 20;
    return bytes / unit * unit;
}

void checkSizes(const RunConfig &config, const MachineFacts &machine, ProblemList &problems)
{
    constexpr qint64 leastMemory = 6 * 1024 * 1024; // the daemon refuses less since 20.10
    if (config.memory < 0)
        problems.error(Step::Resources, u"memory"_s, u"Memory cannot be negative."_s);
    else if (config.memory > 0 && config.memory < leastMemory)
        problems.error(Step::Resources, u"memory"_s, u"Docker refuses less than 6 MiB of memory."_s);
    else if (machine.memory > 0 && config.memory > machine.memory)
        problems.warning(Step::Resources, u"memory"_s,
            u"Docker's machine has %1 of memory: this limit is above it."_s.arg(core::bytesText(machine.memory)),
            {{Fix::Kind::Memory, u"Use %1"_s.arg(core::bytesText(roundedDown(machine.memory))),
                QString::number(roundedDown(machine.memory))}});
    if (config.cpus < 0)
        problems.error(Step::Resources, u"cpus"_s, u"The number of CPUs cannot be negative."_s);
    else if (config.cpus > 0 && config.cpus < 0.01)
        problems.error(Step::Resources, u"cpus"_s, u"Docker refuses less than 0.01 CPUs."_s);
    else if (machine.cpus > 0 && config.cpus > machine.cpus)
        problems.error(Step::Resources, u"cpus"_s,
            u"Docker's machine has %1 CPUs, and Docker refuses more."_s.arg(machine.cpus),
            {{Fix::Kind::Cpus, u"Use %1"_s.arg(machine.cpus), QString::number(machine.cpus)}});
}

void checkLimits(const RunConfig &config, ProblemList &problems)
{
    if (!isIpcMode(config.ipc))
        problems.error(Step::Resources, u"ipc"_s,
            u"“%1” is no ipc mode: it is none, private, shareable, host or container:NAME."_s.arg(config.ipc));
    QSet<QString> seen;
    for (qsizetype i = 0; i < config.ulimits.size(); ++i) {
        const Ulimit &ulimit = config.ulimits[i];
        const QString field = u"ulimits[%1]"_s.arg(i);
        if (const auto fault = ulimitFault(ulimit.name, ulimit.soft, ulimit.hard))
            problems.error(Step::Resources, field, *fault);
        else if (seen.contains(ulimit.name))
            problems.error(Step::Resources, field, u"The limit %1 is set twice."_s.arg(ulimit.name));
        seen += ulimit.name;
    }
}

} // namespace

void checkResources(const RunConfig &config, const CheckContext &context, ProblemList &problems)
{
    checkName(config, context, problems);
    checkEnd(config, problems);
    checkLabels(config, problems);
    checkSharedMemory(config, problems);
    checkSizes(config, context.machine, problems);
    checkLimits(config, problems);
}

} // namespace launch
