#include "launch/check.h"

#include "inventory/gpuchoice.h"
#include "launch/sampletraining.h"
#include "recipe/portspec.h"
#include "recipe/rules.h"

#include <QRegularExpression>
#include <QSet>
#include <algorithm>

namespace launch {

using namespace Qt::StringLiterals;
using namespace recipe;

namespace {

/** "/data/" and "/data" are one place. */
QString place(QString target)
{
    while (target.size() > 1 && target.endsWith(u'/'))
        target.chop(1);
    return target;
}

bool isIn(const QString &folder, const QString &mount)
{
    return !mount.isEmpty() && (place(folder) == place(mount) || folder.startsWith(QString(place(mount) + u'/')));
}

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

QList<Problem> checkGpus(const GpuRequest &request, const GpuOffers &offers, bool daemonLacksGpus)
{
    QList<Problem> problems = checkRequest(request, offers);
    if (daemonLacksGpus && request.kind != GpuRequest::Kind::None)
        problems.prepend(gpuWarning(u"gpus"_s,
            u"This Docker knows no NVIDIA runtime and no GPU device: the run will hardly start before the NVIDIA Container Toolkit is installed where Docker runs."_s));
    return problems;
}

/** Collects the problems of one configuration. Lives for one call of check(). */
class Checker
{
public:
    Checker(const RunConfig &config, const CheckContext &context)
        : m_config(config)
        , m_context(context)
    {
    }

    QList<Problem> run()
    {
        image();
        m_problems += checkGpus(m_config.gpus, m_context.gpus, m_context.daemonLacksGpus);
        code();
        mounts();
        command();
        environment();
        name();
        network();
        sizes();
        limits();
        return m_problems;
    }

private:
    void error(Step step, const QString &field, const QString &text)
    {
        m_problems += {Problem::Severity::Error, step, field, text};
    }
    void warning(Step step, const QString &field, const QString &text)
    {
        m_problems += {Problem::Severity::Warning, step, field, text};
    }

    void image();
    void code();
    void mounts();
    void mount(const Mount &mount, const QString &field);
    void source(const Mount &mount, const QString &field);
    void command();
    void environment();
    void name();
    void network();
    void sizes();
    void limits();

