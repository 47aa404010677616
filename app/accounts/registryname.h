#pragma once

#include <QString>

/** What a registry is called: by people and images "docker.io", by Docker's sign-ins "https://index.docker.io/v1/". */
namespace accounts {

/** "https://nvcr.io/v2/", "NVCR.io" → "nvcr.io"; every name of Docker Hub → "docker.io". Empty for what is no host. */
QString registryOf(const QString &text);
/** What Docker calls the registry in its sign-ins; of all but Docker Hub its own name. */
QString serverOf(const QString &registry);
/** For people: "Docker Hub", else the registry's own name. */
QString registryTitle(const QString &registry);

} // namespace accounts
