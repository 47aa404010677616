#include "runs/runlist.h"

#include "common/emptystate.h"
#include "common/errortext.h"
#include "common/messagebar.h"
#include "common/tableview.h"
#include "models/tablefilter.h"
#include "recipe/resolve.h"
#include "recipe/rules.h"
#include "runs/again.h"
#include "runs/comparedialog.h"
#include "runs/runsmodel.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>
#include <QVBoxLayout>
#include <algorithm>

namespace runs {

using namespace Qt::StringLiterals;

RunList::RunList(const Parts &parts, common::MessageBar &bar, QWidget *parent)
    : QWidget(parent)
    , m_history(parts.history)
    , m_inventory(parts.inventory)
    , m_settings(parts.settings)
    , m_bar(bar)
    , m_model(new RunsModel(parts.history, parts.inventory, parts.host, this))
    , m_filter(new models::TableFilter(this))
    , m_table(new common::TableView)
    , m_empty(new common::EmptyState(m_table))
{
    m_filter->setSourceModel(m_model);
    m_table->setAccessibleName(tr("Runs"));
    m_table->setTypicalCells(
        {u"resnet50-imagenet-7"_s, u"nvcr.io/nvidia/pytorch:24.05"_s, u"Killed: out of memory xx"_s});
    m_table->setModel(m_filter);
    m_table->setEmptyState(m_empty);
    m_table->setItemDelegateForColumn(int(RunColumn::State), new common::StateDelegate(parts.look, m_table));
    if (!m_table->restoreColumns(m_settings.value(settings::keys::runColumns)))
        m_table->sortByColumn(int(RunColumn::Started), Qt::DescendingOrder);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_table);

    makeActions();
    connect(m_model, &QAbstractItemModel::rowsInserted, this, &RunList::update);
    connect(m_model, &QAbstractItemModel::rowsRemoved, this, &RunList::update);
    connect(m_model, &QAbstractItemModel::dataChanged, this, &RunList::selectionChanged);
    connect(m_model, &QAbstractItemModel::rowsInserted, this, &RunList::countChanged);
    connect(m_model, &QAbstractItemModel::rowsRemoved, this, &RunList::countChanged);
    connect(&m_history, &History::loadedChanged, this, &RunList::countChanged);
    connect(&m_history, &History::loadedChanged, this, &RunList::update);
    connect(&m_inventory, &inventory::Inventory::linkChanged, this, &RunList::update);
    connect(&m_inventory, &inventory::Inventory::containersChanged, this, &RunList::update);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, [this] {
        update();
        Q_EMIT selectionChanged();
    });
    connect(m_table, &QTableView::activated, this, [this] {
        if (m_showContainer->isEnabled())
            m_showContainer->trigger();
    });
    connect(m_table, &common::TableView::menuRequested, this, &RunList::showMenu);
    update();
}

RunList::~RunList() { m_settings.set(settings::keys::runColumns, m_table->saveColumns()); }

void RunList::makeActions()
{
    const auto add
        = [this](const QString &text, const QString &icon, const QKeySequence &keys, void (RunList::*slot)()) {
              QAction *action = common::addTableAction(m_table, text, icon, keys);
              connect(action, &QAction::triggered, this, slot);
              return action;
          };
    m_again = add(tr("Run &again"), u"media-playback-start"_s, u"Ctrl+Return"_s, &RunList::runAgain);
    m_edit = add(tr("&Duplicate as new run…"), u"document-edit"_s, u"Ctrl+E"_s, &RunList::edit);
    m_compare = add(tr("Com&pare"), u"view-split-left-right"_s, u"Ctrl+Shift+D"_s, &RunList::compare);
    m_compare->setToolTip(tr("Select two runs to see what differs"));
    m_showContainer = add(tr("Show &container"), u"go-jump"_s, {}, &RunList::showContainer);
    m_copy = add(tr("&Copy docker run line"), u"edit-copy"_s, u"Ctrl+Shift+C"_s, &RunList::copyLine);
    m_forget = add(tr("Re&move from history…"), u"edit-delete"_s, Qt::Key_Delete, &RunList::forget);
}

QList<QAction *> RunList::toolBarActions() const { return {m_again, m_compare}; }

void RunList::setFilter(const QString &text)
{
    m_filter->setText(text);
    update();
}

void RunList::setNow(qint64 now) { m_model->setNow(now); }

void RunList::clearSelection() { m_table->clearSelection(); }

std::optional<int> RunList::count() const
{
    return m_history.loaded() ? std::optional(m_model->rowCount()) : std::nullopt;
}

bool RunList::countsSeconds(qint64 now) const
{
    return std::ranges::any_of(m_model->rows(), [now](const Record &record) { return now - record.created < 60; });
}

