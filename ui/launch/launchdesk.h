#pragma once

#include "inventory/gpuchoice.h"
#include "inventory/gpustate.h"
#include "inventory/inventory.h"
#include "launch/launchjob.h"
#include "recipe/runconfig.h"

#include <QPointer>

namespace launch {

class RunWizard;

/**
 * Where runs are launched from: opens the wizard, keeps it told what this host has (images, names, GPUs), and launches
 * what it asks for. Knows no console and no page: launched() says what there is to show. Owned by the main window.
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
    };

    /** window: what the wizard is a dialog of. attach: reads the log of what is launched. */
    LaunchDesk(const Parts &parts, Attacher attach, QWidget *window);

    /** Opens the wizard: as it was left, or with this configuration; note is said above it. */
    void open(const std::optional<recipe::RunConfig> &config = std::nullopt, const QString &note = {});

Q_SIGNALS:
    void launched(const QString &id, const QString &name);
    /** What was attached to is no more: the launch failed after it had been created. */
    void undone(const QString &id);

private:
    RunWizard &wizard();
    void offerNames();
    void offerImages();
    void offerGpus();
    void askDaemonForGpus();
    QList<inventory::GpuOffer> gpuOffers();
    void launch(const recipe::RunConfig &config);

    Parts m_parts;
    Attacher m_attach;
    QWidget *m_window;
    QPointer<RunWizard> m_wizard; ///< built when first opened, a child of the window
    inventory::GpuPromises m_promises;
};

} // namespace launch
