#include "dockerline/shellwords.h"

#include "dockerline/ansic.h"
#include "dockerline/copied.h"
#include "dockerline/prologue.h"
#include "recipe/startcommand.h"

#include <QRegularExpression>
#include <algorithm>
#include <optional>
#include <tuple>
#include <utility>

namespace dockerline {

using namespace Qt::StringLiterals;
using namespace recipe;

namespace {

bool isBlank(QChar c)
{
    return c == u' ' || c == u'\t' || c == u'\r' || c == QChar::Nbsp; // the last comes with text copied from web pages
}

/** One pass over one line. Lives for one call of shellWords(). */
class Reader
{
public:
    Reader(const QString &line, const ShellContext &context)
        : m_line(line)
        , m_variables(context)
        , m_at(promptLength(line))
        , m_prompted(m_at > 0)
        , m_end(line.trimmed().endsWith("\n```"_L1) ? line.lastIndexOf("```"_L1) : line.size())
    {
    }

    /** What was read; up to the error, if there is one. */
    ShellWords read();
    const std::optional<ParseError> &error() const { return m_error; }

private:
    QChar at(qsizetype index) const { return index < m_end ? m_line[index] : QChar(); }
    bool startsWith(QLatin1String text) const { return QStringView(m_line).first(m_end).sliced(m_at).startsWith(text); }
    QRegularExpressionMatch matchHere(const QRegularExpression &form) const
    {
        return form.match(m_line, m_at, QRegularExpression::NormalMatch, QRegularExpression::AnchorAtOffsetMatchOption);
    }

    void step();
    void comment();
    bool lineEnd();
    void doubleQuoted();
    void singleQuoted();
    void ansiQuoted();
    void escaped();
    void operators();
    void endCommand(const QString &separator);

    void dollar();
    bool substitution();
    void braces();
    QString expanded(qsizetype from, qsizetype to);
    qsizetype closing(qsizetype from, QChar open, QChar close) const;
    void variable(const QString &name, qsizetype length);
    void tilde();

    void put(const QString &text)
    {
        beginWord();
        m_word += text;
    }
    void putExpansion(const QString &value, qsizetype length, bool whole = false);
    void beginWord();
    void endWord(qsizetype end);
    bool inAssignment() const;
    void fail(qsizetype position, qsizetype length, const QString &message)
    {
        if (!m_error)
            m_error = ParseError{position, length, message};
    }

