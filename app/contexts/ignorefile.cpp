#include "contexts/ignorefile.h"

#include <QDir>
#include <QFile>
#include <QSaveFile>

namespace contexts {

using namespace Qt::StringLiterals;

namespace {

/** Go's filepath.Clean of what is no absolute path to us. */
QString clean(const QString &path) { return QDir::cleanPath(path); }

bool special(QChar c) { return QStringView(u"*?[]\\").contains(c); }

/** Of a "**" at i: what it stands for, and i moved behind it. */
QString anyFolders(const QString &pattern, qsizetype &i)
{
    i += 2;
    if (i < pattern.size() && pattern[i] == u'/')
        ++i;
    return i == pattern.size() ? u".*"_s : u"(.*/)?"_s;
}

/** The pattern as patternmatcher turns it into a regular expression. */
QString expressionOf(const QString &pattern)
{
    QString made = u"^"_s;
    for (qsizetype i = 0; i < pattern.size();) {
        const QChar c = pattern[i];
        if (c == u'*' && pattern.mid(i, 2) == "**"_L1) {
            made += anyFolders(pattern, i);
            continue;
        }
        ++i;
        if (c == u'*')
            made += "[^/]*"_L1;
        else if (c == u'?')
            made += "[^/]"_L1;
        else if (c == u'\\' && i < pattern.size())
            made += QRegularExpression::escape(pattern.mid(i++, 1));
        else if (QStringView(u".+()|{}$").contains(c))
            made += u'\\' + QString(c);
        else
            made += c; // also the parts of a class: [^a-c]
    }
    return made + u"\\z"_s;
}

/** Go's filepath.Match refuses these before anything is matched. */
bool wellFormed(const QString &pattern)
{
    for (qsizetype i = 0; i < pattern.size(); ++i) {
        if (pattern[i] == u'\\' && ++i == pattern.size())
            return false;
        if (pattern[i] != u'[' || (i > 0 && pattern[i - 1] == u'\\'))
            continue;
        qsizetype end = i + 1;
        if (end < pattern.size() && pattern[end] == u'^')
            ++end;
        if (end < pattern.size() && (pattern[end] == u']' || pattern[end] == u'-'))
            return false;
        while (end < pattern.size() && pattern[end] != u']')
            end += pattern[end] == u'\\' ? 2 : 1;
        if (end >= pattern.size())
            return false;
        i = end;
    }
    return true;
}

bool matches(const IgnoreFile::Rule &rule, const QString &path)
{
    return rule.exact ? rule.pattern == path : rule.expression.match(path).hasMatch();
}

} // namespace

core::Result<IgnoreFile> IgnoreFile::parse(const QByteArray &text)
{
    IgnoreFile made;
    QByteArray rest = text;
    if (rest.startsWith("\xef\xbb\xbf"))
        rest.remove(0, 3);
    int number = 0;
    for (const QByteArray &line : rest.split('\n')) {
        ++number;
        if (line.startsWith('#'))
            continue;
        if (const auto added = made.add(QString::fromUtf8(line)); !added)
            return core::Error{core::ErrorKind::Protocol, 0,
                u"line %1 of the .dockerignore: %2"_s.arg(number).arg(added.error().message), {}};
    }
    return made;
}

core::Result<IgnoreFile> IgnoreFile::fromPatterns(const QStringList &patterns)
{
    IgnoreFile made;
    for (const QString &pattern : patterns) {
        if (const auto added = made.add(pattern); !added)
            return added.error();
    }
    return made;
}

core::Result<void> IgnoreFile::add(QString line)
{
    line = line.trimmed();
    if (line.isEmpty())
        return {};
    Rule rule;
    if (line.startsWith(u'!')) {
        rule.keeps = true;
        line = line.mid(1).trimmed();
        if (line.isEmpty())
            return core::Error{core::ErrorKind::Protocol, 0, u"“!” alone means nothing"_s, {}};
    }
    line = clean(line);
    if (line.size() > 1 && line.startsWith(u'/'))
        line = line.mid(1);
    if (!wellFormed(line))
        return core::Error{core::ErrorKind::Protocol, 0, u"“%1” is no pattern"_s.arg(line), {}};
    rule.pattern = line;
    rule.exact = !hasWildcards(line);
    if (!rule.exact) {
        rule.expression.setPattern(expressionOf(line));
        if (!rule.expression.isValid())
            return core::Error{core::ErrorKind::Protocol, 0, u"“%1” is no pattern"_s.arg(line), {}};
    }
    m_rules.append(rule);
    return {};
}

void IgnoreFile::keep(const QString &path)
{
    if (excludes(path))
        m_rules.append({path, true, {}, true});
}

bool IgnoreFile::excludes(const QString &path) const
{
    Matches above(m_rules.size(), false);
    Matches own;
    for (qsizetype end = path.indexOf(u'/'); end >= 0; end = path.indexOf(u'/', end + 1)) {
        excludes(path.left(end), above, own);
        above = own;
    }
    return excludes(path, above, own);
}

bool IgnoreFile::excludes(const QString &path, const Matches &above, Matches &own) const
{
    bool excluded = false;
    own.resize(m_rules.size());
    for (qsizetype i = 0; i < m_rules.size(); ++i) {
        own[i] = above.value(i) || matches(m_rules[i], path);
        if (own[i])
            excluded = !m_rules[i].keeps;
    }
    return excluded;
}

bool IgnoreFile::mayKeepBelow(const QString &folder) const
{
    return std::any_of(m_rules.begin(), m_rules.end(), [this, begin = QString(folder + u'/')](const Rule &rule) {
        if (!rule.keeps)
            return false;
        QString pattern = rule.pattern;
        for (const QLatin1String end : {"/**"_L1, "/*"_L1}) {
            if (!m_byPrefixOnly && pattern.endsWith(end))
                pattern.chop(end.size());
        }
        const bool anywhere = !m_byPrefixOnly && hasWildcards(pattern);
        return anywhere || QString(pattern + u'/').startsWith(begin);
    });
}

bool IgnoreFile::mayMatchBelow(const QString &folder) const
{
    return std::any_of(m_rules.begin(), m_rules.end(),
        [begin = QString(folder + u'/')](const Rule &rule) { return !rule.exact || rule.pattern.startsWith(begin); });
}

QString ignoreFilePath(const QString &context, const QString &dockerfile)
{
    const QString beside = dockerfile + u".dockerignore"_s;
    return QFile::exists(beside) ? beside : context + u"/.dockerignore"_s;
}

bool hasWildcards(const QString &pattern) { return std::any_of(pattern.begin(), pattern.end(), special); }

QString ignoreLine(const QString &path)
{
    QString line;
    for (const QChar c : path) {
        if (special(c))
            line += u'\\';
        line += c;
    }
    // Where Docker would read something else at the line's ends: "?" is any one character.
    if (line.startsWith(u'#') || line.startsWith(u'!'))
        line.prepend(u'/');
    if (!line.isEmpty() && line.front().isSpace())
        line.prepend(u'/');
    if (!line.isEmpty() && line.back().isSpace())
        line.back() = u'?';
    return line;
}

QByteArray withIgnoreLine(const QByteArray &text, const QString &line)
{
    const QByteArray end = text.contains("\r\n") ? "\r\n" : "\n";
    QByteArray made = text;
    if (!made.isEmpty() && !made.endsWith('\n'))
        made += end;
    return made + line.toUtf8() + end;
}

core::Result<void> addIgnoreLine(const QString &path, const QString &line)
{
    const auto failed = [&path](const QFileDevice &file) {
        return core::Error{core::ErrorKind::Denied, 0, u"%1: %2"_s.arg(path, file.errorString()), {}};
    };
    QFile old(path);
    QByteArray text;
    if (old.exists()) {
        if (!old.open(QIODevice::ReadOnly))
            return failed(old);
        text = old.readAll();
        if (old.error() != QFileDevice::NoError)
            return failed(old);
    }
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        return failed(file);
    file.write(withIgnoreLine(text, line));
    if (!file.commit())
        return failed(file);
    return {};
}

} // namespace contexts
