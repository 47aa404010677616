#include "launch/mountchecks.h"

#include "launch/sampletraining.h"
#include "recipe/rules.h"

#include <QSet>

namespace launch {

using namespace Qt::StringLiterals;
using namespace recipe;

namespace {

void checkSource(const Mount &mount, const QString &field, const CheckContext &context, ProblemList &problems)
{
    const QString &source = mount.source;
    if (source.isEmpty()) {
        if (mount.mustExist)
            return problems.error(Step::Mounts, field, u"Choose the host folder to see at %1."_s.arg(mount.target));
        return problems.warning(Step::Mounts, field,
            u"No host folder is named: %1 becomes a new volume without a name."_s.arg(mount.target));
    }
    if (!source.startsWith(u'/')) {
        if (mount.mustExist || !isContainerName(source))
            return problems.error(
                Step::Mounts, field, u"“%1” is no whole path; a host folder starts with /."_s.arg(source));
        return problems.warning(Step::Mounts, field,
            u"“%1” is a volume of that name, not a host folder; a folder starts with /."_s.arg(source));
    }
    if (source.contains(u':') && !mount.mustExist)
        return problems.error(
            Step::Mounts, field, u"A host folder with “:” in its name can only be mounted when it must exist."_s);
    const auto folder = context.hostFolder ? context.hostFolder(source) : std::nullopt;
    if (!folder || folder->exists)
        return;
    QList<Fix> fixes;
    if (context.machine.person)
        fixes = {{Fix::Kind::Folder, u"Create it"_s, source}};
    if (mount.mustExist)
        problems.error(Step::Mounts, field, u"The host folder %1 does not exist."_s.arg(source), fixes);
    else
        problems.warning(Step::Mounts, field,
            u"The host folder %1 does not exist: Docker would create it, owned by root."_s.arg(source), fixes);
}

Fix runAs(const Person &person) { return {Fix::Kind::RunAs, u"Run as me"_s, person.text()}; }

/** Of a host folder that is there and the run may write to. */
void checkAccess(
    const Mount &mount, const QString &field, const Person &writer, const CheckContext &context, ProblemList &problems)
{
    const auto folder = context.hostFolder(mount.source);
    if (!folder || !folder->exists || folder->writableBy(writer.uid, writer.gid).value_or(true))
        return;
    QList<Fix> fixes;
    const auto &person = context.machine.person;
    if (person && person->uid != writer.uid && person->uid != 0 && folder->writableBy(person->uid, person->gid) == true)
        fixes = {runAs(*person)};
    problems.warning(Step::Mounts, field,
        u"User %1, as whom the run works, may not write to %2."_s.arg(writer.text(), mount.source), fixes);
}

/** Whether root's files in that folder would be in the person's way: it is theirs, or may be. */
bool isOwn(const QString &path, const Person &person, const CheckContext &context)
{
    const auto folder = context.hostFolder(path);
    return !folder || (folder->exists && folder->writableBy(person.uid, person.gid).value_or(true));
}

/** Who will own what the run writes. */
void checkOwners(const RunConfig &config, const CheckContext &context, ProblemList &problems)
{
    const MachineFacts &machine = context.machine;
    const auto writer = writerOf(config, machine);
    // With user namespaces the numbers inside are others than those outside.
    if (!context.hostFolder || !writer || !machine.rootIsRoot.value_or(false) || usesSampleImage(config))
        return;
    QStringList roots;
    for (qsizetype i = 0; i < config.mounts.size(); ++i) {
        const Mount &mount = config.mounts[i];
        if (mount.readOnly || !mount.source.startsWith(u'/'))
            continue;
        if (writer->uid != 0)
            checkAccess(mount, u"mounts[%1].source"_s.arg(i), *writer, context, problems);
        else if (machine.person && machine.person->uid != 0 && isOwn(mount.source, *machine.person, context))
            roots += mount.source;
    }
    if (!roots.isEmpty())
        problems.warning(Step::Mounts, u"mounts"_s,
            u"What the run writes in %1 will belong to root, not to you."_s.arg(roots.join(u" and "_s)),
            {runAs(*machine.person)});
}

void checkMount(const Mount &mount, const QString &field, const CheckContext &context, ProblemList &problems)
{
    const QString target = field + u".target"_s;
    if (mount.target.isEmpty())
        problems.error(Step::Mounts, target,
            u"Say where in the container %1 is to be seen."_s.arg(
                mount.source.isEmpty() ? u"the folder"_s : mount.source));
    else if (!mount.target.startsWith(u'/'))
        problems.error(
            Step::Mounts, target, u"“%1” must be a whole path in the container, starting with /."_s.arg(mount.target));
    else if (mount.target.contains(u':') && !mount.mustExist)
        problems.error(Step::Mounts, target, u"A folder in the container cannot have “:” in its name here."_s);
    else if (mount.target == "/"_L1)
        problems.error(Step::Mounts, target, u"Nothing can be mounted over the container's root folder."_s);
    else if (mount.source.isEmpty() && (mount.readOnly || !mount.options.isEmpty()))
        problems.error(Step::Mounts, target, u"A volume without a name takes no options."_s);
    checkSource(mount, field + u".source"_s, context, problems);
}

} // namespace

QString place(QString target)
{
    while (target.size() > 1 && target.endsWith(u'/'))
        target.chop(1);
    return target;
}

void checkMounts(const RunConfig &config, const CheckContext &context, ProblemList &problems)
{
    QSet<QString> seen;
    for (qsizetype i = 0; i < config.mounts.size(); ++i) {
        const Mount &one = config.mounts[i];
        const QString field = u"mounts[%1]"_s.arg(i);
        checkMount(one, field, context, problems);
        const QString target = place(one.target);
        if (!target.isEmpty() && seen.contains(target))
            problems.error(Step::Mounts, field + u".target"_s,
                u"Two mounts have the same place in the container, %1."_s.arg(target));
        seen += target;
    }
    checkOwners(config, context, problems);
}

} // namespace launch
