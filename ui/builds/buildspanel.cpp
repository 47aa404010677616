#include "builds/buildspanel.h"

#include "builds/builddialog.h"
#include "builds/buildsmodel.h"
#include "builds/steplog.h"
#include "builds/stepsmodel.h"
#include "common/emptystate.h"
#include "common/messagebar.h"
#include "common/statedelegate.h"
#include "common/tableview.h"
#include "common/theme.h"

#include <QClipboard>
#include <QDateTime>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QMetaMethod>
#include <QPushButton>
#include <QSplitter>
#include <QTreeView>
#include <QVBoxLayout>

namespace builds {

using namespace Qt::StringLiterals;

namespace {

common::CellLook lookOf(BuildState state)
{
    switch (state) {
    case BuildState::Running:
        return {u"media-playback-start-symbolic"_s, common::Tone::Running};
    case BuildState::Succeeded:
        return {u"emblem-ok-symbolic"_s, common::Tone::Finished};
    case BuildState::Failed:
        return {u"dialog-error-symbolic"_s, common::Tone::Failed};
    case BuildState::Cancelled:
    case BuildState::Interrupted:
        return {u"process-stop-symbolic"_s, common::Tone::Muted};
    }
    return {};
}

common::CellLook lookOf(StepState state)
{
    switch (state) {
    case StepState::Waiting:
        return {u"appointment-new-symbolic"_s, common::Tone::Muted};
    case StepState::Running:
        return lookOf(BuildState::Running);
    case StepState::Done:
        return lookOf(BuildState::Succeeded);
    case StepState::Cached:
        return {u"emblem-ok-symbolic"_s, common::Tone::Muted};
    case StepState::Failed:
        return lookOf(BuildState::Failed);
    case StepState::Cancelled:
        return lookOf(BuildState::Cancelled);
    }
    return {};
}

QPushButton *button(const QString &text, const QString &icon)
{
    auto *made = new QPushButton(QIcon::fromTheme(icon), text);
    made->setAccessibleName(QString(text).remove(u'&'));
    return made;
}

} // namespace

BuildsPanel::BuildsPanel(Builds &builds, settings::Settings &settings, QWidget *parent)
    : QWidget(parent)
    , m_builds(builds)
    , m_settings(settings)
    , m_model(new BuildsModel(builds, this))
    , m_steps(new StepsModel(builds, this))
    , m_table(new common::TableView)
    , m_empty(new common::EmptyState(m_table))
    , m_bar(new common::MessageBar)
    , m_splitter(new QSplitter)
    , m_tree(new QTreeView)
    , m_head(new QLabel)
    , m_failure(new QLabel)
    , m_log(new StepLog)
    , m_noLog(new QLabel)
    , m_cancel(button(tr("&Cancel"), u"process-stop"_s))
    , m_again(button(tr("Build &again"), u"view-refresh"_s))
    , m_run(button(tr("&Run…"), u"media-playback-start"_s))
    , m_signIn(button(tr("&Sign in…"), u"user-identity"_s))
    , m_copy(button(tr("Copy &log"), u"edit-copy"_s))
{
    m_table->setAccessibleName(tr("Builds"));
    m_table->setTypicalCells({u"me/train-pytorch:1"_s, u"Building: 3 of 12"_s, u"59 min ago"_s, u"59 min"_s});
    m_table->setModel(m_model);
    m_table->setSortingEnabled(false);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setEmptyState(m_empty);
    m_empty->setContent(u"run-build"_s, tr("Nothing built yet. Choose a folder with a Dockerfile."), tr("Build…"));
    m_table->setItemDelegateForColumn(BuildsModel::State,
        new common::StateDelegate(
            [](const QModelIndex &index) { return lookOf(BuildState(index.data(BuildsModel::StateRole).toInt())); },
            m_table));
    m_table->restoreColumns(settings.value(settings::keys::buildColumns));
    m_splitter->addWidget(m_table);
    m_splitter->addWidget(makeSteps());
    m_splitter->addWidget(makeLog());
    m_splitter->setStretchFactor(0, 3);
    m_splitter->setStretchFactor(1, 5);
    m_splitter->setStretchFactor(2, 4);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->setSizes({340, 420, 360}); // in proportion: each can be read in a window of 1280
    m_splitter->restoreState(settings.value(settings::keys::buildSplitter));
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_bar);
    layout->addWidget(m_splitter, 1);

