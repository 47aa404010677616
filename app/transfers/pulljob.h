#pragma once

#include "transfers/transferjob.h"

namespace transfers {

/** Pulls one image, by tag or digest, never all tags. */
class PullJob : public TransferJob
{
    Q_OBJECT
public:
    /** platform: "linux/arm64"; empty for the daemon's own. */
    PullJob(docker::Engine &engine, const docker::ImageReference &image, const QString &platform,
        docker::CredentialSource credentials, QObject *parent = nullptr);

protected:
    docker::PullStream *open(const docker::RegistryAuth &auth) override;
    core::Pending<void> verify() override;

private:
    QString m_platform;
};

} // namespace transfers
