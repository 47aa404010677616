#include "application.h"

#include "accounts/runsecrets.h"
#include "common/theme.h"
#include "core/log.h"
#include "mainwindow.h"

#include <QApplication>
#include <QIcon>

namespace {

/** What the keyring has for a saved run follows its name. Where it cannot, the next launch asks for it again. */
void renameSecrets(accounts::SecretStore &store, const runs::Library &library, const QString &from, const QString &to)
{
    const runs::SavedConfig *config = library.find(to);
    if (!config)
        return;
    const accounts::RunSecrets secrets(store);
    for (const recipe::EnvVar &variable : config->file.config.env) {
        if (!variable.secret)
            continue;
        secrets.rename(from, to, variable.name).then(&store, [name = variable.name](const core::Result<void> &done) {
            if (!done)
                qCWarning(core::lcUi) << name << "stays under the run's old name:" << done.error().message;
        });
    }
}

} // namespace

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
    QObject::connect(&m_library, &runs::Library::renamed, &m_secrets,
        [this](const QString &from, const QString &to) { renameSecrets(m_secrets, m_library, from, to); });
    QApplication::setWindowIcon(QIcon(QStringLiteral(":/slipway.svg")));
    m_window
        = std::make_unique<MainWindow>(MainWindow::Parts{host ? *host : hosts::Host{QStringLiteral("no host"), {}, {}},
            m_engine, m_inventory, m_figures, m_operations, m_sampler, m_gpus, m_library, m_history, m_recorder,
            m_transfers, m_secrets, m_accounts, m_builds, m_candidates, m_protection, m_settings, m_trace});
}

Application::~Application() = default;

void Application::show() { m_window->show(); }
