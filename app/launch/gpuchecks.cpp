#include "launch/gpuchecks.h"

#include "inventory/gpuchoice.h"
#include "recipe/rules.h"

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

/** One sentence a GPU, but no wall of them. */
QList<Problem> objections(const QList<const inventory::GpuOffer *> &offers, const QString &field)
{
    constexpr int most = 3;
    QStringList texts;
    QStringList places;
    for (const inventory::GpuOffer *offer : offers) {
        if (const QString text = offer->objection(); !text.isEmpty()) {
            texts += text;
            places += offer->place;
        }
    }
    if (texts.size() > most)
        texts = {u"GPUs %1 are in use, held or lost; the list shows by whom."_s.arg(places.join(u", "_s))};
    QList<Problem> problems;
    for (const QString &text : std::as_const(texts))
        problems += gpuWarning(field, text);
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
    QList<const inventory::GpuOffer *> wanted;
    for (qsizetype i = 0; i < request.devices.size(); ++i) {
        problems += checkDevice(request.devices, i, offers);
        const inventory::GpuOffer *offer = offers ? inventory::findOffer(*offers, request.devices[i]) : nullptr;
        if (offer && !wanted.contains(offer))
            wanted += offer;
    }
    return problems + objections(wanted, u"gpus.devices"_s);
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
    QList<const inventory::GpuOffer *> wanted;
    for (int i = 0; offers && i < request.count; ++i) {
        if (const inventory::GpuOffer *offer = inventory::findOffer(*offers, QString::number(i)))
            wanted += offer;
    }
    return problems + objections(wanted, field);
}

/** Without offers nothing is said of what is on them, and Kind::Any is an error: nobody could choose. */
QList<Problem> checkRequest(const GpuRequest &request, const GpuOffers &offers)
{
    switch (request.kind) {
    case GpuRequest::Kind::None:
        break;
    case GpuRequest::Kind::All: {
        QList<const inventory::GpuOffer *> all;
        for (qsizetype i = 0; offers && i < offers->size(); ++i)
            all += &offers->at(i);
        return objections(all, u"gpus"_s);
    }
    case GpuRequest::Kind::Count:
        return checkCount(request, offers);
    case GpuRequest::Kind::Devices:
        return checkDevices(request, offers);
    case GpuRequest::Kind::Any:
        if (!offers || offers->isEmpty())
            return {gpuError(u"gpus.count"_s, u"Which GPUs are free is not known here: choose them by number."_s)};
        if (const auto picked = inventory::pickGpus(request.count, request.minFree, *offers); picked.ok()) {
            QList<const inventory::GpuOffer *> wanted;
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

void checkGpus(const RunConfig &config, const CheckContext &context, ProblemList &problems)
{
    if (context.daemonLacksGpus && config.gpus.kind != GpuRequest::Kind::None)
        problems.warning(Step::Gpus, u"gpus"_s,
            u"This Docker knows no NVIDIA runtime and no GPU device: the run will hardly start before the NVIDIA Container Toolkit is installed where Docker runs."_s);
    problems.add(checkRequest(config.gpus, context.gpus));
}

} // namespace launch
