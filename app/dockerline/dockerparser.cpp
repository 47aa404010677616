#include "dockerline/dockerparser.h"

#include "recipe/createbody.h"
#include "recipe/optiontable.h"
#include "recipe/startcommand.h"
#include "recipe/values.h"

#include <QHash>
#include <optional>

namespace dockerline {

using namespace Qt::StringLiterals;
using namespace recipe;

namespace {

/** Reads the words of one line from left to right, by the rules of Go's pflag. Lives for one call. */
class Parser
{
public:
    Parser(const QList<Word> &words, const ShellContext &context, const QStringList &warnings = {})
        : m_words(words)
        , m_context(context)
    {
        m_parsed.warnings = warnings;
        m_parsed.config.detach = false;
        m_parsed.config.removeWhenFinished = false;
    }

    std::variant<ParsedLine, ParseError> parse()
    {
        prefix();
        while (!m_error && !done() && option()) { }
        if (!m_error)
            imageAndCommand();
        if (!m_error)
            checkTogether();
        if (m_error)
            return *m_error;
        m_parsed.words = m_words;
        return m_parsed;
    }

private:
    bool done() const { return m_at >= m_words.size(); }
    QString text() const { return done() ? QString() : m_words[m_at].text; }
    void fail(const Word &word, const QString &message) { m_error = {word.position, word.length, message}; }
    void failHere(const QString &message)
    {
        const qsizetype end = m_words.isEmpty() ? 0 : m_words.last().position + m_words.last().length;
        fail(done() ? Word{{}, end, 0} : m_words[m_at], message);
    }

    void prefix();
    void sudo();
    bool option();
    void longOption(const Word &word);
    void shorthands(const Word &word);
    void take(const DockerOption &option, const Word &word, std::optional<QString> joined, const QString &shown);
    void apply(const DockerOption &option, const Word &word, const QString &value, const QString &shown);
    void unknown(const Word &word, const QString &shown);
    void warn(const DockerOption &option, const QString &value);
    void imageAndCommand();
    void checkTogether();

