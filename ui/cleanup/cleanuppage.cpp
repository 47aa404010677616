#include "cleanup/cleanuppage.h"

#include "cleanup/candidatesfilter.h"
#include "cleanup/candidatesmodel.h"
#include "cleanup/candidatestree.h"
#include "cleanup/confirmdialog.h"
#include "cleanup/diskpicture.h"
#include "cleanup/reporttext.h"
#include "common/emptystate.h"
#include "common/errortext.h"
#include "common/messagebar.h"
#include "common/theme.h"
#include "core/units.h"

#include <QDateTime>
#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace cleanup {

using common::grid;
using inventory::Inventory;
using settings::Lockable;
using namespace Qt::StringLiterals;

namespace {

qint64 now() { return QDateTime::currentSecsSinceEpoch(); }

const QString ticksOnly
    = u"These buttons remove nothing: each ticks what that command would remove, beside what is ticked already."_s;

QLabel *mutedLabel()
{
    auto *label = new QLabel;
    label->setForegroundRole(QPalette::PlaceholderText);
    label->setWordWrap(true);
    return label;
}

} // namespace

CleanupPage::CleanupPage(const Parts &parts, QWidget *parent)
    : QWidget(parent)
    , m_parts(parts)
    , m_model(new CandidatesModel(this))
    , m_filter(new CandidatesFilter(this))
    , m_linkBar(new common::MessageBar)
    , m_bar(new common::MessageBar)
    , m_report(new common::MessageBar)
    , m_picture(new DiskPicture)
    , m_compute(new QPushButton(QIcon::fromTheme(u"view-refresh"_s), u"Compute sizes…"_s))
    , m_computed(mutedLabel())
    , m_hint(mutedLabel())
    , m_stack(new QStackedWidget)
    , m_tree(new CandidatesTree)
    , m_empty(new common::EmptyState)
    , m_ticked(new QLabel)
    , m_progress(new QProgressBar)
    , m_cancel(new QPushButton(u"Cancel"_s))
    , m_remove(new QPushButton(QIcon::fromTheme(u"edit-delete"_s), u"Remove…"_s))
    , m_disk(parts.engine)
{
    m_filter->setSourceModel(m_model);
    m_tree->setModel(m_filter);
    m_tree->restoreColumns(parts.settings.value(settings::keys::cleanupColumns));
    m_stack->addWidget(m_tree);
    m_stack->addWidget(m_empty);

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    for (QWidget *widget : QList<QWidget *>{m_linkBar, m_bar, makeTop(), makeCommands()})
        layout->addWidget(widget);
    layout->addWidget(m_stack, 1);
    layout->addWidget(m_report); // down here it moves no row
    layout->addWidget(makeBottom());

    m_minute.setInterval(60 * 1000);
    connectParts();
    showSizes();
    showLink();
    showTicks();
}

CleanupPage::~CleanupPage() { m_parts.settings.set(settings::keys::cleanupColumns, m_tree->saveColumns()); }

// ---- building

QWidget *CleanupPage::makeTop()
{
    auto *box = new QWidget;
    auto *sizes = new QVBoxLayout;
    sizes->setSpacing(grid / 2);
    sizes->addWidget(m_compute, 0, Qt::AlignRight);
    m_computed->setAlignment(Qt::AlignRight);
    m_computed->setFixedWidth(26 * grid);
    sizes->addWidget(m_computed);
    auto *layout = new QHBoxLayout(box);
    layout->setContentsMargins(2 * grid, 2 * grid, 2 * grid, grid);
    layout->setSpacing(3 * grid);
    layout->addWidget(m_picture, 1, Qt::AlignTop);
    layout->addLayout(sizes);
    return box;
}