    m_second.setInterval(1000);
    connect(&m_second, &QTimer::timeout, this, [this] {
        m_model->setNow(QDateTime::currentMSecsSinceEpoch());
        m_steps->setNow(QDateTime::currentMSecsSinceEpoch());
    });
    connect(m_empty, &common::EmptyState::buttonClicked, this, [this] { openDialog(); });
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &BuildsPanel::selectionChanged);
    connect(m_table, &common::TableView::menuRequested, this, &BuildsPanel::showMenu);
    connect(m_tree->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &BuildsPanel::showStep);
    connect(m_tree, &QTreeView::pressed, this, [this] { m_follows = false; });
    connect(m_cancel, &QPushButton::clicked, this, [this] { m_builds.cancel(m_shown); });
    connect(m_again, &QPushButton::clicked, this, &BuildsPanel::again);
    connect(m_run, &QPushButton::clicked, this, [this] {
        if (const BuildRecord *record = selected())
            Q_EMIT runRequested(record->image());
    });
    connect(m_signIn, &QPushButton::clicked, this, [this] {
        if (const BuildRecord *record = selected())
            Q_EMIT signInRequested(record->refusedBase);
    });
    connect(m_copy, &QPushButton::clicked, this, &BuildsPanel::copyLog);
    connect(&builds, &Builds::changed, this, &BuildsPanel::changed);
    connect(&builds, &Builds::stepsChanged, this, [this](const QString &id, const QList<int> &) {
        if (id == m_shown)
            revealCurrent();
    });
    connect(&builds, &Builds::logAppended, this, [this](const QString &id, int step, const QByteArray &bytes) {
        if (id == m_shown && step == m_shownStep) {
            m_noLog->hide();
            m_log->append(bytes);
        }
    });
    connect(&builds, &Builds::ended, this, [this](const QString &id) {
        if (id == m_shown) {
            showFailure();
            revealCurrent();
        }
        watch();
    });
    connect(&builds, &Builds::loadedChanged, this, &BuildsPanel::showHead);
    connect(&builds, &Builds::troubleChanged, this,
        [this] { m_bar->showMessage(common::MessageBar::Severity::Warning, m_builds.trouble()); });
    showHead();
}

BuildsPanel::~BuildsPanel()
{
    m_settings.set(settings::keys::buildColumns, m_table->saveColumns());
    m_settings.set(settings::keys::buildSplitter, m_splitter->saveState());
}

QWidget *BuildsPanel::makeSteps()
{
    m_tree->setAccessibleName(tr("Steps"));
    m_tree->setModel(m_steps);
    m_tree->setUniformRowHeights(true);
    m_tree->setAllColumnsShowFocus(true);
    m_tree->setItemDelegateForColumn(StepsModel::State,
        new common::StateDelegate(
            [](const QModelIndex &index) { return lookOf(StepState(index.data(StepsModel::StateRole).toInt())); },
            m_tree));
    QHeaderView *header = m_tree->header();
    header->setStretchLastSection(false);
    header->setSectionResizeMode(StepsModel::Name, QHeaderView::Stretch);
    const QFontMetrics metrics(m_tree->font());
    header->resizeSection(StepsModel::State, metrics.horizontalAdvance(u"Cancelled"_s) + 5 * common::grid);
    header->resizeSection(StepsModel::Time, metrics.horizontalAdvance(u"59 min"_s) + 3 * common::grid);
    header->resizeSection(StepsModel::Line, metrics.horizontalAdvance(u"Line"_s) + 3 * common::grid);
    m_head->setWordWrap(true);
    m_head->setTextFormat(Qt::PlainText);
    auto *buttons = new QHBoxLayout;
    for (QPushButton *one : {m_cancel, m_again, m_run, m_signIn})
        buttons->addWidget(one);
    buttons->addStretch(1);
    auto *side = new QWidget;
    auto *layout = new QVBoxLayout(side);
    layout->setContentsMargins(common::grid / 2, 0, common::grid / 2, common::grid / 2);
    layout->setSpacing(common::grid / 2);
    layout->addLayout(buttons);
    layout->addWidget(m_head);
    layout->addWidget(m_tree, 1);
    return side;
}

