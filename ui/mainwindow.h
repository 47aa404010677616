#pragma once

#include "accounts/accounts.h"
#include "builds/builds.h"
#include "cleanup/candidates.h"
#include "core/trace.h"
#include "docker/engine.h"
#include "gpu/sampler.h"
#include "hosts/host.h"
#include "inventory/gpustate.h"
#include "inventory/inventory.h"
#include "inventory/livefigures.h"
#include "inventory/operations.h"
#include "runs/history.h"
#include "runs/library.h"
#include "runs/recorder.h"
#include "settings/protection.h"
#include "settings/settings.h"
#include "transfers/transfers.h"

#include <QMainWindow>

class QLineEdit;
class QListWidget;
class QStackedWidget;
class QToolBar;

namespace builds {
class BuildsPanel;
}
namespace cleanup {
class CleanupPage;
}
namespace containers {
class ContainersPage;
}
namespace gpus {
class GpusPage;
class GpuStrip;
} // namespace gpus
namespace images {
class ImagesPage;
}
namespace launch {
class LaunchDesk;
}
namespace logs {
class ConsoleShelf;
}
namespace runs {
class RunsPage;
}
namespace transfers {
class TransferDesk;
}

/**
 * The one window: sections on the left, a page for each, a tool bar. Pages say what they need from one another and the
 * window does it: opens a log, starts the wizard, launches. Owned by the Application.
 */
class MainWindow : public QMainWindow
{
    Q_OBJECT
public:
    struct Parts
    {
        hosts::Host host;
        docker::Engine &engine;
        inventory::Inventory &inventory;
        inventory::LiveFigures &figures;
        inventory::Operations &operations;
        gpu::Sampler &sampler;
        inventory::GpuState &gpus;
        runs::Library &library;
        runs::History &history;
        runs::Recorder &recorder;
        transfers::Transfers &transfers;
        accounts::SecretStore &secrets;
        accounts::Accounts &accounts;
        builds::Builds &builds;
        cleanup::Candidates &candidates;
        settings::Protection &protection;
        settings::Settings &settings;
        core::Trace &trace;
    };

    explicit MainWindow(const Parts &parts);
    ~MainWindow() override;

protected:
    void changeEvent(QEvent *event) override;
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
    void closeEvent(QCloseEvent *event) override;

private:
    struct Section
    {
        QWidget *page;
        QList<QAction *> actions;
    };

    void buildToolBar();
    void addSection(const QString &title, const QString &icon, QWidget *page, const QList<QAction *> &actions);
    void showSection(int index);
    void showCounts();
    void updateWatched();
    void runImage(const QString &reference);
    void runBuilt(const QString &reference, const QString &id);
    void connectImages();
    void connectRuns();
    void connectTransfers();
    /** signedIn(registry): the receiver's, when it went well. */
    template <typename Receiver, typename Slot> void signIn(const QString &image, Receiver *receiver, Slot signedIn);
    void askToClose();
    void connectGpus();
    void showGpus();
    void showContainer(const QString &id, const QString &name);

    Parts m_parts;
    logs::ConsoleShelf *m_consoles;
    containers::ContainersPage *m_containers;
    images::ImagesPage *m_images;
    builds::BuildsPanel *m_builds;
    gpus::GpusPage *m_gpus;
    runs::RunsPage *m_runs;
    cleanup::CleanupPage *m_cleanup;
    gpus::GpuStrip *m_strip;
    launch::LaunchDesk *m_desk;
    transfers::TransferDesk *m_transferDesk;
    QListWidget *m_sections;
    QStackedWidget *m_pages;
    QToolBar *m_toolBar;
    QLineEdit *m_filter;
    QAction *m_newRun;
    QAction *m_sectionSeparator = nullptr; ///< before what the section adds
    QList<Section> m_sectionList;
    bool m_painted = false;
    bool m_mayClose = false; ///< what runs may be ended
};
