#include "gpus/gpuspage.h"

#include "common/emptystate.h"
#include "common/messagebar.h"
#include "common/statedelegate.h"
#include "common/tableview.h"
#include "common/theme.h"
#include "gpus/gpuplots.h"
#include "gpus/processfilter.h"
#include "inventory/gpurequest.h"
#include "inventory/gpuwords.h"
#include "models/gpuprocessesmodel.h"
#include "models/gpusmodel.h"

#include <QAction>
#include <QDateTime>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QMenu>
#include <QSpinBox>
#include <QSplitter>
#include <QVBoxLayout>
#include <algorithm>

namespace gpus {

using common::Tone;
using inventory::GpuProcessColumn;
using models::GpuColumn;
using models::GpuPhase;
using namespace Qt::StringLiterals;

namespace {

constexpr std::chrono::milliseconds faultShownFor = std::chrono::hours(1);

common::CellLook lookOf(const QModelIndex &index)
{
    switch (GpuPhase(index.data(models::StateRole).toInt())) {
    case GpuPhase::Free:
    case GpuPhase::Used:
        break;
    case GpuPhase::Idle:
        return {u"dialog-warning-symbolic"_s, Tone::Warning};
    case GpuPhase::Asleep:
        return {{}, Tone::Muted};
    case GpuPhase::Lost:
        return {u"dialog-error-symbolic"_s, Tone::Failed};
    }
    return {};
}

/** Only the column that says it: the users of an idle GPU, the utilisation of a lost one. */
common::CellLook usersLook(const QModelIndex &index)
{
    const auto phase = GpuPhase(index.data(models::StateRole).toInt());
    return phase == GpuPhase::Idle ? lookOf(index) : common::CellLook{};
}

common::CellLook utilisationLook(const QModelIndex &index)
{
    const auto phase = GpuPhase(index.data(models::StateRole).toInt());
    return phase == GpuPhase::Idle ? common::CellLook{} : lookOf(index);
}

} // namespace

GpusPage::GpusPage(inventory::GpuState &state, settings::Settings &settings, QWidget *parent)
    : QWidget(parent)
    , m_state(state)
    , m_settings(settings)
    , m_model(new models::GpusModel(state, this))
    , m_filter(new models::TableFilter(this))
    , m_processes(new models::GpuProcessesModel(state, this))
    , m_processFilter(new ProcessFilter(this))
    , m_bar(new common::MessageBar)
    , m_faultBar(new common::MessageBar)
    , m_table(new common::TableView)
    , m_empty(new common::EmptyState(m_table))
    , m_plots(new GpuPlots(state.history()))
    , m_processTable(new common::TableView)
    , m_noProcess(new common::EmptyState(m_processTable))
    , m_below(new QWidget)
    , m_splitter(new QSplitter(Qt::Vertical))
{
    buildTable();
    buildProcesses();
    auto *below = new QVBoxLayout(m_below);
    below->setContentsMargins(0, 0, 0, 0);
    below->setSpacing(0);
    below->addWidget(m_plots);
    below->addWidget(m_processTable, 1);
    below->addWidget(makeIdleLine());
    m_splitter->addWidget(m_table);
    m_splitter->addWidget(m_below);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->setStretchFactor(0, 0);
    m_splitter->setStretchFactor(1, 1);
    m_splitter->installEventFilter(this);
    m_ownSizes = m_splitter->restoreState(settings.value(settings::keys::gpuSplitter));
    connect(m_splitter, &QSplitter::splitterMoved, this, [this] { m_ownSizes = true; });
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_bar);
    layout->addWidget(m_faultBar);
    layout->addWidget(m_splitter, 1);

    connect(&state, &inventory::GpuState::changed, this, &GpusPage::showGpus);
    connect(m_faultBar, &common::MessageBar::actionTriggered, this,
        [this] { Q_EMIT containerRequested(m_fault->containerId); });
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &GpusPage::narrow);
    showGpus();
}

GpusPage::~GpusPage()
{
    m_settings.set(settings::keys::gpuColumns, m_table->saveColumns());
    m_settings.set(settings::keys::gpuProcessColumns, m_processTable->saveColumns());
    if (m_ownSizes)
        m_settings.set(settings::keys::gpuSplitter, m_splitter->saveState());
}

bool GpusPage::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_splitter && event->type() == QEvent::Resize)
        fitTable();
    return QWidget::eventFilter(watched, event);
}

/** The table is as high as its rows, as long as plots and processes keep enough; until the person sets it otherwise. */
void GpusPage::fitTable()
{
    if (m_ownSizes || m_below->isHidden())
        return;
    const int all = m_splitter->height() - m_splitter->handleWidth();
    const int table = std::min(m_table->heightOfRows(m_model->rowCount()), all * 3 / 5);
    m_splitter->setSizes({table, all - table});
}

