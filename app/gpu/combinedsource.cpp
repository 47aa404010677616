#include "gpu/combinedsource.h"

#include "gpu/amdsource.h"
#include "gpu/intelsource.h"
#include "gpu/nvmlsource.h"

#include <algorithm>

namespace gpu {

namespace {

constexpr qint64 tryAgainAfter = 29 * 1000; ///< ms; just under the sampler's 30 s, so that both do not take turns

} // namespace

CombinedSource::CombinedSource()
    : CombinedSource(NvmlSource::defaultLibrary())
{
}

CombinedSource::CombinedSource(const QString &nvmlLibrary, const Roots &roots)
{
    m_parts.resize(3);
    m_parts[0].source = std::make_unique<NvmlSource>(nvmlLibrary, roots);
    m_parts[1].source = std::make_unique<AmdSource>(roots);
    m_parts[2].source = std::make_unique<IntelSource>(roots);
}

std::optional<Trouble> CombinedSource::open()
{
    openParts();
    if (std::any_of(m_parts.begin(), m_parts.end(), [](const Part &part) { return part.open; }))
        return {};
    return worst();
}

void CombinedSource::openParts()
{
    for (Part &part : m_parts) {
        if (part.open || (part.tried && monotonicMs() - part.tried < tryAgainAfter))
            continue;
        part.trouble = part.source->open();
        part.open = !part.trouble;
        part.tried = monotonicMs();
    }
}

/** The trouble that tells most; "no GPU" of every vendor is one sentence. */
std::optional<Trouble> CombinedSource::worst() const
{
    std::optional<Trouble> trouble;
    for (const Part &part : m_parts) {
        if (part.trouble && part.trouble->kind != TroubleKind::NoGpu && !trouble)
            trouble = part.trouble;
    }
    if (trouble)
        return trouble;
    // With a driver that is there, its own sentence says more.
    const Trouble *nvidia = m_parts[0].trouble ? &*m_parts[0].trouble : nullptr;
    if (nvidia && nvidia->detail.isEmpty())
        return *nvidia;
    return Trouble{TroubleKind::NoGpu, QStringLiteral("This machine has no GPU."), nvidia ? nvidia->detail : QString()};
}

Snapshot CombinedSource::sample(Depth depth)
{
    Snapshot all;
    QStringList names;
    openParts();
    for (Part &part : m_parts) {
        if (!part.open)
            continue;
        // What was opened just now is asked for everything, whatever the others are asked for.
        const Depth wanted = part.sampled ? depth : Depth::Slow;
        Snapshot one = part.source->sample(wanted);
        part.sampled = true;
        if (one.trouble && one.gpus.isEmpty()) {
            part.open = part.sampled = false;
            part.trouble = one.trouble;
            part.tried = monotonicMs();
            continue;
        }
        part.trouble = one.trouble;
        names.append(one.source);
        if (!one.driverVersion.isEmpty()) {
            all.driverVersion = one.driverVersion;
            all.cudaVersion = one.cudaVersion;
        }
        all.gpus += one.gpus;
    }
    const auto trouble = worst();
    if (all.gpus.isEmpty() || (trouble && trouble->kind != TroubleKind::NoGpu))
        all.trouble = trouble;
    all.source = names.join(QStringLiteral(" + "));
    all.taken = monotonicMs();
    return all;
}

} // namespace gpu
