#include "images/newercheck.h"

#include "docker/engine.h"

namespace images {

using docker::ImageReference;

QStringList digestsOf(const ImageReference &reference, const QStringList &repoDigests)
{
    QStringList digests;
    for (const QString &text : repoDigests) {
        const auto one = ImageReference::parse(text);
        if (one && one->registry == reference.registry && one->path == reference.path)
            digests.append(one->digest);
    }
    return digests;
}

NewerCheck::NewerCheck(docker::Engine &engine, docker::CredentialSource credentials, const QString &reference,
    const QStringList &digests, QObject *parent)
    : QObject(parent)
    , m_engine(engine)
    , m_credentials(std::move(credentials))
    , m_reference(ImageReference::parse(reference))
{
    if (m_reference)
        m_here = digestsOf(*m_reference, digests);
}

void NewerCheck::start()
{
    if (m_here.isEmpty()) {
        // Later, as every answer.
        QMetaObject::invokeMethod(
            this, [this] { finish(Newer::NotFromRegistry); }, Qt::QueuedConnection);
        return;
    }
    if (!m_credentials)
        return ask({});
    m_asking = m_credentials(m_reference->registry).then(this, [this](const core::Result<docker::RegistryAuth> &auth) {
        if (m_finished)
            return;
        if (!auth)
            m_noAccount = auth.error(); // the registry may answer anybody
        ask(auth ? *auth : docker::RegistryAuth{});
    });
}

void NewerCheck::ask(const docker::RegistryAuth &auth)
{
    m_asking = docker::distribution(m_engine, *m_reference, auth)
                   .then(this, [this](const core::Result<docker::Distribution> &there) {
                       if (there)
                           finish(m_here.contains(there->digest) ? Newer::UpToDate : Newer::There);
                       else if (m_noAccount && there.error().kind == core::ErrorKind::Unauthorized)
                           finish(*m_noAccount);
                       else
                           finish(there.error());
                   });
}

void NewerCheck::abort()
{
    m_asking.abort();
    QMetaObject::invokeMethod(
        this,
        [this] {
            finish(core::Error{core::ErrorKind::Aborted, 0, QStringLiteral("aborted"), {}});
        },
        Qt::QueuedConnection);
}

void NewerCheck::finish(const core::Result<Newer> &result)
{
    if (std::exchange(m_finished, true))
        return;
    Q_EMIT finished(result);
}

} // namespace images
