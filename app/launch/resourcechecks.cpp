#include "launch/resourcechecks.h"

#include "recipe/rules.h"

#include <QSet>

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
            u"There is a container %1 already: choose another name or remove it."_s.arg(name));
}

void checkEnd(const RunConfig &config, ProblemList &problems)
{
    if (!isRestartPolicy(config.restart))
        problems.error(Step::Resources, u"restart"_s, u"Restart is no, always, unless-stopped or on-failure:N."_s);
    else if (config.removeWhenFinished && !config.restart.isEmpty() && config.restart != "no"_L1)
        problems.error(Step::Resources, u"restart"_s,
            u"A container that is removed when finished cannot be restarted: choose one of the two."_s);
    if (config.removeWhenFinished && config.mounts.isEmpty())
        problems.warning(Step::Resources, u"removeWhenFinished"_s,
            u"Nothing is mounted and the container is removed when finished: what it writes is lost."_s);
}

void checkLabels(const RunConfig &config, ProblemList &problems)
{
    for (qsizetype i = 0; i < config.labels.size(); ++i) {
        const QString &key = config.labels[i].first;
        if (key.isEmpty() || key.contains(u'='))
            problems.error(Step::Resources, u"labels[%1]"_s.arg(i), u"A label needs a key without “=”."_s);
    }
}

void checkSizes(const RunConfig &config, ProblemList &problems)
{
    constexpr qint64 leastMemory = 6 * 1024 * 1024; // the daemon refuses less since 20.10
    if (config.shmSize < 0)
        problems.error(Step::Resources, u"shmSize"_s, u"Shared memory cannot be negative."_s);
    else if (config.shmSize > 0 && config.ipc == "host"_L1)
        problems.warning(Step::Resources, u"shmSize"_s,
            u"With ipc host the host's shared memory is used, and this size has no effect."_s);
    if (config.memory < 0)
        problems.error(Step::Resources, u"memory"_s, u"Memory cannot be negative."_s);
    else if (config.memory > 0 && config.memory < leastMemory)
        problems.error(Step::Resources, u"memory"_s, u"Docker refuses less than 6 MiB of memory."_s);
    if (config.cpus < 0)
        problems.error(Step::Resources, u"cpus"_s, u"The number of CPUs cannot be negative."_s);
    else if (config.cpus > 0 && config.cpus < 0.01)
        problems.error(Step::Resources, u"cpus"_s, u"Docker refuses less than 0.01 CPUs."_s);
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
    checkSizes(config, problems);
    checkLimits(config, problems);
}

} // namespace launch
