#include "application.h"

#include "common/theme.h"
#include "mainwindow.h"

#include <QApplication>
#include <QIcon>

Application::Application(
    QApplication &application, const core::Result<hosts::Host> &host, const Early &early, core::Trace &trace)
    : m_trace(trace)
    , m_protection(m_settings)
    , m_theme(std::make_unique<common::Theme>(application))
    , m_engine(host ? host->endpoint : http::Endpoint())
    , m_accounts(m_engine, m_secrets, m_settings)
    , m_inventory(m_engine)
    , m_figures(m_engine)
    , m_operations(m_engine, m_inventory, m_protection)
    , m_gpus(m_sampler, m_inventory, m_engine)
    , m_commits(QProcessEnvironment::systemEnvironment(), host && host->url.startsWith(QStringLiteral("unix:")))
    , m_recorder(m_history, m_engine, host ? host->url : QString())
    , m_transfers(m_engine, m_accounts.source())
    , m_builds(host ? host->endpoint : http::Endpoint(), host ? host->url : QString())
    , m_candidates({m_engine, m_inventory, m_library, m_history, m_protection})
{
    m_builds.setTransfers(m_transfers);
    m_gpus.setIdleAfter(std::chrono::minutes(m_settings.value(settings::keys::gpuIdleMinutes)));
    // First, so that the daemon's answer is awaited while the window is built.
    if (!host)
        m_inventory.giveUp(host.error());
    else if (early.descriptor >= 0)
        m_inventory.startEarly(early.descriptor, early.sentAt);
    else
        m_inventory.start();
    m_recorder.watch(m_inventory);
    m_recorder.setCommitFinder([this](const recipe::RunConfig &config) { return m_commits.find(config); });
    QApplication::setWindowIcon(QIcon(QStringLiteral(":/slipway.svg")));
    m_window
        = std::make_unique<MainWindow>(MainWindow::Parts{host ? *host : hosts::Host{QStringLiteral("no host"), {}, {}},
            m_engine, m_inventory, m_figures, m_operations, m_sampler, m_gpus, m_library, m_history, m_recorder,
            m_transfers, m_secrets, m_accounts, m_builds, m_candidates, m_protection, m_settings, m_trace});
}

Application::~Application() = default;

void Application::show() { m_window->show(); }
