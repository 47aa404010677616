#pragma once

#include "gpu/drmclients.h"
#include "gpu/source.h"
#include "gpu/sysfs.h"

namespace gpu {

/**
 * AMD GPUs by the amdgpu driver's files in /sys, their processes by fdinfo (graphics) and kfd (ROCm). A suspended card
 * is left asleep: of it only what was read before is told. Needs no library of AMD's.
 */
class AmdSource : public Source
{
public:
    explicit AmdSource(const Roots &roots = {});

    [[nodiscard]] std::optional<Trouble> open() override;
    [[nodiscard]] Snapshot sample(Depth depth) override;

private:
    struct Card
    {
        QString device; ///< its folder
        QString hwmon; ///< likewise, or empty
        qint64 kfdId = unknown; ///< as the compute driver numbers it
        bool slowRead = false;
        Gpu known;
    };

    void enumerate();
    qint64 kfdIdOf(const QString &pciBusId) const;
    void readSlow(Card &card) const;
    void readFast(const Card &card, Gpu &gpu) const;
    void addComputeProcesses(const Card &card, Gpu &gpu) const;

    Roots m_roots;
    DrmClients m_clients;
    QList<Card> m_cards;
};

} // namespace gpu
