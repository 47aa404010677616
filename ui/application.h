#pragma once

#include "accounts/accounts.h"
#include "accounts/secretstore.h"
#include "builds/builds.h"
#include "cleanup/candidates.h"
#include "code/commitfinder.h"
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

#include <QElapsedTimer>
#include <memory>

class MainWindow;
class QApplication;

namespace common {
class Theme;
}

/**
 * Builds every part of the program with a window, once, and hands out references: nothing here is reachable in another
 * way. Owned by main().
 */
class Application
{
public:
    /** A list of containers that was asked for before there was an application; −1: none. */
    struct Early
    {
        int descriptor = -1;
        qint64 sentAt = 0; ///< Unix ms
    };

    /** host: an Error is shown in the window, where somebody who clicked an icon sees it. */
    Application(
        QApplication &application, const core::Result<hosts::Host> &host, const Early &early, core::Trace &trace);
    ~Application();

    void show();

private:
    core::Trace &m_trace;
    settings::Settings m_settings;
    accounts::SecretStore m_secrets;
    settings::Protection m_protection;
    std::unique_ptr<common::Theme> m_theme;
    docker::Engine m_engine;
    accounts::Accounts m_accounts;
    inventory::Inventory m_inventory;
    inventory::LiveFigures m_figures;
    inventory::Operations m_operations;
    gpu::Sampler m_sampler;
    inventory::GpuState m_gpus;
    runs::Library m_library;
    runs::History m_history;
    code::CommitFinder m_commits;
    runs::Recorder m_recorder;
    transfers::Transfers m_transfers;
    builds::Builds m_builds;
    cleanup::Candidates m_candidates;
    std::unique_ptr<MainWindow> m_window;
};
