#include "core/units.h"

#include <QRegularExpression>
#include <array>
#include <cmath>
#include <limits>

namespace core {

QString noValue() { return QStringLiteral("–"); }

QString bytesText(qint64 bytes)
{
    if (bytes < 0)
        return noValue();
    static constexpr std::array units = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    double value = double(bytes);
    size_t unit = 0;
    // 999.5 would be printed as "1000", a fourth digit: go on to the next unit before that.
    while (value >= 999.5 && unit + 1 < units.size()) {
        value /= 1024;
        ++unit;
    }
    const bool fraction = unit > 0 && value < 9.95 && std::abs(value - std::round(value)) >= 0.05;
    return QString::number(value, 'f', fraction ? 1 : 0) + u' ' + QLatin1String(units[unit]);
}

std::optional<qint64> parseBytes(QStringView text)
{
    static const QRegularExpression form(
        QStringLiteral(R"(^(\+?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?) ?(?:([kmgtp])(?:i?b)?|b)?\z)"),
        QRegularExpression::CaseInsensitiveOption);
    const auto match = form.match(text.toString());
    if (!match.hasMatch())
        return std::nullopt;
    qint64 factor = 1;
    if (const QString unit = match.captured(2).toLower(); !unit.isEmpty())
        factor = qint64(1) << (10 * (QStringLiteral("kmgtp").indexOf(unit) + 1));
    const QString number = match.captured(1);
    if (!number.contains(u'.') && !number.contains(u'e', Qt::CaseInsensitive)) {
        bool ok = false;
        const qint64 whole = number.toLongLong(&ok);
        if (!ok || whole > std::numeric_limits<qint64>::max() / factor)
            return std::nullopt;
        return whole * factor;
    }
    const double value = number.toDouble() * double(factor);
    if (value >= 9.2e18)
        return std::nullopt;
    return qint64(value);
}

QString dockerBytes(qint64 bytes)
{
    static constexpr std::array<char16_t, 4> units = {u't', u'g', u'm', u'k'};
    for (size_t i = 0; i < units.size(); ++i) {
        const qint64 factor = qint64(1) << (10 * (4 - int(i)));
        if (bytes != 0 && bytes % factor == 0)
            return QString::number(bytes / factor) + QChar(units[i]);
    }
    return QString::number(bytes);
}

QString durationText(qint64 seconds)
{
    const qint64 s = std::max<qint64>(seconds, 0);
    if (s < 60)
        return QStringLiteral("%1 s").arg(s);
    if (s < 3600)
        return QStringLiteral("%1 min").arg(s / 60);
    if (s < 48 * 3600)
        return QStringLiteral("%1 h").arg(s / 3600);
    return QStringLiteral("%1 d").arg(s / 86400);
}

QString ageText(qint64 then, qint64 now)
{
    if (then <= 0)
        return noValue();
    if (now - then < 60) // pages count on by the minute: seconds would stand still
        return QStringLiteral("just now");
    return QStringLiteral("%1 ago").arg(durationText(now - then));
}

QString percentText(double percent)
{
    if (percent < 0 || !std::isfinite(percent))
        return noValue();
    return QStringLiteral("%1 %").arg(QString::number(percent, 'f', percent > 0 && percent < 9.95 ? 1 : 0));
}

QString percentText(int percent) { return percent < 0 ? noValue() : QStringLiteral("%1 %").arg(percent); }

} // namespace core
