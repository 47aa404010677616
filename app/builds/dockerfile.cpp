#include "builds/dockerfile.h"

#include <QRegularExpression>
#include <QSet>
#include <algorithm>

namespace builds {

using namespace Qt::StringLiterals;

namespace {

constexpr int quotedLines = 20;

/** `# escape=` before anything else. */
QChar escapeOf(const QStringList &lines)
{
    static const QRegularExpression directive(
        u"^\\s*#\\s*([a-z]+)\\s*=\\s*(\\S+)\\s*$"_s, QRegularExpression::CaseInsensitiveOption);
    for (const QString &line : lines) {
        const auto match = directive.match(line);
        if (!match.hasMatch())
            break;
        if (match.captured(1).compare("escape"_L1, Qt::CaseInsensitive) == 0)
            return match.captured(2) == "`"_L1 ? u'`' : u'\\';
    }
    return u'\\';
}

/** The words that end the here-documents this line begins, with whether they may be indented. */
QList<QPair<QString, bool>> hereDocuments(const QString &text)
{
    static const QRegularExpression begin(u"<<(-?)(['\"]?)([A-Za-z_][A-Za-z0-9_]*)\\2"_s);
    QList<QPair<QString, bool>> words;
    for (auto it = begin.globalMatch(text); it.hasNext();) {
        const auto match = it.next();
        words.append({match.captured(3), !match.captured(1).isEmpty()});
    }
    return words;
}

/** Cuts a file into instructions. On the stack of Dockerfile::parse(). */
class Splitter
{
public:
    explicit Splitter(const QStringList &lines)
        : m_lines(lines)
        , m_escape(escapeOf(lines))
    {
    }

    std::optional<Instruction> next()
    {
        while (m_at < m_lines.size() && (blank(m_lines[m_at]) || comment(m_lines[m_at])))
            ++m_at;
        if (m_at >= m_lines.size())
            return {};
        Instruction made;
        made.line = int(m_at) + 1;
        const QString whole = joined();
        made.keyword = whole.section(QRegularExpression(u"\\s"_s), 0, 0, QString::SectionSkipEmpty).toUpper();
        made.text = whole.mid(made.keyword.size()).trimmed();
        if (made.keyword == "RUN"_L1 || made.keyword == "COPY"_L1 || made.keyword == "ADD"_L1)
            skipHereDocuments(made.text);
        made.lastLine = int(m_at);
        return made;
    }

private:
    static bool blank(const QString &line) { return line.trimmed().isEmpty(); }
    static bool comment(const QString &line) { return line.trimmed().startsWith(u'#'); }

    QString joined()
    {
        QString whole;
        while (m_at < m_lines.size()) {
            const QString &line = m_lines[m_at++];
            if (!whole.isEmpty() && (comment(line) || blank(line)))
                continue; // Docker drops both between continued lines
            QString part = line.trimmed();
            const bool goesOn = part.endsWith(m_escape);
            if (goesOn)
                part.chop(1);
            if (!whole.isEmpty())
                whole += u' ';
            whole += part.trimmed();
            if (!goesOn)
                break;
        }
        return whole;
    }

    void skipHereDocuments(const QString &text)
    {
        for (const auto &[word, indented] : hereDocuments(text)) {
            const auto ends = [word = word, indented = indented](
                                  const QString &line) { return (indented ? line.trimmed() : line) == word; };
            const auto end = std::find_if(m_lines.begin() + m_at, m_lines.end(), ends);
            if (end == m_lines.end())
                return; // no here-document after all: "<<" of arithmetic
            m_at = end - m_lines.begin() + 1;
        }
    }

