#pragma once

#include "docker/imagereference.h"
#include "docker/registry.h"

#include <QObject>

namespace docker {
class Engine;
}

namespace images {

/** What the registry has under an image's name, against what is here. */
enum class Newer {
    UpToDate,
    There, ///< the name stands for another image now
    NotFromRegistry, ///< built or loaded here: there is nothing to compare with
};

/**
 * Asks the registry of one image whether its name stands for another image by now; through the daemon, with the
 * account of that registry. A job: finished() once, also with Aborted. Owned by who asks.
 */
class NewerCheck : public QObject
{
    Q_OBJECT
public:
    /** credentials: none asks as nobody. digests: the image's RepoDigests. */
    NewerCheck(docker::Engine &engine, docker::CredentialSource credentials, const QString &reference,
        const QStringList &digests, QObject *parent = nullptr);

    void start();
    void abort();

Q_SIGNALS:
    void finished(const core::Result<images::Newer> &result);

private:
    void ask(const docker::RegistryAuth &auth);
    void finish(const core::Result<Newer> &result);

    docker::Engine &m_engine;
    docker::CredentialSource m_credentials;
    std::optional<docker::ImageReference> m_reference;
    QStringList m_here; ///< digests of the image under that name
    core::Aborter m_asking;
    std::optional<core::Error> m_noAccount; ///< why the account could not be had
    bool m_finished = false;
};

/** The digests among an image's RepoDigests that are of that repository. */
QStringList digestsOf(const docker::ImageReference &reference, const QStringList &repoDigests);

} // namespace images