QWidget *BuildsPanel::makeLog()
{
    m_failure->setWordWrap(true);
    m_failure->setTextFormat(Qt::PlainText);
    m_failure->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_failure->setAutoFillBackground(true);
    m_failure->setContentsMargins(common::grid, common::grid / 2, common::grid, common::grid / 2);
    m_failure->hide();
    m_noLog->setWordWrap(true);
    m_noLog->hide();
    auto *top = new QHBoxLayout;
    top->addWidget(m_noLog, 1);
    top->addStretch();
    top->addWidget(m_copy);
    auto *side = new QWidget;
    auto *layout = new QVBoxLayout(side);
    layout->setContentsMargins(common::grid / 2, 0, 0, 0);
    layout->setSpacing(common::grid / 2);
    layout->addLayout(top);
    layout->addWidget(m_failure);
    layout->addWidget(m_log, 1);
    return side;
}

void BuildsPanel::openDialog(const BuildRequest &request)
{
    auto *dialog = new BuildDialog(request, window());
    connect(dialog, &BuildDialog::buildRequested, this, &BuildsPanel::begin);
    dialog->open();
}

void BuildsPanel::begin(const BuildRequest &request)
{
    select(m_builds.start(request));
    watch();
    Q_EMIT begun();
}

const BuildRecord *BuildsPanel::selected() const { return m_builds.find(m_shown); }

void BuildsPanel::select(const QString &id) { m_table->selectRow(m_builds.indexOf(id)); }

void BuildsPanel::selectionChanged()
{
    const QModelIndexList rows = m_table->selectedRowIndexes();
    const QString id = rows.isEmpty() ? QString() : rows.first().data(BuildsModel::IdRole).toString();
    if (id != m_shown) {
        m_shown = id;
        m_shownStep = -1;
        m_follows = true;
        m_steps->setBuild(id);
        m_tree->expandAll();
        m_log->setOutput({}, 0);
        m_noLog->hide();
    }
    showHead();
    showFailure();
    if (m_tree->currentIndex().isValid() || !selected())
        return;
    revealCurrent();
}

void BuildsPanel::changed(int row)
{
    if (row >= 0 && m_builds.records()[row].id == m_shown)
        showHead();
    if (m_table->selectedRowIndexes().isEmpty() && row == 0)
        m_table->selectRow(0);
}

void BuildsPanel::showHead()
{
    const BuildRecord *record = selected();
    const BuildJob *job = record ? m_builds.job(record->id) : nullptr;
    m_cancel->setEnabled(job != nullptr);
    m_again->setEnabled(record && !job);
    m_run->setEnabled(record && record->state == BuildState::Succeeded);
    m_signIn->setVisible(record && !record->refusedBase.isEmpty()
        && isSignalConnected(QMetaMethod::fromSignal(&BuildsPanel::signInRequested)));
    m_copy->setEnabled(!m_log->document()->isEmpty());
    QStringList words;
    if (job) {
        words.append(job->statusText());
        words += job->remarks();
    } else if (record) {
        words.append(
            record->state == BuildState::Succeeded ? tr("Built %1").arg(record->image()) : stateText(record->state));
        words += record->remarks;
    }
    m_head->setText(words.join(u' '));
    m_head->setVisible(!words.isEmpty());
}

/** While it runs: what runs. */
void BuildsPanel::revealCurrent()
{
    const BuildRecord *record = selected();
    if (!record)
        return;
    m_tree->expandAll();
    const BuildProgress &progress = m_builds.progress(*record);
    if (const int failed = progress.failed(); failed >= 0 && m_follows)
        return selectStep(failed);
    if (!m_follows)
        return;
    for (int step = int(progress.steps().size()) - 1; step >= 0; --step) {
        const Step &one = progress.steps()[step];
        const bool shows = m_builds.job(record->id) ? one.state == StepState::Running : !one.log.isEmpty();
        if (shows)
            return selectStep(step);
    }
}

