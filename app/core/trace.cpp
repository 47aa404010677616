#include "core/trace.h"

#include <QByteArray>
#include <QJsonDocument>
#include <cmath>
#include <ctime>
#include <unistd.h>

namespace core {

namespace {

/** Field 22 of proc(5)'s stat, in seconds since boot. The command name before it may hold blanks and brackets. */
double processStart()
{
    QFile stat(QStringLiteral("/proc/self/stat"));
    if (!stat.open(QIODevice::ReadOnly))
        return 0;
    const QByteArray line = stat.readAll();
    const QList<QByteArray> fields = line.mid(line.lastIndexOf(')') + 2).split(' ');
    constexpr int startTime = 22 - 3;
    return fields.size() > startTime ? fields[startTime].toDouble() / double(sysconf(_SC_CLK_TCK)) : 0;
}

} // namespace

double millisecondsSinceProcessStart()
{
    static const double start = processStart();
    timespec now{};
    clock_gettime(CLOCK_BOOTTIME, &now);
    return (double(now.tv_sec) + double(now.tv_nsec) / 1e9 - start) * 1000;
}

Trace::Trace(const QString &path)
{
    if (path.isEmpty())
        return;
    auto file = std::make_unique<QFile>(path);
    if (file->open(QIODevice::WriteOnly | QIODevice::Append))
        m_file = std::move(file);
    else
        qWarning("SLIPWAY_TRACE: %s", qPrintable(file->errorString()));
}

Trace Trace::fromEnvironment() { return Trace(qEnvironmentVariable("SLIPWAY_TRACE")); }

void Trace::event(const char *name, const QJsonObject &values) const
{
    if (!m_file)
        return;
    QJsonObject line = values;
    line.insert(u"ms", std::round(millisecondsSinceProcessStart() * 10) / 10);
    line.insert(u"event", QLatin1String(name));
    m_file->write(QJsonDocument(line).toJson(QJsonDocument::Compact) + '\n');
    m_file->flush();
}

} // namespace core