    const RunConfig &m_config;
    const CheckContext &m_context;
    QList<Problem> m_problems;
};

void Checker::image()
{
    const QString &image = m_config.image;
    if (image.isEmpty())
        return error(Step::Image, u"image"_s, u"Choose an image."_s);
    if (!isImageReference(image))
        return error(
            Step::Image, u"image"_s, u"“%1” is no image name: it is written name:tag, in small letters."_s.arg(image));
    if (!isPlatform(m_config.platform))
        error(Step::Image, u"platform"_s, u"A platform is written os/architecture, such as linux/amd64."_s);
    if (!m_context.images || usesSampleImage(m_config)) // the sample's image is made when it is missing
        return;
    const auto same = [full = fullImageReference(image), &image](const QString &known) {
        return fullImageReference(known) == full || known == image
            || (image.size() >= 4 && known.startsWith("sha256:"_L1 + image));
    };
    if (std::ranges::none_of(*m_context.images, same))
        warning(Step::Image, u"image"_s, u"The image %1 is not on this host."_s.arg(image));
}

void Checker::code()
{
    const CodeStep &code = m_config.code;
    if (code.folder.isEmpty())
        return;
    static const QRegularExpression commit(u"^[0-9a-f]{7,40}$"_s);
    if (!code.folder.startsWith(u'/'))
        error(
            Step::Code, u"code.folder"_s, u"The code folder must be a whole path in the container, starting with /."_s);
    if (code.checkout.startsWith(u'-')
        || code.checkout.contains(QRegularExpression(uR"([\s~^:?*\[\\\x00-\x1f]|\.\.)"_s)))
        error(Step::Code, u"code.checkout"_s, u"“%1” is no branch, tag or commit."_s.arg(code.checkout));
    else if (code.pull && commit.match(code.checkout).hasMatch())
        warning(Step::Code, u"code.pull"_s,
            u"With a commit checked out the folder is on no branch, and the next git pull in it fails; name a branch, or leave the pull out."_s);
    for (const Mount &mount : m_config.mounts) {
        if (mount.readOnly && isIn(code.folder, mount.target))
            warning(Step::Code, u"code.folder"_s,
                u"The code folder lies in %1, which is mounted read-only: git cannot change it."_s.arg(mount.target));
    }
    const bool nothingToRun = m_config.useShell ? m_config.script.trimmed().isEmpty() : m_config.command.isEmpty();
    if (nothingToRun)
        error(Step::Command, m_config.useShell ? u"script"_s : u"command"_s,
            u"Say what to run: with a code step the image's own command is not used."_s);
}

void Checker::source(const Mount &mount, const QString &field)
{
    const QString &source = mount.source;
    if (source.isEmpty()) {
        if (mount.mustExist)
            return error(Step::Mounts, field, u"Choose the host folder to see at %1."_s.arg(mount.target));
        return warning(Step::Mounts, field,
            u"No host folder is named: %1 becomes a new volume without a name."_s.arg(mount.target));
    }
    if (!source.startsWith(u'/')) {
        if (mount.mustExist || !isContainerName(source))
            return error(Step::Mounts, field, u"“%1” is no whole path; a host folder starts with /."_s.arg(source));
        return warning(Step::Mounts, field,
            u"“%1” is a volume of that name, not a host folder; a folder starts with /."_s.arg(source));
    }
    if (source.contains(u':') && !mount.mustExist)
        return error(
            Step::Mounts, field, u"A host folder with “:” in its name can only be mounted when it must exist."_s);
    if (!m_context.hostFolderExists || m_context.hostFolderExists(source))
        return;
    if (mount.mustExist)
        error(Step::Mounts, field, u"The host folder %1 does not exist."_s.arg(source));
    else
        warning(Step::Mounts, field,
            u"The host folder %1 does not exist: Docker would create it, owned by root."_s.arg(source));
}

void Checker::mount(const Mount &mount, const QString &field)
{
    const QString target = field + u".target"_s;
    if (mount.target.isEmpty())
        error(Step::Mounts, target,
            u"Say where in the container %1 is to be seen."_s.arg(
                mount.source.isEmpty() ? u"the folder"_s : mount.source));
    else if (!mount.target.startsWith(u'/'))
        error(
            Step::Mounts, target, u"“%1” must be a whole path in the container, starting with /."_s.arg(mount.target));
    else if (mount.target.contains(u':') && !mount.mustExist)
        error(Step::Mounts, target, u"A folder in the container cannot have “:” in its name here."_s);
    else if (mount.target == "/"_L1)
        error(Step::Mounts, target, u"Nothing can be mounted over the container's root folder."_s);
    else if (mount.source.isEmpty() && (mount.readOnly || !mount.options.isEmpty()))
        error(Step::Mounts, target, u"A volume without a name takes no options."_s);
    source(mount, field + u".source"_s);
}

void Checker::mounts()
{
    QSet<QString> seen;
    for (qsizetype i = 0; i < m_config.mounts.size(); ++i) {
        const Mount &one = m_config.mounts[i];
        const QString field = u"mounts[%1]"_s.arg(i);
        mount(one, field);
        const QString target = place(one.target);
        if (!target.isEmpty() && seen.contains(target))
            error(Step::Mounts, field + u".target"_s,
                u"Two mounts have the same place in the container, %1."_s.arg(target));
        seen += target;
    }
    const QString &work = m_config.workingDir;
    if (!work.isEmpty() && !work.startsWith(u'/'))
        error(Step::Command, u"workingDir"_s,
            u"The working folder must be a whole path in the container, starting with /."_s);
}

void Checker::command()
{
    const bool hasCode = !m_config.code.folder.isEmpty();
    if ((hasCode || m_config.useShell) && m_config.shell.isEmpty())
        error(Step::Command, u"shell"_s, u"Name the shell that runs the script, such as bash."_s);
    if (!hasCode && m_config.useShell && m_config.script.trimmed().isEmpty())
        warning(Step::Command, u"script"_s, u"The script is empty: the image's own command runs."_s);
    if (!m_config.useShell && !m_config.command.isEmpty() && m_config.command.first().isEmpty())
        error(Step::Command, u"command"_s, u"The command's first word is empty."_s);
    if (hasCode && m_config.entrypoint && !m_config.entrypoint->isEmpty())
        warning(Step::Command, u"entrypoint"_s,
            u"The code step is handed to the entry point %1, which must run it."_s.arg(*m_config.entrypoint));
}

void Checker::environment()
{
    QSet<QString> seen;
    for (qsizetype i = 0; i < m_config.env.size(); ++i) {
        const QString &variable = m_config.env[i].name;
        const QString field = u"env[%1]"_s.arg(i);
        if (variable.isEmpty())
            error(Step::Command, field, u"An environment variable has no name."_s);
        else if (variable.contains(u'='))
            error(Step::Command, field, u"The name of a variable cannot contain “=”: %1."_s.arg(variable));
        else if (seen.contains(variable))
            warning(Step::Command, field, u"The variable %1 is set twice; the last one counts."_s.arg(variable));
        seen += variable;
    }
    for (qsizetype i = 0; i < m_config.labels.size(); ++i) {
        const QString &key = m_config.labels[i].first;
        if (key.isEmpty() || key.contains(u'='))
            error(Step::Resources, u"labels[%1]"_s.arg(i), u"A label needs a key without “=”."_s);
    }
}

void Checker::name()
{
    const QString &name = m_config.name;
    if (!name.isEmpty() && !isContainerName(name))
        error(Step::Resources, u"name"_s,
            u"A container's name has at least two letters or digits; “_”, “.” and “-” may follow the first."_s);
    else if (!name.isEmpty() && m_context.containerNames && m_context.containerNames->contains(name))
        error(Step::Resources, u"name"_s,
            u"There is a container %1 already: choose another name or remove it."_s.arg(name));
    if (!isRestartPolicy(m_config.restart))
        error(Step::Resources, u"restart"_s, u"Restart is no, always, unless-stopped or on-failure:N."_s);
    else if (m_config.removeWhenFinished && !m_config.restart.isEmpty() && m_config.restart != "no"_L1)
        error(Step::Resources, u"restart"_s,
            u"A container that is removed when finished cannot be restarted: choose one of the two."_s);
    if (m_config.removeWhenFinished && m_config.mounts.isEmpty())
        warning(Step::Resources, u"removeWhenFinished"_s,
            u"Nothing is mounted and the container is removed when finished: what it writes is lost."_s);
}

void Checker::network()
{
    const QString &network = m_config.network;
    const QString member = network.startsWith("container:"_L1) ? network.mid(10) : network;
    if (!network.isEmpty() && !isContainerName(member))
        error(Step::Resources, u"network"_s, u"“%1” is no network."_s.arg(network));
    const bool own = network != "host"_L1 && network != "none"_L1 && !network.startsWith("container:"_L1);
    if (!own && !m_config.ports.isEmpty())
        warning(Step::Resources, u"ports"_s, u"With network %1 no port is published."_s.arg(network));
    QSet<QString> taken;
    for (qsizetype i = 0; i < m_config.ports.size(); ++i) {
        const QString field = u"ports[%1]"_s.arg(i);
        const auto bindings = parsePort(m_config.ports[i]);
        if (!bindings) {
            error(Step::Resources, field,
                u"“%1” is no port: it is written HOST-PORT:CONTAINER-PORT."_s.arg(m_config.ports[i]));
            continue;
        }
        for (const PortBinding &binding : *bindings) {
            const QString host = binding.hostIp + u' ' + binding.hostPort + u' ' + binding.container.section(u'/', 1);
            if (!binding.hostPort.isEmpty() && taken.contains(host))
                error(Step::Resources, field, u"The host's port %1 is published twice."_s.arg(binding.hostPort));
            taken += host;
        }
    }
}

void Checker::sizes()
{
    constexpr qint64 leastMemory = 6 * 1024 * 1024; // the daemon refuses less since 20.10
    if (m_config.shmSize < 0)
        error(Step::Resources, u"shmSize"_s, u"Shared memory cannot be negative."_s);
    else if (m_config.shmSize > 0 && m_config.ipc == "host"_L1)
        warning(Step::Resources, u"shmSize"_s,
            u"With ipc host the host's shared memory is used, and this size has no effect."_s);
    if (m_config.memory < 0)
        error(Step::Resources, u"memory"_s, u"Memory cannot be negative."_s);
    else if (m_config.memory > 0 && m_config.memory < leastMemory)
        error(Step::Resources, u"memory"_s, u"Docker refuses less than 6 MiB of memory."_s);
    if (m_config.cpus < 0)
        error(Step::Resources, u"cpus"_s, u"The number of CPUs cannot be negative."_s);
    else if (m_config.cpus > 0 && m_config.cpus < 0.01)
        error(Step::Resources, u"cpus"_s, u"Docker refuses less than 0.01 CPUs."_s);
}

void Checker::limits()
{
    if (!isIpcMode(m_config.ipc))
        error(Step::Resources, u"ipc"_s,
            u"“%1” is no ipc mode: it is none, private, shareable, host or container:NAME."_s.arg(m_config.ipc));
    QSet<QString> seen;
    for (qsizetype i = 0; i < m_config.ulimits.size(); ++i) {
        const Ulimit &ulimit = m_config.ulimits[i];
        const QString field = u"ulimits[%1]"_s.arg(i);
        if (const auto fault = ulimitFault(ulimit.name, ulimit.soft, ulimit.hard))
            error(Step::Resources, field, *fault);
        else if (seen.contains(ulimit.name))
            error(Step::Resources, field, u"The limit %1 is set twice."_s.arg(ulimit.name));
        seen += ulimit.name;
    }
}

} // namespace

QList<Problem> check(const RunConfig &config, const CheckContext &context)
{
    QList<Problem> problems = Checker(config, context).run();
    std::ranges::stable_sort(problems, {}, &Problem::step);
    return problems;
}

bool hasErrors(const QList<Problem> &problems)
{
    return std::ranges::any_of(
        problems, [](const Problem &problem) { return problem.severity == Problem::Severity::Error; });
}

} // namespace launch
