#include "recipe/startcommand.h"

#include <QRegularExpression>
#include <algorithm>
#include <array>

namespace recipe {

using namespace Qt::StringLiterals;

namespace {

constexpr auto andThen = " && "_L1;

bool bare(const QString &word)
{
    static const QRegularExpression form(uR"(^[A-Za-z0-9_@%+=:,./-]+$)"_s);
    return form.match(word).hasMatch() && !word.endsWith(u'\n');
}

QString singleQuoted(QString word) { return u'\'' + word.replace(u'\'', uR"('\'')"_s) + u'\''; }

/** The first word of a script, where A=1 would be an assignment and `time` the shell's own. */
QString commandQuoted(const QString &word)
{
    static constexpr std::array reserved
        = {"if"_L1, "then"_L1, "else"_L1, "elif"_L1, "fi"_L1, "for"_L1, "while"_L1, "until"_L1, "do"_L1, "done"_L1,
            "case"_L1, "esac"_L1, "select"_L1, "function"_L1, "time"_L1, "coproc"_L1, "in"_L1};
    if (word.contains(u'=') || std::ranges::find(reserved, word) != reserved.end())
        return singleQuoted(word);
    return shellQuote(word);
}

QString asScript(const QStringList &words)
{
    if (words.isEmpty())
        return {};
    const QString rest = shellJoin(words.mid(1));
    return rest.isEmpty() ? commandQuoted(words.first()) : QString(commandQuoted(words.first()) + u' ' + rest);
}

/**
 * "A && B" runs B only after A, but "A && B; C" and "A && B || C" run C even when A failed: such scripts are put into
 * braces. Looks at bytes, not at quotes: braces too many do no harm.
 */
bool needsBraces(const QString &script)
{
    static const QRegularExpression separators(uR"([;\n]|\|\||(?<!&)&(?!&))"_s);
    return script.contains(separators);
}

constexpr auto openBraces = "{\n"_L1;
constexpr auto closeBraces = "\n}"_L1;

QString braced(const QString &script)
{
    return needsBraces(script) ? QString(openBraces + script + closeBraces) : script;
}

QString composed(const CodeStep &code, const QString &script)
{
    QStringList steps = {u"cd "_s + shellQuote(code.folder)};
    if (code.update == CodeStep::Update::Pull)
        steps += u"git pull"_s;
    if (!code.checkout.isEmpty())
        steps += u"git checkout "_s + shellQuote(code.checkout);
    if (!script.trimmed().isEmpty())
        steps += braced(script);
    return steps.join(andThen);
}

bool isShell(const QString &word)
{
    static constexpr std::array names = {"bash"_L1, "sh"_L1, "dash"_L1, "ash"_L1, "zsh"_L1};
    const QString name = word.section(u'/', -1);
    return std::ranges::find(names, name) != names.end();
}

/** Takes `command` and one word quoted as shellQuote() does off the front of a script; false leaves it as it is. */
bool takeStep(QString &script, QLatin1String command, QString &word)
{
    static const QRegularExpression quoted(
        uR"(^(?:"([^"$`\\!]*)\"|((?:'[^']*'|\\')+)|([A-Za-z0-9_@%+=:,./-]+))(?: && |$))"_s);
    if (!script.startsWith(command))
        return false;
    const QString rest = script.mid(command.size());
    const auto match = quoted.match(rest);
    if (!match.hasMatch())
        return false;
    word = match.captured(1) + match.captured(3);
    if (QString parts = match.captured(2); !parts.isEmpty())
        word = parts.replace(uR"('\'')"_s, u"\0"_s).remove(u'\'').replace(u'\0', u'\'');
    script = rest.mid(match.capturedLength());
    return true;
}

/** The code step a script begins with, and the rest of it. Empty folder: there is none. */
std::pair<CodeStep, QString> split(QString script)
{
    CodeStep code;
    if (!takeStep(script, "cd "_L1, code.folder))
        return {};
    const bool pull = script == "git pull"_L1 || script.startsWith("git pull && "_L1);
    code.update = pull ? CodeStep::Update::Pull : CodeStep::Update::None;
    if (pull)
        script.remove(0, qMin(script.size(), qsizetype(sizeof("git pull && ") - 1)));
    takeStep(script, "git checkout "_L1, code.checkout);
    if (script.startsWith(openBraces) && script.endsWith(closeBraces))
        script = script.sliced(openBraces.size(), script.size() - openBraces.size() - closeBraces.size());
    return {code, script};
}

} // namespace

QString shellQuote(const QString &word)
{
    if (bare(word))
        return word;
    // In double quotes these keep a meaning ("!" in interactive shells); everything else reads better there.
    static const QRegularExpression special(uR"([$`\\"!])"_s);
    if (word.isEmpty() || word.contains(special))
        return singleQuoted(word);
    return u'"' + word + u'"';
}

QString shellJoin(const QStringList &words)
{
    static const QRegularExpression option(u"^--[a-z][a-z0-9-]*="_s);
    QStringList quoted;
    for (const QString &word : words) {
        const qsizetype prefix = option.match(word).capturedLength();
        quoted += prefix > 0 && prefix < word.size() ? QString(word.left(prefix) + shellQuote(word.mid(prefix)))
                                                     : shellQuote(word);
    }
    return quoted.join(u' ');
}

QStringList startCommand(const RunConfig &config)
{
    const bool hasCode = !config.code.folder.isEmpty();
    if (!hasCode && !config.useShell)
        return config.command;
    const QString script = config.useShell ? config.script : asScript(config.command);
    if (hasCode)
        return {config.shell, u"-c"_s, composed(config.code, script)};
    return script.trimmed().isEmpty() ? QStringList() : QStringList{config.shell, u"-c"_s, script};
}

void setStartCommand(RunConfig &config, const QStringList &words)
{
    config.command = words;
    config.useShell = false;
    config.script.clear();
    config.code = {};
    if (words.size() != 3 || !isShell(words[0]) || words[1] != "-c"_L1)
        return;
    RunConfig shell = config;
    shell.command.clear();
    shell.useShell = true;
    shell.shell = words[0];
    shell.script = words[2];
    if (startCommand(shell) != words)
        return;
    config = shell;
    std::tie(shell.code, shell.script) = split(words[2]);
    if (!shell.code.folder.isEmpty() && startCommand(shell) == words)
        config = shell;
}

} // namespace recipe