QList<Record> RunList::selected() const
{
    QList<Record> records;
    for (const QModelIndex &index : m_table->selectedRowIndexes())
        records += m_model->at(m_filter->mapToSource(index).row());
    return records;
}

void RunList::update()
{
    if (!m_filter->words().isEmpty() && m_model->rowCount() > 0)
        m_empty->setContent(u"edit-find"_s, tr("No run matches the filter."));
    else if (m_history.loaded())
        m_empty->setContent(u"media-playback-start"_s, tr("No runs yet. What Slipway launches is written down here."));
    else
        m_empty->setContent(u"view-history"_s, tr("Reading the history…"));

    const bool live = m_inventory.link() == inventory::Inventory::Link::Live;
    const QList<Record> records = selected();
    const bool one = records.size() == 1;
    m_again->setEnabled(one && live);
    m_edit->setEnabled(one);
    m_copy->setEnabled(one);
    m_showContainer->setEnabled(one && m_inventory.container(records.first().containerId));
    m_compare->setEnabled(records.size() == 2);
    m_forget->setEnabled(std::ranges::any_of(records, [](const Record &record) { return !record.elsewhere; }));
}

void RunList::showMenu(const QPoint &at)
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addActions({m_again, m_edit, m_compare});
    menu->addSeparator();
    menu->addActions({m_showContainer, m_copy});
    menu->addSeparator();
    menu->addAction(m_forget);
    menu->popup(at);
}

recipe::RunConfig RunList::againOf(const Record &record, QString *why) const
{
    const auto again = runs::runAgain(record);
    if (!again) {
        *why = again.error().message;
        return {};
    }
    recipe::RunConfig config = *again;
    QStringList taken;
    for (const inventory::Container &container : m_inventory.containers())
        taken += container.name;
    config.name = recipe::freeName(config.name, taken);
    return config;
}

void RunList::runAgain()
{
    const QList<Record> selected = this->selected();
    if (selected.size() != 1)
        return;
    QString why;
    const recipe::RunConfig config = againOf(selected.first(), &why);
    if (!why.isEmpty())
        return m_bar.showMessage(common::MessageBar::Severity::Error, why);
    Q_EMIT launchRequested(recipe::escaped(config)); // it means itself, and nothing is left to fill in
}

void RunList::edit()
{
    const QList<Record> selected = this->selected();
    if (selected.size() != 1)
        return;
    QString why;
    const recipe::RunConfig config = againOf(selected.first(), &why);
    if (!why.isEmpty())
        return m_bar.showMessage(common::MessageBar::Severity::Error, why);
    Q_EMIT editRequested(
        recipe::escaped(config), tr("The same image and commit as “%1”.").arg(title(selected.first())));
}

void RunList::compare()
{
    QList<Record> selected = this->selected();
    if (selected.size() != 2)
        return;
    std::ranges::sort(selected, {}, &Record::created); // the older on the left
    (new CompareDialog(selected[0], selected[1], window()))->show();
}

void RunList::showContainer()
{
    if (const QList<Record> selected = this->selected(); selected.size() == 1)
        Q_EMIT containerRequested(selected.first().containerId);
}

void RunList::copyLine()
{
    if (const QList<Record> selected = this->selected(); selected.size() == 1)
        QApplication::clipboard()->setText(selected.first().line);
}

void RunList::forget()
{
    QStringList ids;
    QStringList names;
    bool hasContainer = false;
    for (const Record &record : selected()) {
        if (record.elsewhere)
            continue;
        hasContainer = hasContainer || m_inventory.container(record.containerId);
        ids += record.id;
        names += title(record);
    }
    if (ids.isEmpty())
        return;
    const QString what = ids.size() == 1 ? names.first() : tr("%1 runs").arg(ids.size());
    auto *box = new QMessageBox(QMessageBox::Question, tr("Remove from history"),
        tr("Remove %1 from the history?").arg(what), QMessageBox::Cancel, this);
    box->setAttribute(Qt::WA_DeleteOnClose);
    const QString stays = tr("Only what was written down of it goes; containers, images and logs stay.");
    // Its labels tell of it as of a run of another Slipway.
    box->setInformativeText(
        hasContainer ? tr("%1 A run stays in this table until its container is removed.").arg(stays) : stays);
    auto *remove = box->addButton(tr("Remove %1").arg(what), QMessageBox::DestructiveRole);
    box->setDefaultButton(QMessageBox::Cancel);
    connect(remove, &QPushButton::clicked, this, [this, ids, what] {
        m_history.remove(ids).then(this, [this, what](const core::Result<void> &removed) {
            if (!removed)
                m_bar.showError(common::errorText(removed.error(), tr("remove %1").arg(what)));
        });
    });
    box->open();
}

} // namespace runs
