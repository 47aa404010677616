#include "dockerline/fields.h"

#include "core/units.h"

#include <QDateTime>
#include <QRegularExpression>
#include <cmath>

namespace dockerline {

using namespace recipe;

namespace {

std::optional<qint64> limitOf(const QString &text)
{
    if (text.compare(u"unlimited", Qt::CaseInsensitive) == 0)
        return -1;
    bool ok = false;
    const qint64 value = text.toLongLong(&ok);
    if (!ok || value < -1)
        return std::nullopt;
    return value;
}

} // namespace

std::optional<qint64> sizeOf(const QString &text)
{
    const QString trimmed = text.trimmed();
    return trimmed.isEmpty() ? std::optional<qint64>(0) : core::parseBytes(trimmed);
}

std::optional<double> cpusOf(const QString &text)
{
    const QString trimmed = text.trimmed();
    if (trimmed.isEmpty())
        return 0;
    bool ok = false;
    const double value = trimmed.toDouble(&ok); // the C locale's, as Docker's
    if (!ok || value < 0 || !std::isfinite(value))
        return std::nullopt;
    return value;
}

std::optional<Ulimit> ulimitOf(const QStringList &row)
{
    const QString name = row.value(0).trimmed();
    const QString soft = row.value(1).trimmed();
    const QString hard = row.value(2).trimmed();
    if (name.isEmpty() && soft.isEmpty() && hard.isEmpty())
        return Ulimit();
    const auto softValue = limitOf(soft);
    const auto hardValue = hard.isEmpty() ? softValue : limitOf(hard);
    if (name.isEmpty() || !softValue || !hardValue)
        return std::nullopt;
    return Ulimit{name, *softValue, *hardValue};
}

QString suggestedName(const QString &image)
{
    // The last part of the path, without its tag or digest, in the letters a container's name may have.
    QString base = image.section(u'/', -1).section(u'@', 0, 0).section(u':', 0, 0);
    static const QRegularExpression others(QStringLiteral("[^A-Za-z0-9_.-]+"));
    base.remove(others);
    if (base.isEmpty() || !base[0].isLetterOrNumber())
        base.prepend(QStringLiteral("run"));
    return base + QDateTime::currentDateTime().toString(QStringLiteral("-MMdd-HHmm"));
}

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

} // namespace dockerline
