#include "recipe/portspec.h"

#include <QHostAddress>
#include <QRegularExpression>

namespace recipe {

using namespace Qt::StringLiterals;

namespace {

struct Range
{
    int first = 0;
    int last = 0;
    int size() const { return last - first + 1; }
};

std::optional<Range> parseRange(const QString &text)
{
    static const QRegularExpression form(uR"(^(\d{1,5})(?:-(\d{1,5}))?\z)"_s);
    const auto match = form.match(text);
    if (!match.hasMatch())
        return std::nullopt;
    const int first = match.captured(1).toInt();
    const int last = match.captured(2).isEmpty() ? first : match.captured(2).toInt();
    if (last < first || last > 65535)
        return std::nullopt;
    return Range{first, last};
}

} // namespace

std::optional<QList<PortBinding>> parsePort(const QString &spec)
{
    static const QRegularExpression form(
        uR"(^(?:(?:(\[[^\]]*\]|[^\[\]]*):)?([0-9-]*):)?([0-9-]+)(?:/(tcp|udp|sctp))?\z)"_s,
        QRegularExpression::CaseInsensitiveOption);
    const auto match = form.match(spec);
    if (!match.hasMatch())
        return std::nullopt;
    QString ip = match.captured(1);
    if (ip.startsWith(u'['))
        ip = ip.sliced(1, ip.size() - 2);
    if (!ip.isEmpty() && QHostAddress(ip).isNull())
        return std::nullopt;
    const QString hostText = match.captured(2);
    const QString protocol = match.captured(4).isEmpty() ? u"tcp"_s : match.captured(4).toLower();
    const auto container = parseRange(match.captured(3));
    const auto host = hostText.isEmpty() ? Range{} : parseRange(hostText);
    if (!container || !host)
        return std::nullopt;
    // A range may stand before one port: the daemon takes a free one of it.
    if (!hostText.isEmpty() && host->size() != container->size() && container->size() != 1)
        return std::nullopt;

    QList<PortBinding> bindings;
    for (int i = 0; i < container->size(); ++i) {
        PortBinding binding{QString::number(container->first + i) + u'/' + protocol, ip, {}};
        if (!hostText.isEmpty())
            binding.hostPort = container->size() == 1 && host->size() > 1 ? hostText : QString::number(host->first + i);
        bindings += binding;
    }
    return bindings;
}

} // namespace recipe
