#include "dockerline/shellwords.h"

#include "recipe/startcommand.h"

#include <QDir>
#include <QRegularExpression>
#include <optional>

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
        , m_context(context)
    {
    }

    std::variant<ShellWords, ParseError> read()
    {
        while (m_at < m_line.size() && !m_error)
            step();
        endWord();
        if (m_error)
            return *m_error;
        return m_result;
    }

private:
    QChar at(qsizetype index) const { return index < m_line.size() ? m_line[index] : QChar(); }
    bool startsWith(QLatin1String text) const { return QStringView(m_line).sliced(m_at).startsWith(text); }

    void step();
    bool lineEnd();
    void doubleQuoted();
    void singleQuoted();
    void escaped();
    void dollar();
    void tilde();
    void variable(const QString &name, qsizetype length);
    void put(const QString &text)
    {
        beginWord();
        m_word += text;
    }
    void beginWord();
    void endWord();
    void fail(qsizetype position, qsizetype length, const QString &message)
    {
        if (!m_error)
            m_error = ParseError{position, length, message};
    }
    QString folder() const { return m_context.folder.isEmpty() ? QDir::currentPath() : m_context.folder; }

    const QString &m_line;
    const ShellContext &m_context;
    qsizetype m_at = 0;
    qsizetype m_wordAt = -1; ///< −1: between words
    bool m_ended = false; ///< a line end was read behind the first word
    QString m_word;
    ShellWords m_result;
    std::optional<ParseError> m_error;
};

void Reader::beginWord()
{
    if (m_wordAt >= 0)
        return;
    m_wordAt = m_at;
    if (m_ended)
        fail(m_at, m_line.size() - m_at, u"A second command begins here; end a line with \\ when it goes on."_s);
}

void Reader::endWord()
{
    if (m_wordAt < 0)
        return;
    m_result.words += {m_word, m_wordAt, m_at - m_wordAt};
    m_word.clear();
    m_wordAt = -1;
}

void Reader::step()
{
    const QChar c = m_line[m_at];
    if (isBlank(c)) {
        endWord();
        ++m_at;
    } else if (c == u'\n') {
        endWord();
        m_ended = !m_result.words.isEmpty();
        ++m_at;
    } else if (c == u'#' && m_wordAt < 0) {
        while (m_at < m_line.size() && m_line[m_at] != u'\n')
            ++m_at;
    } else if (c == u'\\') {
        escaped();
    } else if (c == u'\'') {
        singleQuoted();
    } else if (c == u'"') {
        doubleQuoted();
    } else if (c == u'$' || c == u'`') {
        dollar();
    } else if (c == u'~' && m_wordAt < 0) {
        tilde();
    } else if (QStringView(u";|&<>()").contains(c)) {
        fail(m_at, 1, u"Only one docker command is read, without the shell's “%1”."_s.arg(c));
    } else {
        put(c);
        ++m_at;
    }
}

/** Takes "\" with the line end behind it. */
bool Reader::lineEnd()
{
    for (const auto end : {"\\\n"_L1, "\\\r\n"_L1}) {
        if (startsWith(end)) {
            m_at += end.size();
            return true;
        }
    }
    return false;
}

void Reader::escaped()
{
    if (lineEnd())
        return;
    if (m_at + 1 >= m_line.size()) { // a trailing "\": the rest of the line was not copied, or a blank ate the line end
        ++m_at;
        return;
    }
    put(m_line[m_at + 1]);
    m_at += 2;
}

void Reader::singleQuoted()
{
    const qsizetype end = m_line.indexOf(u'\'', m_at + 1);
    if (end < 0)
        return fail(m_at, m_line.size() - m_at, u"The quote ' is not closed."_s);
    put(m_line.sliced(m_at + 1, end - m_at - 1));
    m_at = end + 1;
}

void Reader::doubleQuoted()
{
    const qsizetype start = m_at;
    put({});
    ++m_at;
    while (m_at < m_line.size() && !m_error) {
        const QChar c = m_line[m_at];
        if (c == u'"') {
            ++m_at;
            return;
        }
        if (c == u'\\' && lineEnd())
            continue;
        if (c == u'\\' && QStringView(u"$`\"\\").contains(at(m_at + 1)) && m_at + 1 < m_line.size()) {
            put(m_line[m_at + 1]);
            m_at += 2;
        } else if (c == u'$' || c == u'`') {
            dollar();
        } else {
            put(c);
            ++m_at;
        }
    }
    fail(start, m_line.size() - start, u"The quote \" is not closed."_s);
}

void Reader::dollar()
{
    for (const auto pwd : {"$(pwd)"_L1, "`pwd`"_L1}) {
        if (startsWith(pwd)) {
            put(folder());
            m_at += pwd.size();
            return;
        }
    }
    static const QRegularExpression name(uR"(\$(?:([A-Za-z_][A-Za-z0-9_]*)|\{([A-Za-z_][A-Za-z0-9_]*)\}))"_s);
    const auto match
        = name.match(m_line, m_at, QRegularExpression::NormalMatch, QRegularExpression::AnchorAtOffsetMatchOption);
    if (match.hasMatch())
        return variable(match.captured(1) + match.captured(2), match.capturedLength());
    const QChar next = at(m_at + 1);
    if (m_line[m_at] == u'$'
        && (next.isNull() || isBlank(next) || next == u'"' || next == u'\n')) { // a lone $ is itself
        put(u"$"_s);
        ++m_at;
        return;
    }
    fail(m_at, 2, u"Slipway does not run the shell's substitutions; put their result here."_s);
}

void Reader::variable(const QString &name, qsizetype length)
{
    QString value = m_context.environment.value(name);
    if (name == "PWD"_L1)
        value = folder();
    else if (!m_context.environment.contains(name))
        m_result.warnings += u"The variable %1 is not set here and counts as empty."_s.arg(name);
    put(value);
    m_at += length;
}

void Reader::tilde()
{
    const QChar next = at(m_at + 1);
    if (next.isNull() || next == u'/' || isBlank(next) || next == u'\n')
        put(m_context.environment.value(u"HOME"_s, QDir::homePath()));
    else
        fail(m_at, 1, u"Slipway does not look up other people's home folders; write the path."_s);
    ++m_at;
}

} // namespace

std::variant<ShellWords, ParseError> shellWords(const QString &line, const ShellContext &context)
{
    return Reader(line, context).read();
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
