#include "recipe/portspec.h"

#include "recipe/values.h"

#include <QHash>
#include <QStringList>

namespace recipe {

using namespace Qt::StringLiterals;

namespace {

std::optional<int> parseNumber(const QString &text)
{
    const auto number = readDecimalNumber(text);
    if (!number || *number > 65535 || !text.front().isDigit())
        return std::nullopt;
    return int(*number);
}

/** "published=8080,target=80,protocol=udp" as "8080:80/udp"; anything else as it is. */
std::optional<QString> shortForm(const QString &spec)
{
    if (!spec.contains(u'='))
        return spec;
    QHash<QString, QString> fields{{u"protocol"_s, u"tcp"_s}};
    for (const QString &field : spec.split(u',')) {
        const QStringList parts = field.split(u'=');
        if (parts.size() < 2)
            return std::nullopt;
        fields[parts[0]] = parts[1];
    }
    return u"%1:%2/%3"_s.arg(fields[u"published"_s], fields[u"target"_s], fields[u"protocol"_s]);
}

/** The address before the last two colons, without its brackets; empty where it is none. */
std::optional<QString> parseAddress(QString ip)
{
    if (ip.startsWith(u'[') && ip.endsWith(u']'))
        ip = ip.sliced(1, ip.size() - 2);
    if (!ip.isEmpty() && !readIpAddress(ip))
        return std::nullopt;
    return ip;
}

} // namespace

std::optional<std::pair<int, int>> parsePortRange(const QString &text)
{
    const auto first = parseNumber(text.section(u'-', 0, 0));
    const auto last = text.contains(u'-') ? parseNumber(text.section(u'-', 1, 1)) : first;
    if (!first || !last || *last < *first)
        return std::nullopt;
    return std::pair(*first, *last);
}

std::optional<QList<PortBinding>> parsePort(const QString &spec)
{
    const auto text = shortForm(spec);
    if (!text)
        return std::nullopt;
    QStringList parts = text->split(u':');
    const QString inside = parts.takeLast();
    const QString hostText = parts.isEmpty() ? QString() : parts.takeLast();
    const auto ip = parseAddress(parts.join(u':'));
    QString protocol = inside.section(u'/', 1, 1).toLower();
    if (protocol.isEmpty())
        protocol = u"tcp"_s;
    const auto container = parsePortRange(inside.section(u'/', 0, 0));
    const auto host = hostText.isEmpty() ? std::pair(0, 0) : parsePortRange(hostText);
    if (!ip || !container || !host || !QStringList({u"tcp"_s, u"udp"_s, u"sctp"_s}).contains(protocol))
        return std::nullopt;
    const int count = container->second - container->first + 1;
    // A range may stand before one port: the daemon takes a free one of it.
    if (!hostText.isEmpty() && host->second - host->first + 1 != count && count != 1)
        return std::nullopt;

    QList<PortBinding> bindings;
    for (int i = 0; i < count; ++i) {
        PortBinding binding{u"%1/%2"_s.arg(container->first + i).arg(protocol), *ip, {}};
        if (!hostText.isEmpty())
            binding.hostPort = QString::number(host->first + i);
        if (count == 1 && host->second > host->first)
            binding.hostPort += u'-' + QString::number(host->second);
        bindings += binding;
    }
    return bindings;
}

QString withHostPort(const QString &spec, const QString &hostPort)
{
    const qsizetype container = spec.lastIndexOf(u':');
    const qsizetype host = container > 0 ? spec.lastIndexOf(u':', container - 1) : -1;
    return spec.left(host + 1) + hostPort + u':' + spec.sliced(container + 1);
}

} // namespace recipe