QWidget *CleanupPage::makeCommands()
{
    auto *box = new QWidget;
    auto *row = new QHBoxLayout;
    row->setSpacing(grid);
    row->addWidget(new QLabel(u"Also tick what goes with"_s));
    for (int i = 0; i < commandCount; ++i) {
        const auto command = Command(i);
        auto *button = new QPushButton(commandText(command));
        button->setToolTip(commandHint(command));
        connect(button, &QPushButton::clicked, this, [this, command] { tick(command); });
        row->addWidget(button);
        m_commands.append(button);
    }
    auto *none = new QPushButton(u"Untick all"_s);
    connect(none, &QPushButton::clicked, this, [this] {
        m_model->untickAll();
        m_hint->setText(ticksOnly);
    });
    row->addSpacing(grid);
    row->addWidget(none);
    row->addStretch();
    auto *layout = new QVBoxLayout(box);
    layout->setContentsMargins(2 * grid, grid, 2 * grid, grid);
    layout->setSpacing(grid / 2);
    layout->addLayout(row);
    layout->addWidget(m_hint);
    m_hint->setText(ticksOnly);
    return box;
}

QWidget *CleanupPage::makeBottom()
{
    auto *box = new QWidget;
    m_ticked->setWordWrap(true);
    m_progress->setAccessibleName(u"Progress of the clean-up"_s);
    m_progress->setFixedWidth(30 * grid);
    m_progress->hide();
    m_cancel->hide();
    auto *layout = new QHBoxLayout(box);
    layout->setContentsMargins(2 * grid, grid, 2 * grid, grid);
    layout->setSpacing(2 * grid);
    layout->addWidget(m_ticked, 1);
    layout->addWidget(m_progress);
    layout->addWidget(m_cancel);
    layout->addWidget(m_remove);
    return box;
}

void CleanupPage::connectParts()
{
    connect(&m_minute, &QTimer::timeout, this, [this] {
        m_model->setNow(now());
        showSizes();
    });
    connect(&m_parts.candidates, &Candidates::changed, this, &CleanupPage::showCandidates);
    connect(&m_parts.candidates, &Candidates::failed, this,
        [this](const core::Error &error) { m_bar->showError(common::errorText(error, u"list what can go"_s)); });
    connect(&m_parts.candidates, &Candidates::sizesFailed, this,
        [this](const core::Error &error) { m_bar->showError(common::errorText(error, u"compute the sizes"_s)); });
    connect(&m_parts.candidates, &Candidates::sizesChanged, this, &CleanupPage::showSizes);
    connect(&m_parts.candidates, &Candidates::sizesChanged, this, &CleanupPage::askRoom);
    connect(&m_parts.candidates, &Candidates::computingChanged, this, &CleanupPage::showSizes);
    connect(&m_parts.inventory, &Inventory::linkChanged, this, &CleanupPage::showLink);
    connect(m_linkBar, &common::MessageBar::actionTriggered, &m_parts.inventory, &Inventory::retry);
    connect(m_compute, &QPushButton::clicked, this, [this] {
        m_bar->clear();
        if (m_parts.candidates.computing())
            m_parts.candidates.cancelSizes();
        else
            m_parts.candidates.computeSizes();
    });
    connect(m_model, &CandidatesModel::ticksChanged, this, &CleanupPage::showTicks);
    connect(m_tree, &CandidatesTree::protectRequested, this, [this](const auto &items) { lock(items, true); });
    connect(m_tree, &CandidatesTree::unprotectRequested, this, [this](const auto &items) { lock(items, false); });
    connect(m_remove, &QPushButton::clicked, this, &CleanupPage::confirm);
    connect(m_cancel, &QPushButton::clicked, this, [this] {
        if (m_job)
            m_job->abort();
        m_cancel->setEnabled(false);
        m_ticked->setText(u"Cancelling after this one…"_s);
    });
}

void CleanupPage::setFilter(const QString &text)
{
    m_filter->setText(text);
    m_tree->expandAll();
    showTicks();
}

void CleanupPage::setWatched(bool watched)
{
    if (m_watched == watched)
        return;
    m_watched = watched;
    m_parts.candidates.setWatched(watched);
    if (watched) {
        m_model->setNow(now());
        m_minute.start();
        askRoom();
        showSizes();
    } else {
        m_minute.stop();
    }
}

// ---- showing

void CleanupPage::showCandidates()
{
    m_model->setCandidates(m_parts.candidates.list(), now());
    showTicks();
    showEmptyState();
}

