#pragma once

#include "recipe/optiontable.h"
#include "recipe/requestdraft.h"

#include <optional>

/** The options about networks, names and ports, and the endpoints that they make together. */
namespace recipe {

QString readNetwork(RunConfig &config, const QString &value, const ShellContext &context);
QString readPort(RunConfig &config, const QString &value, const ShellContext &context);

QString addNetwork(RequestDraft &draft, const QString &value);
QString addNetworkAlias(RequestDraft &draft, const QString &value);
QString addLink(RequestDraft &draft, const QString &value);
QString addLinkLocalIp(RequestDraft &draft, const QString &value);
QString setIp(RequestDraft &draft, const QString &value);
QString setIp6(RequestDraft &draft, const QString &value);
QString setMacAddress(RequestDraft &draft, const QString &value);
QString addHost(RequestDraft &draft, const QString &value);
QString addDns(RequestDraft &draft, const QString &value);
QString addDnsSearch(RequestDraft &draft, const QString &value);
QString expose(RequestDraft &draft, const QString &value);

/** Puts NetworkMode and NetworkingConfig into the body; the fault where the settings contradict each other. */
std::optional<OptionFault> finishNetworks(RequestDraft &draft);

} // namespace recipe
