#include "docker/pullprogress.h"

#include "core/units.h"

#include <QRegularExpression>
#include <algorithm>
#include <array>

namespace docker {

using namespace Qt::StringLiterals;

namespace {

constexpr auto retryingIn = "Retrying in "_L1;
constexpr auto mountedFrom = "Mounted from "_L1;

/** "3 of 8 MiB", "3 MiB of 2 GiB", "8 MiB" at the end. */
QString ofText(qint64 part, qint64 whole)
{
    const QString all = core::bytesText(whole);
    QString soFar = core::bytesText(part);
    if (soFar == all)
        return all;
    if (soFar.section(u' ', 1) == all.section(u' ', 1))
        soFar = soFar.section(u' ', 0, 0);
    return u"%1 of %2"_s.arg(soFar, all);
}

QString withBytes(const QString &word, qint64 current, qint64 size)
{
    if (size > 0)
        return word + u' ' + ofText(current, size);
    return current > 0 ? QString(word + u' ' + core::bytesText(current)) : word;
}

} // namespace

std::optional<PullProgress::Stage> PullProgress::stageOf(const QString &status)
{
    struct Words
    {
        QLatin1String status;
        Stage stage;
    };
    static constexpr std::array known = {
        Words{"Pulling fs layer"_L1, Stage::Waiting},
        Words{"Waiting"_L1, Stage::Waiting},
        Words{"Preparing"_L1, Stage::Waiting},
        Words{"Downloading"_L1, Stage::Moving},
        Words{"Verifying Checksum"_L1, Stage::Moving},
        Words{"Pushing"_L1, Stage::Moving},
        Words{"Download complete"_L1, Stage::Moved},
        Words{"Extracting"_L1, Stage::Unpacking},
        Words{"Pull complete"_L1, Stage::Done},
        Words{"Pushed"_L1, Stage::Done},
        Words{"Already exists"_L1, Stage::Present},
        Words{"Layer already exists"_L1, Stage::Present},
    };
    if (status.startsWith(retryingIn))
        return Stage::Retrying;
    if (status.startsWith(mountedFrom))
        return Stage::Present;
    const auto *const found = std::ranges::find_if(known, [&](const Words &words) { return status == words.status; });
    if (found == known.end())
        return std::nullopt; // of the whole image
    return found->stage;
}

void PullProgress::takeOfWhole(const QString &status)
{
    static const QRegularExpression digest(u"[Dd]igest: (\\w+:[0-9a-f]+)"_s);
    if (const auto match = digest.match(status); match.hasMatch()) {
        m_digest = match.captured(1);
        m_concluded = true;
    }
    if (status.startsWith("Status: "_L1)) {
        m_concluded = true;
        m_upToDate = status.contains("up to date"_L1);
    }
}

void PullProgress::take(const PullStep &step)
{
    const auto stage = stageOf(step.status);
    if (!stage || step.id.isEmpty())
        return takeOfWhole(step.status);
    m_pushing = m_pushing || step.status == "Preparing"_L1 || step.status.startsWith("Push"_L1)
        || step.status == "Layer already exists"_L1 || step.status.startsWith(mountedFrom);
    const auto known = m_indexes.constFind(step.id);
    const qsizetype index = known == m_indexes.constEnd() ? m_layers.size() : *known;
    if (known == m_indexes.constEnd()) {
        m_indexes.insert(step.id, index);
        m_layers.append(Layer());
        m_layers.last().id = step.id;
    }
    Layer &layer = m_layers[index];
    layer.stage = *stage;
    move(layer, step);
}

void PullProgress::move(Layer &layer, const PullStep &step)
{
    layer.seconds = -1;
    if (step.total > 0 && layer.stage >= Stage::Moving && layer.stage <= Stage::Unpacking)
        layer.size = step.total; // small layers are first heard of when they are unpacked
    switch (layer.stage) {
    case Stage::Waiting:
        break;
    case Stage::Present:
        if (step.status.startsWith(mountedFrom))
            layer.mountedFrom = step.status.mid(mountedFrom.size());
        break;
    case Stage::Moving:
        if (step.current >= 0)
            layer.current = step.current;
        layer.size = layer.size > 0 ? std::max(layer.size, layer.current) : 0; // registries err
        break;
    case Stage::Retrying: {
        const QString seconds = step.status.mid(retryingIn.size()).section(u' ', 0, 0);
        layer.seconds = seconds.toInt(); // 0 where it is none
        layer.current = 0;
        break;
    }
    case Stage::Unpacking:
        // Without a total these are seconds: the containerd store does not know how far it is.
        if (step.total > 0)
            layer.unpacked = std::clamp<qint64>(step.current, 0, step.total);
        else
            layer.seconds = int(std::min<qint64>(step.current, std::numeric_limits<int>::max()));
        [[fallthrough]];
    case Stage::Moved:
    case Stage::Done:
        layer.size = std::max(layer.size, layer.current);
        layer.current = layer.size;
        break;
    }
}

QString PullProgress::layerText(const Layer &layer) const
{
    switch (layer.stage) {
    case Stage::Waiting:
        return u"Waiting"_s;
    case Stage::Moving:
        return withBytes(m_pushing ? u"Uploading"_s : u"Downloading"_s, layer.current, layer.size);
    case Stage::Retrying:
        return layer.seconds > 0 ? u"Trying again in %1 s"_s.arg(layer.seconds) : u"Trying again"_s;
    case Stage::Moved:
        return u"Downloaded"_s;
    case Stage::Unpacking:
        return layer.seconds >= 0 ? u"Unpacking for %1 s"_s.arg(layer.seconds)
                                  : withBytes(u"Unpacking"_s, layer.unpacked, layer.size);
    case Stage::Done:
        return layer.size > 0 ? u"Done, %1"_s.arg(core::bytesText(layer.size)) : u"Done"_s;
    case Stage::Present:
        break;
    }
    if (!layer.mountedFrom.isEmpty())
        return u"In the registry already, in %1"_s.arg(layer.mountedFrom);
    return m_pushing ? u"In the registry already"_s : u"Already here"_s;
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
        if (layer.size == 0 && layer.stage < Stage::Moved)
            return std::nullopt;
        sum += layer.size;
    }
    return sum;
}