    const QString &m_line;
    Variables m_variables;
    qsizetype m_at = 0;
    bool m_prompted = false;
    qsizetype m_end = 0;
    qsizetype m_wordAt = -1; ///< −1: between words
    bool m_quotes = false; ///< inside double quotes or ${A:-…}
    int m_depth = 0; ///< of ${A:-${B:-…}}
    QString m_endedBy; ///< what stood behind the command: it is over
    bool m_commented = false; ///< a comment did
    QString m_word;
    ShellWords m_result;
    std::optional<ParseError> m_error;
};

ShellWords Reader::read()
{
    while (m_at < m_end && !m_error)
        step();
    endWord(qMin(m_at, m_end));
    for (qsizetype i = commandStart(m_result.words); i > 0; --i) {
        const QString word = m_result.words.takeFirst().text;
        if (isAssignment(word)) {
            m_variables.assign(word.section(u'=', 0, 0), word.section(u'=', 1));
            m_variables.hand(word.section(u'=', 0, 0));
        }
    }
    m_result.environment = m_variables.handed();
    m_result.folder = m_variables.folder();
    return m_result;
}

void Reader::beginWord()
{
    if (m_wordAt >= 0)
        return;
    m_wordAt = m_at;
    if (m_endedBy.isEmpty())
        return;
    const qsizetype rest = m_end - m_at;
    if (const QList<Word> &words = m_result.words; !isDockerRun(words))
        fail(words.first().position, words.last().position + words.last().length - words.first().position,
            u"Slipway reads “docker run” alone, without “%1” before it."_s.arg(words.first().text));
    else if (m_endedBy == "\n"_L1 && m_commented)
        fail(m_at, rest, u"For a shell the comment before this ends the command; remove the comment."_s);
    else if (m_endedBy == "\n"_L1)
        fail(m_at, rest, u"A second command begins here; end a line with \\ when it goes on."_s);
    else
        fail(m_at, rest, u"A second command begins here, behind “%1”; Slipway runs one container."_s.arg(m_endedBy));
}

void Reader::endWord(qsizetype end)
{
    if (m_wordAt < 0)
        return;
    m_result.words += {m_word, m_wordAt, end - m_wordAt};
    m_word.clear();
    m_wordAt = -1;
}

void Reader::step()
{
    const QChar c = m_line[m_at];
    if (isBlank(c)) {
        endWord(m_at);
        ++m_at;
    } else if (c == u'\n') {
        endWord(m_at);
        endCommand(u"\n"_s);
        ++m_at;
    } else if (c == u'#' && m_wordAt < 0) {
        comment();
    } else if (c == u'\\') {
        escaped();
    } else if (c == u'\'') {
        singleQuoted();
    } else if (c == u'"') {
        doubleQuoted();
    } else if (c == u'~' && (m_wordAt < 0 || (inAssignment() && m_word.endsWith(u'=')))) {
        tilde();
    } else if (QStringView(u";|&<>()").contains(c)) {
        operators();
    } else if (const QString fault = copyFault(QStringView(m_line).sliced(m_at), m_wordAt < 0); !fault.isEmpty()) {
        fail(m_at, 1, fault);
    } else if (c == u'$' || c == u'`') {
        dollar();
    } else {
        put(c);
        ++m_at;
    }
}

void Reader::comment()
{
    m_commented = m_commented || !m_result.words.isEmpty();
    while (m_at < m_end && m_line[m_at] != u'\n')
        ++m_at;
}

/** Pipes, redirections and what stands between commands. */
void Reader::operators()
{
    static const QRegularExpression form(uR"(&&|\|\||;;|\|&|<<<|<<-?|>>|&>>?|[<>]&|[;|&<>()])"_s);
    const QString text = matchHere(form).captured();
    const qsizetype length = qMax(text.size(), qsizetype(1));
    const bool number = m_wordAt >= 0 && (m_word == "1"_L1 || m_word == "2"_L1); // 2>&1
    const qsizetype start = number && (text.contains(u'>')) ? m_wordAt : m_at;
    if (text == "&&"_L1 || text == ";"_L1) {
        endWord(m_at);
        if (m_result.words.isEmpty())
            return fail(m_at, length, u"A command is missing before this “%1”."_s.arg(text));
        endCommand(text);
        m_at += length;
    } else if (text.contains(u'>')) {
        fail(start, m_at + length - start, u"Output cannot be sent to a file here; Slipway keeps the log."_s);
    } else if (text == "&"_L1) {
        fail(m_at, length, u"The shell's “&” is not read; -d runs a container in the background."_s);
    } else {
        fail(m_at, length, u"Only one docker command is read, without the shell's “%1”."_s.arg(text));
    }
}

/** A line end or separator: what was read is either done, as a `cd` before docker run, or was the command. */
void Reader::endCommand(const QString &separator)
{
    if (m_result.words.isEmpty() || !m_endedBy.isEmpty())
        return;
    if (doBefore(m_result.words, m_variables, m_result.warnings)) {
        m_result.words.clear();
        m_commented = false;
    } else {
        m_endedBy = separator;
    }
}

/** Takes "\" with the line end behind it, and with the prompt that bash shows on the next line. */
bool Reader::lineEnd()
{
    static const QRegularExpression form(uR"(\\([ \t\x{A0}]*)\r?\n)"_s);
    static const QRegularExpression morePrompt(uR"([ \t]*>[ \t]+)"_s);
    const auto match = matchHere(form);
    if (!match.hasMatch() || match.capturedEnd() > m_end || (m_quotes && match.capturedLength(1) > 0))
        return false;
    if (match.capturedLength(1) > 0)
        m_result.warnings += u"Behind a \\ at a line's end stands a blank, and there a shell would end the command."_s;
    m_at += match.capturedLength();
    if (m_prompted)
        m_at += matchHere(morePrompt).capturedLength();
    return true;
}

void Reader::escaped()
{
    if (lineEnd())
        return;
    if (m_at + 1 >= m_end) { // a trailing "\": the rest of the line was not copied
        ++m_at;
        return;
    }
    put(m_line[m_at + 1]);
    m_at += 2;
}

void Reader::singleQuoted()
{
    const qsizetype end = m_line.indexOf(u'\'', m_at + 1);
    if (end < 0 || end >= m_end)
        return fail(m_at, m_end - m_at, u"The quote ' is not closed."_s);
    put(m_line.sliced(m_at + 1, end - m_at - 1));
    m_at = end + 1;
}

void Reader::ansiQuoted()
{
    qsizetype end = m_at + 2;
    while (end < m_end && m_line[end] != u'\'')
        end += m_line[end] == u'\\' ? 2 : 1;
    if (end >= m_end)
        return fail(m_at, m_end - m_at, u"The quote $' is not closed."_s);
    put(ansiC(QStringView(m_line).sliced(m_at + 2, end - m_at - 2)));
    m_at = end + 1;
}

void Reader::doubleQuoted()
{
    const qsizetype start = m_at;
    put({});
    ++m_at;
    m_quotes = true;
    while (m_at < m_end && !m_error) {
        const QChar c = m_line[m_at];
        if (c == u'"') {
            ++m_at;
            m_quotes = false;
            return;
        }
        if (c == u'\\' && lineEnd())
            continue;
        if (c == u'\\' && m_at + 1 < m_end && QStringView(u"$`\"\\").contains(at(m_at + 1))) {
            put(m_line[m_at + 1]);
            m_at += 2;
        } else if (c == u'$' || c == u'`') {
            dollar();
        } else {
            put(c);
            ++m_at;
        }
    }
    fail(start, m_end - start, u"The quote \" is not closed."_s);
}

void Reader::dollar()
{
    static const QRegularExpression name(uR"(\$([A-Za-z_][A-Za-z0-9_]*))"_s);
    static const QRegularExpression parameter(uR"(\$[0-9@*#?$!-])"_s);
    if (m_line[m_at] == u'`' || startsWith("$("_L1)) {
        if (!substitution())
            fail(m_at, m_line[m_at] == u'`' ? 1 : 2, u"The shell's substitution is not closed."_s);
    } else if (startsWith("${"_L1)) {
        braces();
    } else if (const auto match = matchHere(name); match.hasMatch() && match.capturedEnd() <= m_end) {
        variable(match.captured(1), match.capturedLength());
    } else if (!m_quotes && startsWith("$'"_L1)) {
        ansiQuoted();
    } else if (!m_quotes && startsWith("$\""_L1)) { // a translated text: nothing here translates
        ++m_at;
    } else if (const auto own = matchHere(parameter); own.hasMatch() && own.capturedEnd() <= m_end) {
        fail(
            m_at, 2, u"%1 means something only in the script it comes from; put its value here."_s.arg(own.captured()));
    } else { // a lone $ is itself
        put(u"$"_s);
        ++m_at;
    }
}

/** $(…) and `…`. False: it is not closed. */
bool Reader::substitution()
{
    const bool old = m_line[m_at] == u'`';
    const qsizetype from = m_at + (old ? 1 : 2);
    const qsizetype to = old ? m_line.indexOf(u'`', from) : closing(from, u'(', u')');
    if (to < 0 || to >= m_end)
        return false;
    const qsizetype length = to + 1 - m_at;
    const auto output = m_variables.output(m_line.sliced(from, to - from));
    if (!output)
        fail(m_at, length, u"Slipway does not run the shell's substitutions; put the result of this one here."_s);
    else
        putExpansion(*output, length, true);
    return true;
}

/** The place of the bracket that closes the one before `from`; −1: none does. */
qsizetype Reader::closing(qsizetype from, QChar open, QChar close) const
{
    int depth = 1;
    for (qsizetype i = from; i < m_end; ++i) {
        if (m_line[i] == u'\\')
            ++i;
        else if (m_line[i] == open)
            ++depth;
        else if (m_line[i] == close && --depth == 0)
            return i;
    }
    return -1;
}

/** ${NAME} and its forms with a default (:- - := =) or an alternative (:+ +). */
void Reader::braces()
{
    constexpr int deepest = 16;
    static const QRegularExpression form(uR"(\$\{([A-Za-z_][A-Za-z0-9_]*)(?:(:?)([-=+?])|(?=\})))"_s);
    const qsizetype end = closing(m_at + 2, u'{', u'}');
    if (end < 0)
        return fail(m_at, 2, u"The bracket ${ is not closed."_s);
    const qsizetype length = end + 1 - m_at;
    const auto match = matchHere(form);
    if (!match.hasMatch() || match.capturedEnd() > end || m_depth >= deepest)
        return fail(m_at, length, u"Slipway does not work this out; put its value here."_s);
    const QString name = match.captured(1);
    const QString rule = match.captured(3);
    const auto value = m_variables.value(name);
    const bool set = value && (match.capturedLength(2) == 0 || !value->isEmpty());
    if (rule.isEmpty() || (set && rule != "+"_L1) || rule == "?"_L1)
        return variable(name, length);
    const QString other = set || rule != "+"_L1 ? expanded(match.capturedEnd(), end) : QString();
    if (rule == "="_L1)
        m_variables.assign(name, other);
    if (!m_error)
        putExpansion(other, length);
}

/** The text of a default, which may hold quotes and variables. */
QString Reader::expanded(qsizetype from, qsizetype to)
{
    const auto outer = std::tuple(m_at, m_end, m_wordAt, m_quotes, m_word);
    std::tie(m_at, m_end, m_wordAt, m_quotes) = std::tuple(from, to, from, true);
    m_word.clear();
    ++m_depth;
    while (m_at < m_end && !m_error) {
        const QChar c = m_line[m_at];
        if (c == u'$' || c == u'`') {
            dollar();
        } else if (c == u'\\') {
            escaped();
        } else if (c == u'"') {
            ++m_at;
        } else if (c == u'\'' && !std::get<3>(outer)) {
            singleQuoted();
        } else if (c == u'~' && m_at == from && !std::get<3>(outer)) {
            tilde();
        } else {
            put(c);
            ++m_at;
        }
    }
    --m_depth;
    QString text = std::exchange(m_word, std::get<4>(outer));
    std::tie(m_at, m_end, m_wordAt, m_quotes, std::ignore) = outer;
    return text;
}

void Reader::variable(const QString &name, qsizetype length)
{
    if (const auto value = m_variables.value(name))
        return putExpansion(*value, length, name == "PWD"_L1 || name == "HOME"_L1);
    const bool first = std::none_of(m_result.unknownVariables.begin(), m_result.unknownVariables.end(),
        [&name](const UnknownVariable &unknown) { return unknown.name == name; });
    if (first)
        m_result.warnings
            += u"The variable %1 is not set here: a shell would put nothing in its place, Slipway keeps ${%1}."_s.arg(
                name);
    m_result.unknownVariables += {name, m_at, length};
    put(u"${"_s + name + u'}');
    m_at += length;
}

/** In front of a command "A=$X" is never split into words. */
bool Reader::inAssignment() const
{
    return isAssignment(m_word) && std::all_of(m_result.words.begin(), m_result.words.end(), [](const Word &word) {
        return isAssignment(word.text) || word.text == "export"_L1;
    });
}

/**
 * A value with blanks is several words outside quotes, and an empty one none. Of a folder that would be an accident
 * that nobody means: `whole` keeps it in one word.
 */
void Reader::putExpansion(const QString &value, qsizetype length, bool whole)
{
    if (m_quotes || whole || inAssignment()) {
        put(value);
    } else {
        for (const QChar c : value) {
            if (isBlank(c) || c == u'\n')
                endWord(m_at + (m_wordAt == m_at ? length : 0));
            else
                put(c);
        }
    }
    m_at += length;
}

void Reader::tilde()
{
    const QChar next = at(m_at + 1);
    if (next.isNull() || next == u'/' || next == u':' || isBlank(next) || next == u'\n')
        put(m_variables.home());
    else
        fail(m_at, 1, u"Slipway does not look up other people's home folders; write the path."_s);
    ++m_at;
}

} // namespace

std::variant<ShellWords, ParseError> shellWords(const QString &line, const ShellContext &context)
{
    Reader reader(line, context);
    ShellWords words = reader.read();
    if (reader.error())
        return *reader.error();
    return words;
}

QList<UnknownVariable> unknownVariables(const QString &line, const ShellContext &context)
{
    return Reader(line, context).read().unknownVariables;
}

QList<Word> wordsOf(const QStringList &words)
{
    QList<Word> result;
    qsizetype position = 0;
    for (const QString &word : words) {
        const qsizetype length = shellJoin({word}).size();
        result += {word, position, length};
        position += length + 1;
    }
    return result;
}

} // namespace dockerline
