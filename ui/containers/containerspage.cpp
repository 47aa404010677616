#include "containers/containerspage.h"

#include "common/emptystate.h"
#include "common/errortext.h"
#include "common/messagebar.h"
#include "common/statedelegate.h"
#include "common/tableview.h"
#include "common/theme.h"
#include "containers/containeractions.h"
#include "containers/containerlook.h"
#include "containers/removedialog.h"
#include "dockerline/dockerline.h"
#include "inspect/frominspect.h"
#include "models/containersmodel.h"
#include "models/tablefilter.h"
#include "recipe/rules.h"

#include <QApplication>
#include <QClipboard>
#include <QDateTime>
#include <QEvent>
#include <QHeaderView>
#include <QInputDialog>
#include <QMenu>
#include <QSplitter>
#include <QVBoxLayout>
#include <algorithm>

namespace containers {

using inventory::Action;
using inventory::Container;
using inventory::ContainerColumn;
using inventory::Inventory;
using namespace Qt::StringLiterals;

namespace {

QString verb(Action action)
{
    switch (action) {
    case Action::Start:
        return u"start"_s;
    case Action::Stop:
        return u"stop"_s;
    case Action::Restart:
        return u"restart"_s;
    case Action::Kill:
        return u"kill"_s;
    case Action::Pause:
        return u"pause"_s;
    case Action::Unpause:
        return u"unpause"_s;
    case Action::Rename:
        return u"rename"_s;
    case Action::Remove:
        return u"remove"_s;
    }
    return {};
}

} // namespace

ContainersPage::ContainersPage(const Parts &parts, QWidget *parent)
    : QWidget(parent)
    , m_parts(parts)
    , m_model(new models::ContainersModel(parts.inventory, parts.figures, this))
    , m_filter(new models::TableFilter(this))
    , m_linkBar(new common::MessageBar)
    , m_bar(new common::MessageBar)
    , m_table(new common::TableView)
    , m_empty(new common::EmptyState(m_table))
    , m_panel(new ContainerPanel(parts.engine, parts.inventory))
    , m_splitter(new QSplitter(Qt::Vertical))
    , m_actions(new ContainerActions(m_table))
{
    m_model->setGpus(parts.gpus);
    m_filter->setSourceModel(m_model);
    m_table->setAccessibleName(u"Containers"_s);
    m_table->setTypicalCells({u"resnet50-imagenet-7"_s, u"nvcr.io/nvidia/pytorch:24.05"_s,
        u"Killed: out of memory xx"_s, u"0,1 (unused)"_s, u"1000 %"_s, u"71.8 GiB"_s, u"idle, holds 71.8 GiB"_s});
    m_table->setModel(m_filter);
    m_table->setEmptyState(m_empty);
    m_table->setItemDelegateForColumn(int(ContainerColumn::State),
        new common::StateDelegate(
            [](const QModelIndex &index) { return lookOf(inventory::Phase(index.data(models::StateRole).toInt())); },
            m_table));
    m_table->setItemDelegateForColumn(int(ContainerColumn::Name),
        new common::LockDelegate(
            [this](const QModelIndex &index) { return isProtected(index.data(models::IdRole).toString()); }, m_table));
    if (!m_table->restoreColumns(parts.settings.value(settings::keys::containerColumns)))
        m_table->sortByColumn(int(ContainerColumn::Created), Qt::DescendingOrder);
    m_table->viewport()->installEventFilter(this);

    m_splitter->addWidget(m_table);
    m_splitter->addWidget(m_panel);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->setStretchFactor(0, 3);
    m_splitter->setStretchFactor(1, 2);
    m_splitter->restoreState(parts.settings.value(settings::keys::containerSplitter));
    m_panel->hide();

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_linkBar);
    layout->addWidget(m_bar);
    layout->addWidget(m_splitter, 1);

