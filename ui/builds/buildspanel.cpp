#include "builds/buildspanel.h"

#include "builds/builddialog.h"
#include "builds/buildsmodel.h"
#include "builds/steplog.h"
#include "builds/stepsmodel.h"
#include "builds/stepsview.h"
#include "common/emptystate.h"
#include "common/errortext.h"
#include "common/messagebar.h"
#include "common/statedelegate.h"
#include "common/tableview.h"
#include "common/theme.h"
#include "core/units.h"
#include "docker/imagereference.h"

#include <QClipboard>
#include <QDataStream>
#include <QDateTime>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QMetaMethod>
#include <QPushButton>
#include <QSplitter>
#include <QVBoxLayout>
#include <algorithm>

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

constexpr int listWidth = 44 * common::grid;
constexpr qint32 splitterVersion = 3;

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
    , m_inner(new QSplitter)
    , m_tree(new StepsView(m_steps, m_table->verticalHeader()->defaultSectionSize()))
    , m_head(new QLabel)
    , m_failure(new QLabel)
    , m_log(new StepLog)
    , m_cancel(button(tr("&Cancel"), u"process-stop"_s))
    , m_again(button(tr("Build &again"), u"view-refresh"_s))
    , m_edit(button(tr("&Edit and build…"), u"document-edit"_s))
    , m_run(button(tr("&Run…"), u"media-playback-start"_s))
    , m_signIn(button(tr("&Sign in…"), u"user-identity"_s))
    , m_copy(button(tr("Copy &log"), u"edit-copy"_s))
{
    m_table->setAccessibleName(tr("Builds"));
    m_table->setTypicalCells({u"me/train:1"_s, u"23:59:59"_s, u"Building: 3 of 12"_s});
    m_table->setModel(m_model);
    m_table->setSortingEnabled(false);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setEmptyState(m_empty);
    m_empty->setContent(u"run-build"_s, tr("Nothing built yet. Choose a folder with a Dockerfile."), tr("Build…"));
    m_table->setItemDelegateForColumn(BuildsModel::State,
        new common::StateDelegate(
            [](const QModelIndex &index) { return lookOf(BuildState(index.data(BuildsModel::StateRole).toInt())); },
            m_table));
    if (!m_table->restoreColumns(settings.value(settings::keys::buildColumns))) {
        for (const int column : {BuildsModel::Duration, BuildsModel::Folder})
            m_table->setColumnHidden(column, true); // the header's menu has them
    }
    m_splitter->addWidget(m_table);
    m_splitter->addWidget(makeDetails());
    m_splitter->setStretchFactor(0, 0);
    m_splitter->setStretchFactor(1, 1);
    restoreSplitters();
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
    connect(m_tree, &StepsView::pressed, this, [this] { m_follows = false; });
    connect(m_tree, &StepsView::collapsed, this, [this] { m_follows = false; }); // a selected step would open it
    connect(m_cancel, &QPushButton::clicked, this, [this] { m_builds.cancel(m_shown); });
    connect(m_again, &QPushButton::clicked, this, &BuildsPanel::again);
    connect(m_edit, &QPushButton::clicked, this, [this] {
        if (const BuildRecord *record = selected())
            openDialog(record->request);
    });
    connect(m_run, &QPushButton::clicked, this, [this] {
        if (const BuildRecord *record = selected())
            Q_EMIT runRequested(record->image(), record->imageId);
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
            m_log->append(bytes);
            m_copy->setEnabled(true);
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
    QByteArray state;
    QDataStream(&state, QIODevice::WriteOnly) << splitterVersion << m_splitter->saveState() << m_inner->saveState();
    m_settings.set(settings::keys::buildSplitter, state);
}

/** The list as narrow as it can be read; the steps' commands and what they print share what is left. */
void BuildsPanel::restoreSplitters()
{
    m_splitter->setSizes({listWidth, 3 * listWidth});
    m_inner->setSizes({10, 9}); // in proportion
    qint32 version = 0;
    QByteArray outer;
    QByteArray inner;
    QDataStream in(m_settings.value(settings::keys::buildSplitter));
    in >> version >> outer >> inner;
    if (in.status() == QDataStream::Ok && version == splitterVersion) {
        m_splitter->restoreState(outer);
        m_inner->restoreState(inner);
    }
    for (QSplitter *splitter : {m_splitter, m_inner})
        splitter->setChildrenCollapsible(false);
}

/** Of the selected build: what can be done with it, how it went, its steps and what they printed. */
QWidget *BuildsPanel::makeDetails()
{
    m_head->setWordWrap(true);
    m_head->setTextFormat(Qt::PlainText);
    m_failure->setWordWrap(true);
    m_failure->setTextFormat(Qt::PlainText);
    m_failure->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_failure->setAutoFillBackground(true);
    m_failure->setContentsMargins(common::grid, common::grid / 2, common::grid, common::grid / 2);
    m_failure->hide();
    m_inner->addWidget(m_tree);
    m_inner->addWidget(m_log);
    m_inner->setStretchFactor(0, 10);
    m_inner->setStretchFactor(1, 9);
    auto *side = new QWidget;
    auto *layout = new QVBoxLayout(side);
    layout->setContentsMargins(common::grid / 2, common::grid / 2, 0, 0);
    layout->setSpacing(common::grid / 2);
    layout->addLayout(makeButtons());
    layout->addWidget(m_head);
    layout->addWidget(m_failure);
    layout->addWidget(m_inner, 1);
    return side;
}

QLayout *BuildsPanel::makeButtons()
{
    auto *buttons = new QHBoxLayout;
    for (QPushButton *one : {m_cancel, m_again, m_edit, m_run, m_signIn})
        buttons->addWidget(one);
    buttons->addStretch(1);
    buttons->addWidget(m_copy);
    return buttons;
}

void BuildsPanel::openDialog(const BuildRequest &request)
{
    if (!m_dialog) {
        m_dialog = new BuildDialog(request, window());
        connect(m_dialog, &BuildDialog::buildRequested, this, &BuildsPanel::begin);
    } else if (request != BuildRequest() && request != m_dialog->given()) {
        m_dialog->fill(request);
    }
    m_dialog->open();
}

void BuildsPanel::signedIn(const QString &registry)
{
    const BuildRecord *record = selected();
    const auto base = docker::ImageReference::parse(record ? record->refusedBase : QString());
    if (base && base->registry == registry && !m_builds.job(record->id))
        again();
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
        showStep();
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
    m_edit->setEnabled(record != nullptr);
    m_run->setEnabled(record && record->state == BuildState::Succeeded);
    m_signIn->setVisible(record && !record->refusedBase.isEmpty()
        && isSignalConnected(QMetaMethod::fromSignal(&BuildsPanel::signInRequested)));
    m_copy->setEnabled(!m_log->document()->isEmpty());
    QStringList words;
    if (job) {
        words.append(job->statusText());
        words += job->remarks();
    } else if (record) {
        if (record->state == BuildState::Succeeded)
            words.append(tr("Built %1").arg(record->image()));
        else if (record->state != BuildState::Failed) // that is told below
            words.append(stateText(record->state));
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
    const Step step = known ? m_builds.progress(*record).steps()[m_shownStep] : Step();
    m_log->setPlaceholderText(record ? noLogText(*record) : QString());
    m_log->setOutput(step.log, step.logCut);
    m_copy->setEnabled(!m_log->document()->isEmpty());
}

/** Why there is nothing to read. */
QString BuildsPanel::noLogText(const BuildRecord &record) const
{
    const QList<Step> &steps = m_builds.progress(record).steps();
    const bool kept = std::ranges::any_of(steps, [](const Step &step) { return !step.log.isEmpty(); });
    if (!m_builds.job(record.id) && !kept)
        return tr("No output: what steps print is kept only until Slipway is closed.");
    if (m_shownStep < 0 || m_shownStep >= steps.size())
        return tr("Select a step to see what it printed.");
    switch (steps[m_shownStep].state) {
    case StepState::Waiting:
    case StepState::Running:
        return tr("No output yet.");
    case StepState::Cached:
        return tr("No output: the step did not run, its result was kept from an earlier build.");
    default:
        break;
    }
    QStringList lines{tr("The step printed nothing.")};
    for (const StepPart &part : steps[m_shownStep].parts) {
        if (part.current > 0)
            lines.append(u"%1 %2"_s.arg(part.name, core::bytesText(part.current)));
    }
    return lines.join(u'\n');
}

/** What happened, the command once; the last of what it printed, for the cause stands there. */
QStringList BuildsPanel::failureLines(const BuildRecord &record) const
{
    const int failed = record.progress.failed();
    QStringList lines{failureSentence(record)};
    if (record.failedLine > 0)
        lines.first().prepend(tr("Line %1 of the Dockerfile: ").arg(record.failedLine));
    if (failed < 0) {
        for (const QString &line : record.failedLines)
            lines.append(u"    "_s + line);
    }
    const QString cause = failureCause(record);
    const QString hint = failureHint(record);
    const common::ErrorText known = common::errorText({core::ErrorKind::Daemon, 0, cause, {}}, QString());
    const qsizetype why = known.title.indexOf(u": "_s); // there only where the words are known
    if (hint.isEmpty() && record.refusedBase.isEmpty() && why >= 0) {
        QString sentence = known.title.sliced(why + 2);
        sentence[0] = sentence[0].toUpper();
        lines.append({sentence, known.whatToDo});
    } else {
        lines.append({cause, hint});
    }
    lines.removeAll(QString());
    const QStringList printed = failed < 0 ? QStringList() : lastLines(record.progress.steps()[failed].log, 3);
    if (!printed.isEmpty())
        lines.append(tr("Printed last:"));
    for (const QString &line : printed)
        lines.append(u"    "_s + line);
    return lines;
}

void BuildsPanel::showFailure()
{
    const BuildRecord *record = selected();
    const bool failed = record && record->state == BuildState::Failed;
    m_failure->setVisible(failed);
    if (!failed)
        return;
    m_failure->setText(failureLines(*record).join(u'\n'));
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
    QAction *build = menu->addAction(tr("Build again"), this, &BuildsPanel::again);
    build->setEnabled(!m_builds.job(record->id));
    menu->addAction(tr("Edit and build…"), this, [this, request = record->request] { openDialog(request); });
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
