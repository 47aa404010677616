#include "launch/launchdesk.h"

#include "common/fieldsdialog.h"
#include "launch/runwizard.h"
#include "recipe/rules.h"

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
    connect(m_wizard, &RunWizard::launchRequested, this, [this](const RunConfig &config) {
        launch({config, {}, runs::Origin::Wizard});
    });
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

// ---- launching

void LaunchDesk::launchKept(const RunConfig &config, const QString &configName)
{
    if (wizard().isBusy())
        return open();
    Order order{config, configName, configName.isEmpty() ? runs::Origin::RunAgain : runs::Origin::Wizard};
    QStringList taken;
    for (const inventory::Container &container : m_parts.inventory.containers())
        taken.append(container.name);
    if (!config.name.isEmpty())
        order.config.name = freeName(config.name, taken);
    launch(order);
}

void LaunchDesk::launch(const Order &order)
{
    QStringList secrets;
    for (const EnvVar &variable : order.config.env) {
        if (variable.secret && !variable.value)
            secrets += variable.name;
    }
    if (order.config.parameters.isEmpty() && secrets.isEmpty())
        launchFilled(order, {});
    else
        askForValues(order, secrets);
}

void LaunchDesk::askForValues(const Order &order, const QStringList &secrets)
{
    QList<common::FieldsDialog::Field> fields;
    for (const Parameter &parameter : order.config.parameters)
        fields.append({parameter.name, parameter.description, parameter.fallback.value_or(QString()), false,
            !parameter.fallback});
    for (const QString &name : secrets)
        fields.append({name, tr("Given to this run, and kept nowhere."), {}, true, true});
    const QString title = order.configName.isEmpty() ? tr("Launch") : tr("Launch %1").arg(order.configName);
    auto *dialog = new common::FieldsDialog(title, tr("This run needs to be told:"), fields, tr("&Launch"),
        m_wizard && m_wizard->isVisible() ? m_wizard : m_window);
    connect(dialog, &common::FieldsDialog::filled, this, [this, order, secrets](QMap<QString, QString> values) {
        Order filled = order;
        for (EnvVar &variable : filled.config.env) {
            if (secrets.contains(variable.name))
                variable.value = values.take(variable.name);
        }
        launchFilled(filled, values);
    });
    dialog->open();
}

void LaunchDesk::launchFilled(const Order &order, const Values &values)
{
    auto resolved = resolve(order.config, values);
    if (!resolved)
        return fail(order, resolved.error());
    RunConfig config = *resolved;
    const QList<inventory::GpuOffer> offers = gpuOffers();
    if (config.gpus.kind == GpuRequest::Kind::Any) {
        const auto picked = inventory::pickGpus(config.gpus.count, config.gpus.minFree, offers);
        if (!picked)
            return fail(order, picked.error());
        config.gpus = {GpuRequest::Kind::Devices, 0, *picked};
    }
    m_promises.give(config.gpus.devices, order.config.gpus.minFree, offers, gpu::monotonicMs());
    start(order, config);
}

void LaunchDesk::start(const Order &order, const RunConfig &config)
{
    // The log is read from the container's first byte, in a thread that a busy window cannot hold up.
    LaunchOptions options;
    const auto created = std::make_shared<QString>();
    options.attach = [this, created](const QString &id, const QString &name, bool tty) {
        *created = id;
        return m_attach(id, name, tty);
    };
    const QString record = m_parts.recorder.begin({config, order.configName, order.origin, {}, {}}, options);
    auto *job = new LaunchJob(m_parts.engine, config, options, this);
    m_parts.recorder.follow(record, *job);
    m_wizard->setBusy(tr("Launching…"));
    connect(job, &LaunchJob::progressed, m_wizard, &RunWizard::setBusy);
    connect(m_wizard, &RunWizard::abortRequested, job, &LaunchJob::abort);
    connect(job, &LaunchJob::finished, this,
        [this, job, created, order, given = config.gpus.devices](const core::Result<Launched> &result) {
            job->deleteLater();
            if (result) {
                m_wizard->finish();
                Q_EMIT launched(result->id, result->name);
                return;
            }
            m_promises.takeBack(given);
            Q_EMIT undone(*created);
            fail(order, result.error());
        });
    job->start();
}

void LaunchDesk::fail(const Order &order, const core::Error &error)
{
    m_wizard->setBusy({});
    if (!m_wizard->isVisible())
        open(order.config);
    m_wizard->showFailure(error);
}

} // namespace launch
