#pragma once

#include "recipe/optiontable.h"

/** The options about folders, volumes and what else is seen in the container. */
namespace recipe {

QString readVolume(RunConfig &config, const QString &value, const ShellContext &context);
QString readMount(RunConfig &config, const QString &value, const ShellContext &context);

QString addMount(RequestDraft &draft, const QString &value);
QString addTmpfs(RequestDraft &draft, const QString &value);
QString addStorageOption(RequestDraft &draft, const QString &value);
QString setUseApiSocket(RequestDraft &draft, const QString &value);

} // namespace recipe
