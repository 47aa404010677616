#include "transfers/transferspanel.h"

#include "common/elidedlabel.h"
#include "common/emptystate.h"
#include "common/errortext.h"
#include "common/form.h"
#include "common/messagebar.h"
#include "common/statedelegate.h"
#include "common/tableview.h"
#include "core/units.h"
#include "models/tablefilter.h"
#include "transfers/layersmodel.h"
#include "transfers/progressdelegate.h"
#include "transfers/transfersmodel.h"

#include <QHBoxLayout>
#include <QMetaMethod>
#include <QPushButton>
#include <QSplitter>
#include <QVBoxLayout>

namespace transfers {

using namespace Qt::StringLiterals;

namespace {

common::CellLook lookOf(const QModelIndex &index)
{
    switch (Transfer::State(index.data(StateRole).toInt())) {
    case Transfer::State::Running:
        return {u"view-refresh"_s, common::Tone::Running};
    case Transfer::State::Done:
        return {u"dialog-ok-apply"_s, common::Tone::Finished};
    case Transfer::State::Failed:
        return {u"dialog-error-symbolic"_s, common::Tone::Failed};
    case Transfer::State::Cancelled:
        break;
    }
    return {u"media-playback-stop"_s, common::Tone::Muted};
}

QString titleOf(const Transfer &transfer)
{
    QString title
        = (transfer.what == Transfer::What::Pull ? u"Pull of %1"_s : u"Push of %1"_s).arg(transfer.image.text());
    if (!transfer.platform.isEmpty())
        title += u" for %1"_s.arg(transfer.platform);
    if (!transfer.account.isEmpty())
        title += u", as %1"_s.arg(transfer.account);
    return title;
}

} // namespace

TransfersPanel::TransfersPanel(Transfers &transfers, settings::Settings &settings, QWidget *parent)
    : QWidget(parent)
    , m_transfers(transfers)
    , m_settings(settings)
    , m_model(new TransfersModel(transfers, this))
    , m_sorter(new models::TableFilter(this))
    , m_layers(new LayersModel(this))
    , m_table(new common::TableView)
    , m_empty(new common::EmptyState(m_table))
    , m_bar(new common::MessageBar)
    , m_title(new common::ElidedLabel)
    , m_progress(new common::ElidedLabel)
    , m_layerTable(new common::TableView)
{
    setAccessibleName(tr("Transfers"));
    auto *splitter = new QSplitter;
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(buildList());
    splitter->addWidget(buildDetails());
    splitter->setStretchFactor(0, 3);
    splitter->setStretchFactor(1, 2);
    splitter->setSizes({716, 372}); // the list with its states; scaled to what there is
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_bar);
    layout->addWidget(splitter, 1);

    connect(m_bar, &common::MessageBar::actionTriggered, this, &TransfersPanel::actOnBar);
    connect(m_empty, &common::EmptyState::buttonClicked, this, &TransfersPanel::pullRequested);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &TransfersPanel::showSelected);
    connect(&transfers, &Transfers::added, this, &TransfersPanel::select);
    connect(&transfers, &Transfers::removed, this, &TransfersPanel::showSelected);
    connect(&transfers, &Transfers::changed, this, [this](int id) {
        if (const Transfer *transfer = selected(); transfer && transfer->id == id)
            showSelected();
    });
    showSelected();
}

TransfersPanel::~TransfersPanel() { m_settings.set(settings::keys::transferColumns, m_table->saveColumns()); }

QWidget *TransfersPanel::buildList()
{
    m_sorter->setSourceModel(m_model);
    m_table->setAccessibleName(tr("Transfers"));
    m_table->setTypicalCells({u"nvcr.io/nvidia/pytorch:24.05-py3"_s, u"Pull"_s, u"1.23 of 9.87 GiB"_s, u"12.3 MiB/s"_s,
        u"59 min"_s, u"Already up to date"_s});
    m_table->setModel(m_sorter);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setTextElideMode(Qt::ElideMiddle); // an image's tag is at its end
    m_table->setEmptyState(m_empty);
    m_table->setItemDelegateForColumn(int(TransferColumn::Progress), new ProgressDelegate(m_table));
    m_table->setItemDelegateForColumn(int(TransferColumn::State), new common::StateDelegate(lookOf, m_table));
    m_table->restoreColumns(m_settings.value(settings::keys::transferColumns));
    m_empty->setContent(u"download"_s, tr("Nothing has been pulled or pushed since Slipway was started."), tr("Pull…"));
    return m_table;
}

QWidget *TransfersPanel::buildDetails()
{
    auto *details = new QWidget;
    m_title->setFont(common::headingFont(font(), 0));
    m_layerTable->setAccessibleName(tr("Layers"));
    m_layerTable->setTypicalCells({u"c96c45c71ab1"_s, u"1.23 GiB"_s, u"Downloading 1.23 of 4.56 GiB"_s});
    m_layerTable->setModel(m_layers);
    m_layerTable->setSortingEnabled(false); // in the order in which they lie on one another
    m_layerTable->setItemDelegateForColumn(int(LayerColumn::State), new ProgressDelegate(m_layerTable));
    auto *buttons = new QHBoxLayout;
    m_cancel = addButton(tr("Cancel"), u"dialog-cancel"_s, details);
    m_retry = addButton(tr("Retry"), u"view-refresh"_s, details);
    m_run = addButton(tr("Run…"), u"media-playback-start"_s, details);
    m_remove = addButton(tr("Remove from list"), u"edit-clear"_s, details);
    m_cancel->setToolTip(tr("Whether layers that are complete stay for the next time is up to Docker"));
    for (QPushButton *button : {m_cancel, m_retry, m_run, m_remove})
        buttons->addWidget(button);
    buttons->addStretch(1);
    connect(m_cancel, &QPushButton::clicked, this, [this] {
        if (const Transfer *transfer = selected())
            m_transfers.cancel(transfer->id);
    });
    connect(m_retry, &QPushButton::clicked, this, [this] {
        if (const Transfer *transfer = selected())
            m_transfers.retry(transfer->id);
    });
    connect(m_run, &QPushButton::clicked, this, [this] {
        if (const Transfer *transfer = selected())
            Q_EMIT runRequested(transfer->image.text());
    });
    connect(m_remove, &QPushButton::clicked, this, [this] {
        if (const Transfer *transfer = selected())
            m_transfers.remove(transfer->id);
    });
    auto *layout = new QVBoxLayout(details);
    layout->setContentsMargins(common::grid, common::grid, common::grid, common::grid);
    layout->setSpacing(common::grid / 2);
    layout->addWidget(m_title);
    layout->addWidget(m_progress);
    layout->addWidget(m_layerTable, 1);
    layout->addLayout(buttons);
    return details;
}

