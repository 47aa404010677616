#include "recipe/startcommand.h"

#include <QRegularExpression>
#include <algorithm>
#include <array>
#include <optional>
#include <utility>

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
    QStringList steps;
    const QString folder = shellQuote(code.folder);
    if (code.source == CodeStep::Source::Clone)
        steps += u"git clone %1 %2"_s.arg(shellQuote(code.url), folder);
    steps += "cd "_L1 + folder;
    if (code.source == CodeStep::Source::Present && code.update == CodeStep::Update::Pull)
        steps += u"git pull"_s;
    else if (code.source == CodeStep::Source::Present && code.update == CodeStep::Update::Fetch)
        steps += u"git fetch"_s;
    if (const QString &wanted = code.commit.isEmpty() ? code.checkout : code.commit; !wanted.isEmpty())
        steps += "git checkout "_L1 + shellQuote(wanted);
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

/** Takes one word quoted as shellQuote() does, and `behind` it, off the front of a script; at its end is fine too. */
std::optional<QString> takeWord(QString &script, QLatin1String behind)
{
    static const QRegularExpression quoted(uR"(^(?:"([^"$`\\!]*)\"|((?:'[^']*'|\\')+)|([A-Za-z0-9_@%+=:,./-]+)))"_s);
    const auto match = quoted.match(script);
    const QString rest = script.mid(match.capturedLength());
    if (!match.hasMatch() || !(rest.isEmpty() || rest.startsWith(behind)))
        return {};
    script = rest.mid(behind.size());
    QString word = match.captured(1) + match.captured(3);
    if (QString parts = match.captured(2); !parts.isEmpty())
        word = parts.replace(uR"('\'')"_s, u"\0"_s).remove(u'\'').replace(u'\0', u'\'');
    return word;
}

/** Takes `command` and one word off the front of a script; false leaves it as it is. */
bool takeStep(QString &script, QLatin1String command, QString &word)
{
    if (!script.startsWith(command))
        return false;
    QString rest = script.mid(command.size());
    const auto taken = takeWord(rest, andThen);
    if (!taken)
        return false;
    word = *taken;
    script = rest;
    return true;
}

/** Takes a step without a word off the front of a script. */
bool takeStep(QString &script, QLatin1String command)
{
    if (script != command && !script.startsWith(command + andThen))
        return false;
    script.remove(0, command.size() + andThen.size());
    return true;
}

/** "git clone URL FOLDER && "; the folder is what the cd behind it names again. */
bool takeClone(QString &script, QString &url)
{
    constexpr auto clone = "git clone "_L1;
    if (!script.startsWith(clone))
        return false;
    QString rest = script.mid(clone.size());
    const auto from = takeWord(rest, " "_L1);
    if (!from || !takeWord(rest, andThen))
        return false;
    url = *from;
    script = rest;
    return true;
}

/** The code step a script begins with, and the rest of it. Empty folder: there is none. */
std::pair<CodeStep, QString> split(QString script)
{
    CodeStep code;
    code.update = CodeStep::Update::None;
    if (takeClone(script, code.url))
        code.source = CodeStep::Source::Clone;
    if (!takeStep(script, "cd "_L1, code.folder))
        return {};
    if (code.source == CodeStep::Source::Present && takeStep(script, "git pull"_L1))
        code.update = CodeStep::Update::Pull;
    else if (code.source == CodeStep::Source::Present && takeStep(script, "git fetch"_L1))
        code.update = CodeStep::Update::Fetch;
    if (takeStep(script, "git checkout "_L1, code.checkout) && isFullCommit(code.checkout))
        code.commit = std::exchange(code.checkout, {});
    if (script.startsWith(openBraces) && script.endsWith(closeBraces))
        script = script.sliced(openBraces.size(), script.size() - openBraces.size() - closeBraces.size());
    return {code, script};
}

} // namespace

bool isFullCommit(const QString &word)
{
    static const QRegularExpression form(uR"(\A[0-9a-f]{40}(?:[0-9a-f]{24})?\z)"_s);
    return form.match(word).hasMatch();
}

void pin(CodeStep &code, const QString &commit)
{
    code.commit = commit;
    if (code.update == CodeStep::Update::Pull)
        code.update = CodeStep::Update::Fetch;
}

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
