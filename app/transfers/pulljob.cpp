#include "transfers/pulljob.h"

namespace transfers {

PullJob::PullJob(docker::Engine &engine, const docker::ImageReference &image, const QString &platform,
    docker::CredentialSource credentials, QObject *parent)
    : TransferJob(engine, image, std::move(credentials), parent)
    , m_platform(platform)
{
}

docker::PullStream *PullJob::open(const docker::RegistryAuth &auth)
{
    return engine().pullImage(image().repository(), image().version(), m_platform, this, auth);
}

core::Pending<void> PullJob::verify()
{
    return engine().inspectImage(image().text()).map([](const docker::ImageDetail &) {});
}

} // namespace transfers
