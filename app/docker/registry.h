#pragma once

#include "core/pending.h"
#include "docker/imagereference.h"
#include "docker/registryauth.h"

#include <QStringList>

class QObject;

/** The endpoints with which a daemon talks to registries, but for pulling, which is Engine's. */
namespace docker {

class Engine;
class PullStream;

/** What a registry has under a name, told without pulling it. */
struct Distribution
{
    QString digest; ///< "sha256:…" of the name's manifest, or of its list of manifests
    QStringList platforms; ///< "linux/amd64", "linux/arm64/v8"; empty where the registry does not tell

    bool operator==(const Distribution &) const = default;
};

/** What a registry said to a name and a password. */
struct SignedIn
{
    QString status; ///< "Login Succeeded"
    QString identityToken; ///< where not empty: to be kept instead of the password
};

/** GET /distribution/{name}/json: the daemon asks the registry, for a minute at most. */
core::Pending<Distribution> distribution(Engine &engine, const ImageReference &image, const RegistryAuth &auth = {});
/** POST /auth: tries whether the registry takes them. Wrong ones are Unauthorized, whatever the daemon's age. */
core::Pending<SignedIn> signIn(Engine &engine, const RegistryAuth &auth);
/**
 * POST /images/{name}/push. Its lines are those of a pull with other statuses ("Pushed", "Layer already exists"); as a
 * pull it does not time out. Stopped, layers that have arrived stay in the registry. image.tag must not be empty.
 */
PullStream *pushImage(Engine &engine, const ImageReference &image, const RegistryAuth &auth, QObject *parent);
/** POST /images/{name}/tag: one more name for a local image. A name that stood for another image is moved. */
core::Pending<void> tagImage(Engine &engine, const QString &image, const ImageReference &name);

/**
 * The error with the kind Unauthorized where the words say that another account, or one at all, would be let in: old
 * daemons answer 404 and 500 to that, and streams have no status.
 */
core::Error registryError(core::Error error);

core::Result<Distribution> parseDistribution(const QByteArray &json);
core::Result<SignedIn> parseSignedIn(const QByteArray &json);

} // namespace docker
