#pragma once

#include "accounts/runsecrets.h"
#include "code/runninguses.h"
#include "inventory/gpuchoice.h"
#include "inventory/gpustate.h"
#include "inventory/inventory.h"
#include "launch/launchjob.h"
#include "launch/machinefacts.h"
#include "recipe/resolve.h"
#include "runs/recorder.h"

#include <QPointer>
#include <QTimer>
#include <memory>

namespace launch {

class RunWizard;
struct SecretFields;

/**
 * Where runs are launched from: opens the wizard, keeps it told what this host has (images, names, ports, GPUs, the
 * machine), and launches what it asks for. Knows no console and no page: launched() says what there is to show. Owned
 * by the main window.
 */
class LaunchDesk : public QObject
{
    Q_OBJECT
public:
    struct Parts
    {
        docker::Engine &engine;
        inventory::Inventory &inventory;
        inventory::GpuState &gpus;
        runs::Recorder &recorder;
        transfers::Transfers &transfers;
        accounts::RunSecrets secrets;
    };

    /** window: what the wizard is a dialog of. attach: reads the log of what is launched. */
    LaunchDesk(const Parts &parts, Attacher attach, QWidget *window);

    /** Opens the wizard: as it was left, or with this configuration; note is said above it. */
    void open(const std::optional<recipe::RunConfig> &config = std::nullopt, const QString &note = {});

    /** Launches without a look at it, under the next free name, and leaves the wizard alone. */
    void launchKept(const recipe::RunConfig &config, const QString &configName);

    /** A saveRequested() went well. */
    void showSaved(const QString &name);
    /** A signInRequested() went well. */
    void showSignedIn(const QString &registry);

public Q_SLOTS:
    /** Undoes the launch under way that launchKept() began; no keptFailed() follows. */
    void abortKept();

Q_SIGNALS:
    /** Of launchKept(): what it is doing; empty when it is over. */
    void keptProgressed(const QString &text);
    void keptFailed(const recipe::RunConfig &config, const QString &configName, const core::Error &error);
    void launched(const QString &id, const QString &name);
    /** What was attached to is no more: the launch failed after it had been created. */
    void undone(const QString &id);
    /** The person wants to keep this configuration. Only while somebody listens there is a button for it. */
    void saveRequested(const recipe::RunConfig &config);
    /** The image's registry wants another account. Only while somebody listens there is a button for it. */
    void signInRequested(const QString &image);
    /** A sentence on something beside a launch, which goes on; after launched() its other name, what Docker warns of.
     */
    void noted(const QString &sentence);

private:
    RunWizard &wizard();
    void offerNames();
    void offerImages();
    void offerGpus();
    void offerPorts();
    void askDaemon();
    void askForImage(const QString &image);
    void lookAtPorts();
    void makeFolder(const QString &path);
    void tellMachine();
    QList<inventory::GpuOffer> gpuOffers();
    /** What is to be launched, and where it comes from. */
    struct Order
    {
        recipe::RunConfig config;
        QString configName; ///< empty: no saved configuration
        runs::Origin origin = runs::Origin::Wizard;
        bool kept = false; ///< the wizard knows nothing of it
        QString wanted = {}; ///< the name it should have had, where that was taken
    };
    void launch(const Order &order);
    void askForValues(const Order &order, const QStringList &secrets);
    void offerKept(const std::shared_ptr<SecretFields> &fields);
    void fillInKept(const std::shared_ptr<SecretFields> &fields);
    void keep(const SecretFields &fields, const QStringList &values);
    void launchFilled(const Order &order, const recipe::Values &values);
    void start(const Order &order, const recipe::RunConfig &config, inventory::GpuPromises::Run promised);
    void fail(const Order &order, const core::Error &error);

    Parts m_parts;
    Attacher m_attach;
    QWidget *m_window;
    code::RunningUses m_uses;
    QPointer<RunWizard> m_wizard; ///< built when first opened, a child of the window
    QPointer<LaunchJob> m_kept; ///< the launch under way that the wizard does not show; a child
    inventory::GpuPromises m_promises;
    MachineFacts m_machine; ///< without its ports
    QList<TakenPort> m_published; ///< by containers
    QList<TakenPort> m_listening; ///< seen on this machine
    QTimer m_portTimer; ///< while the wizard is shown
    bool m_lookingAtPorts = false;
};

} // namespace launch