    m_ages.setSingleShot(true);
    connect(&m_ages, &QTimer::timeout, this, &ContainersPage::moveAges);

    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &ContainersPage::selectionChanged);
    connect(m_table, &common::TableView::visibleRowsChanged, this, &ContainersPage::updateSight);
    connect(m_table, &common::TableView::menuRequested, this, [this](const QPoint &at) {
        auto *menu = new QMenu(this);
        menu->setAttribute(Qt::WA_DeleteOnClose);
        m_actions->addTo(menu);
        menu->popup(at);
    });
    connect(&parts.inventory, &Inventory::containersChanged, this, &ContainersPage::inventoryChanged);
    connect(&parts.inventory, &Inventory::linkChanged, this, &ContainersPage::updateLink);
    connect(&parts.inventory, &Inventory::listFailed, this,
        [this](const core::Error &error) { m_bar->showError(common::errorText(error, u"list the containers"_s)); });
    connect(&parts.inventory, &Inventory::containerRemoved, this, [this](const QString &id) {
        if (id == m_wanted) // it was gone before it was listed
            m_wanted.clear();
    });
    connect(&parts.inventory, &Inventory::containerStarted, this, &ContainersPage::started);
    connect(&parts.operations, &inventory::Operations::failed, this, &ContainersPage::showFailure);
    connect(m_bar, &common::MessageBar::actionTriggered, this, [this] { duplicate(m_failed); });
    connect(m_linkBar, &common::MessageBar::actionTriggered, &parts.inventory, &Inventory::retry);
    connect(m_empty, &common::EmptyState::buttonClicked, this, &ContainersPage::newRunRequested);

    connect(m_actions, &ContainerActions::actionRequested, this, [this](Action action) {
        m_failures.clear();
        m_parts.operations.run(action, selectedIds());
    });
    connect(m_actions, &ContainerActions::protectRequested, this, [this](bool on) {
        if (on)
            m_parts.operations.protection().protect(settings::Lockable::Container, selectedIds());
        else
            m_parts.operations.protection().unprotect(settings::Lockable::Container, selectedIds());
    });
    connect(&parts.operations.protection(), &settings::Protection::changed, this, [this] {
        updateActions();
        m_table->viewport()->update();
    });
    connect(m_actions, &ContainerActions::renameRequested, this, &ContainersPage::rename);
    connect(m_actions, &ContainerActions::removeRequested, this, &ContainersPage::remove);
    connect(m_actions, &ContainerActions::copyLineRequested, this, &ContainersPage::copyLine);
    connect(m_actions, &ContainerActions::duplicateRequested, this, [this] { duplicate(selectedIds().value(0)); });
    updateLink();
}

ContainersPage::~ContainersPage()
{
    m_parts.settings.set(settings::keys::containerColumns, m_table->saveColumns());
    if (!m_panel->id().isEmpty()) // a splitter that never showed the panel knows no size for it
        m_parts.settings.set(settings::keys::containerSplitter, m_splitter->saveState());
}

QList<QAction *> ContainersPage::toolBarActions() const { return m_actions->toolBarActions(); }

void ContainersPage::setFilter(const QString &text)
{
    m_filter->setText(text);
    updateEmptyState();
}

void ContainersPage::setConsoleFactory(ContainerPanel::ConsoleFactory factory)
{
    m_panel->setConsoleFactory(std::move(factory));
}

// ---- selection and sight

QStringList ContainersPage::selectedIds() const
{
    QStringList ids;
    for (const QModelIndex &index : m_table->selectedRowIndexes())
        ids.append(index.data(models::IdRole).toString());
    return ids;
}

QStringList ContainersPage::idsInSight() const
{
    QStringList ids;
    const auto [first, last] = m_table->visibleRows();
    for (int row = first; row >= 0 && row <= last; ++row)
        ids.append(m_filter->index(row, 0).data(models::IdRole).toString());
    return ids;
}

void ContainersPage::select(const QString &id, const QString &name)
{
    m_panel->show(id, name);
    m_wanted = id;
    for (int row = 0; row < m_filter->rowCount(); ++row) {
        const QModelIndex index = m_filter->index(row, 0);
        if (index.data(models::IdRole).toString() == id) {
            m_table->selectRow(row);
            m_table->scrollTo(index);
            return;
        }
    }
}

void ContainersPage::selectionChanged()
{
    const QStringList ids = selectedIds();
    m_wanted.clear(); // somebody chose
    // Without a selection the panel stays: the log of a container that was removed just now is still worth reading.
    if (ids.size() == 1)
        m_panel->show(ids.first());
    updateActions();
    updateSight();
}

void ContainersPage::updateActions()
{
    QList<const Container *> selected;
    for (const QString &id : selectedIds()) {
        if (const Container *container = m_parts.inventory.container(id))
            selected.append(container);
    }
    m_actions->setSelection(selected, m_parts.inventory.link() == Inventory::Link::Live);
    const auto locked = std::count_if(
        selected.begin(), selected.end(), [this](const Container *container) { return isProtected(container->id); });
    m_actions->setLocks(locked > 0, locked < selected.size());
}

