#pragma once

#include "transfers/transferjob.h"

namespace transfers {

/**
 * Pushes a local image under a name, which it is given first where it has it not. That name stays when the push fails:
 * it may have been the image's before.
 */
class PushJob : public TransferJob
{
    Q_OBJECT
public:
    /** local: a name or an id here. target must have a tag. */
    PushJob(docker::Engine &engine, const QString &local, const docker::ImageReference &target,
        docker::CredentialSource credentials, QObject *parent = nullptr);

protected:
    core::Pending<void> prepare() override;
    docker::PullStream *open(const docker::RegistryAuth &auth) override;
    core::Pending<void> verify() override;

private:
    QString m_local;
};

} // namespace transfers
