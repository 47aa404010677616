#include "launch/commandchecks.h"

#include "launch/mountchecks.h"

#include <QRegularExpression>
#include <QSet>

namespace launch {

using namespace Qt::StringLiterals;
using namespace recipe;

namespace {

bool isIn(const QString &folder, const QString &mount)
{
    return !mount.isEmpty() && (place(folder) == place(mount) || folder.startsWith(QString(place(mount) + u'/')));
}

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

void checkCode(const RunConfig &config, const CheckContext &, ProblemList &problems)
{
    const CodeStep &code = config.code;
    if (code.folder.isEmpty())
        return;
    static const QRegularExpression commit(u"^[0-9a-f]{7,40}$"_s);
    if (!code.folder.startsWith(u'/'))
        problems.error(
            Step::Code, u"code.folder"_s, u"The code folder must be a whole path in the container, starting with /."_s);
    if (code.checkout.startsWith(u'-')
        || code.checkout.contains(QRegularExpression(uR"([\s~^:?*\[\\\x00-\x1f]|\.\.)"_s)))
        problems.error(Step::Code, u"code.checkout"_s, u"“%1” is no branch, tag or commit."_s.arg(code.checkout));
    else if (code.update == CodeStep::Update::Pull && commit.match(code.checkout).hasMatch())
        problems.warning(Step::Code, u"code.update"_s,
            u"With a commit checked out the folder is on no branch, and the next git pull in it fails; name a branch, or leave the pull out."_s);
    for (const Mount &mount : config.mounts) {
        if (mount.readOnly && isIn(code.folder, mount.target))
            problems.warning(Step::Code, u"code.folder"_s,
                u"The code folder lies in %1, which is mounted read-only: git cannot change it."_s.arg(mount.target));
    }
    const bool nothingToRun = config.useShell ? config.script.trimmed().isEmpty() : config.command.isEmpty();
    if (nothingToRun)
        problems.error(Step::Command, config.useShell ? u"script"_s : u"command"_s,
            u"Say what to run: with a code step the image's own command is not used."_s);
}

void checkCommand(const RunConfig &config, const CheckContext &, ProblemList &problems)
{
    checkWords(config, problems);
    checkEnvironment(config, problems);
}

} // namespace launch