void GpusPage::buildTable()
{
    m_filter->setSourceModel(m_model);
    m_table->setAccessibleName(u"GPUs"_s);
    m_table->setTypicalCells({u"    0:0"_s, u"NVIDIA H100 80GB HBM3"_s, u"100 %"_s, u"71.8 GiB / 79.6 GiB"_s,
        u"100 °C"_s, u"700 W / 700 W"_s, u"resnet-7, anna: python3"_s});
    m_table->setModel(m_filter);
    m_table->setEmptyState(m_empty);
    m_table->setItemDelegateForColumn(int(GpuColumn::Utilisation), new common::StateDelegate(utilisationLook, m_table));
    m_table->setItemDelegateForColumn(int(GpuColumn::UsedBy), new common::StateDelegate(usersLook, m_table));
    if (!m_table->restoreColumns(m_settings.value(settings::keys::gpuColumns)))
        m_table->sortByColumn(int(GpuColumn::Gpu), Qt::AscendingOrder);
}

void GpusPage::buildProcesses()
{
    m_processFilter->setSourceModel(m_processes);
    m_processTable->setAccessibleName(u"GPU processes"_s);
    m_processTable->setTypicalCells({u"0:0"_s, u"1234567"_s, u"tensorflow2-container"_s, u"username"_s,
        u"python3 /workspace/training_repo/train.py"_s, u"71.8 GiB"_s, u"100 %"_s, u"12 min ago"_s});
    m_processTable->setModel(m_processFilter);
    m_processTable->setEmptyState(m_noProcess);
    m_processTable->setSelectionMode(QAbstractItemView::SingleSelection);
    m_processTable->setMouseTracking(true);
    const auto linkLook = [this](const QModelIndex &index) {
        const bool link = !m_processes->at(m_processFilter->mapToSource(index).row()).containerId.isEmpty();
        return link ? common::CellLook{u"go-next-symbolic"_s, Tone::Accent} : common::CellLook{};
    };
    m_processTable->setItemDelegateForColumn(
        int(GpuProcessColumn::Container), new common::StateDelegate(linkLook, m_processTable));
    if (!m_processTable->restoreColumns(m_settings.value(settings::keys::gpuProcessColumns)))
        m_processTable->sortByColumn(int(GpuProcessColumn::Memory), Qt::DescendingOrder);
    connect(m_processTable, &QTableView::clicked, this, [this](const QModelIndex &index) {
        if (index.column() == int(GpuProcessColumn::Container))
            openContainer(index);
    });
    connect(m_processTable, &QTableView::activated, this, &GpusPage::openContainer);
    connect(m_processTable, &QTableView::entered, this, [this](const QModelIndex &index) {
        const bool link = index.column() == int(GpuProcessColumn::Container)
            && !m_processes->at(m_processFilter->mapToSource(index).row()).containerId.isEmpty();
        m_processTable->viewport()->setCursor(link ? Qt::PointingHandCursor : Qt::ArrowCursor);
    });
    connect(m_processTable, &common::TableView::menuRequested, this, &GpusPage::showProcessMenu);
}

void GpusPage::setFilter(const QString &text)
{
    m_filter->setText(text);
    m_processFilter->setText(text);
    showTrouble();
}

void GpusPage::select(const QString &uuid)
{
    for (int row = 0; row < m_filter->rowCount(); ++row) {
        const QModelIndex index = m_filter->index(row, 0);
        if (index.data(models::IdRole).toString() == uuid) {
            m_table->setCurrentIndex(index);
            m_table->scrollTo(index);
        }
    }
}

void GpusPage::showGpus()
{
    narrow();
    m_plots->advance(m_state.snapshot().taken);
    showTrouble();
    showFault();
    fitTable();
}

/** The newest fault of a GPU, until it is closed or long past. */
void GpusPage::showFault()
{
    const QDateTime now = QDateTime::currentDateTime();
    const gpu::Gpu *gpu = nullptr;
    if (!m_state.faults().isEmpty())
        gpu = m_state.snapshot().find(m_state.faults().first().uuid);
    if (!gpu || now.toMSecsSinceEpoch() - m_state.faults().first().xid.time > faultShownFor.count())
        return m_faultBar->clear();
    if (m_fault == m_state.faults().first())
        return;
    m_fault = m_state.faults().first();
    const QString time = QLocale().toString(QDateTime::fromMSecsSinceEpoch(m_fault->xid.time).time(), u"HH:mm"_s);
    const QString title = tr("GPU %1 had a fault at %2").arg(inventory::gpuPlace(m_state.snapshot(), *gpu), time);
    m_faultBar->showMessage(common::MessageBar::Severity::Error,
        m_fault->names.isEmpty() ? QString(title + u'.')
                                 : tr("%1 while it was used by %2.").arg(title, m_fault->names.join(u", "_s)),
        inventory::xidSentence(m_fault->xid.code), {},
        m_fault->containerId.isEmpty() ? QString() : tr("Show container"));
}