    const QList<Word> m_words;
    const ShellContext &m_context;
    qsizetype m_at = 0;
    ParsedLine m_parsed;
    std::optional<ParseError> m_error;
    QHash<QString, Word> m_places; ///< where each option's last value stands
};

void Parser::sudo()
{
    if (text() != "sudo"_L1)
        return;
    ++m_at;
    while (text().startsWith(u'-'))
        m_at += text() == "-u"_L1 || text() == "-g"_L1 ? 2 : 1;
}

void Parser::prefix()
{
    sudo();
    const QString program = text().section(u'/', -1);
    if (program == "nvidia-docker"_L1 || program == "nvidia-docker2"_L1) {
        m_parsed.config.options += {u"runtime"_s, u"nvidia"_s};
        m_parsed.warnings += u"“nvidia-docker” is read as “docker … --runtime=nvidia”, which is what it did."_s;
    } else if (program != "docker"_L1 && program != "podman"_L1)
        return failHere(u"The line should begin with “docker run”."_s);
    ++m_at;
    if (text() == "container"_L1)
        ++m_at;
    if (text().startsWith(u'-'))
        return failHere(u"Slipway does not know %1 before “run”; the host is chosen in Slipway."_s.arg(text()));
    if (text() == "create"_L1)
        m_parsed.warnings += u"“docker create” only makes the container; Slipway starts it too."_s;
    else if (text() != "run"_L1)
        return failHere(u"Slipway reads “docker run”, not “docker %1”."_s.arg(text()));
    ++m_at;
}

/** Takes one option; false at the first word that is none: the image. */
bool Parser::option()
{
    const Word &word = m_words[m_at];
    if (word.text == "--"_L1) {
        ++m_at;
        return false;
    }
    if (word.text.size() < 2 || !word.text.startsWith(u'-'))
        return false;
    ++m_at;
    if (word.text.startsWith("--"_L1))
        longOption(word);
    else
        shorthands(word);
    return true;
}

void Parser::longOption(const Word &word)
{
    const QString name = word.text.section(u'=', 0, 0);
    const DockerOption *option = dockerOption(QStringView(name).sliced(2));
    if (!option)
        return unknown(word, name);
    const bool joined = word.text.size() > name.size();
    take(*option, word, joined ? std::optional(word.text.mid(name.size() + 1)) : std::nullopt, name);
}

void Parser::shorthands(const Word &word)
{
    for (qsizetype i = 1; i < word.text.size() && !m_error; ++i) {
        const QString shown = u'-' + QString(word.text[i]);
        const DockerOption *option = dockerShorthand(word.text[i]);
        if (!option)
            return unknown(word, shown);
        const QString rest = word.text.mid(i + 1);
        if (rest.size() > 1 && rest.startsWith(u'=')) // "-e=A=1", "-d=false"; a lone "=" is a value
            return take(*option, word, rest.mid(1), shown);
        if (!option->flag())
            return take(*option, word, rest.isEmpty() ? std::nullopt : std::optional(rest), shown);
        take(*option, word, std::nullopt, shown);
    }
}

void Parser::unknown(const Word &word, const QString &shown)
{
    if (shown == "--help"_L1)
        return fail(word, u"--help only prints Docker's options and starts nothing."_s);
    const DockerOption *nearest = shown.startsWith("--"_L1) ? nearestOption(shown.sliced(2)) : nullptr;
    fail(word,
        nearest ? u"Docker has no option %1. Did you mean --%2?"_s.arg(shown, nearest->name)
                : u"Docker has no option %1."_s.arg(shown));
}

/** joined: the value that stood in the option's own word. */
void Parser::take(const DockerOption &option, const Word &word, std::optional<QString> joined, const QString &shown)
{
    if (option.flag())
        return apply(option, word, joined.value_or(u"true"_s), shown);
    if (joined)
        return apply(option, word, *joined, shown);
    if (done())
        return fail(word, u"%1 needs a value."_s.arg(shown));
    const Word &value = m_words[m_at++];
    apply(option, value, value.text, shown);
}

void Parser::apply(const DockerOption &option, const Word &word, const QString &value, const QString &shown)
{
    QString text = value;
    if (option.flag()) {
        const auto on = readBool(value);
        if (!on)
            return fail(word, u"%1 is on or off: write %1, or %1=false."_s.arg(shown));
        text = *on ? u"true"_s : u"false"_s;
    }
    m_places[option.name] = word;
    if (const QString fault = option.read(m_parsed.config, text, m_context); !fault.isEmpty())
        fail(word, fault);
    else
        warn(option, text);
}

/** What Docker's client takes as it is, but its daemon will not. */
void Parser::warn(const DockerOption &option, const QString &value)
{
    if (option.name == "gpus"_L1 && value.startsWith("device="_L1) && value.contains(u',')
        && !value.sliced(7).contains(u'='))
        m_parsed.warnings
            += u"Docker reads --gpus %1 as one GPU and a count, and refuses to start it; write --gpus '\"%1\"' with both quotes."_s
                   .arg(value);
    if (option.name == "volume"_L1 && value.startsWith(u'~'))
        m_parsed.warnings
            += u"The shell leaves the ~ of “%1” as it is and Docker refuses it; write the whole path."_s.arg(value);
}

void Parser::imageAndCommand()
{
    if (done())
        return failHere(u"The image is missing."_s);
    if (text().isEmpty())
        return failHere(u"The image's name is empty."_s);
    m_parsed.imageAt = m_at;
    m_parsed.config.image = m_words[m_at++].text;
    QStringList command;
    for (; !done(); ++m_at)
        command += text();
    setStartCommand(m_parsed.config, command);
}

void Parser::checkTogether()
{
    const auto fault = optionFault(m_parsed.config, m_context);
    if (!fault)
        return;
    const Word &first = m_words.first();
    const Word &last = m_words.last();
    fail(m_places.value(fault->option, {{}, first.position, last.position + last.length - first.position}),
        fault->message);
}

/** `-p ${PORT}:80` is no port only because nobody set PORT. */
void blameVariable(ParseError &error, const ShellWords &words)
{
    for (const UnknownVariable &unknown : words.unknownVariables) {
        if (unknown.position + unknown.length > error.position && unknown.position < error.position + error.length)
            error = {unknown.position, unknown.length,
                u"The variable %1 is not set here, and this option needs its value."_s.arg(unknown.name)};
    }
}

/** `A=1 docker run -e A` passes 1 on. */
void handVariables(RunConfig &config, const ShellWords &words)
{
    for (EnvVar &variable : config.env) {
        if (!variable.value && words.environment.contains(variable.name))
            variable.value = words.environment.value(variable.name);
    }
}

} // namespace

std::variant<ParsedLine, ParseError> parseDockerRun(const QString &line, const ShellContext &context)
{
    auto read = shellWords(line, context);
    if (const auto *error = std::get_if<ParseError>(&read))
        return *error;
    const ShellWords &words = std::get<ShellWords>(read);
    ShellContext typed = context;
    typed.folder = words.folder;
    auto result = Parser(words.words, typed, words.warnings).parse();
    if (auto *error = std::get_if<ParseError>(&result)) {
        blameVariable(*error, words);
    } else {
        auto &parsed = std::get<ParsedLine>(result);
        parsed.unknownVariables = words.unknownVariables;
        handVariables(parsed.config, words);
    }
    return result;
}

std::variant<ParsedLine, ParseError> parseDockerRun(const QStringList &words, const ShellContext &context)
{
    return Parser(wordsOf(words), context).parse();
}

} // namespace dockerline
