#include "launch/launchdesk.h"

#include "accounts/registryname.h"
#include "common/fieldsdialog.h"
#include "core/offload.h"
#include "launch/check.h"
#include "launch/runwizard.h"
#include "recipe/rules.h"
#include "recipe/startcommand.h"

#include <QMetaMethod>
#include <QRegularExpression>
#include <QSysInfo>

namespace launch {

using namespace recipe;

namespace {

constexpr int portsMs = 3000;

/** What its secrets are kept under: the saved run, else the container without the number of its repetition. */
QString secretsName(const QString &configName, const RunConfig &config)
{
    if (!configName.isEmpty())
        return configName;
    static const QRegularExpression number(QStringLiteral("-\\d+$"));
    const QString name = QString(config.name).remove(number);
    return name.isEmpty() ? config.image.section(u'@', 0, 0) : name;
}

} // namespace

/** The secrets that a dialog asks for. Shared by what is asked of the keyring for it. */
struct SecretFields
{
    QPointer<common::FieldsDialog> dialog;
    QString run; ///< secretsName()
    QStringList names;
    int first = 0; ///< the field of the first
    QSet<QString> kept; ///< those that the keyring had
    bool keyring = false; ///< there is one
};

LaunchDesk::LaunchDesk(const Parts &parts, Attacher attach, QWidget *window)
    : QObject(window)
    , m_parts(parts)
    , m_attach(std::move(attach))
    , m_window(window)
    , m_uses(parts.engine, parts.inventory)
{
    const auto endPromises = [this](const QString &id) { m_promises.ended(id); };
    connect(&m_parts.inventory, &inventory::Inventory::containerEnded, this, endPromises);
    connect(&m_parts.inventory, &inventory::Inventory::containerRemoved, this, endPromises);
}

void LaunchDesk::open(const std::optional<RunConfig> &config, const QString &note)
{
    RunWizard &dialog = wizard();
    // While a launch is under way its configuration stays where it is.
    if (config && !dialog.isBusy())
        dialog.setConfig(*config, note);
    offerGpus();
    m_uses.refresh();
    askDaemon();
    dialog.setCanSave(isSignalConnected(QMetaMethod::fromSignal(&LaunchDesk::saveRequested)));
    dialog.show();
    dialog.raise();
    dialog.activateWindow();
}

void LaunchDesk::showSaved(const QString &name)
{
    if (m_wizard)
        m_wizard->showNote(tr("Saved as %1. From now on it can be launched in Runs, or with: slipway launch %2")
                               .arg(name, shellQuote(name)));
}

void LaunchDesk::showSignedIn(const QString &registry)
{
    if (m_wizard)
        m_wizard->showNote(tr("Signed in to %1. Launch tries again.").arg(accounts::registryTitle(registry)));
}

RunWizard &LaunchDesk::wizard()
{
    if (m_wizard)
        return *m_wizard;
    m_wizard = new RunWizard(m_window);
    if (isSignalConnected(QMetaMethod::fromSignal(&LaunchDesk::signInRequested)))
        connect(m_wizard, &RunWizard::signInRequested, this, &LaunchDesk::signInRequested);
    connect(m_wizard, &RunWizard::launchRequested, this, [this](const RunConfig &config) {
        launch({config, {}, runs::Origin::Wizard});
    });
    connect(&m_parts.inventory, &inventory::Inventory::containersChanged, m_wizard, [this] {
        offerNames();
        offerPorts();
        if (m_wizard->isVisible())
            m_uses.refresh();
        m_wizard->setRunningUses(m_uses.uses());
    });
    connect(&m_uses, &code::RunningUses::changed, m_wizard, [this] { m_wizard->setRunningUses(m_uses.uses()); });
    connect(&m_parts.inventory, &inventory::Inventory::imagesChanged, m_wizard, [this] {
        m_machine.images.clear();
        tellMachine();
        offerImages();
    });
    connect(&m_parts.gpus, &inventory::GpuState::changed, m_wizard, [this] {
        if (m_wizard->isVisible())
            offerGpus();
    });
    connect(m_wizard, &RunWizard::saveRequested, this, &LaunchDesk::saveRequested);
    connect(m_wizard, &RunWizard::imageNamed, this, &LaunchDesk::askForImage);
    connect(m_wizard, &RunWizard::folderWanted, this, &LaunchDesk::makeFolder);
    m_portTimer.setInterval(portsMs);
    connect(&m_portTimer, &QTimer::timeout, this, &LaunchDesk::lookAtPorts);
    m_portTimer.start();
    offerNames();
    offerPorts();
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
    tellMachine(); // whether it has any
    if (snapshot.taken == 0)
        return m_wizard->setGpus(std::nullopt, {});
    m_wizard->setGpus(gpuOffers(), snapshot.trouble ? snapshot.trouble->sentence : tr("No NVIDIA GPU is seen here."));
}

/** What containers publish. Only running ones hold a port. */
void LaunchDesk::offerPorts()
{
    m_published.clear();
    for (const inventory::Container &container : m_parts.inventory.containers()) {
        for (const docker::Port &port : container.ports) {
            if (port.publicPort > 0)
                m_published.append({port.publicPort, port.ip, port.type, container.name});
        }
    }
    tellMachine();
}

/** Files of /proc, but a thousand sockets make them long: off the main thread, and only while somebody looks. */
void LaunchDesk::lookAtPorts()
{
    if (!m_wizard || !m_wizard->isVisible() || !m_machine.person || m_lookingAtPorts)
        return;
    m_lookingAtPorts = true;
    const auto read = []() -> core::Result<QList<TakenPort>> { return readListeningPorts(); };
    core::offload(this, read).then(this, [this](const core::Result<QList<TakenPort>> &ports) {
        m_lookingAtPorts = false;
        m_listening = *ports;
        tellMachine();
    });
}

void LaunchDesk::tellMachine()
{
    MachineFacts machine = m_machine;
    machine.ports = m_published;
    if (m_machine.person)
        machine.ports += m_listening;
    // Of a daemon elsewhere the GPUs are not those seen here; of a driver that does not answer nobody knows.
    const gpu::Snapshot &gpus = m_parts.gpus.snapshot();
    machine.noGpu = m_machine.person && gpus.taken > 0 && gpus.gpus.isEmpty()
        && (!gpus.trouble || gpus.trouble->kind == gpu::TroubleKind::NoGpu);
    m_wizard->setMachine(machine);
}

void LaunchDesk::askForImage(const QString &image)
{
    m_parts.engine.inspectImage(image).then(this, [this, image](const core::Result<docker::ImageDetail> &detail) {
        if (!detail)
            return; // it is gone, and the image list will say so
        m_machine.images.insert(image, {detail->entrypoint, detail->user, detail->cmd});
        tellMachine();
    });
}

void LaunchDesk::makeFolder(const QString &path)
{
    core::offload(this, [path] {
        return launch::makeFolder(path);
    }).then(m_wizard, [this, path](const core::Result<void> &made) { m_wizard->folderMade(path, made); });
}

/**
 * What Docker's machine is, and whether the daemon says that it could not give a run any GPU. Asked again each time:
 * toolkits get installed.
 */
void LaunchDesk::askDaemon()
{
    m_parts.engine.info().then(m_wizard, [this](const core::Result<docker::Info> &info) {
        const auto version = m_parts.engine.version();
        if (info) {
            learn(m_machine, *info, QSysInfo::machineHostName(), myself());
            m_wizard->setHostIsLocal(m_machine.person.has_value());
            tellMachine();
            lookAtPorts();
        }
        if (info && version)
            m_wizard->setDaemonLacksGpus(inventory::lacksGpus(*info, *version));
    });
}

// ---- launching

void LaunchDesk::launchKept(const RunConfig &config, const QString &configName)
{
    Order order{config, configName, configName.isEmpty() ? runs::Origin::RunAgain : runs::Origin::Wizard, true};
    if (m_kept)
        return fail(
            order, {core::ErrorKind::Conflict, 0, tr("Another run is being launched: wait for it, or cancel it."), {}});
    QStringList taken;
    for (const inventory::Container &container : m_parts.inventory.containers())
        taken.append(container.name);
    if (!config.name.isEmpty()) {
        order.config.name = freeName(config.name, taken);
        order.wanted = config.name;
    }
    launch(order);
}

void LaunchDesk::launch(const Order &order)
{
    QStringList secrets;
    for (const EnvVar &variable : order.config.env) {
        if (variable.secret && !variable.value && !secrets.contains(variable.name))
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
        fields.append({name, tr("Given to this run alone; not in its file, its line or the history."), {}, true, true});
    const QString title = order.configName.isEmpty() ? tr("Launch") : tr("Launch %1").arg(order.configName);
    auto *dialog = new common::FieldsDialog(title, tr("This run needs to be told:"), fields, tr("&Launch"),
        m_wizard && m_wizard->isVisible() ? m_wizard : m_window);
    const auto asked = std::make_shared<SecretFields>(SecretFields{
        dialog, secretsName(order.configName, order.config), secrets, int(order.config.parameters.size()), {}, false});
    connect(dialog, &common::FieldsDialog::filled, this, [this, order, secrets, asked](const QStringList &texts) {
        keep(*asked, texts);
        Order filled = order;
        Values values;
        qsizetype next = 0;
        for (const Parameter &parameter : order.config.parameters)
            values[parameter.name] = texts[next++];
        for (const QString &name : secrets) {
            for (EnvVar &variable : filled.config.env) {
                if (variable.secret && variable.name == name)
                    variable.value = texts[next];
            }
            ++next;
        }
        launchFilled(filled, values);
    });
    if (!secrets.isEmpty())
        offerKept(asked);
    dialog->open();
}

/** The dialog waits for nobody: what the keyring has comes into fields that are still empty. */
void LaunchDesk::offerKept(const std::shared_ptr<SecretFields> &fields)
{
    using accounts::KeyringState;
    m_parts.secrets.state().then(fields->dialog, [this, fields](const core::Result<KeyringState> &state) {
        const KeyringState keyring = state ? *state : KeyringState::Absent;
        fields->keyring = keyring != KeyringState::Absent;
        if (!fields->keyring)
            fields->dialog->offer(tr("&Remember until Slipway ends"), tr("This session has no keyring."), false);
        else
            fields->dialog->offer(tr("&Remember in the keyring"), tr("Offered at the next launch of this run."), false);
        if (keyring != KeyringState::Locked)
            return fillInKept(fields);
        fields->dialog->setNotice(tr("The keyring is locked; what it has is not offered."), tr("&Unlock…"));
        connect(fields->dialog, &common::FieldsDialog::noticePressed, this, [this, fields] {
            fields->dialog->setNotice({}, {});
            fillInKept(fields); // reading asks the desktop to unlock it
        });
    });
}

void LaunchDesk::fillInKept(const std::shared_ptr<SecretFields> &fields)
{
    for (int i = 0; i < fields->names.size(); ++i) {
        m_parts.secrets.value(fields->run, fields->names[i])
            .then(fields->dialog, [fields, i](const core::Result<std::optional<QString>> &kept) {
                if (!kept || !*kept)
                    return;
                fields->kept += fields->names[i];
                fields->dialog->suggest(fields->first + i, **kept);
                fields->dialog->takeOffer();
            });
    }
}

/** As the person ticked it; what was kept and is not to be any longer is forgotten. */
void LaunchDesk::keep(const SecretFields &fields, const QStringList &values)
{
    for (int i = 0; i < fields.names.size(); ++i) {
        const QString &name = fields.names[i];
        const auto tell = [this, name](const core::Error &error) {
            Q_EMIT noted(tr("%1 could not be kept in the keyring: %2").arg(name, error.message));
        };
        if (fields.dialog->offerTaken())
            m_parts.secrets.remember(fields.run, name, values[fields.first + i])
                .then(this, [tell, keyring = fields.keyring](const core::Result<accounts::Stored> &stored) {
                    if (!stored)
                        tell(stored.error());
                    else if (keyring && !stored->inKeyring)
                        tell({core::ErrorKind::Denied, 0, stored->why, {}});
                });
        else if (fields.kept.contains(name))
            m_parts.secrets.forget(fields.run, name).then(this, [tell](const core::Result<void> &forgotten) {
                if (!forgotten)
                    tell(forgotten.error());
            });
    }
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
    // The wizard has checked what it shows; a kept run, or a value given just now, nobody has.
    CheckContext context;
    context.gpus = offers;
    const QList<Problem> problems = check(config, context);
    const auto wrong = std::ranges::find(problems, Problem::Severity::Error, &Problem::severity);
    if (wrong != problems.end())
        return fail(order, {core::ErrorKind::Conflict, 0, wrong->text, {}});
    start(order, config, m_promises.give(config.gpus.devices, order.config.gpus.minFree, offers, gpu::monotonicMs()));
}

void LaunchDesk::start(const Order &order, const RunConfig &config, inventory::GpuPromises::Run promised)
{
    // The log is read from the container's first byte, in a thread that a busy window cannot hold up.
    LaunchOptions options;
    options.transfers = &m_parts.transfers;
    options.nextFreeName = order.kept; // in the wizard the person chose it
    const auto created = std::make_shared<QString>();
    options.attach = [this, created, promised](const QString &id, const QString &name, bool tty) {
        *created = id;
        m_promises.becomes(promised, id);
        return m_attach(id, name, tty);
    };
    const QString record = m_parts.recorder.begin({config, order.configName, order.origin, {}, {}}, options);
    auto *job = new LaunchJob(m_parts.engine, config, options, this);
    m_parts.recorder.follow(record, *job);
    if (order.kept) {
        m_kept = job;
        connect(job, &LaunchJob::progressed, this, &LaunchDesk::keptProgressed);
        Q_EMIT keptProgressed(tr("Launching…"));
    } else {
        m_wizard->setBusy(tr("Launching…"));
        connect(job, &LaunchJob::progressed, m_wizard, &RunWizard::setBusy);
        connect(m_wizard, &RunWizard::abortRequested, job, &LaunchJob::abort);
    }
    connect(
        job, &LaunchJob::finished, this, [this, job, created, order, promised](const core::Result<Launched> &result) {
            job->deleteLater();
            if (order.kept) {
                m_kept.clear();
                Q_EMIT keptProgressed({});
            }
            if (result) {
                if (!order.kept)
                    m_wizard->finish();
                Q_EMIT launched(result->id, result->name);
                QStringList notes; // said together: a second note would take the first one's place
                if (!order.wanted.isEmpty() && order.wanted != result->name)
                    notes += tr("The name %1 is taken: this run is called %2.").arg(order.wanted, result->name);
                if (!result->warnings.isEmpty()) // as that the image is for another kind of machine
                    notes += tr("Docker warns about %1: %2").arg(result->name, result->warnings.join(u' '));
                if (!notes.isEmpty())
                    Q_EMIT noted(notes.join(u' '));
                return;
            }
            m_promises.takeBack(promised);
            Q_EMIT undone(*created);
            fail(order, result.error());
        });
    job->start();
}

void LaunchDesk::fail(const Order &order, const core::Error &error)
{
    if (!order.kept)
        m_wizard->showFailure(error);
    else if (error.kind != core::ErrorKind::Aborted) // what stands in the wizard is another run
        Q_EMIT keptFailed(order.config, order.configName, error);
}

void LaunchDesk::abortKept()
{
    if (m_kept)
        m_kept->abort();
}

} // namespace launch
