#pragma once

#include "core/result.h"
#include "http/endpoint.h"

#include <QString>
#include <functional>

namespace hosts {

/** One daemon: what people call it and where it listens. */
struct Host
{
    QString name; ///< "local", a context's name, or the address
    QString url; ///< as given: "unix:///var/run/docker.sock"
    http::Endpoint endpoint;

    bool operator==(const Host &) const = default;
};

/** What the choice of a host depends on, injectable for tests. */
struct Environment
{
    std::function<QString(const char *)> variable;
    QString home;

    static Environment system();
};

/**
 * The daemon to use, by Docker's own precedence: the option (`--host`), DOCKER_HOST, DOCKER_CONTEXT, the current
 * context of config.json, then the first local socket that exists (system, rootless, Docker Desktop, Podman).
 * Unreachable with a sentence for addresses that are no local socket. Source: docker/cli cli/command/cli.go.
 */
core::Result<Host> chooseHost(const QString &option, const Environment &environment = Environment::system());

} // namespace hosts
