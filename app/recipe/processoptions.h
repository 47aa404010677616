#pragma once

#include "recipe/optiontable.h"

/** The options about the process, its rights, health and logs, and those that only Docker's own program acts on. */
namespace recipe {

QString readEnv(RunConfig &config, const QString &value, const ShellContext &context);
QString readLabel(RunConfig &config, const QString &value, const ShellContext &context);
QString readEntrypoint(RunConfig &config, const QString &value, const ShellContext &context);
QString readRestart(RunConfig &config, const QString &value, const ShellContext &context);
QString readPlatformOption(RunConfig &config, const QString &value, const ShellContext &context);

QString addEnvFile(RequestDraft &draft, const QString &value);
QString addLabelFile(RequestDraft &draft, const QString &value);
QString addAnnotation(RequestDraft &draft, const QString &value);
QString setRestart(RequestDraft &draft, const QString &value);
QString addCapability(RequestDraft &draft, const QString &value);
QString dropCapability(RequestDraft &draft, const QString &value);
QString addSecurityOption(RequestDraft &draft, const QString &value);
QString addSysctl(RequestDraft &draft, const QString &value);
QString setPid(RequestDraft &draft, const QString &value);
QString setUts(RequestDraft &draft, const QString &value);
QString setUserns(RequestDraft &draft, const QString &value);
QString setCgroupns(RequestDraft &draft, const QString &value);
QString setHealthCommand(RequestDraft &draft, const QString &value);
QString setHealthInterval(RequestDraft &draft, const QString &value);
QString setHealthTimeout(RequestDraft &draft, const QString &value);
QString setHealthStartPeriod(RequestDraft &draft, const QString &value);
QString setHealthStartInterval(RequestDraft &draft, const QString &value);
QString setHealthRetries(RequestDraft &draft, const QString &value);
QString setNoHealthcheck(RequestDraft &draft, const QString &value);
QString setLogDriver(RequestDraft &draft, const QString &value);
QString addLogOption(RequestDraft &draft, const QString &value);
QString addAttach(RequestDraft &draft, const QString &value);
QString setPull(RequestDraft &draft, const QString &value);
QString clientOnly(RequestDraft &draft, const QString &value);

} // namespace recipe
