#include "launch/reviewwords.h"

#include "core/units.h"
#include "dockerline/plainwords.h"
#include "launch/sampletraining.h"
#include "recipe/portspec.h"

namespace launch {

using namespace Qt::StringLiterals;
using namespace recipe;

namespace {

/** "nvcr.io/nvidia/pytorch:24.05" of "nvcr.io/nvidia/pytorch:24.05@sha256:…": who made it counts, the digest nobody
 * reads. */
QString imageName(const QString &image) { return image.section(u'@', 0, 0); }

QString placeOf(const QString &device, const CheckContext &context)
{
    const inventory::GpuOffer *offer = context.gpus ? inventory::findOffer(*context.gpus, device) : nullptr;
    return offer ? offer->place : device;
}

QString gpuWords(const GpuRequest &request, const CheckContext &context)
{
    switch (request.kind) {
    case GpuRequest::Kind::None:
        break;
    case GpuRequest::Kind::All:
        return u"on all GPUs"_s;
    case GpuRequest::Kind::Count:
        return request.count == 1 ? u"on GPU 0"_s : u"on GPUs 0 to %1"_s.arg(request.count - 1);
    case GpuRequest::Kind::Any:
        return request.count == 1 ? u"on a GPU that is free then"_s
                                  : u"on %1 GPUs that are free then"_s.arg(request.count);
    case GpuRequest::Kind::Devices: {
        QStringList places;
        for (const QString &device : request.devices)
            places += placeOf(device, context);
        return (places.size() == 1 ? u"on GPU %1"_s : u"on GPUs %1"_s).arg(places.join(u", "_s));
    }
    }
    return u"without a GPU"_s;
}

QString runWords(const RunConfig &config, const CheckContext &context)
{
    const QString name = config.name.isEmpty() ? u"under a name that Docker invents"_s : u"as "_s + config.name;
    return u"Runs %1 %2 %3."_s.arg(imageName(config.image), gpuWords(config.gpus, context), name);
}

/** "belongs to root"; empty where that is not known. */
QString ownerWords(const RunConfig &config, const MachineFacts &machine)
{
    const auto writer = writerOf(config, machine);
    if (!writer || !machine.rootIsRoot.value_or(false) || usesSampleImage(config))
        return {};
    if (machine.person && writer->uid == machine.person->uid)
        return writer->uid == 0 ? u"belongs to root, which you are"_s : u"belongs to you"_s;
    return writer->uid == 0 ? u"belongs to root"_s : u"belongs to user %1"_s.arg(writer->uid);
}

QString mountWords(const Mount &mount, const RunConfig &config, const CheckContext &context)
{
    const QString ro = mount.readOnly ? u", and cannot change it"_s : QString();
    if (mount.source.isEmpty())
        return u"Keeps %1 in a new volume without a name%2."_s.arg(
            mount.target, config.removeWhenFinished ? u", which goes with it"_s : QString());
    if (!mount.source.startsWith(u'/'))
        return u"Sees the volume %1 as %2%3."_s.arg(mount.source, mount.target, ro);
    const QString owner = ownerWords(config, context.machine);
    const QString writes = mount.readOnly || owner.isEmpty() ? ro : u"; what it writes there "_s + owner;
    return u"Sees %1 as %2%3."_s.arg(mount.source, mount.target, writes);
}

QString codeWords(const CodeStep &code)
{
    if (code.folder.isEmpty())
        return {};
    const QString ref = code.checkout.isEmpty() ? code.commit.left(12) : code.checkout;
    if (code.source == CodeStep::Source::Clone)
        return u"Clones %1 to %2 before it starts%3."_s.arg(
            code.url, code.folder, ref.isEmpty() ? QString() : u", at "_s + ref);
    const QString command = code.update == CodeStep::Update::Pull ? u"git pull"_s : u"git fetch"_s;
    const bool updates = code.update != CodeStep::Update::None;
    if (!ref.isEmpty())
        return u"Checks out %1 in %2 before it starts%3."_s.arg(
            ref, code.folder, updates ? u" (%1 first)"_s.arg(command) : QString());
    return updates ? u"Brings %1 up to date before it starts (%2)."_s.arg(code.folder, command) : QString();
}

QStringList networkWords(const RunConfig &config)
{
    if (config.network == "host"_L1)
        return {u"Uses the host's own network: its ports are the host's."_s};
    if (config.network == "none"_L1)
        return {u"Has no network."_s};
    QStringList words;
    for (const QString &spec : config.ports) {
        for (const PortBinding &binding : parsePort(spec).value_or(QList<PortBinding>())) {
            const QString own = binding.container.section(u'/', 0, 0);
            const QString where = binding.hostIp.isEmpty() ? u"the host"_s : binding.hostIp;
            words += binding.hostPort.isEmpty()
                ? u"Its port %1 is reached through a port of the host that Docker chooses."_s.arg(own)
                : u"Its port %1 is reached as port %2 of %3."_s.arg(own, binding.hostPort, where);
        }
    }
    if (words.size() > 3)
        words = {u"Publishes %1 ports."_s.arg(words.size())};
    return words;
}

QString limitWords(const RunConfig &config)
{
    QStringList most;
    if (config.memory > 0)
        most += core::bytesText(config.memory) + u" of memory"_s;
    if (config.cpus > 0)
        most += config.cpus == 1 ? u"1 CPU"_s : u"%1 CPUs"_s.arg(config.cpus);
    QStringList words;
    if (!most.isEmpty())
        words += u"may use at most "_s + most.join(u" and "_s);
    if (config.ipc == "host"_L1)
        words += u"shares the host's shared memory"_s;
    else if (config.shmSize > 0)
        words += u"has %1 of shared memory"_s.arg(core::bytesText(config.shmSize));
    if (words.isEmpty())
        return {};
    QString sentence = words.join(u", and "_s) + u'.';
    sentence[0] = sentence[0].toUpper();
    return sentence;
}

QStringList ulimitSentences(const RunConfig &config)
{
    QStringList words;
    for (const Ulimit &ulimit : config.ulimits)
        words += dockerline::ulimitWords(ulimit) + u'.';
    return words;
}

QString endWords(const RunConfig &config)
{
    if (config.restart == "always"_L1 || config.restart == "unless-stopped"_L1)
        return u"Docker starts it again whenever it ends, until you stop it."_s;
    if (config.restart.startsWith("on-failure"_L1))
        return u"Docker starts it again when it fails; otherwise it stays when it ends, until you remove it."_s;
    return config.removeWhenFinished ? u"Removed when it ends; its log stays in Slipway until you close it."_s
                                     : u"Stays when it ends, until you remove it."_s;
}

} // namespace

QStringList reviewWords(const RunConfig &config, const CheckContext &context)
{
    if (config.image.isEmpty())
        return {};
    QStringList words{runWords(config, context), codeWords(config.code)};
    for (const Mount &mount : config.mounts)
        words += mountWords(mount, config, context);
    words += networkWords(config);
    words += limitWords(config);
    words += ulimitSentences(config);
    words += endWords(config);
    words.removeAll(QString());
    return words;
}

} // namespace launch
