#include "launch/commandchecks.h"

#include <QSet>

namespace launch {

using namespace Qt::StringLiterals;
using namespace recipe;

namespace {

void checkWords(const RunConfig &config, ProblemList &problems)
{
    const bool hasCode = !config.code.folder.isEmpty();
    if ((hasCode || config.useShell) && config.shell.isEmpty())
        problems.error(Step::Command, u"shell"_s, u"Name the shell that runs the script, such as bash."_s);
    if (!hasCode && config.useShell && config.script.trimmed().isEmpty())
        problems.warning(Step::Command, u"script"_s, u"The script is empty: the image's own command runs."_s);
    if (!config.useShell && !config.command.isEmpty() && config.command.first().isEmpty())
        problems.error(Step::Command, u"command"_s, u"The command's first word is empty."_s);
    if (hasCode && config.entrypoint && !config.entrypoint->isEmpty())
        problems.warning(Step::Command, u"entrypoint"_s,
            u"The code step is handed to the entry point %1, which must run it."_s.arg(*config.entrypoint));
    const QString &work = config.workingDir;
    if (!work.isEmpty() && !work.startsWith(u'/'))
        problems.error(Step::Command, u"workingDir"_s,
            u"The working folder must be a whole path in the container, starting with /."_s);
}

void checkEnvironment(const RunConfig &config, ProblemList &problems)
{
    QSet<QString> seen;
    for (qsizetype i = 0; i < config.env.size(); ++i) {
        const QString &variable = config.env[i].name;
        const QString field = u"env[%1]"_s.arg(i);
        if (variable.isEmpty())
            problems.error(Step::Command, field, u"An environment variable has no name."_s);
        else if (variable.contains(u'='))
            problems.error(Step::Command, field, u"The name of a variable cannot contain “=”: %1."_s.arg(variable));
        else if (seen.contains(variable))
            problems.warning(
                Step::Command, field, u"The variable %1 is set twice; the last one counts."_s.arg(variable));
        seen += variable;
    }
}

} // namespace

void checkCommand(const RunConfig &config, const CheckContext &, ProblemList &problems)
{
    checkWords(config, problems);
    checkEnvironment(config, problems);
}

} // namespace launch
