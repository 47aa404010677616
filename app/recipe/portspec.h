#pragma once

#include <QList>
#include <QString>
#include <optional>

namespace recipe {

/** One published port. */
struct PortBinding
{
    QString container; ///< "8888/tcp"
    QString hostIp; ///< empty: all addresses
    QString hostPort; ///< empty: the daemon chooses; "7000-7003": it chooses among these

    bool operator==(const PortBinding &) const = default;
};

/**
 * What `-p` means: [[ip:][hostPort]:]containerPort[/tcp|udp|sctp], ranges as "9000-9002:9000-9002". Empty when it is
 * none. Source: docker/go-connections, nat.ParsePortSpec.
 */
std::optional<QList<PortBinding>> parsePort(const QString &spec);

} // namespace recipe