bool ContainersPage::isProtected(const QString &id) const
{
    return m_parts.operations.protection().contains(settings::Lockable::Container, id);
}

void ContainersPage::setWatched(bool watched)
{
    m_watched = watched;
    if (watched)
        moveAges();
    else
        m_ages.stop();
    updateSight();
}

void ContainersPage::moveAges()
{
    const qint64 now = QDateTime::currentSecsSinceEpoch();
    m_model->setNow(now);
    m_panel->setNow(now);
    // Seconds are shown of what started within the last minute, minutes of the rest.
    const QList<Container> &all = m_parts.inventory.containers();
    const bool seconds = std::any_of(all.begin(), all.end(), [now](const Container &container) {
        return container.phase == inventory::Phase::Running && now - container.startedAt < 60;
    });
    m_ages.start(seconds ? 1000 : 30 * 1000);
}

void ContainersPage::updateSight()
{
    const QStringList inSight = m_watched && isVisible() ? idsInSight() : QStringList();
    QStringList running;
    for (const QString &id : inSight) {
        const Container *container = m_parts.inventory.container(id);
        if (container && container->phase == inventory::Phase::Running)
            running.append(id);
    }
    m_parts.figures.watch(running);
    // The selected ones too: what is removed or shown below wants its details.
    m_parts.inventory.setInSight(inSight + selectedIds());
}

bool ContainersPage::eventFilter(QObject *watched, QEvent *event)
{
    if (!m_painted && event->type() == QEvent::Paint && m_parts.inventory.containersKnown()) {
        m_painted = true;
        // After this paint, not before it.
        QMetaObject::invokeMethod(
            this, [this] { Q_EMIT rowsPainted(m_model->rowCount()); }, Qt::QueuedConnection);
    }
    return QWidget::eventFilter(watched, event);
}

// ---- the inventory

void ContainersPage::inventoryChanged()
{
    if (!m_wanted.isEmpty() && m_parts.inventory.container(m_wanted))
        select(QString(m_wanted));
    updateActions();
    updateEmptyState();
    updateSight();
    if (m_watched)
        moveAges();
}

void ContainersPage::updateLink()
{
    const bool lost = m_parts.inventory.link() == Inventory::Link::Lost;
    m_table->setStale(lost && m_parts.inventory.containersKnown());
    if (lost) {
        common::ErrorText text = common::errorText(*m_parts.inventory.trouble(), u"reach Docker"_s);
        if (m_parts.inventory.containersKnown())
            text.whatToDo += u" The table shows what was last known; it comes back to life by itself."_s;
        m_linkBar->showError(text, u"Try now"_s);
    } else {
        m_linkBar->clear();
    }
    updateEmptyState();
    updateActions();
}

void ContainersPage::updateEmptyState()
{
    if (!m_filter->words().isEmpty() && m_model->rowCount() > 0)
        m_empty->setContent(u"edit-find"_s, u"No container matches the filter."_s);
    else if (m_parts.inventory.containersKnown())
        m_empty->setContent(
            u"media-playback-start"_s, u"No containers yet. Start a training run and watch it here."_s, u"New run…"_s);
    else
        m_empty->setContent(u"network-server"_s,
            m_parts.inventory.link() == Inventory::Link::Lost ? u"Docker does not answer."_s : u"Asking Docker…"_s);
}

void ContainersPage::showNote(const QString &title, const QString &details)
{
    m_bar->showMessage(common::MessageBar::Severity::Warning, title, {}, details);
}

/** A failure that is over. */
void ContainersPage::started(const QString &id)
{
    if (id == m_failed && m_failures.size() == 1 && m_bar->title() == m_failures.first().title)
        m_bar->clear();
}

void ContainersPage::showFailure(Action action, const QString &id, const QString &name, const core::Error &error)
{
    m_failures.append(common::errorText(error, verb(action) + u' ' + name));
    if (m_failures.size() == 1) {
        m_failed = id;
        m_bar->showError(m_failures.first(), m_failures.first().otherGpusHelp ? u"Duplicate as new run…"_s : QString());
        return;
    }
    // One bar for all of them: none hides another.
    QStringList lines;
    for (const common::ErrorText &failure : std::as_const(m_failures))
        lines.append(failure.title);
    m_bar->showError({u"%1 actions failed."_s.arg(m_failures.size()), u"Details names each."_s, lines.join(u'\n')});
}

