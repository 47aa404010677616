#include "mainwindow.h"

#include "accounts/accountsdialog.h"
#include "accounts/signindialog.h"
#include "builds/buildspanel.h"
#include "cleanup/cleanuppage.h"
#include "common/theme.h"
#include "containers/containerlook.h"
#include "containers/containerspage.h"
#include "docker/imagereference.h"
#include "gpus/gpuspage.h"
#include "gpus/gpustrip.h"
#include "images/imagespage.h"
#include "launch/launchdesk.h"
#include "logs/consoleshelf.h"
#include "models/rowsmodel.h"
#include "recipe/resolve.h"
#include "runs/runspage.h"
#include "transfers/transferdesk.h"
#include "transfers/transferspanel.h"

#include <QAction>
#include <QCloseEvent>
#include <QHBoxLayout>
#include <QJsonObject>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMessageBox>
#include <QPainter>
#include <QPushButton>
#include <QScreen>
#include <QStackedWidget>
#include <QStyledItemDelegate>
#include <QToolBar>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace {

constexpr int countRole = Qt::UserRole;
constexpr int iconRole = Qt::UserRole + 1; ///< its name
constexpr int sectionIcon = 16;

/**
 * A section's name, its icon in the colour of the text, and at its right end how many rows its page has; the count is
 * no part of the name.
 */
class SectionDelegate : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        QStyledItemDelegate::paint(painter, option, index);
        const QString count = index.data(countRole).toString();
        const bool selected = option.state & QStyle::State_Selected;
        painter->setPen(selected ? option.palette.color(QPalette::HighlightedText)
                                 : common::toneColor(common::Tone::Muted, option.palette));
        painter->setFont(option.font);
        painter->drawText(option.rect.adjusted(0, 0, -2 * common::grid, 0), Qt::AlignVCenter | Qt::AlignRight, count);
    }
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        return {QStyledItemDelegate::sizeHint(option, index).width(), option.fontMetrics.height() + 2 * common::grid};
    }

protected:
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override
    {
        QStyledItemDelegate::initStyleOption(option, index);
        const bool selected = option->state & QStyle::State_Selected;
        option->features |= QStyleOptionViewItem::HasDecoration;
        option->decorationSize = {sectionIcon, sectionIcon};
        option->icon = QIcon(common::tintedIcon(index.data(iconRole).toString(),
            option->palette.color(selected ? QPalette::HighlightedText : QPalette::Text), sectionIcon,
            option->widget ? option->widget->devicePixelRatioF() : 1));
    }
};

/** A context's name as it is; of an address only the file's name, the rest is in the tool tip. */
QString shortName(const hosts::Host &host)
{
    return host.name.contains(u'/') ? host.name.section(u'/', -1) : host.name;
}

} // namespace