    const QStringList &m_lines;
    QChar m_escape;
    qsizetype m_at = 0;
};

/** ARG A B=c D="e f": the words of one. */
QList<BuildArgument> argumentsOf(const Instruction &instruction)
{
    static const QRegularExpression one(u"([A-Za-z_][A-Za-z0-9_]*)(?:=(\"(?:[^\"\\\\]|\\\\.)*\"|'[^']*'|\\S*))?"_s);
    QList<BuildArgument> found;
    for (auto it = one.globalMatch(instruction.text); it.hasNext();) {
        const auto match = it.next();
        BuildArgument argument{match.captured(1), {}, instruction.line};
        if (match.hasCaptured(2)) {
            QString value = match.captured(2);
            if (value.size() > 1 && (value.startsWith(u'"') || value.startsWith(u'\''))
                && value.back() == value.front())
                value = value.mid(1, value.size() - 2);
            argument.fallback = value;
        }
        found.append(argument);
    }
    return found;
}

/** The images or stages that an instruction takes files from. */
QStringList otherSources(const Instruction &instruction)
{
    static const QRegularExpression flag(u"^--from=(\\S+)|(?:^|\\s)--from=(\\S+)"_s);
    static const QRegularExpression mount(u"--mount=\\S*\\bfrom=([^,\\s]+)"_s);
    QStringList found;
    if (instruction.keyword == "COPY"_L1 || instruction.keyword == "ADD"_L1) {
        const auto match = flag.match(instruction.text);
        if (match.hasMatch())
            found.append(match.captured(1) + match.captured(2));
    } else if (instruction.keyword == "RUN"_L1) {
        for (auto it = mount.globalMatch(instruction.text); it.hasNext();)
            found.append(it.next().captured(1));
    }
    return found;
}

/** BuildKit numbers these in a stage; the others take no step. */
bool takesStep(const Instruction &instruction)
{
    static const QSet<QString> words{u"RUN"_s, u"COPY"_s, u"ADD"_s, u"WORKDIR"_s};
    return words.contains(instruction.keyword);
}

} // namespace

std::optional<QString> withVariables(const QString &text, const QMap<QString, QString> &values)
{
    static const QRegularExpression variable(
        u"\\\\\\$|\\$(?:([A-Za-z_][A-Za-z0-9_]*)|\\{([A-Za-z_][A-Za-z0-9_]*)(?::([-+])([^}]*))?\\})"_s);
    QString made;
    qsizetype last = 0;
    for (auto it = variable.globalMatch(text); it.hasNext();) {
        const auto match = it.next();
        made += QStringView(text).mid(last, match.capturedStart() - last);
        last = match.capturedEnd();
        const QString name = match.captured(1) + match.captured(2);
        const QString value = values.value(name);
        const QString sign = match.captured(3);
        if (name.isEmpty())
            made += u'$';
        else if (sign == "-"_L1)
            made += value.isEmpty() ? match.captured(4) : value;
        else if (sign == "+"_L1)
            made += value.isEmpty() ? QString() : match.captured(4);
        else if (value.isEmpty())
            return {};
        else
            made += value;
    }
    return made + QStringView(text).mid(last);
}

Dockerfile Dockerfile::parse(const QByteArray &text)
{
    Dockerfile made;
    made.m_lines = QString::fromUtf8(text).split(u'\n');
    if (!made.m_lines.isEmpty() && made.m_lines.first().startsWith(QChar(0xfeff)))
        made.m_lines.first().remove(0, 1);
    for (QString &line : made.m_lines) {
        if (line.endsWith(u'\r'))
            line.chop(1);
    }
    Splitter splitter(made.m_lines);
    while (const auto instruction = splitter.next())
        made.take(*instruction);
    return made;
}

void Dockerfile::take(const Instruction &instruction)
{
    m_all.append(instruction);
    if (instruction.keyword == "FROM"_L1)
        takeFrom(instruction);
    else if (!m_stages.isEmpty())
        m_stages.last().instructions.append(instruction);
    else if (instruction.keyword == "ARG"_L1)
        m_globalArguments += argumentsOf(instruction);
}

void Dockerfile::takeFrom(const Instruction &instruction)
{
    QStringList words = instruction.text.split(QRegularExpression(u"\\s+"_s), Qt::SkipEmptyParts);
    Stage stage;
    stage.line = instruction.line;
    while (!words.isEmpty() && words.first().startsWith("--"_L1)) {
        if (words.first().startsWith("--platform="_L1))
            stage.platform = words.first().section(u'=', 1);
        words.removeFirst();
    }
    stage.base = words.value(0);
    if (words.value(1).compare("as"_L1, Qt::CaseInsensitive) == 0)
        stage.name = words.value(2).toLower();
    m_stages.append(stage);
}

QList<BuildArgument> Dockerfile::arguments() const
{
    QList<BuildArgument> found = m_globalArguments;
    for (const Stage &stage : m_stages) {
        for (const Instruction &instruction : stage.instructions) {
            if (instruction.keyword == "ARG"_L1)
                found += argumentsOf(instruction);
        }
    }
    QList<BuildArgument> once;
    for (const BuildArgument &argument : std::as_const(found)) {
        const auto known = std::ranges::find(once, argument.name, &BuildArgument::name);
        if (known == once.end())
            once.append(argument);
    }
    return once;
}

QStringList Dockerfile::targets() const
{
    QStringList names;
    for (const Stage &stage : m_stages) {
        if (!stage.name.isEmpty() && !names.contains(stage.name))
            names.append(stage.name);
    }
    return names;
}

int Dockerfile::indexOfStage(const QString &nameOrNumber, qsizetype before) const
{
    for (qsizetype i = qMin(before, m_stages.size()) - 1; i >= 0; --i) {
        if (m_stages[i].name == nameOrNumber.toLower() && !nameOrNumber.isEmpty())
            return int(i);
    }
    bool number = false;
    const int index = nameOrNumber.toInt(&number);
    return number && index >= 0 && index < before ? index : -1;
}

QStringList Dockerfile::baseImages(const QString &target, const QMap<QString, QString> &args) const
{
    QMap<QString, QString> values;
    for (const BuildArgument &argument : m_globalArguments) {
        const QString fallback = withVariables(argument.fallback.value_or(QString()), values).value_or(QString());
        values.insert(argument.name, args.value(argument.name, fallback));
    }
    const qsizetype last = m_stages.size() - 1;
    const int named = target.isEmpty() ? int(last) : indexOfStage(target, m_stages.size());
    QStringList found;
    QList<qsizetype> seen;
    if (last >= 0)
        collectBases(named < 0 ? last : named, values, seen, found);
    return found;
}

void Dockerfile::collectBases(
    qsizetype stage, const QMap<QString, QString> &args, QList<qsizetype> &seen, QStringList &found) const
{
    if (seen.contains(stage))
        return;
    seen.append(stage);
    const auto follow = [&](const QString &written) {
        const std::optional<QString> source = withVariables(written, args);
        if (!source || source->isEmpty() || *source == "scratch"_L1)
            return;
        const int other = indexOfStage(*source, stage);
        if (other >= 0)
            collectBases(other, args, seen, found);
        else if (!found.contains(*source))
            found.append(*source);
    };
    follow(m_stages[stage].base);
    for (const Instruction &instruction : m_stages[stage].instructions) {
        for (const QString &source : otherSources(instruction))
            follow(source);
    }
}

int Dockerfile::lineOfBuildKitStep(const QString &stage, int number, const QString &instruction) const
{
    static const QRegularExpression numbered(u"^stage-(\\d+)$"_s);
    const auto match = numbered.match(stage);
    qsizetype index = stage.isEmpty() ? m_stages.size() - 1
        : match.hasMatch()            ? match.captured(1).toInt()
                                      : indexOfStage(stage, m_stages.size());
    if (index < 0 || index >= m_stages.size())
        return lineByText(instruction);
    const Stage &found = m_stages[index];
    // A base that is a stage or nothing at all is no step.
    const bool hasBase = found.base != "scratch"_L1 && indexOfStage(found.base, index) < 0;
    int at = hasBase ? 1 : 0;
    if (hasBase && number == 1)
        return found.line;
    const QString keyword = instruction.section(u' ', 0, 0);
    for (const Instruction &candidate : found.instructions) {
        if (takesStep(candidate) && ++at == number)
            // Triggers of the base (ONBUILD) count too, and are nowhere in this file.
            return candidate.keyword == keyword ? candidate.line : lineByText(instruction);
    }
    return lineByText(instruction);
}

int Dockerfile::lineByText(const QString &instruction) const
{
    const QString wanted = instruction.simplified();
    for (const Instruction &candidate : m_all) {
        if (QString(candidate.keyword + u' ' + candidate.text).simplified() == wanted)
            return candidate.line;
    }
    return 0;
}

int Dockerfile::lineOfClassicStep(int number) const
{
    return number >= 1 && number <= m_all.size() ? m_all[number - 1].line : 0;
}

QStringList Dockerfile::lines(int first) const
{
    const auto it = std::ranges::find(m_all, first, &Instruction::line);
    if (it == m_all.end())
        return m_lines.mid(first - 1, first > 0 ? 1 : 0);
    return m_lines.mid(first - 1, qMin(it->lastLine - first + 1, quotedLines));
}

} // namespace builds