// ---- actions

void ContainersPage::rename()
{
    const QString id = selectedIds().value(0);
    if (const Container *container = m_parts.inventory.container(id))
        askNewName(id, container->name, {});
}

void ContainersPage::askNewName(const QString &id, const QString &typed, const QString &fault)
{
    const Container *container = m_parts.inventory.container(id);
    if (!container)
        return;
    auto *dialog = new QInputDialog(this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(u"Rename container"_s);
    const QString question = u"New name of %1:"_s.arg(container->name);
    dialog->setLabelText(fault.isEmpty() ? question : fault + u'\n' + question);
    dialog->setTextValue(typed);
    dialog->setOkButtonText(u"Rename"_s);
    dialog->resize(50 * common::grid, dialog->sizeHint().height());
    connect(dialog, &QInputDialog::textValueSelected, this, [this, id, old = container->name](const QString &text) {
        const QString name = text.trimmed();
        if (name.isEmpty() || name == old)
            return;
        const QList<Container> &all = m_parts.inventory.containers();
        const bool taken = std::any_of(all.begin(), all.end(), [&name](const Container &c) { return c.name == name; });
        // What was typed comes back with what is wrong with it.
        if (!recipe::isContainerName(name))
            askNewName(
                id, name, u"A name has letters, digits, \"_\", \".\" and \"-\", and begins with a letter or digit."_s);
        else if (taken)
            askNewName(id, name, u"Another container is called %1."_s.arg(name));
        else
            m_parts.operations.rename(id, name);
    });
    dialog->open();
}

void ContainersPage::remove()
{
    QStringList ids;
    for (const QString &id : selectedIds()) {
        const Container *container = m_parts.inventory.container(id);
        if (container && container->allows(Action::Remove))
            ids.append(id);
    }
    if (ids.isEmpty())
        return;
    m_failures.clear();
    auto *dialog = new RemoveDialog(m_parts.inventory, ids, this);
    connect(dialog, &RemoveDialog::confirmed, &m_parts.operations, &inventory::Operations::remove);
    dialog->open();
}

void ContainersPage::withConfig(const QString &id, const QString &attempted,
    const std::function<void(const recipe::RunConfig &, const QString &)> &use)
{
    m_parts.engine.inspectContainer(id).then(
        this, [this, attempted, use](const core::Result<docker::ContainerDetail> &detail) {
            if (!detail) {
                m_bar->showError(common::errorText(detail.error(), attempted));
                return;
            }
            m_parts.engine.inspectImage(detail->imageId)
                .then(this, [this, container = *detail, use](const core::Result<docker::ImageDetail> &image) {
                    m_parts.engine.info().then(
                        this, [this, container, image, use](const core::Result<docker::Info> &info) {
                            const inspect::DaemonTraits daemon{m_parts.engine.version().value_or(docker::oldestApi),
                                info ? info->cgroupVersion : docker::Info().cgroupVersion};
                            const inspect::InspectedConfig inspected
                                = inspect::fromInspect(container, image ? std::optional(*image) : std::nullopt, daemon);
                            const QString note = inspected.lost.isEmpty()
                                ? QString()
                                : u"Not taken over: %1."_s.arg(inspected.lost.join(", "_L1));
                            use(inspected.config, note);
                        });
                });
        });
}

void ContainersPage::copyLine()
{
    withConfig(selectedIds().value(0), u"read the container's configuration"_s,
        [this](const recipe::RunConfig &config, const QString &note) {
            QApplication::clipboard()->setText(dockerline::dockerRunLine(config));
            m_bar->showMessage(common::MessageBar::Severity::Info, u"The docker run line is on the clipboard."_s, note);
        });
}

void ContainersPage::duplicate(const QString &id)
{
    withConfig(id, u"read the container's configuration"_s, [this](recipe::RunConfig config, const QString &note) {
        QStringList taken;
        for (const Container &container : m_parts.inventory.containers())
            taken.append(container.name);
        config.name = recipe::freeName(config.name, taken);
        Q_EMIT duplicateRequested(config, note);
    });
}

} // namespace containers