MainWindow::MainWindow(const Parts &parts)
    : m_parts(parts)
    , m_consoles(new logs::ConsoleShelf(parts.engine, parts.inventory, this))
    , m_containers(new containers::ContainersPage(
          {parts.engine, parts.inventory, parts.figures, parts.operations, parts.gpus, parts.settings}))
    , m_images(new images::ImagesPage({parts.engine, parts.inventory, parts.operations, parts.library, parts.protection,
          parts.settings, parts.accounts.source()}))
    , m_builds(new builds::BuildsPanel(parts.builds, parts.settings))
    , m_gpus(new gpus::GpusPage(parts.gpus, parts.settings))
    , m_runs(new runs::RunsPage(parts.library,
          {parts.history, parts.inventory, parts.settings, parts.host.url,
              [](const QModelIndex &index) {
                  return containers::lookOf(inventory::Phase(index.data(models::StateRole).toInt()));
              }}))
    , m_cleanup(
          new cleanup::CleanupPage({parts.engine, parts.inventory, parts.candidates, parts.protection, parts.settings}))
    , m_strip(new gpus::GpuStrip)
    , m_desk(new launch::LaunchDesk(
          {parts.engine, parts.inventory, parts.gpus, parts.recorder, parts.transfers,
              accounts::RunSecrets(parts.secrets)},
          [this](const QString &id, const QString &name, bool tty) { return m_consoles->attach(id, name, tty); }, this))
    , m_transferDesk(
          new transfers::TransferDesk({parts.engine, parts.inventory, parts.transfers, parts.settings}, this))
    , m_sections(new QListWidget)
    , m_pages(new QStackedWidget)
    , m_toolBar(new QToolBar(u"Tools"_s))
    , m_filter(new QLineEdit)
    , m_newRun(new QAction(QIcon::fromTheme(u"list-add"_s), u"&New run…"_s, this))
{
    setWindowTitle(u"Slipway — %1"_s.arg(shortName(parts.host)));
    // Less than the screen has: the frame and the desktop's panels take their part.
    resize(QSize(1280, 800).boundedTo(screen()->availableSize() - QSize(4 * common::grid, 6 * common::grid)));

    m_sections->setAccessibleName(u"Sections"_s);
    m_sections->setFixedWidth(20 * common::grid);
    m_sections->setFrameShape(QFrame::NoFrame);
    m_sections->setItemDelegate(new SectionDelegate(m_sections));
    m_sections->setIconSize({sectionIcon, sectionIcon});
    addSection(u"Containers"_s, u"view-process-all"_s, m_containers, m_containers->toolBarActions());
    connectTransfers();
    connectImages(); // first: the page offers what is connected
    addSection(u"Images"_s, u"package"_s, m_images, m_images->toolBarActions());
    addSection(u"GPUs"_s, u"monitor"_s, m_gpus, {});
    addSection(u"Runs"_s, u"chronometer"_s, m_runs, m_runs->toolBarActions());
    addSection(u"Clean up"_s, u"edit-clear-history"_s, m_cleanup, {});

    auto *middle = new QHBoxLayout;
    middle->setSpacing(1);
    middle->addWidget(m_sections);
    middle->addWidget(m_pages, 1);
    auto *central = new QWidget;
    auto *layout = new QVBoxLayout(central);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(middle, 1);
    layout->addWidget(m_strip);
    setCentralWidget(central);
    buildToolBar();

    connect(m_sections, &QListWidget::currentRowChanged, this, &MainWindow::showSection);
    m_sections->setCurrentRow(0);

    m_containers->setConsoleFactory([this](const QString &id) { return m_consoles->console(id); });
    connect(
        m_containers->panel(), &containers::ContainerPanel::tearOffRequested, m_consoles, &logs::ConsoleShelf::tearOff);
    connect(
        m_consoles, &logs::ConsoleShelf::returned, m_containers->panel(), &containers::ContainerPanel::consoleReturned);
    connect(m_consoles, &logs::ConsoleShelf::logShown, this, [this](qint64 lines) {
        m_parts.trace.event("log-shown", {{u"lines"_s, lines}});
    });
    connect(m_consoles, &logs::ConsoleShelf::startAgainRequested, this,
        [this](const QString &id) { m_parts.operations.run(inventory::Action::Restart, {id}); });
    connect(m_consoles, &logs::ConsoleShelf::duplicateRequested, m_containers, &containers::ContainersPage::duplicate);
    connect(m_containers, &containers::ContainersPage::newRunRequested, m_newRun, &QAction::trigger);
    connect(m_containers, &containers::ContainersPage::duplicateRequested, this,
        [this](const recipe::RunConfig &config, const QString &note) { m_desk->open(recipe::escaped(config), note); });
    connect(m_desk, &launch::LaunchDesk::launched, this, &MainWindow::showContainer);
    connect(m_desk, &launch::LaunchDesk::undone, m_consoles, &logs::ConsoleShelf::forget);
    connect(m_containers, &containers::ContainersPage::rowsPainted, this, [this](int rows) {
        m_parts.trace.event("containers-shown", {{u"rows"_s, rows}});
    });
    connectGpus();
    connectRuns();
    connect(&parts.inventory, &inventory::Inventory::containersChanged, this, &MainWindow::showCounts);
    connect(&parts.inventory, &inventory::Inventory::imagesChanged, this, &MainWindow::showCounts);

    restoreGeometry(parts.settings.value(settings::keys::windowGeometry));
}

MainWindow::~MainWindow()
{
    // The consoles stand in the pages, but belong to the shelf: they go first.
    delete m_consoles;
}

