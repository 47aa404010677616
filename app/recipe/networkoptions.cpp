#include "recipe/networkoptions.h"

#include "recipe/portspec.h"
#include "recipe/values.h"

#include <QRegularExpression>
#include <algorithm>

namespace recipe {

using namespace Qt::StringLiterals;

namespace {

/** Networks with a name of their own: only there names and links mean something. */
bool isUserDefined(const QString &network)
{
    static const QStringList own = {u"default"_s, u"bridge"_s, u"host"_s, u"none"_s};
    return !own.contains(network) && !network.startsWith("container:"_L1);
}

QString readAttachmentField(const QString &field, NetworkAttachment &network)
{
    auto [key, text] = cut(field.toLower(), u'='); // the client spares no value
    key = key.trimmed();
    if (key.isEmpty() || !text)
        return u"“%1” in --network needs a value."_s.arg(field);
    const QString value = text->trimmed();
    if (key == "name"_L1) {
        network.name = value;
    } else if (key == "alias"_L1) {
        network.aliases += value;
    } else if (key == "ip"_L1) {
        network.addresses[u"IPv4Address"] = value;
    } else if (key == "ip6"_L1) {
        network.addresses[u"IPv6Address"] = value;
    } else if (key == "link-local-ip"_L1) {
        network.addresses[u"LinkLocalIPs"] = network.addresses["LinkLocalIPs"_L1].toArray() << value;
    } else if (key == "mac-address"_L1) {
        network.macAddress = value;
    } else if (key == "driver-opt"_L1) {
        const auto [name, setting] = cut(value, u'=');
        if (name.isEmpty() || !setting)
            return u"driver-opt= wants NAME=VALUE, not “%1”."_s.arg(value);
        network.driverOptions[name.trimmed()] = setting->trimmed();
    } else if (key == "gw-priority"_L1) {
        const auto priority = readDecimalNumber(value);
        if (!priority)
            return u"gw-priority= wants a whole number, not “%1”."_s.arg(value);
        network.gatewayPriority = *priority;
    } else {
        return u"--network has no “%1”."_s.arg(key);
    }
    return {};
}

QString readAttachment(const QString &value, NetworkAttachment &network)
{
    static const QRegularExpression settings(uR"(\w+=\w+(,\w+=\w+)*)"_s); // anywhere in it, as the client looks
    if (!settings.match(value).hasMatch()) {
        network.name = value;
    } else {
        const QStringList fields = csvFields(value);
        if (fields.isEmpty())
            return u"The quotes in the value of --network do not fit."_s;
        for (const QString &field : fields) {
            if (const QString fault = readAttachmentField(field, network); !fault.isEmpty())
                return fault;
        }
    }
    if (network.name.trimmed().isEmpty())
        return u"--network wants the name of a network."_s;
    if (!network.macAddress.isEmpty() && !isMacAddress(network.macAddress.trimmed()))
        return u"“%1” is no MAC address."_s.arg(network.macAddress);
    return {};
}

bool isPlain(const NetworkAttachment &network)
{
    return network.aliases.isEmpty() && network.links.isEmpty() && network.addresses.isEmpty()
        && network.driverOptions.isEmpty() && network.macAddress.isEmpty() && network.gatewayPriority == 0;
}

QJsonValue listOrNull(const QStringList &list)
{
    return list.isEmpty() ? QJsonValue() : QJsonValue(QJsonArray::fromStringList(list));
}

QJsonValue objectOrNull(const QJsonObject &object) { return object.isEmpty() ? QJsonValue() : QJsonValue(object); }

QJsonObject endpoint(const NetworkAttachment &network)
{
    QJsonObject object{{u"GlobalIPv6PrefixLen"_s, 0}, {u"IPPrefixLen"_s, 0}, {u"DNSNames"_s, QJsonValue()}};
    for (const char *key : {"NetworkID", "EndpointID", "Gateway", "IPAddress", "IPv6Gateway", "GlobalIPv6Address"})
        object[QLatin1String(key)] = QString();
    object[u"IPAMConfig"] = objectOrNull(network.addresses);
    object[u"Links"] = listOrNull(network.links);
    object[u"Aliases"] = listOrNull(network.aliases);
    object[u"MacAddress"] = network.macAddress;
    object[u"DriverOpts"] = objectOrNull(network.driverOptions);
    object[u"GwPriority"] = network.gatewayPriority;
    return object;
}

/** What --ip, --network-alias, … set goes to the first network, unless it has the same set already. */
std::optional<OptionFault> mergeFirst(NetworkAttachment &network, const NetworkAttachment &first)
{
    const auto twice = [](const QString &option) {
        return OptionFault{option, u"--%1 and the same setting in --network do not go together."_s.arg(option)};
    };
    if (!first.aliases.isEmpty() && !network.aliases.isEmpty())
        return twice(u"network-alias"_s);
    if (!first.macAddress.isEmpty() && !network.macAddress.isEmpty())
        return twice(u"mac-address"_s);
    for (const auto &[key, option] : {std::pair(u"IPv4Address"_s, u"ip"_s), std::pair(u"IPv6Address"_s, u"ip6"_s),
             std::pair(u"LinkLocalIPs"_s, u"link-local-ip"_s)}) {
        if (first.addresses.contains(key) && network.addresses.contains(key))
            return twice(option);
        if (first.addresses.contains(key))
            network.addresses[key] = first.addresses[key];
    }
    network.aliases += first.aliases;
    if (!first.macAddress.isEmpty())
        network.macAddress = first.macAddress;
    if (isUserDefined(network.name))
        network.links = first.links;
    return std::nullopt;
}

std::optional<OptionFault> check(const QList<NetworkAttachment> &networks, bool explicitAlias, bool oldApi)
{
    QStringList names;
    for (const NetworkAttachment &network : networks) {
        if (!network.aliases.isEmpty() && !isUserDefined(network.name))
            return OptionFault{explicitAlias ? u"network-alias"_s : u"network"_s,
                u"The network “%1” knows no other names for containers; only networks of your own do."_s.arg(
                    network.name)};
        if (names.contains(network.name))
            return OptionFault{u"network"_s, u"The network “%1” stands there twice."_s.arg(network.name)};
        if (isUserDefined(network.name) != isUserDefined(networks.first().name))
            return OptionFault{u"network"_s,
                u"The networks “%1” and “%2” do not go together: one is Docker's, one your own."_s.arg(
                    names.first(), network.name)};
        if (!network.macAddress.isEmpty() && oldApi)
            return OptionFault{
                u"mac-address"_s, u"A MAC address needs a daemon with API 1.44 or later; this one is older."_s};
        names += network.name;
    }
    return std::nullopt;
}

} // namespace

QString readNetwork(RunConfig &config, const QString &value, const ShellContext &)
{
    NetworkAttachment network;
    if (const QString fault = readAttachment(value, network); !fault.isEmpty())
        return fault;
    const bool first = config.network.isEmpty()
        && std::ranges::none_of(config.options, [](const Option &option) { return option.name == "network"_L1; });
    if (first && isPlain(network))
        config.network = network.name;
    else
        config.options += {u"network"_s, value};
    return {};
}

QString readPort(RunConfig &config, const QString &value, const ShellContext &)
{
    if (!parsePort(value))
        return u"-p wants HOST-PORT:CONTAINER-PORT, not “%1”."_s.arg(value);
    config.ports += value;
    return {};
}

QString addNetwork(RequestDraft &draft, const QString &value)
{
    NetworkAttachment network;
    const QString fault = readAttachment(value, network);
    if (fault.isEmpty())
        draft.networks += network;
    return fault;
}

QString addNetworkAlias(RequestDraft &draft, const QString &value)
{
    draft.first.aliases += value;
    return {};
}

QString addLink(RequestDraft &draft, const QString &value)
{
    if (value.isEmpty() || value.count(u':') > 1)
        return u"--link wants CONTAINER or CONTAINER:ALIAS, not “%1”."_s.arg(value);
    draft.first.links += value;
    draft.append("Links"_L1, value);
    return {};
}

QString addLinkLocalIp(RequestDraft &draft, const QString &value)
{
    QJsonArray list = draft.first.addresses["LinkLocalIPs"_L1].toArray();
    list += value;
    draft.first.addresses[u"LinkLocalIPs"] = list;
    return {};
}

QString setIp(RequestDraft &draft, const QString &value)
{
    if (!value.isEmpty())
        draft.first.addresses[u"IPv4Address"] = value;
    return {};
}

QString setIp6(RequestDraft &draft, const QString &value)
{
    if (!value.isEmpty())
        draft.first.addresses[u"IPv6Address"] = value;
    return {};
}

QString setMacAddress(RequestDraft &draft, const QString &value)
{
    if (!value.isEmpty() && !isMacAddress(value.trimmed()))
        return u"“%1” is no MAC address."_s.arg(value);
    draft.first.macAddress = value;
    return {};
}

QString addHost(RequestDraft &draft, const QString &value)
{
    auto [host, address] = cut(value, value.contains(u'=') ? u'=' : u':');
    if (!address || host.isEmpty() || host.contains(u':'))
        return u"--add-host wants NAME:IP, not “%1”."_s.arg(value);
    if (address->size() > 2 && address->startsWith(u'[') && address->endsWith(u']') && address != "host-gateway"_L1)
        address = address->sliced(1, address->size() - 2);
    if (address != "host-gateway"_L1 && !readIpAddress(address->trimmed()))
        return u"“%1” is no IP address."_s.arg(*address);
    draft.append("ExtraHosts"_L1, QString(host + u':' + *address));
    return {};
}

QString addDns(RequestDraft &draft, const QString &value)
{
    const auto address = readIpAddress(value.trimmed());
    if (!address)
        return u"--dns wants an IP address, not “%1”."_s.arg(value);
    draft.append("Dns"_L1, *address);
    return {};
}

QString addDnsSearch(RequestDraft &draft, const QString &value)
{
    static const QRegularExpression form(
        uR"(^(:?(:?[a-zA-Z0-9]|(:?[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))(:?\.(:?[a-zA-Z0-9]|(:?[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])))*)\.?\s*\z)"_s);
    static const QRegularExpression letter(u"[a-zA-Z]"_s);
    QString domain = value;
    while (domain.startsWith(u' '))
        domain.remove(0, 1);
    while (domain.endsWith(u' '))
        domain.chop(1);
    if (domain != "."_L1) {
        const auto match = form.match(domain);
        if (!match.hasMatch() || !domain.contains(letter) || match.capturedLength(1) >= 255)
            return u"--dns-search wants a domain, or a single dot for none, not “%1”."_s.arg(value);
        domain = match.captured(1);
    }
    draft.append("DnsSearch"_L1, domain);
    return {};
}

QString expose(RequestDraft &draft, const QString &value)
{
    const auto [range, protocol] = cut(value, u'/');
    const auto ports = parsePortRange(range);
    if (!ports)
        return u"--expose wants a port such as 8080, 8080/udp or 8000-8010, not “%1”."_s.arg(value);
    QJsonObject exposed = draft.body["ExposedPorts"_L1].toObject();
    const QString kind = protocol.value_or(QString()).isEmpty() ? u"tcp"_s : protocol->section(u'/', 0, 0);
    for (int port = ports->first; port <= ports->second; ++port)
        exposed[u"%1/%2"_s.arg(port).arg(kind)] = QJsonObject();
    draft.body[u"ExposedPorts"] = exposed;
    return {};
}

std::optional<OptionFault> finishNetworks(RequestDraft &draft)
{
    const bool named = !draft.networks.isEmpty();
    if (!named)
        draft.networks += NetworkAttachment{u"default"_s, {}, {}, {}, {}, {}, 0};
    if (auto fault = mergeFirst(draft.networks.first(), draft.first))
        return fault;
    if (auto fault = check(draft.networks, !draft.first.aliases.isEmpty(), draft.apiBelow(44)))
        return fault;
    QJsonObject endpoints;
    for (const NetworkAttachment &network : std::as_const(draft.networks))
        endpoints[network.name] = endpoint(network);
    // The daemon makes the endpoint of a single network that is only named.
    if (named && draft.networks.size() == 1 && isPlain(draft.networks.first()))
        endpoints = {};
    draft.host[u"NetworkMode"] = draft.networks.first().name;
    draft.body[u"NetworkingConfig"] = QJsonObject{{u"EndpointsConfig"_s, endpoints}};
    return std::nullopt;
}

} // namespace recipe
