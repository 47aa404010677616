#include "launch/words.h"

namespace launch {

std::optional<QStringList> shellSplit(const QString &line)
{
    QStringList words;
    QString word;
    bool inWord = false;
    QChar quote;
    for (qsizetype i = 0; i < line.size(); ++i) {
        const QChar c = line[i];
        if (quote == u'\'') {
            if (c == quote)
                quote = {};
            else
                word += c;
        } else if (c == u'\\') {
            if (++i == line.size())
                return std::nullopt;
            const QChar next = line[i];
            // POSIX 2.2.3: in double quotes a backslash escapes only these.
            if (quote == u'"' && !QStringView(u"$`\"\\\n").contains(next))
                word += c;
            if (next != u'\n')
                word += next;
            inWord = inWord || next != u'\n';
        } else if (!quote.isNull()) {
            if (c == quote)
                quote = {};
            else
                word += c;
        } else if (c == u'\'' || c == u'"') {
            quote = c;
            inWord = true;
        } else if (c.isSpace()) {
            if (inWord)
                words += std::exchange(word, {});
            inWord = false;
        } else {
            word += c;
            inWord = true;
        }
    }
    if (!quote.isNull())
        return std::nullopt;
    if (inWord)
        words += word;
    return words;
}

} // namespace launch