void CleanupPage::showEmptyState()
{
    const bool nothing = m_parts.candidates.list().isEmpty();
    m_stack->setCurrentWidget(nothing ? static_cast<QWidget *>(m_empty) : m_tree);
    if (!nothing)
        return;
    if (!m_parts.candidates.known())
        m_empty->setContent(u"network-server"_s,
            m_parts.inventory.link() == Inventory::Link::Lost ? u"Docker does not answer."_s : u"Asking Docker…"_s);
    else if (m_parts.candidates.sizesAt() == 0)
        m_empty->setContent(u"edit-clear-history"_s,
            u"Nothing to clean up, as far as Docker lists it. Compute sizes… also shows the build cache."_s);
    else
        m_empty->setContent(u"edit-clear-history"_s, u"Nothing to clean up: everything here is in use."_s);
}

void CleanupPage::showLink()
{
    if (m_parts.inventory.link() == Inventory::Link::Lost)
        m_linkBar->showError(common::errorText(*m_parts.inventory.trouble(), u"reach Docker"_s), u"Try now"_s);
    else
        m_linkBar->clear();
    if (m_parts.inventory.link() == Inventory::Link::Live && m_watched)
        askRoom();
    showEmptyState();
    showTicks();
}

void CleanupPage::showTicks()
{
    if (m_job)
        return; // the line says what is being removed
    const QList<Candidate> items = m_model->ticked();
    const Total total = totalOf(items, shared());
    QStringList counts;
    for (int kind = 0; kind < kindCount; ++kind) {
        const auto count = std::count_if(
            items.begin(), items.end(), [kind](const Candidate &item) { return int(item.kind) == kind; });
        if (count > 0)
            counts.append(countText(Kind(kind), count));
    }
    QString text = items.isEmpty() ? u"Nothing is ticked."_s : u"Ticked: %1."_s.arg(counts.join(", "_L1));
    if (total.unknown > 0)
        text += u" The size of %1 is not computed."_s.arg(total.unknown);
    const auto shown = [this](const Candidate &item) {
        return m_filter->words().isEmpty()
            || std::all_of(m_filter->words().begin(), m_filter->words().end(), [&item](const QString &word) {
                   return item.name.contains(word, Qt::CaseInsensitive)
                       || item.reason.contains(word, Qt::CaseInsensitive);
               });
    };
    if (const auto hidden = std::count_if(items.begin(), items.end(), std::not_fn(shown)); hidden > 0)
        text += u" The filter hides %1 of them."_s.arg(hidden);
    m_ticked->setText(text);
    m_remove->setText(items.isEmpty() ? u"Remove…"_s : removeText(total));
    m_remove->setEnabled(!items.isEmpty() && m_parts.inventory.link() == Inventory::Link::Live);
}

void CleanupPage::showSizes()
{
    const Candidates &candidates = m_parts.candidates;
    m_compute->setText(candidates.computing() ? u"Stop computing"_s : u"Compute sizes…"_s);
    m_compute->setToolTip(u"Asks Docker how big everything is: it looks at every file, which may take minutes."_s);
    if (candidates.computing())
        m_computed->setText(u"Docker is computing. You can go on meanwhile."_s);
    else if (candidates.sizesAt() > 0)
        m_computed->setText(u"Computed %1."_s.arg(core::ageText(candidates.sizesAt(), now())));
    else
        m_computed->setText(u"Not computed yet: it may take Docker minutes."_s);
    m_picture->setShares(sharesOf(candidates.usage(), m_room), m_room.folder, candidates.sizesAt());
    m_model->setSizesKnown(candidates.sizesAt() > 0);
    showEmptyState();
}

void CleanupPage::askRoom()
{
    if (m_parts.inventory.link() != Inventory::Link::Live)
        return;
    m_disk.ask().then(this, [this](const core::Result<transfers::Room> &room) {
        if (!room)
            return; // of a daemon that is gone the link tells
        m_room = *room;
        showSizes();
    });
}

Shared CleanupPage::shared() const { return sharedOf(m_parts.candidates.usage()); }

// ---- doing

