#include "docker/pullprogress.h"

#include "core/units.h"

#include <algorithm>
#include <array>

namespace docker {

using namespace Qt::StringLiterals;

std::optional<PullProgress::Stage> PullProgress::stageOf(const QString &status)
{
    struct Words
    {
        QLatin1String status;
        Stage stage;
    };
    static constexpr std::array known = {
        Words{"Pulling fs layer"_L1, Stage::Known},
        Words{"Waiting"_L1, Stage::Known},
        Words{"Downloading"_L1, Stage::Downloading},
        Words{"Verifying Checksum"_L1, Stage::Downloading},
        Words{"Download complete"_L1, Stage::Downloaded},
        Words{"Extracting"_L1, Stage::Downloaded},
        Words{"Pull complete"_L1, Stage::Done},
        Words{"Already exists"_L1, Stage::Present},
    };
    if (status.startsWith("Retrying in "_L1))
        return Stage::Retrying;
    const auto *const found = std::ranges::find_if(known, [&](const Words &words) { return status == words.status; });
    if (found == known.end())
        return std::nullopt; // of the whole image
    return found->stage;
}

void PullProgress::take(const PullStep &step)
{
    const auto stage = stageOf(step.status);
    if (!stage || step.id.isEmpty())
        return;
    Layer &layer = m_layers[step.id];
    layer.stage = *stage;
    if (step.total > 0 && (*stage == Stage::Downloading || *stage == Stage::Downloaded))
        layer.size = step.total; // small layers are first heard of when they are unpacked
    switch (*stage) {
    case Stage::Known:
    case Stage::Present:
        break;
    case Stage::Downloading:
        if (step.current >= 0)
            layer.current = step.current;
        layer.size = layer.size > 0 ? std::max(layer.size, layer.current) : 0; // registries err
        break;
    case Stage::Retrying:
        layer.current = 0;
        break;
    case Stage::Downloaded:
    case Stage::Done:
        layer.size = std::max(layer.size, layer.current);
        layer.current = layer.size;
        break;
    }
}

int PullProgress::layersDone() const
{
    return int(std::ranges::count_if(m_layers, [](const Layer &layer) { return layer.stage >= Stage::Done; }));
}

qint64 PullProgress::bytes() const
{
    qint64 sum = 0;
    for (const Layer &layer : m_layers)
        sum += layer.current;
    return sum;
}

std::optional<qint64> PullProgress::bytesTotal() const
{
    qint64 sum = 0;
    for (const Layer &layer : m_layers) {
        if (layer.size == 0 && layer.stage < Stage::Downloaded)
            return std::nullopt;
        sum += layer.size;
    }
    return sum;
}

bool PullProgress::retrying() const
{
    return std::ranges::any_of(m_layers, [](const Layer &layer) { return layer.stage == Stage::Retrying; });
}

bool PullProgress::unpacking() const
{
    return layersDone() < layers()
        && std::ranges::all_of(m_layers, [](const Layer &layer) { return layer.stage >= Stage::Downloaded; });
}

QString PullProgress::text() const
{
    if (m_layers.isEmpty())
        return {};
    QString text = u"%1 of %2 %3"_s.arg(layersDone()).arg(layers()).arg(layers() == 1 ? u"layer"_s : u"layers"_s);
    const QString all = core::bytesText(bytesTotal().value_or(0));
    QString soFar = core::bytesText(bytes());
    if (unpacking())
        text += u", unpacking %1"_s.arg(soFar);
    else if (bytes() > 0 && !bytesTotal())
        text += u", %1 so far"_s.arg(soFar);
    else if (bytes() > 0 && soFar == all)
        text += u", %1"_s.arg(all);
    else if (bytesTotal().value_or(0) > 0) {
        if (soFar.section(u' ', 1) == all.section(u' ', 1))
            soFar = soFar.section(u' ', 0, 0);
        text += u", %1 of %2"_s.arg(soFar, all);
    }
    if (retrying())
        text += u", trying again"_s;
    return text;
}

} // namespace docker