void BuildsPanel::selectStep(int step)
{
    const QModelIndex index = m_steps->indexOfStep(step);
    if (!index.isValid() || m_tree->currentIndex() == index)
        return;
    m_tree->setCurrentIndex(index);
    m_tree->scrollTo(index);
}

int BuildsPanel::currentStep() const
{
    const QModelIndex index = m_tree->currentIndex();
    return index.isValid() ? index.data(StepsModel::StepRole).toInt() : -1;
}

void BuildsPanel::showStep()
{
    m_shownStep = currentStep();
    const BuildRecord *record = selected();
    const bool known = record && m_shownStep >= 0 && m_shownStep < m_builds.progress(*record).steps().size();
    if (!known) {
        m_log->setOutput({}, 0);
        m_noLog->hide();
    } else {
        const Step &step = m_builds.progress(*record).steps()[m_shownStep];
        m_log->setOutput(step.log, step.logCut);
        m_noLog->setText(tr("No output in this session."));
        m_noLog->setVisible(step.log.isEmpty() && step.state != StepState::Running);
    }
    m_copy->setEnabled(!m_log->document()->isEmpty());
}

void BuildsPanel::showFailure()
{
    const BuildRecord *record = selected();
    const bool failed = record && record->state == BuildState::Failed;
    m_failure->setVisible(failed);
    if (!failed)
        return;
    QStringList lines{failureSentence(*record)};
    if (record->failedLine > 0)
        lines.append(tr("Line %1 of the Dockerfile:").arg(record->failedLine));
    for (const QString &line : record->failedLines)
        lines.append(u"    "_s + line);
    lines.append(record->error);
    m_failure->setText(lines.join(u'\n'));
    QPalette colours = palette();
    colours.setColor(QPalette::Window, common::toneBackground(common::Tone::Failed, palette()));
    m_failure->setPalette(colours);
    if (m_follows)
        selectStep(record->progress.failed());
}

void BuildsPanel::again()
{
    const BuildRecord *record = selected();
    if (!record)
        return;
    // Values that were not kept have to be typed again.
    bool complete = true;
    for (const QString &name : record->request.withheld)
        complete &= !record->request.args.value(name).isEmpty();
    if (complete)
        begin(BuildRequest(record->request));
    else
        openDialog(record->request);
}

void BuildsPanel::copyLog()
{
    const BuildRecord *record = selected();
    if (!record || m_shownStep < 0)
        return;
    PrintedText text;
    QString whole;
    whole = text.feed(m_builds.progress(*record).steps()[m_shownStep].log).text;
    QGuiApplication::clipboard()->setText(whole);
}

void BuildsPanel::showMenu(const QPoint &position)
{
    const BuildRecord *record = selected();
    if (!record)
        return;
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(tr("Build again…"), this, [this, request = record->request] { openDialog(request); });
    menu->addAction(tr("Copy docker line"), this,
        [request = record->request] { QGuiApplication::clipboard()->setText(dockerLine(request)); });
    QAction *forget = menu->addAction(QIcon::fromTheme(u"edit-delete"_s), tr("Forget this build"), this,
        [this, id = record->id] { m_builds.remove(id); });
    forget->setEnabled(!m_builds.job(record->id));
    menu->popup(position);
}

void BuildsPanel::watch()
{
    if (isVisible() && m_builds.running() > 0)
        m_second.start();
    else
        m_second.stop();
}

void BuildsPanel::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    m_model->setNow(QDateTime::currentMSecsSinceEpoch());
    if (m_table->selectedRowIndexes().isEmpty() && m_model->rowCount() > 0)
        m_table->selectRow(0);
    watch();
}

void BuildsPanel::hideEvent(QHideEvent *event)
{
    QWidget::hideEvent(event);
    m_second.stop();
}

} // namespace builds
