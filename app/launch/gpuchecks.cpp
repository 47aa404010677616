#include "launch/gpuchecks.h"

#include "inventory/gpuchoice.h"
#include "recipe/rules.h"

#include <algorithm>

namespace launch {

using namespace Qt::StringLiterals;
using namespace recipe;

namespace {

using GpuOffers = std::optional<QList<inventory::GpuOffer>>;

Problem gpuError(const QString &field, const QString &text)
{
    return {Problem::Severity::Error, Step::Gpus, field, text};
}

Problem gpuWarning(const QString &field, const QString &text)
{
    return {Problem::Severity::Warning, Step::Gpus, field, text};
}

using Offers = QList<const inventory::GpuOffer *>;

bool stands(const inventory::GpuOffer *offer) { return !offer->objection().isEmpty(); }

/** "Use GPU 2 (free)", "Use GPUs 2, 3 (free)" */
QString useText(const Offers &offers)
{
    QStringList places;
    for (const inventory::GpuOffer *offer : offers)
        places += offer->place;
    return (places.size() == 1 ? u"Use GPU %1 (free)"_s : u"Use GPUs %1 (free)"_s).arg(places.join(u", "_s));
}

/** Nothing stands against them, and the run does not want them yet. */
Offers spares(const GpuOffers &offers, const Offers &wanted)
{
    Offers free;
    for (qsizetype i = 0; offers && i < offers->size(); ++i) {
        const inventory::GpuOffer *offer = &offers->at(i);
        if (!stands(offer) && !wanted.contains(offer))
            free += offer;
    }
    return free;
}

/** The first `count` that are free in place of all that was asked for; none while there are fewer. */
QList<Fix> useFree(const GpuOffers &offers, qsizetype count)
{
    const Offers free = spares(offers, {}).first(std::min(count, spares(offers, {}).size()));
    if (free.isEmpty() || free.size() < count)
        return {};
    QStringList uuids;
    for (const inventory::GpuOffer *offer : free)
        uuids += offer->uuid;
    return {{Fix::Kind::Gpus, useText(free), uuids.join(u',')}};
}

/** One sentence a GPU, but no wall of them. fixes: of the first. */
QList<Problem> objections(const Offers &offers, const QString &field, const QList<Fix> &fixes = {})
{
    constexpr int most = 3;
    QStringList texts;
    QStringList places;
    for (const inventory::GpuOffer *offer : offers) {
        if (stands(offer)) {
            texts += offer->objection();
            places += offer->place;
        }
    }
    if (texts.size() > most)
        texts = {u"GPUs %1 are in use, held or lost; the list shows by whom."_s.arg(places.join(u", "_s))};
    QList<Problem> problems;
    for (const QString &text : std::as_const(texts))
        problems += gpuWarning(field, text);
    if (!problems.isEmpty())
        problems.first().fixes = fixes;
    return problems;
}

/** Each busy one can be exchanged for a free one of its own. */
QList<Problem> deviceObjections(const Offers &wanted, const GpuRequest &request, const GpuOffers &offers)
{
    QList<Problem> problems = objections(wanted, u"gpus.devices"_s);
    Offers free = spares(offers, wanted);
    const auto busy = std::ranges::count_if(wanted, stands);
    if (problems.size() < busy) {
        problems.first().fixes = useFree(offers, wanted.size());
        return problems;
    }
    auto problem = problems.begin();
    for (const inventory::GpuOffer *offer : wanted) {
        if (!stands(offer) || free.isEmpty())
            continue;
        const auto means = [&](const QString &device) { return inventory::findOffer(*offers, device) == offer; };
        const auto device = std::ranges::find_if(request.devices, means);
        const inventory::GpuOffer *spare = free.takeFirst();
        const int index = int(device - request.devices.begin());
        (problem++)->fixes = {{Fix::Kind::Gpu, useText({spare}), spare->uuid, index}};
    }
    return problems;
}

QList<Problem> checkDevice(const QStringList &devices, qsizetype index, const GpuOffers &offers)
{
    const QString &device = devices[index];
    const QString field = u"gpus.devices[%1]"_s.arg(index);
    if (device.startsWith("device="_L1))
        return {gpuError(field, u"Write only the GPU's number or UUID, without “device=”."_s)};
    if (!isGpuDevice(device))
        return {gpuError(field, u"“%1” is no GPU: give its number, such as 0, or its UUID."_s.arg(device))};
    if (devices.indexOf(device) < index)
        return {gpuWarning(field, u"GPU %1 is listed twice."_s.arg(device))};
    // A machine of whose GPUs nothing is known may have any.
    if (offers && !offers->isEmpty() && !inventory::findOffer(*offers, device))
        return {gpuWarning(field, u"There is no GPU %1 on this machine."_s.arg(device))};
    return {};
}

QList<Problem> checkDevices(const GpuRequest &request, const GpuOffers &offers)
{
    if (request.devices.isEmpty())
        return {gpuError(u"gpus.devices"_s, u"Name at least one GPU, or choose none."_s)};
    QList<Problem> problems;
    Offers wanted;
    for (qsizetype i = 0; i < request.devices.size(); ++i) {
        problems += checkDevice(request.devices, i, offers);
        const inventory::GpuOffer *offer = offers ? inventory::findOffer(*offers, request.devices[i]) : nullptr;
        if (offer && !wanted.contains(offer))
            wanted += offer;
    }
    return problems + deviceObjections(wanted, request, offers);
}

QList<Problem> checkCount(const GpuRequest &request, const GpuOffers &offers)
{
    const QString field = u"gpus.count"_s;
    if (request.count < 0)
        return {gpuError(field, u"The number of GPUs cannot be negative."_s)};
    if (request.count == 0)
        return {gpuWarning(field, u"0 GPUs are asked for: some images then take all of them."_s)};
    QList<Problem> problems{gpuWarning(field,
        request.count == 1
            ? u"Docker always takes GPU 0 for this, even when it is busy."_s
            : u"Docker always takes GPUs 0 to %1 for this, even when they are busy."_s.arg(request.count - 1))};
    Offers wanted;
    for (int i = 0; offers && i < request.count; ++i) {
        if (const inventory::GpuOffer *offer = inventory::findOffer(*offers, QString::number(i)))
            wanted += offer;
    }
    return problems + objections(wanted, field, useFree(offers, request.count));
}

/** Without offers nothing is said of what is on them, and Kind::Any is an error: nobody could choose. */
QList<Problem> checkRequest(const GpuRequest &request, const GpuOffers &offers)
{
    switch (request.kind) {
    case GpuRequest::Kind::None:
        break;
    case GpuRequest::Kind::All: {
        Offers all;
        for (qsizetype i = 0; offers && i < offers->size(); ++i)
            all += &offers->at(i);
        return objections(all, u"gpus"_s, useFree(offers, std::max<qsizetype>(1, spares(offers, {}).size())));
    }
    case GpuRequest::Kind::Count:
        return checkCount(request, offers);
    case GpuRequest::Kind::Devices:
        return checkDevices(request, offers);
    case GpuRequest::Kind::Any:
        if (!offers || offers->isEmpty())
            return {gpuError(u"gpus.count"_s, u"Which GPUs are free is not known here: choose them by number."_s)};
        if (const auto picked = inventory::pickGpus(request.count, request.minFree, *offers); picked.ok()) {
            Offers wanted;
            for (const QString &uuid : *picked)
                wanted += inventory::findOffer(*offers, uuid);
            return objections(wanted, u"gpus.count"_s);
        } else {
            return {gpuError(u"gpus.count"_s, picked.error().message)};
        }
    }
    return {};
}

} // namespace

namespace {

/** `--gpus device=0,1` without the inner quotes: one GPU and a count, which no daemon starts. */
void checkUnquoted(const RunConfig &config, ProblemList &problems)
{
    for (const Option &option : config.options) {
        const QStringList fields = option.value.split(u',');
        if (option.name != "gpus"_L1 || fields.size() < 2 || !fields.first().startsWith("device="_L1))
            continue;
        QStringList devices = fields;
        devices.first().remove(0, sizeof("device=") - 1);
        if (std::ranges::all_of(devices, [](const QString &device) { return isGpuDevice(device); }))
            problems.error(Step::Gpus, u"options"_s,
                u"Docker reads --gpus %1 as one GPU and a count, and refuses to start it."_s.arg(option.value),
                {{Fix::Kind::Gpus, u"Use GPUs %1"_s.arg(devices.join(u", "_s)), devices.join(u',')}});
    }
}

} // namespace

void checkGpus(const RunConfig &config, const CheckContext &context, ProblemList &problems)
{
    if (context.machine.noGpu && config.gpus.kind != GpuRequest::Kind::None
        && config.gpus.kind != GpuRequest::Kind::Any)
        problems.warning(Step::Gpus, u"gpus"_s,
            u"A GPU is asked for, but the machine that Docker runs on has none: the run will hardly start."_s);
    else if (context.daemonLacksGpus && config.gpus.kind != GpuRequest::Kind::None)
        problems.warning(Step::Gpus, u"gpus"_s,
            u"This Docker knows no NVIDIA runtime and no GPU device: the run will hardly start before the NVIDIA Container Toolkit is installed where Docker runs."_s);
    problems.add(checkRequest(config.gpus, context.gpus));
    checkUnquoted(config, problems);
}

} // namespace launch
