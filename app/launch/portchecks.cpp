#include "launch/portchecks.h"

#include "recipe/portspec.h"
#include "recipe/rules.h"

#include <QSet>

namespace launch {

using namespace Qt::StringLiterals;
using namespace recipe;

void checkNetwork(const RunConfig &config, const CheckContext &, ProblemList &problems)
{
    const QString &network = config.network;
    const QString member = network.startsWith("container:"_L1) ? network.mid(10) : network;
    if (!network.isEmpty() && !isContainerName(member))
        problems.error(Step::Resources, u"network"_s, u"“%1” is no network."_s.arg(network));
    const bool own = network != "host"_L1 && network != "none"_L1 && !network.startsWith("container:"_L1);
    if (!own && !config.ports.isEmpty())
        problems.warning(Step::Resources, u"ports"_s, u"With network %1 no port is published."_s.arg(network));
    QSet<QString> taken;
    for (qsizetype i = 0; i < config.ports.size(); ++i) {
        const QString field = u"ports[%1]"_s.arg(i);
        const auto bindings = parsePort(config.ports[i]);
        if (!bindings) {
            problems.error(Step::Resources, field,
                u"“%1” is no port: it is written HOST-PORT:CONTAINER-PORT."_s.arg(config.ports[i]));
            continue;
        }
        for (const PortBinding &binding : *bindings) {
            const QString host = binding.hostIp + u' ' + binding.hostPort + u' ' + binding.container.section(u'/', 1);
            if (!binding.hostPort.isEmpty() && taken.contains(host))
                problems.error(
                    Step::Resources, field, u"The host's port %1 is published twice."_s.arg(binding.hostPort));
            taken += host;
        }
    }
}

} // namespace launch