/** "Mark as idle after [15 min]". */
QWidget *GpusPage::makeIdleLine()
{
    auto *minutes = new QSpinBox;
    minutes->setRange(1, 24 * 60);
    minutes->setSuffix(tr(" min"));
    minutes->setValue(m_settings.value(settings::keys::gpuIdleMinutes));
    minutes->setAccessibleName(tr("Mark as idle after"));
    minutes->setToolTip(tr("A container that holds GPU memory and computes nothing for so long is marked"));
    minutes->setKeyboardTracking(false);
    connect(minutes, &QSpinBox::valueChanged, this, [this](int value) {
        m_settings.set(settings::keys::gpuIdleMinutes, value);
        m_state.setIdleAfter(std::chrono::minutes(value));
    });
    auto *label = new QLabel(tr("Mark as idle after"));
    label->setBuddy(minutes);
    auto *line = new QWidget;
    auto *layout = new QHBoxLayout(line);
    layout->setContentsMargins(common::grid, common::grid / 2, common::grid, common::grid / 2);
    layout->setSpacing(common::grid);
    layout->addStretch();
    layout->addWidget(label);
    layout->addWidget(minutes);
    return line;
}

void GpusPage::showTrouble()
{
    const gpu::Snapshot &snapshot = m_state.snapshot();
    const bool any = !snapshot.gpus.isEmpty();
    m_below->setVisible(any);
    if (any && snapshot.trouble && m_bar->title() != snapshot.trouble->sentence)
        m_bar->showMessage(
            common::MessageBar::Severity::Warning, snapshot.trouble->sentence, {}, snapshot.trouble->detail);
    else if (!any || !snapshot.trouble)
        m_bar->clear();

    if (any)
        m_empty->setContent(u"edit-find"_s, tr("No GPU matches the filter."));
    else if (snapshot.trouble)
        m_empty->setContent(u"video-display"_s, snapshot.trouble->sentence);
    else if (snapshot.taken == 0)
        m_empty->setContent(u"video-display"_s, tr("Asking the driver…"));
    else
        m_empty->setContent(u"video-display"_s, tr("This machine has no GPU."));
    m_noProcess->setContent(u"user-idle"_s,
        m_processes->rowCount() == 0 ? tr("Nobody is on a GPU.")
                                     : tr("Nobody is on these GPUs, or the filter hides who is."));
}

QSet<QString> GpusPage::selectedGpus() const
{
    QSet<QString> uuids;
    for (const QModelIndex &index : m_table->selectedRowIndexes())
        uuids += m_model->at(m_filter->mapToSource(index).row()).uuid;
    return uuids;
}

/** Plots and processes of the GPUs that are selected; of all when none is. */
void GpusPage::narrow()
{
    const QSet<QString> selected = selectedGpus();
    QSet<QString> plotted; // a MIG device has no history of its own: its GPU's
    for (const models::GpuRow &row : m_model->rows()) {
        if (selected.contains(row.uuid))
            plotted += row.gpu;
    }
    QList<PlotLine> all;
    QList<PlotLine> lines;
    for (const models::GpuRow &row : m_model->rows()) {
        if (row.isMig())
            continue;
        all += {row.uuid, row.place, row.memoryTotal};
        if (plotted.isEmpty() || plotted.contains(row.uuid))
            lines += all.last();
    }
    m_plots->setLines(lines, all);
    m_processFilter->setGpus(selected);
}

void GpusPage::openContainer(const QModelIndex &index)
{
    const QString id = m_processes->at(m_processFilter->mapToSource(index).row()).containerId;
    if (!id.isEmpty())
        Q_EMIT containerRequested(id);
}

void GpusPage::showProcessMenu(const QPoint &at)
{
    const QModelIndexList selected = m_processTable->selectedRowIndexes();
    if (selected.isEmpty())
        return;
    const inventory::GpuProcess &process = m_processes->at(m_processFilter->mapToSource(selected.first()).row());
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    QAction *show = menu->addAction(QIcon::fromTheme(u"go-jump"_s), tr("Show container"));
    show->setEnabled(!process.containerId.isEmpty());
    connect(show, &QAction::triggered, this, [this, id = process.containerId] { Q_EMIT containerRequested(id); });
    menu->popup(at);
}

} // namespace gpus