void CleanupPage::tick(Command command)
{
    const auto before = m_model->ticked().size();
    m_model->tickAlso([command](const Candidate &item) { return wouldRemove(command, item); });
    const auto more = m_model->ticked().size() - before;
    const QList<Candidate> &all = m_parts.candidates.list();
    const bool fits
        = std::any_of(all.begin(), all.end(), [command](const Candidate &item) { return wouldRemove(command, item); });
    QString text = commandHint(command);
    if (command == Command::BuilderPrune && m_parts.candidates.sizesAt() == 0)
        text.prepend(u"Docker lists the build cache only with its sizes: choose Compute sizes… first. "_s);
    else
        text.prepend(!fits  ? u"Nothing here fits. "_s
                : more == 0 ? u"All of it was ticked already. "_s
                            : u"%1 more ticked. "_s.arg(more));
    m_hint->setText(text);
}

void CleanupPage::lock(const QList<Candidate> &items, bool on)
{
    for (const Candidate &item : items) {
        const bool image = item.isImage();
        if (!image && item.kind != Kind::StoppedContainer && item.kind != Kind::UnusedVolume)
            continue;
        const Lockable kind = image           ? Lockable::Image
            : item.kind == Kind::UnusedVolume ? Lockable::Volume
                                              : Lockable::Container;
        const QStringList keys = item.references + QStringList{item.id};
        if (on)
            m_parts.protection.protect(kind, keys);
        else
            m_parts.protection.unprotect(kind, keys);
    }
}

void CleanupPage::confirm()
{
    // What is shown is what goes: the ticks may change behind the dialog.
    const QList<Candidate> items = inOrder(m_model->ticked());
    if (items.isEmpty() || m_job)
        return;
    auto *dialog = new ConfirmDialog(items, shared(), this);
    connect(dialog, &ConfirmDialog::confirmed, this, &CleanupPage::run);
    dialog->open();
}

void CleanupPage::run(const QList<Candidate> &items)
{
    m_report->clear();
    m_bar->clear();
    m_job = new CleanupJob(m_parts.engine, m_parts.inventory, m_parts.protection, items, this);
    connect(m_job, &CleanupJob::progressed, this, [this](int done, int of, const QString &name) {
        m_progress->setRange(0, of);
        m_progress->setValue(done);
        if (!name.isEmpty() && m_cancel->isEnabled())
            m_ticked->setText(u"Removing %1…"_s.arg(name));
    });
    connect(m_job, &CleanupJob::finished, this, [this](const core::Result<Report> &result) { finished(*result); });
    m_progress->show();
    m_cancel->setEnabled(true);
    m_cancel->show();
    m_tree->setFocus(); // else it goes wherever the hidden button's neighbour is
    m_remove->hide();
    m_freeBefore = -1;
    // What the disk has more afterwards is the honest figure: it counts shared layers once.
    m_disk.ask().then(m_job, [this](const core::Result<transfers::Room> &room) {
        if (room)
            m_freeBefore = room->free;
        m_job->start();
    });
}

void CleanupPage::finished(const Report &report)
{
    m_job->deleteLater();
    m_job = nullptr;
    m_progress->hide();
    m_cancel->hide();
    m_remove->show();
    m_hint->setText(ticksOnly);
    const Shared before = shared();
    m_parts.candidates.forget(report.with(Ending::Removed));
    m_parts.candidates.refresh();
    showTicks();
    const auto show = [this, report, before](qint64 freed) {
        const ReportText text = reportText(report, before, freed);
        if (text.severity == common::MessageBar::Severity::Info)
            m_report->showNote(text.title, text.whatToDo, text.details);
        else
            m_report->showMessage(text.severity, text.title, text.whatToDo, text.details);
    };
    show(0);
    if (m_freeBefore < 0)
        return;
    m_disk.ask().then(this, [this, show, free = m_freeBefore](const core::Result<transfers::Room> &room) {
        if (!room || room->free < 0)
            return;
        m_room = *room;
        showSizes();
        if (!m_job && room->free > free)
            show(room->free - free);
    });
}

} // namespace cleanup
