#include "launch/portchecks.h"

#include "recipe/portspec.h"
#include "recipe/rules.h"

#include <QSet>

namespace launch {

using namespace Qt::StringLiterals;
using namespace recipe;

namespace {

bool isAnyAddress(const QString &ip) { return ip.isEmpty() || ip == "0.0.0.0"_L1 || ip == "::"_L1; }

QString protocolOf(const PortBinding &binding) { return binding.container.section(u'/', 1); }

bool clashes(const PortBinding &binding, const TakenPort &taken)
{
    return binding.hostPort == QString::number(taken.port) && protocolOf(binding) == taken.protocol
        && (isAnyAddress(binding.hostIp) || isAnyAddress(taken.ip) || binding.hostIp == taken.ip);
}

/** Above `port`, neither taken on the host nor asked for by the run itself. */
std::optional<int> nextFree(int port, const RunConfig &config, const QList<TakenPort> &taken)
{
    QSet<int> gone;
    for (const TakenPort &one : taken)
        gone += one.port;
    for (const QString &spec : config.ports) {
        for (const PortBinding &binding : parsePort(spec).value_or(QList<PortBinding>()))
            gone += binding.hostPort.toInt();
    }
    // Beside the well-known ones is none for a person: 80 becomes 8080.
    for (int next = port < 1024 ? port + 8000 : port + 1; next <= 65535; ++next) {
        if (!gone.contains(next))
            return next;
    }
    return std::nullopt;
}

/** Whether somebody has a port of the host that this -p wants. A range before one port finds a free one itself. */
void checkTaken(const RunConfig &config, qsizetype index, const MachineFacts &machine, ProblemList &problems)
{
    const QString field = u"ports[%1]"_s.arg(index);
    const QList<PortBinding> bindings = *parsePort(config.ports[index]);
    for (const PortBinding &binding : bindings) {
        const TakenPort *program = nullptr;
        const TakenPort *container = nullptr;
        for (const TakenPort &taken : machine.ports) {
            if (clashes(binding, taken))
                (taken.container.isEmpty() ? program : container) = &taken;
        }
        if (!program && !container)
            continue;
        QList<Fix> fixes;
        const auto free = nextFree(binding.hostPort.toInt(), config, machine.ports);
        if (free && bindings.size() == 1)
            fixes = {{Fix::Kind::Port, u"Use %1"_s.arg(*free), QString::number(*free), int(index)}};
        // Docker listens for its containers itself. What else listens was seen a moment ago and may be gone.
        if (container)
            problems.error(Step::Resources, field,
                u"The host's port %1 is taken by %2."_s.arg(binding.hostPort, container->container), fixes);
        else
            problems.warning(Step::Resources, field,
                u"Another program of this machine listens on port %1."_s.arg(binding.hostPort), fixes);
        return;
    }
}

/** Whether each can be read, and none asks for what another one has. */
void checkPorts(const RunConfig &config, const MachineFacts &machine, bool published, ProblemList &problems)
{
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
            const QString host = binding.hostIp + u' ' + binding.hostPort + u' ' + protocolOf(binding);
            if (!binding.hostPort.isEmpty() && taken.contains(host))
                problems.error(
                    Step::Resources, field, u"The host's port %1 is published twice."_s.arg(binding.hostPort));
            taken += host;
        }
        if (published)
            checkTaken(config, i, machine, problems);
    }
}

} // namespace

void checkNetwork(const RunConfig &config, const CheckContext &context, ProblemList &problems)
{
    const QString &network = config.network;
    const QString member = network.startsWith("container:"_L1) ? network.mid(10) : network;
    if (!network.isEmpty() && !isContainerName(member))
        problems.error(Step::Resources, u"network"_s, u"“%1” is no network."_s.arg(network));
    const bool own = network != "host"_L1 && network != "none"_L1 && !network.startsWith("container:"_L1);
    if (!own && !config.ports.isEmpty())
        problems.warning(Step::Resources, u"ports"_s, u"With network %1 no port is published."_s.arg(network),
            {{Fix::Kind::NoPorts, u"Leave the ports out"_s, {}}});
    checkPorts(config, context.machine, own, problems);
}

} // namespace launch
