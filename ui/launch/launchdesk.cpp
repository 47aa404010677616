#include "launch/launchdesk.h"

#include "launch/runwizard.h"

namespace launch {

using namespace recipe;

LaunchDesk::LaunchDesk(const Parts &parts, Attacher attach, QWidget *window)
    : QObject(window)
    , m_parts(parts)
    , m_attach(std::move(attach))
    , m_window(window)
{
}

void LaunchDesk::open(const std::optional<RunConfig> &config, const QString &note)
{
    RunWizard &dialog = wizard();
    // While a launch is under way its configuration stays where it is.
    if (config && !dialog.isBusy())
        dialog.setConfig(*config, note);
    offerGpus();
    askDaemonForGpus();
    dialog.show();
    dialog.raise();
    dialog.activateWindow();
}

RunWizard &LaunchDesk::wizard()
{
    if (m_wizard)
        return *m_wizard;
    m_wizard = new RunWizard(m_window);
    connect(m_wizard, &RunWizard::launchRequested, this, &LaunchDesk::launch);
    connect(&m_parts.inventory, &inventory::Inventory::containersChanged, m_wizard, [this] { offerNames(); });
    connect(&m_parts.inventory, &inventory::Inventory::imagesChanged, m_wizard, [this] { offerImages(); });
    connect(&m_parts.gpus, &inventory::GpuState::changed, m_wizard, [this] {
        if (m_wizard->isVisible())
            offerGpus();
    });
    offerNames();
    offerImages();
    return *m_wizard;
}

void LaunchDesk::offerNames()
{
    QStringList names;
    for (const inventory::Container &container : m_parts.inventory.containers())
        names.append(container.name);
    m_wizard->setContainerNames(names);
}

void LaunchDesk::offerImages()
{
    QList<ImageChoice> choices;
    for (const inventory::Image &image : m_parts.inventory.images()) {
        if (!image.repository.isEmpty())
            choices.append({image.reference(), image.id, image.size, image.created});
    }
    m_wizard->setImages(choices);
}

QList<inventory::GpuOffer> LaunchDesk::gpuOffers()
{
    const inventory::GpuState &state = m_parts.gpus;
    return m_promises.applied(inventory::gpuOffers(
                                  state.snapshot(), [&](const QString &uuid) { return state.users(uuid); },
                                  [&](const QString &uuid) { return state.waiting(uuid); }),
        gpu::monotonicMs());
}

void LaunchDesk::offerGpus()
{
    const gpu::Snapshot &snapshot = m_parts.gpus.snapshot();
    if (snapshot.taken == 0)
        return m_wizard->setGpus(std::nullopt, {});
    m_wizard->setGpus(gpuOffers(), snapshot.trouble ? snapshot.trouble->sentence : tr("No NVIDIA GPU is seen here."));
}

/** Whether the daemon says that it could not give a run any GPU. Asked again each time: toolkits get installed. */
void LaunchDesk::askDaemonForGpus()
{
    m_parts.engine.info().then(m_wizard, [this](const core::Result<docker::Info> &info) {
        const auto version = m_parts.engine.version();
        if (info && version)
            m_wizard->setDaemonLacksGpus(inventory::lacksGpus(*info, *version));
    });
}

void LaunchDesk::launch(const RunConfig &wanted)
{
    RunConfig config = wanted;
    const QList<inventory::GpuOffer> offers = gpuOffers();
    if (wanted.gpus.kind == GpuRequest::Kind::Any) {
        const auto picked = inventory::pickGpus(wanted.gpus.count, wanted.gpus.minFree, offers);
        if (!picked)
            return m_wizard->showFailure(picked.error());
        config.gpus = {GpuRequest::Kind::Devices, 0, *picked};
    }
    const QStringList given = config.gpus.devices;
    m_promises.give(given, wanted.gpus.minFree, offers, gpu::monotonicMs());

    // The log is read from the container's first byte, in a thread that a busy window cannot hold up.
    LaunchOptions options;
    const auto created = std::make_shared<QString>();
    options.attach = [this, created](const QString &id, const QString &name, bool tty) {
        *created = id;
        return m_attach(id, name, tty);
    };
    auto *job = new LaunchJob(m_parts.engine, config, options, this);
    m_wizard->setBusy(tr("Launching…"));
    connect(job, &LaunchJob::progressed, m_wizard, &RunWizard::setBusy);
    connect(m_wizard, &RunWizard::abortRequested, job, &LaunchJob::abort);
    const auto done = [this, job, created, given](const core::Result<Launched> &result) {
        job->deleteLater();
        if (!result) {
            m_promises.takeBack(given);
            Q_EMIT undone(*created);
            m_wizard->showFailure(result.error());
            return;
        }
        m_wizard->finish();
        Q_EMIT launched(result->id, result->name);
    };
    connect(job, &LaunchJob::finished, this, done);
    job->start();
}

} // namespace launch