void MainWindow::buildToolBar()
{
    m_toolBar->setMovable(false);
    m_toolBar->setContextMenuPolicy(Qt::PreventContextMenu);
    m_toolBar->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_toolBar->setIconSize({16, 16});
    addToolBar(m_toolBar);

    auto *host = new QLabel(shortName(m_parts.host));
    host->setAccessibleName(u"Host %1"_s.arg(m_parts.host.name));
    host->setToolTip(m_parts.host.url);
    host->setContentsMargins(common::grid, 0, 2 * common::grid, 0);
    m_toolBar->addWidget(host);

    m_newRun->setShortcut(QKeySequence::New);
    m_newRun->setToolTip(u"Launch a training run (%1)"_s.arg(m_newRun->shortcut().toString(QKeySequence::NativeText)));
    connect(m_newRun, &QAction::triggered, this, [this] { m_desk->open(); });
    m_toolBar->addAction(m_newRun);
    m_sectionSeparator = m_toolBar->addSeparator();
    for (int i = 0; i < m_sectionList.size(); ++i)
        m_toolBar->addActions(m_sectionList[i].actions);

    auto *space = new QWidget;
    space->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    m_toolBar->addWidget(space);
    m_filter->setAccessibleName(u"Filter"_s);
    m_filter->setPlaceholderText(u"Filter"_s);
    m_filter->setClearButtonEnabled(true);
    m_filter->setMaximumWidth(32 * common::grid);
    m_toolBar->addWidget(m_filter);
    connect(m_filter, &QLineEdit::textChanged, this, [this](const QString &text) {
        m_containers->setFilter(text);
        m_images->setFilter(text);
        m_gpus->setFilter(text);
        m_runs->setFilter(text);
        m_cleanup->setFilter(text);
    });

    auto *find = new QAction(this);
    find->setShortcut(QKeySequence::Find);
    connect(find, &QAction::triggered, m_filter, qOverload<>(&QWidget::setFocus));
    auto *refresh = new QAction(this);
    refresh->setShortcut(QKeySequence::Refresh);
    connect(refresh, &QAction::triggered, &m_parts.inventory, &inventory::Inventory::refresh);
    connect(refresh, &QAction::triggered, &m_parts.candidates, &cleanup::Candidates::refresh);
    addActions({find, refresh});
}

void MainWindow::addSection(const QString &title, const QString &icon, QWidget *page, const QList<QAction *> &actions)
{
    auto *item = new QListWidgetItem(title);
    item->setData(iconRole, icon);
    m_sections->addItem(item);
    m_pages->addWidget(page);
    m_sectionList.append({page, actions});
}

void MainWindow::showSection(int index)
{
    if (index < 0)
        return;
    m_pages->setCurrentIndex(index);
    for (int i = 0; i < m_sectionList.size(); ++i) {
        for (QAction *action : std::as_const(m_sectionList[i].actions))
            action->setVisible(i == index);
    }
    m_sectionSeparator->setVisible(!m_sectionList[index].actions.isEmpty());
    updateWatched();
}

void MainWindow::showCounts()
{
    const auto show = [this](int section, bool known, qsizetype rows) {
        const QString text = known ? QString::number(rows) : QString();
        m_sections->item(section)->setData(countRole, text);
        m_sections->item(section)->setData(Qt::AccessibleDescriptionRole, text);
    };
    const inventory::Inventory &inventory = m_parts.inventory;
    show(0, inventory.containersKnown(), inventory.containers().size());
    QSet<QString> images; // a row each name, but the same image under each
    for (const inventory::Image &image : inventory.images())
        images.insert(image.id);
    show(1, inventory.imagesKnown(), images.size());
    // What goes on with its panel out of sight is not to be forgotten.
    if (const int transfers = m_parts.transfers.running(); transfers > 0) {
        QListWidgetItem *item = m_sections->item(1);
        item->setData(countRole, QString(u"⇅%1   "_s.arg(transfers) + item->data(countRole).toString()));
        item->setData(Qt::AccessibleDescriptionRole,
            u"%1, %2 running"_s.arg(images.size())
                .arg(transfers == 1 ? u"1 transfer"_s : u"%1 transfers"_s.arg(transfers)));
        item->setToolTip(item->data(Qt::AccessibleDescriptionRole).toString());
    } else {
        m_sections->item(1)->setToolTip({});
    }
    const gpu::Snapshot &gpus = m_parts.gpus.snapshot();
    show(2, !gpus.gpus.isEmpty(), gpus.gpus.size());
    const std::optional<int> runs = m_runs->count();
    show(3, runs.has_value(), runs.value_or(0));
}

void MainWindow::showContainer(const QString &id, const QString &name)
{
    m_filter->clear();
    m_sections->setCurrentRow(0);
    m_containers->select(id, name);
}

// ---- images

void MainWindow::runImage(const QString &reference)
{
    recipe::RunConfig config;
    config.image = reference;
    m_desk->open(config);
}

/** The image that was built, also when its name has gone over to another one since. */
void MainWindow::runBuilt(const QString &reference, const QString &id)
{
    const QList<inventory::Image> &images = m_parts.inventory.images();
    const auto named = std::ranges::find(images, reference, &inventory::Image::reference);
    const auto built = std::ranges::find(images, id, &inventory::Image::id);
    recipe::RunConfig config;
    config.image = reference;
    if (id.isEmpty() || (named != images.end() && named->id == id))
        return m_desk->open(config);
    if (built == images.end())
        return m_desk->open(
            config, tr("The image of this build is gone; %1 is another one now, or none.").arg(reference));
    config.image = built->repository.isEmpty() ? id : built->reference();
    m_desk->open(config, tr("%1 is another image now: this is the one that was built then.").arg(reference));
}

