#include "inspect/networksof.h"

#include "recipe/values.h"

#include <QJsonArray>
#include <algorithm>

namespace inspect {

using namespace Qt::StringLiterals;
using namespace recipe;

namespace {

/** One thing that is set for a container in a network. */
struct Setting
{
    QLatin1String option; ///< of docker run, for the first network; empty: it has none
    QLatin1String field; ///< behind --network; empty: it has none
    QString value;
};

QList<Setting> settingsOf(const QJsonObject &endpoint, const QString &containerId)
{
    QList<Setting> settings;
    const QJsonObject addresses = endpoint["IPAMConfig"_L1].toObject();
    const auto text = [&](QLatin1String option, const QJsonValue &value) {
        if (!value.toString().isEmpty())
            settings += {option, option, value.toString()};
    };
    text("ip"_L1, addresses["IPv4Address"_L1]);
    text("ip6"_L1, addresses["IPv6Address"_L1]);
    for (const QJsonValue &address : addresses["LinkLocalIPs"_L1].toArray())
        text("link-local-ip"_L1, address);
    for (const QJsonValue &alias : endpoint["Aliases"_L1].toArray()) {
        if (alias.toString() != containerId.left(12)) // daemons before 25 add it
            settings += {"network-alias"_L1, "alias"_L1, alias.toString()};
    }
    for (const QJsonValue &link : endpoint["Links"_L1].toArray())
        settings += {"link"_L1, {}, link.toString()};
    const QJsonObject driverOptions = endpoint["DriverOpts"_L1].toObject();
    for (auto it = driverOptions.begin(); it != driverOptions.end(); ++it)
        settings += {{}, "driver-opt"_L1, it.key() + u'=' + it.value().toString()};
    if (const qint64 priority = endpoint["GwPriority"_L1].toInteger(); priority != 0)
        settings += {{}, "gw-priority"_L1, QString::number(priority)};
    return settings;
}

/** A network with settings behind --network, which Docker reads in small letters only. */
void sayNetwork(InspectedConfig &into, const QString &name, const QList<Setting> &settings)
{
    QStringList fields;
    for (const Setting &setting : settings)
        fields += csvField(setting.field + u'=' + setting.value);
    if (fields.isEmpty())
        return into.say("network"_L1, name);
    fields.prepend(csvField(u"name="_s + name));
    const QString value = fields.join(u',');
    into.lose(value != value.toLower(), u"--network "_s + name);
    if (value == value.toLower())
        into.say("network"_L1, value);
}

void sayFirst(InspectedConfig &into, const QString &name, QList<Setting> settings)
{
    QList<Setting> behindNetwork;
    for (const Setting &setting : std::as_const(settings)) {
        if (setting.option.isEmpty())
            behindNetwork += setting;
    }
    if (!name.isEmpty() || !behindNetwork.isEmpty())
        sayNetwork(into, name.isEmpty() ? u"bridge"_s : name, behindNetwork);
    for (const Setting &setting : std::as_const(settings)) {
        if (!setting.option.isEmpty())
            into.say(setting.option, setting.value);
    }
}

/** Only later daemons take more than one network in one request, and only beside a network of one's own. */
void sayFurther(InspectedConfig &into, const QString &name, const QList<Setting> &settings, bool besideOwn)
{
    const bool links = std::ranges::any_of(settings, [](const Setting &setting) { return setting.field.isEmpty(); });
    const bool sayable = besideOwn && !links && into.daemon.api >= docker::ApiVersion{1, 44};
    into.lose(!sayable, u"--network "_s + name);
    if (sayable)
        sayNetwork(into, name, settings);
}

} // namespace

void takeNetworks(InspectedConfig &into, const QJsonObject &container)
{
    const QString mode = container["HostConfig"_L1]["NetworkMode"_L1].toString();
    const bool standard = mode.isEmpty() || mode == "default"_L1 || mode == "bridge"_L1;
    const QString own = standard ? u"bridge"_s : mode;
    const QJsonObject networks = container["NetworkSettings"_L1]["Networks"_L1].toObject();
    const QString id = container["Id"_L1].toString();
    const auto isFirst = [&](const QString &name) {
        // NetworkMode may be the network's id; a request calls the standard network "default".
        const QString networkId = networks[name]["NetworkID"_L1].toString();
        return networks.size() == 1 || name == own || (standard && name == "default"_L1)
            || (!networkId.isEmpty() && networkId.startsWith(own));
    };
    QList<Setting> first;
    const QStringList names = networks.keys();
    for (const QString &name : names) {
        if (isFirst(name))
            first = settingsOf(networks[name].toObject(), id);
    }
    if (!container["HostConfig"_L1]["Links"_L1].toArray().isEmpty()) // takeOptions() says these
        first.removeIf([](const Setting &setting) { return setting.option == "link"_L1; });
    sayFirst(into, standard ? QString() : mode, first);
    const bool besideOwn = !standard && mode != "host"_L1 && mode != "none"_L1 && !mode.startsWith("container:"_L1);
    for (const QString &name : names) {
        if (!isFirst(name))
            sayFurther(into, name, settingsOf(networks[name].toObject(), id), besideOwn);
    }
}

} // namespace inspect
