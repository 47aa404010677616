#pragma once

#include "core/result.h"
#include "docker/registryauth.h"

#include <QList>
#include <QMap>
#include <QString>
#include <optional>

namespace accounts {

/**
 * What Docker's own client was told of registries, as its config.json says it: sign-ins with their secrets in the file,
 * and the programs that keep others. Read only; Slipway never writes this file. A value, in memory only.
 * Source: docker/cli, cli/config/configfile; FACTS.md section 5.
 */
struct DockerConfig
{
    QList<docker::RegistryAuth> logins; ///< `auths` that hold a secret; server as written in the file
    QString store; ///< credsStore: docker-credential-STORE keeps all that no helper keeps
    QMap<QString, QString> helpers; ///< credHelpers: the registry as written → docker-credential-NAME
    QString trouble; ///< a sentence on a sign-in that cannot be read; the others are there

    bool operator==(const DockerConfig &) const = default;

    /** Protocol, with a sentence, where it is no JSON object. Empty text is an empty file. */
    static core::Result<DockerConfig> parse(const QByteArray &json);
    /** No such file is an empty one. Denied, with a sentence, where it may not be read. Blocks. */
    static core::Result<DockerConfig> read(const QString &path);
    /** $DOCKER_CONFIG/config.json, else ~/.docker/config.json. */
    static QString path();

    /** By the host's name, however it is written; the plain one counts where there are several. */
    std::optional<docker::RegistryAuth> login(const QString &registry) const;
    /** Which program keeps the registry's sign-in: its own helper, else the store, else none. */
    QString keeper(const QString &registry) const;
};

} // namespace accounts