qint64 PullProgress::remainingAtLeast() const
{
    qint64 sum = 0;
    for (const Layer &layer : m_layers) {
        if (layer.stage < Stage::Done)
            sum += std::max<qint64>(0, layer.size - layer.current);
    }
    return sum;
}

std::optional<double> PullProgress::fraction() const
{
    const std::optional<qint64> total = bytesTotal();
    if (!total || *total <= 0)
        return std::nullopt;
    if (m_pushing)
        return double(bytes()) / double(*total);
    qint64 unpacked = 0;
    for (const Layer &layer : m_layers)
        unpacked += layer.stage >= Stage::Done ? layer.size : layer.unpacked;
    return double(bytes() + unpacked) / (2.0 * double(*total));
}

bool PullProgress::retrying() const
{
    return std::ranges::any_of(m_layers, [](const Layer &layer) { return layer.stage == Stage::Retrying; });
}

bool PullProgress::unpacking() const
{
    return layersDone() < m_layers.size()
        && std::ranges::all_of(m_layers, [](const Layer &layer) { return layer.stage >= Stage::Moved; });
}

QString PullProgress::text() const
{
    if (m_layers.isEmpty())
        return {};
    QString text
        = u"%1 of %2 %3"_s.arg(layersDone()).arg(m_layers.size()).arg(m_layers.size() == 1 ? u"layer"_s : u"layers"_s);
    if (unpacking())
        text += u", unpacking %1"_s.arg(core::bytesText(bytes()));
    else if (bytes() > 0 && !bytesTotal())
        text += u", %1 so far"_s.arg(core::bytesText(bytes()));
    else if (bytesTotal().value_or(0) > 0)
        text += u", "_s + ofText(bytes(), *bytesTotal());
    if (retrying())
        text += u", trying again"_s;
    return text;
}

} // namespace docker
