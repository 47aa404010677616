#include "launch/entrypointchecks.h"

#include "recipe/startcommand.h"

#include <QRegularExpression>
#include <algorithm>

namespace launch {

using namespace Qt::StringLiterals;
using namespace recipe;

namespace {

/** What Docker hands the command to. */
struct EntryPoint
{
    bool known = false; ///< otherwise the image was never looked at
    bool ofImage = true; ///< nothing replaces it
    QStringList words; ///< none: the command is the program
};

EntryPoint entryPoint(const RunConfig &config, const CheckContext &context)
{
    if (config.entrypoint)
        return {true, false, config.entrypoint->isEmpty() ? QStringList() : QStringList{*config.entrypoint}};
    const auto image = context.machine.images.constFind(config.image);
    if (image == context.machine.images.constEnd())
        return {};
    const QStringList &words = image->entrypoint;
    return {true, true, words.isEmpty() || words.first().isEmpty() ? QStringList() : words};
}

QString programName(const QStringList &words) { return words.first().section(u'/', -1); }

bool isShell(const QString &program)
{
    static const QStringList shells{u"sh"_s, u"bash"_s, u"dash"_s, u"ash"_s, u"zsh"_s, u"fish"_s};
    return shells.contains(program);
}

/** Takes the words of a command for a file, a subcommand or the name of a program's script. */
bool isInterpreter(const QString &program)
{
    static const QRegularExpression names(
        u"^(python[0-9.]*|pypy[0-9.]*|node|perl|ruby|java|torchrun|accelerate|deepspeed|jupyter|tensorboard)$"_s);
    return isShell(program) || names.match(program).hasMatch();
}

/** Adds nothing but what every program wants: reaping children, an environment. */
bool isInit(const QString &program)
{
    static const QStringList inits{
        u"tini"_s, u"dumb-init"_s, u"docker-init"_s, u"catatonit"_s, u"init"_s, u"env"_s, u"exec"_s};
    return inits.contains(program);
}

/** Whether an entry point is made to run the words it is given, as far as its name says. */
bool runsItsArguments(const QStringList &words)
{
    const QString program = programName(words);
    return isInit(program) || program.contains("entry"_L1) || program.endsWith(".sh"_L1);
}

bool hasCode(const RunConfig &config) { return !config.code.folder.isEmpty(); }

/** A shell runs it, with the code step before it: startCommand(). */
bool isStartLine(const RunConfig &config)
{
    return hasCode(config) || (config.useShell && !config.script.trimmed().isEmpty());
}

/** The option that what runs begins with; empty: it begins with a program. */
QString leadingOption(const RunConfig &config)
{
    static const QRegularExpression option(u"^--?[A-Za-z0-9][^\\s]*"_s);
    const QString first = config.useShell ? config.script.trimmed() : config.command.value(0);
    return option.match(first).captured();
}

QString shown(const QStringList &words)
{
    constexpr qsizetype most = 40;
    const QString text = shellJoin(words);
    return text.size() <= most ? text : QString(text.left(most - 1) + u'…');
}

/** "python3 train.py" of the image, before options that were written for it. */
QList<Fix> programFix(const EntryPoint &entry)
{
    if (entry.words.isEmpty() || isInit(programName(entry.words)) || isShell(programName(entry.words)))
        return {};
    return {{Fix::Kind::Program, u"Put %1 before it"_s.arg(shown(entry.words)), {}, 0, entry.words}};
}

QString fieldOf(const RunConfig &config) { return config.useShell ? u"script"_s : u"command"_s; }

void checkOption(const QString &option, const RunConfig &config, const CheckContext &context, ProblemList &problems)
{
    const EntryPoint entry = entryPoint(config, context);
    if (isStartLine(config)) {
        const QString why = entry.words.isEmpty()
            ? u"%1 would look for a program of the name %2: name the program before it."_s.arg(config.shell, option)
            : u"%1 would look for a program of the name %2: the entry point %3 does not get it here."_s.arg(
                config.shell, option, shown(entry.words));
        return problems.error(Step::Command, fieldOf(config), why, programFix(entry));
    }
    if (!entry.known || !entry.words.isEmpty())
        return; // that is what it is written for
    RunConfig plain = config;
    plain.entrypoint.reset();
    const EntryPoint own = entryPoint(plain, context);
    if (own.words.isEmpty())
        return problems.error(Step::Command, fieldOf(config),
            u"The command begins with the option %1, and no entry point takes it: name the program before it."_s.arg(
                option));
    problems.error(Step::Command, u"entrypoint"_s,
        u"The command begins with the option %1, and the image's entry point %2, which would take it, is replaced."_s
            .arg(option, shown(own.words)),
        {{Fix::Kind::OwnEntrypoint, u"Use the image's entry point"_s, {}}});
}

/** A start line is made for a shell; an entry point would get it as its arguments. */
void checkStartLine(const RunConfig &config, const EntryPoint &entry, ProblemList &problems)
{
    if (entry.words.isEmpty())
        return;
    const QList<Fix> fixes{{Fix::Kind::Entrypoint, u"Run without it"_s, {}}};
    const QString name = shown(entry.words);
    const QString field = u"entrypoint"_s;
    if (isInterpreter(programName(entry.words)))
        problems.error(Step::Command, field,
            u"The entry point %1 gets the start line as its arguments, and takes “%2” for a file."_s.arg(
                name, config.shell),
            fixes);
    else if (!entry.ofImage && hasCode(config))
        problems.warning(Step::Command, field,
            u"The code step is handed to the entry point %1, which must run it."_s.arg(name), fixes);
    else if (entry.ofImage && !runsItsArguments(entry.words))
        problems.warning(Step::Command, field,
            u"The image's entry point %1 gets the start line as its arguments, instead of a shell."_s.arg(name), fixes);
}

} // namespace

void checkEntrypoint(const RunConfig &config, const CheckContext &context, ProblemList &problems)
{
    if (const QString option = leadingOption(config); !option.isEmpty())
        checkOption(option, config, context, problems);
    else if (isStartLine(config))
        checkStartLine(config, entryPoint(config, context), problems);
}

QList<Fix> ownCommandFix(const RunConfig &config, const CheckContext &context)
{
    const EntryPoint entry = entryPoint(config, context);
    const ImageFacts image = context.machine.images.value(config.image);
    const bool runs = !entry.words.isEmpty() && runsItsArguments(entry.words);
    const QStringList words = (runs ? QStringList() : entry.words) + image.command;
    // An image that starts a shell or a prompt has nothing to run.
    if (!entry.ofImage || words.isEmpty() || (words.size() == 1 && isInterpreter(programName(words))))
        return {};
    return {{runs ? Fix::Kind::Command : Fix::Kind::Program, u"Run %1"_s.arg(shown(words)), {}, 0, words}};
}

bool mendsItself(const Problem &problem)
{
    if (problem.severity != Problem::Severity::Error || problem.fixes.isEmpty())
        return false;
    using Kind = Fix::Kind;
    const Kind kind = problem.fixes.first().kind;
    return kind == Kind::Entrypoint || kind == Kind::OwnEntrypoint || kind == Kind::Program || kind == Kind::Command;
}

} // namespace launch