void MainWindow::connectImages()
{
    connect(m_images, &images::ImagesPage::accountsRequested, this,
        [this] { (new accounts::AccountsDialog(m_parts.accounts, m_parts.settings, this))->open(); });
    connect(
        m_images, &images::ImagesPage::containerRequested, this, [this](const QString &id) { showContainer(id, {}); });
    connect(m_images, &images::ImagesPage::savedRequested, this, [this](const QString &name) {
        m_sections->setCurrentRow(3);
        m_filter->setText(name);
    });
    m_images->addPanelTab(m_builds, tr("Builds"));
    connect(m_images, &images::ImagesPage::runRequested, this, &MainWindow::runImage);
    connect(m_images, &images::ImagesPage::buildRequested, m_builds, [this] { m_builds->openDialog(); });
    connect(m_builds, &builds::BuildsPanel::begun, this, [this] { m_images->showPanelTab(m_builds); });
    connect(m_builds, &builds::BuildsPanel::runRequested, this, &MainWindow::runBuilt);
    connect(m_builds, &builds::BuildsPanel::signInRequested, this,
        [this](const QString &image) { signIn(image, m_builds, &builds::BuildsPanel::signedIn); });
}

template <typename Receiver, typename Slot>
void MainWindow::signIn(const QString &image, Receiver *receiver, Slot signedIn)
{
    const auto name = docker::ImageReference::parse(image);
    auto *dialog = new accounts::SignInDialog(m_parts.accounts, name ? name->registry : QString(), this);
    connect(dialog, &accounts::SignInDialog::signedIn, receiver, signedIn);
    dialog->open();
}

void MainWindow::connectTransfers()
{
    transfers::TransfersPanel *panel = m_transferDesk->panel();
    m_images->addPanelTab(panel, u"Transfers"_s);
    connect(m_images, &images::ImagesPage::pullRequested, m_transferDesk, &transfers::TransferDesk::pull);
    connect(m_images, &images::ImagesPage::pushRequested, m_transferDesk, &transfers::TransferDesk::push);
    connect(m_images, &images::ImagesPage::tagRequested, m_transferDesk, &transfers::TransferDesk::tag);
    connect(m_transferDesk, &transfers::TransferDesk::runRequested, this, &MainWindow::runImage);
    connect(panel, &transfers::TransfersPanel::signInRequested, this,
        [this, panel](const QString &image) { signIn(image, panel, &transfers::TransfersPanel::signedIn); });
    connect(m_desk, &launch::LaunchDesk::signInRequested, this,
        [this](const QString &image) { signIn(image, m_desk, &launch::LaunchDesk::showSignedIn); });
    connect(m_transferDesk, &transfers::TransferDesk::panelWanted, this, [this, panel] {
        m_sections->setCurrentRow(1);
        m_images->showPanelTab(panel);
    });
    connect(&m_parts.transfers, &transfers::Transfers::runningChanged, this, &MainWindow::showCounts);
}

// ---- runs

void MainWindow::connectRuns()
{
    connect(m_runs, &runs::RunsPage::countChanged, this, &MainWindow::showCounts);
    connect(m_runs, &runs::RunsPage::saved, m_desk, &launch::LaunchDesk::showSaved);
    connect(m_runs, &runs::RunsPage::editRequested, m_desk, &launch::LaunchDesk::open);
    connect(m_runs, &runs::RunsPage::launchRequested, m_desk, &launch::LaunchDesk::launchKept);
    connect(m_runs, &runs::RunsPage::launchCancelled, m_desk, &launch::LaunchDesk::abortKept);
    connect(m_runs, &runs::RunsPage::signInRequested, this,
        [this](const QString &image) { signIn(image, m_runs, &runs::RunsPage::signedIn); });
    connect(m_desk, &launch::LaunchDesk::keptProgressed, m_runs, &runs::RunsPage::showLaunching);
    connect(m_desk, &launch::LaunchDesk::noted, this,
        [this](const QString &sentence) { m_containers->showNote(sentence, {}); });
    connect(m_desk, &launch::LaunchDesk::keptFailed, m_runs, &runs::RunsPage::showLaunchFailure);
    connect(m_desk, &launch::LaunchDesk::saveRequested, this,
        [this](const recipe::RunConfig &config) { m_runs->save(config, config.name); });
    connect(m_runs, &runs::RunsPage::containerRequested, this, [this](const QString &id) { showContainer(id, {}); });
}

