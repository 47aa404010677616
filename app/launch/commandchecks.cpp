#include "launch/commandchecks.h"

#include "launch/entrypointchecks.h"

#include <QRegularExpression>
#include <QSet>

namespace launch {

using namespace Qt::StringLiterals;
using namespace recipe;

namespace {

/** A name that secrets have, or a value that looks like one; what is taken from elsewhere is not written here. */
bool looksSecret(const EnvVar &variable)
{
    static const QRegularExpression name(
        u"(^|_)(TOKEN|SECRET|PASSWORD|PASSWD|API_?KEY|ACCESS_KEY|SECRET_KEY|PRIVATE_KEY|CREDENTIALS?)(_|$)"_s,
        QRegularExpression::CaseInsensitiveOption);
    // Hugging Face, GitHub, OpenAI, AWS, Slack, GitLab
    static const QRegularExpression value(
        u"^(hf_[A-Za-z0-9]{20,}|gh[opsu]_[A-Za-z0-9]{20,}|github_pat_\\w{20,}|sk-[\\w-]{20,}|AKIA[A-Z0-9]{16}|xox[abp]-[\\w-]{10,}|glpat-[\\w-]{15,})$"_s);
    static const QRegularExpression reference(u"^\\$(\\{.*\\}|\\w+)$"_s);
    if (variable.secret || !variable.value || variable.value->isEmpty() || reference.match(*variable.value).hasMatch())
        return false;
    // TOKENIZERS_PARALLELISM=false, MAX_TOKEN=512: a secret is neither a number nor a switch nor a path.
    static const QRegularExpression plain(
        u"^([0-9.]*|true|false|yes|no|/.*)$"_s, QRegularExpression::CaseInsensitiveOption);
    return value.match(*variable.value).hasMatch()
        || (name.match(variable.name).hasMatch() && !plain.match(*variable.value).hasMatch());
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
        if (looksSecret(config.env[i]))
            problems.warning(Step::Command, field,
                u"%1 looks like a secret: its value can be read in the run's line and by whoever may inspect it."_s.arg(
                    variable),
                {{Fix::Kind::AskAtLaunch, u"Ask at launch"_s, {}, int(i)}});
        seen += variable;
    }
}

} // namespace

void checkCommand(const RunConfig &config, const CheckContext &context, ProblemList &problems)
{
    checkWords(config, problems);
    checkEntrypoint(config, context, problems);
    checkEnvironment(config, problems);
}

} // namespace launch
