#include "transfers/pushjob.h"

#include "docker/registry.h"

namespace transfers {

PushJob::PushJob(docker::Engine &engine, const QString &local, const docker::ImageReference &target,
    docker::CredentialSource credentials, QObject *parent)
    : TransferJob(engine, target, std::move(credentials), parent)
    , m_local(local)
{
}

core::Pending<void> PushJob::prepare()
{
    const auto name = docker::ImageReference::parse(m_local);
    if (name && *name == image())
        return core::Pending<void>::ready({});
    return docker::tagImage(engine(), m_local, image());
}

docker::PullStream *PushJob::open(const docker::RegistryAuth &auth)
{
    return docker::pushImage(engine(), image(), auth, this);
}

core::Pending<void> PushJob::verify()
{
    return core::Pending<void>::ready(
        core::Error{core::ErrorKind::Protocol, 0, QStringLiteral("the push ended without the image's digest"), {}});
}

} // namespace transfers
