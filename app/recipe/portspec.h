#pragma once

#include <QList>
#include <QString>
#include <optional>
#include <utility>

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
 * What `-p` means: [[ip:][hostPort]:]containerPort[/tcp|udp|sctp], ranges as "9000-9002:9000-9002", or
 * published=…,target=…,protocol=…. Empty when it is none. Source: docker/go-connections, nat.ParsePortSpec.
 */
std::optional<QList<PortBinding>> parsePort(const QString &spec);
/** The same with another port of the host: "127.0.0.1:8888:80/tcp" with 8889. Of one that parsePort() understands. */
QString withHostPort(const QString &spec, const QString &hostPort);

/** "80" or "8000-8002" as first and last. */
std::optional<std::pair<int, int>> parsePortRange(const QString &text);

} // namespace recipe
