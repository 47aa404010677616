#include "recipe/rules.h"

#include <QRegularExpression>

namespace recipe {

using namespace Qt::StringLiterals;

namespace {

bool matches(const QString &pattern, const QString &text)
{
    return QRegularExpression(QRegularExpression::anchoredPattern(pattern)).match(text).hasMatch();
}

} // namespace

bool isContainerName(const QString &text) { return matches(u"[a-zA-Z0-9][a-zA-Z0-9_.-]+"_s, text); }

const QStringList &ulimitNames()
{
    static const QStringList names
        = {u"core"_s, u"cpu"_s, u"data"_s, u"fsize"_s, u"locks"_s, u"memlock"_s, u"msgqueue"_s, u"nice"_s, u"nofile"_s,
            u"nproc"_s, u"rss"_s, u"rtprio"_s, u"rttime"_s, u"sigpending"_s, u"stack"_s};
    return names;
}

std::optional<QString> ulimitFault(const QString &name, qint64 soft, qint64 hard)
{
    if (!ulimitNames().contains(name))
        return u"There is no limit “%1”: the names are %2."_s.arg(name, ulimitNames().join(u", "_s));
    if (soft < -1 || hard < -1)
        return u"The limit %1 must be a number from 0 up, or -1 for none."_s.arg(name);
    if (hard != -1 && (soft == -1 || soft > hard))
        return u"The soft limit %1 is above the hard one."_s.arg(name);
    return std::nullopt;
}

bool isRestartPolicy(const QString &text)
{
    return matches(u"|no|always|unless-stopped|on-failure(:[0-9]{1,9})?"_s, text);
}

bool isIpcMode(const QString &text) { return matches(u"|none|private|shareable|host|container:.+"_s, text); }

bool isPlatform(const QString &text) { return matches(u"|[a-z0-9_-]+(/[a-z0-9_.-]+){0,2}"_s, text); }

bool isGpuDevice(const QString &text) { return matches(u"[A-Za-z0-9][A-Za-z0-9:._/-]*"_s, text); }

QString freeName(const QString &name, const QStringList &taken)
{
    if (!taken.contains(name))
        return name;
    static const QRegularExpression numbered(QStringLiteral("^(.+)-([0-9]{1,6})$"));
    const auto match = numbered.match(name);
    const QString base = match.hasMatch() ? match.captured(1) : name;
    for (int number = match.hasMatch() ? match.captured(2).toInt() + 1 : 2;; ++number) {
        const QString next = QStringLiteral("%1-%2").arg(base).arg(number);
        if (!taken.contains(next))
            return next;
    }
}

} // namespace recipe
