#pragma once

#include <QString>
#include <QStringList>
#include <optional>

/** What Docker itself accepts as a name, so that check() and the option readers say the same. */
namespace recipe {

/** [a-zA-Z0-9][a-zA-Z0-9_.-]+. Source: moby, daemon/names. Volumes follow the same rule. */
bool isContainerName(const QString &text);
/** The name itself while it is free, else with the next free number: "vit", "vit-2", "vit-3". */
QString freeName(const QString &name, const QStringList &taken);
/** core, cpu, … stack: the names of --ulimit. Source: docker/go-units. */
const QStringList &ulimitNames();
/** What is wrong with these limits, as a sentence. */
std::optional<QString> ulimitFault(const QString &name, qint64 soft, qint64 hard);
/** "", no, always, unless-stopped, on-failure, on-failure:5. */
bool isRestartPolicy(const QString &text);
/** "", none, private, shareable, host, container:NAME. */
bool isIpcMode(const QString &text);
/** "", linux/amd64, linux/arm64/v8. */
bool isPlatform(const QString &text);
/** A GPU as `device=` takes it: "0", "GPU-3faa…", "MIG-…", "0:0". */
bool isGpuDevice(const QString &text);

} // namespace recipe
