#include "runs/runspage.h"

#include "common/errortext.h"
#include "common/messagebar.h"
#include "common/theme.h"
#include "docker/imagereference.h"
#include "runs/runpanel.h"
#include "runs/savedlist.h"

#include <QDateTime>
#include <QLabel>
#include <QMetaMethod>
#include <QScrollArea>
#include <QSplitter>
#include <QVBoxLayout>

namespace runs {

namespace {

QWidget *headed(const QString &text, QWidget *list)
{
    auto *box = new QWidget;
    auto *label = new QLabel(text, box);
    label->setFont(common::headingFont(label->font(), 0));
    label->setContentsMargins(common::grid, common::grid, common::grid, common::grid / 2);
    auto *layout = new QVBoxLayout(box);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(label);
    layout->addWidget(list, 1);
    return box;
}

} // namespace

RunsPage::RunsPage(Library &library, const RunList::Parts &parts, QWidget *parent)
    : QWidget(parent)
    , m_settings(parts.settings)
    , m_inventory(parts.inventory)
    , m_history(parts.history)
    , m_trouble(new common::MessageBar)
    , m_launching(new common::MessageBar)
    , m_bar(new common::MessageBar(this))
    , m_saved(new SavedList(library, parts.settings, *m_bar))
    , m_runs(new RunList(parts, *m_bar))
    , m_panel(new RunPanel)
    , m_splitter(new QSplitter(Qt::Vertical))
{
    m_splitter->addWidget(headed(tr("Saved configurations"), m_saved));
    m_splitter->addWidget(headed(tr("Runs"), m_runs));
    // However much it has to say, the rows above stay where they are: what does not fit is scrolled.
    auto *details = new QScrollArea;
    details->setWidget(m_panel);
    details->setWidgetResizable(true);
    details->setFrameShape(QFrame::NoFrame);
    details->setMinimumHeight(20 * common::grid);
    m_splitter->addWidget(details);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->setStretchFactor(0, 2);
    m_splitter->setStretchFactor(1, 3);
    m_splitter->setStretchFactor(2, 2);
    m_splitter->restoreState(m_settings.value(settings::keys::runSplitter));
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_trouble);
    layout->addWidget(m_launching);
    layout->addWidget(m_bar);
    layout->addWidget(m_splitter, 1);

    connect(&m_ages, &QTimer::timeout, this, &RunsPage::moveAges);
    connect(m_launching, &common::MessageBar::actionTriggered, this, [this] {
        if (m_failed.image.isEmpty())
            Q_EMIT launchCancelled();
        else if (m_signInHelps)
            return Q_EMIT signInRequested(m_failed.image); // the bar stays until it went well
        else
            Q_EMIT editRequested(m_failed, tr("This is what could not be launched."));
        m_launching->clear();
    });
    connect(m_saved, &SavedList::saved, this, &RunsPage::saved);
    connect(m_saved, &SavedList::launchRequested, this, &RunsPage::launchRequested);
    connect(m_saved, &SavedList::editRequested, this, &RunsPage::editRequested);
    connect(m_runs, &RunList::launchRequested, this,
        [this](const recipe::RunConfig &config) { Q_EMIT launchRequested(config, {}); });
    connect(m_runs, &RunList::editRequested, this, &RunsPage::editRequested);
    connect(m_runs, &RunList::containerRequested, this, &RunsPage::containerRequested);
    connect(m_runs, &RunList::countChanged, this, &RunsPage::countChanged);
    connect(m_runs, &RunList::selectionChanged, this, [this] {
        if (!m_runs->selected().isEmpty())
            m_saved->clearSelection(); // one selection on the page: its buttons mean one thing
        showSelected();
    });
    connect(m_saved, &SavedList::chosen, m_runs, &RunList::clearSelection);
    connect(&m_history, &History::troubleChanged, this, &RunsPage::showTrouble);
    const auto live = [this] { m_saved->setLive(m_inventory.link() == inventory::Inventory::Link::Live); };
    connect(&m_inventory, &inventory::Inventory::linkChanged, this, live);
    live();
    showTrouble();
    showSelected();
}

RunsPage::~RunsPage()
{
    m_settings.set(settings::keys::runSplitter, m_splitter->saveState());
    // The lists write into the bar, which is a child as they are.
    delete m_splitter;
}

QList<QAction *> RunsPage::toolBarActions() const { return m_saved->toolBarActions() + m_runs->toolBarActions(); }

void RunsPage::setFilter(const QString &text)
{
    m_saved->setFilter(text);
    m_runs->setFilter(text);
}

void RunsPage::setWatched(bool watched)
{
    if (!watched)
        return m_ages.stop();
    moveAges();
}

void RunsPage::save(const recipe::RunConfig &config, const QString &suggestion) { m_saved->save(config, suggestion); }

void RunsPage::showLaunching(const QString &text)
{
    m_failed = {};
    if (text.isEmpty())
        m_launching->clear();
    else
        m_launching->showMessage(common::MessageBar::Severity::Info, text, {}, {}, tr("Cancel"));
}

void RunsPage::showLaunchFailure(const recipe::RunConfig &config, const QString &configName, const core::Error &error)
{
    m_failed = config;
    m_failedName = configName;
    const QString what = config.name.isEmpty() ? config.image : config.name;
    const common::ErrorText text = common::errorText(error, tr("launch %1").arg(what));
    m_signInHelps = text.signInHelps && isSignalConnected(QMetaMethod::fromSignal(&RunsPage::signInRequested));
    m_launching->showError(text, m_signInHelps ? tr("Sign in…") : tr("Open in New run…"));
}

void RunsPage::signedIn(const QString &registry)
{
    const auto image = docker::ImageReference::parse(m_failed.image);
    if (!m_signInHelps || !image || image->registry != registry)
        return;
    m_launching->clear();
    Q_EMIT launchRequested(std::exchange(m_failed, {}), m_failedName);
}

void RunsPage::moveAges()
{
    const qint64 now = QDateTime::currentSecsSinceEpoch();
    m_saved->setNow(now);
    m_runs->setNow(now);
    // Seconds are told within the first minute, minutes after that.
    m_ages.start(m_runs->countsSeconds(now) ? 1000 : 30 * 1000);
}

void RunsPage::showTrouble()
{
    if (m_history.trouble().isEmpty())
        m_trouble->clear();
    else
        m_trouble->showMessage(common::MessageBar::Severity::Warning, m_history.trouble());
}

void RunsPage::showSelected()
{
    const QList<Record> records = m_runs->selected();
    if (records.size() == 1)
        m_panel->show(records.first(), QDateTime::currentSecsSinceEpoch());
    else // its place stays: rows must not move under the pointer
        m_panel->showNone(records.size() == 2 ? tr("Compare shows what differs between these two.")
                                              : tr("Select a run to see how it went."));
}

} // namespace runs