// ---- GPUs

void MainWindow::connectGpus()
{
    connect(&m_parts.gpus, &inventory::GpuState::changed, this, &MainWindow::showGpus);
    connect(&m_parts.gpus, &inventory::GpuState::stalled, m_strip, &gpus::GpuStrip::setStalled);
    connect(m_gpus, &gpus::GpusPage::containerRequested, this, [this](const QString &id) { showContainer(id, {}); });
    connect(m_strip, &gpus::GpuStrip::gpuRequested, this, [this](const QString &uuid) {
        m_filter->clear();
        m_sections->setCurrentRow(2);
        m_gpus->select(uuid);
    });
}

void MainWindow::showGpus()
{
    m_strip->setStalled(m_parts.gpus.stalledFor());
    m_strip->setCells(
        gpus::gpuCells(m_parts.gpus.snapshot(), [this](const QString &uuid) { return m_parts.gpus.users(uuid); }));
    showCounts();
}

// ---- only what is looked at costs anything

void MainWindow::updateWatched()
{
    const bool seen = isVisible() && !isMinimized();
    m_containers->setWatched(seen && m_pages->currentWidget() == m_containers);
    m_images->setWatched(seen && m_pages->currentWidget() == m_images);
    m_runs->setWatched(seen && m_pages->currentWidget() == m_runs);
    m_cleanup->setWatched(seen && m_pages->currentWidget() == m_cleanup);
    // The strip is in sight whatever page is. Out of sight, who holds GPUs idly is still counted.
    m_parts.sampler.setPace(seen ? gpu::Pace::Shown : gpu::Pace::Hidden);
}

void MainWindow::changeEvent(QEvent *event)
{
    QMainWindow::changeEvent(event);
    if (event->type() == QEvent::WindowStateChange)
        updateWatched();
}

void MainWindow::showEvent(QShowEvent *event)
{
    QMainWindow::showEvent(event);
    updateWatched();
}

void MainWindow::hideEvent(QHideEvent *event)
{
    QMainWindow::hideEvent(event);
    updateWatched();
}

void MainWindow::paintEvent(QPaintEvent *event)
{
    QMainWindow::paintEvent(event);
    if (!std::exchange(m_painted, true))
        m_parts.trace.event("first-paint");
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    if (!m_mayClose && m_parts.transfers.running() + m_parts.builds.running() > 0) {
        event->ignore();
        askToClose();
        return;
    }
    m_parts.settings.set(settings::keys::windowGeometry, saveGeometry());
    m_consoles->closeWindows();
    QMainWindow::closeEvent(event);
}

void MainWindow::askToClose()
{
    QStringList moving;
    for (const transfers::Transfer &transfer : m_parts.transfers.all()) {
        if (transfer.running())
            moving += transfer.image.text();
    }
    QStringList building;
    for (const builds::BuildRecord &record : m_parts.builds.records()) {
        if (m_parts.builds.job(record.id))
            building += record.request.title();
    }
    const auto said = [](const QStringList &names, const QString &one, const QString &several) {
        return names.isEmpty() ? QString() : names.size() == 1 ? one.arg(names.first()) : several.arg(names.size());
    };
    QStringList sentences{
        said(moving, u"%1 is still being transferred."_s, u"%1 images are still being transferred."_s),
        said(building, u"%1 is still being built."_s, u"%1 images are still being built."_s)};
    sentences.removeAll(QString());
    QStringList ends;
    if (!moving.isEmpty())
        ends += u"Quitting ends that. How much of it is kept for the next time is up to Docker."_s;
    if (!building.isEmpty())
        ends += u"A build that is ended leaves no image; steps that are complete stay in Docker's cache."_s;
    auto *box = new QMessageBox(QMessageBox::Question, u"Quit"_s, sentences.join(u' '), QMessageBox::Cancel, this);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setInformativeText(ends.join(u' ')
        + (moving.size() + building.size() > 1 ? u"\n\n"_s + (moving + building).join(u'\n') : QString()));
    QPushButton *quit = box->addButton(building.isEmpty() ? u"End transfers and quit"_s
            : moving.isEmpty()                            ? u"End builds and quit"_s
                                                          : u"End both and quit"_s,
        QMessageBox::DestructiveRole);
    box->setDefaultButton(QMessageBox::Cancel);
    connect(quit, &QPushButton::clicked, this, [this] {
        m_mayClose = true;
        close();
    });
    box->open();
}