QPushButton *TransfersPanel::addButton(const QString &text, const QString &icon, QWidget *parent)
{
    auto *button = new QPushButton(QIcon::fromTheme(icon), text, parent);
    button->setAccessibleName(text);
    button->setAutoDefault(false);
    return button;
}

void TransfersPanel::select(int id)
{
    const QModelIndex index = m_sorter->mapFromSource(m_model->index(m_model->rowOf(id), 0));
    if (index.isValid())
        m_table->selectRow(index.row());
    showSelected();
}

void TransfersPanel::signedIn(const QString &registry)
{
    QList<int> refused; // first: a retry changes the list
    for (const Transfer &transfer : m_transfers.all()) {
        if (transfer.state == Transfer::State::Failed && transfer.image.registry == registry
            && common::errorText(transfer.error, {}).signInHelps)
            refused += transfer.id;
    }
    for (const int id : std::as_const(refused))
        m_transfers.retry(id);
}

void TransfersPanel::showError(const common::ErrorText &text)
{
    m_table->clearSelection();
    m_bar->showError(text);
}

const Transfer *TransfersPanel::selected() const
{
    const QModelIndexList rows = m_table->selectedRowIndexes();
    return rows.size() == 1 ? m_transfers.find(rows.first().data(IdRole).toInt()) : nullptr;
}

void TransfersPanel::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    if (m_unseen)
        showSelected();
}

void TransfersPanel::showSelected()
{
    m_unseen = !isVisible();
    if (m_unseen)
        return;
    const Transfer *transfer = selected();
    const bool running = transfer && transfer->running();
    const bool done = transfer && transfer->state == Transfer::State::Done;
    m_title->setText(transfer ? titleOf(*transfer) : QString());
    QString progress;
    if (running)
        progress = stateText(*transfer) + u"  ·  "_s + progressText(*transfer);
    else if (transfer)
        progress = stateText(*transfer) + (transfer->digest.isEmpty() ? QString() : u"  ·  "_s + transfer->digest);
    m_progress->setText(progress.endsWith(u"  ·  "_s) ? progress.chopped(5) : progress);
    m_layers->setProgress(transfer ? transfer->progress : docker::PullProgress());
    m_layerTable->setVisible(transfer);
    for (QPushButton *button : {m_cancel, m_retry, m_run, m_remove})
        button->setVisible(transfer);
    m_cancel->setVisible(running);
    m_retry->setVisible(transfer && !running && !done);
    m_remove->setVisible(transfer && !running);
    m_run->setVisible(done && transfer->what == Transfer::What::Pull);
    showBar(transfer);
}

void TransfersPanel::showBar(const Transfer *transfer)
{
    using Severity = common::MessageBar::Severity;
    const qint64 needed = transfer ? transfer->progress.remainingAtLeast() : 0;
    const QString low = transfer ? roomWarning(transfer->room, needed) : QString();
    QString what; // the bar is told once, and stays closed when the person closed it
    if (transfer && transfer->state == Transfer::State::Failed)
        what = transfer->error.message;
    else if (transfer && transfer->silentFor > 0)
        what = u"silent"_s;
    else if (!low.isEmpty())
        what = needed > transfer->room.free ? u"full"_s : u"low"_s;
    if (!what.isEmpty())
        what = u"%1 %2 %3"_s.arg(transfer->id).arg(transfer->startedAt).arg(what);
    if (what == m_barShows)
        return;
    m_barShows = what;
    if (what.isEmpty())
        m_bar->clear();
    else if (transfer->state == Transfer::State::Failed)
        showFailure(*transfer);
    else if (transfer->silentFor > 0)
        m_bar->showMessage(Severity::Warning, tr("Nothing has come for a minute."),
            tr("The registry or the network may be busy: Docker goes on by itself when they answer."));
    else
        m_bar->showMessage(Severity::Warning, low);
}

void TransfersPanel::showFailure(const Transfer &transfer)
{
    const QString attempted = transfer.what == Transfer::What::Pull ? tr("pull %1") : tr("push %1");
    const common::ErrorText text = common::errorText(transfer.error, attempted.arg(transfer.image.text()));
    const bool signIn
        = text.signInHelps && isSignalConnected(QMetaMethod::fromSignal(&TransfersPanel::signInRequested));
    m_bar->showError(text, signIn ? tr("Sign in…") : QString());
}

void TransfersPanel::actOnBar()
{
    if (const Transfer *transfer = selected())
        Q_EMIT signInRequested(transfer->image.text());
}

} // namespace transfers
