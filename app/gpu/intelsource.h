#pragma once

#include "gpu/drmclients.h"
#include "gpu/source.h"
#include "gpu/sysfs.h"

namespace gpu {

/**
 * Intel GPUs by the files of i915 and xe. Neither says how busy a GPU is without special rights: that is the sum of its
 * processes, and unknown where some of those cannot be seen. A suspended GPU is left asleep.
 */
class IntelSource : public Source
{
public:
    explicit IntelSource(const Roots &roots = {});

    [[nodiscard]] std::optional<Trouble> open() override;
    [[nodiscard]] Snapshot sample(Depth depth) override;

private:
    struct Card
    {
        QString folder; ///< /sys/class/drm/cardN
        QString device; ///< its PCI device's
        QString hwmon; ///< or empty
        qint64 energy = unknown; ///< µJ since some time
        qint64 energyRead = 0; ///< monotonic ms
        bool slowRead = false;
        Gpu known;
    };

    void enumerate();
    void readSlow(Card &card) const;
    void readFast(Card &card, Gpu &gpu) const;

    Roots m_roots;
    DrmClients m_clients;
    QList<Card> m_cards;
};

} // namespace gpu
