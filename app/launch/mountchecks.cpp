#include "launch/mountchecks.h"

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
    if (!context.hostFolderExists || context.hostFolderExists(source))
        return;
    if (mount.mustExist)
        problems.error(Step::Mounts, field, u"The host folder %1 does not exist."_s.arg(source));
    else
        problems.warning(Step::Mounts, field,
            u"The host folder %1 does not exist: Docker would create it, owned by root."_s.arg(source));
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
}

} // namespace launch
