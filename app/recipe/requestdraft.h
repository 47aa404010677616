#pragma once

#include "recipe/shellcontext.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QList>
#include <QStringList>

namespace recipe {

struct DockerOption;

/** One --network and what is set for it there. */
struct NetworkAttachment
{
    QString name;
    QStringList aliases;
    QStringList links;
    QJsonObject addresses; ///< IPAMConfig; empty: null
    QJsonObject driverOptions; ///< empty: null
    QString macAddress;
    qint64 gatewayPriority = 0;
};

/**
 * The create body while options are put into it. What several options decide together waits here until finish(). Lives
 * for one createRequest(), or for the check of one value.
 */
struct RequestDraft
{
    const ShellContext &context;
    QJsonObject body = {}; ///< without HostConfig and NetworkingConfig
    QJsonObject host = {}; ///< HostConfig

    QStringList fileEnvironment = {}; ///< of --env-file: stands before -e
    QJsonObject fileLabels = {}; ///< of --label-file: -l wins
    QStringList attach = {};
    QStringList cdiDevices = {};
    QJsonObject health = {};
    bool noHealth = false;
    bool apiSocket = false;

    QList<NetworkAttachment> networks = {}; ///< in typed order; empty: Docker's default
    NetworkAttachment first = {}; ///< --ip, --network-alias, …: of the first network

    bool apiBelow(int minor) const { return context.api < std::pair(1, minor); }
    /** Into HostConfig's list `key`. */
    void append(QLatin1String key, const QJsonValue &value);
    /** Into HostConfig's object `key`. */
    void insert(QLatin1String key, const QString &name, const QJsonValue &value);
    /** A value where the option's `key` says, as its kind reads it; a sentence when it cannot. */
    QString put(const DockerOption &option, const QString &value);
};

} // namespace recipe
