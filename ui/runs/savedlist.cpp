#include "runs/savedlist.h"

#include "common/emptystate.h"
#include "common/errortext.h"
#include "common/messagebar.h"
#include "common/namedialog.h"
#include "common/statedelegate.h"
#include "common/tableview.h"
#include "models/tablefilter.h"
#include "runs/configsmodel.h"

#include <QAction>
#include <QDesktopServices>
#include <QFileDialog>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>
#include <QUrl>
#include <QVBoxLayout>

namespace runs {

using namespace Qt::StringLiterals;

SavedList::SavedList(Library &library, settings::Settings &settings, common::MessageBar &bar, QWidget *parent)
    : QWidget(parent)
    , m_library(library)
    , m_settings(settings)
    , m_bar(bar)
    , m_model(new ConfigsModel(library, this))
    , m_filter(new models::TableFilter(this))
    , m_table(new common::TableView)
    , m_empty(new common::EmptyState(m_table))
    , m_fault(new common::MessageBar)
{
    m_filter->setSourceModel(m_model);
    m_table->setAccessibleName(tr("Saved configurations"));
    m_table->setTypicalCells({u"resnet50-imagenet-7"_s, u"nvcr.io/nvidia/pytorch:24.05"_s, u"2 GPUs"_s});
    m_table->setModel(m_filter);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setEmptyState(m_empty);
    const auto look = [](const QModelIndex &index) {
        const bool broken = index.data(models::StateRole).toInt() != 0;
        return broken ? common::CellLook{u"dialog-error-symbolic"_s, common::Tone::Failed} : common::CellLook{};
    };
    m_table->setItemDelegateForColumn(int(ConfigColumn::Name), new common::StateDelegate(look, m_table));
    if (!m_table->restoreColumns(settings.value(settings::keys::savedColumns)))
        m_table->sortByColumn(int(ConfigColumn::Name), Qt::AscendingOrder);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_table, 1);
    layout->addWidget(m_fault);

    makeActions();
    connect(&library, &Library::changed, this, &SavedList::update);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, [this] {
        update();
        if (selected())
            Q_EMIT chosen();
    });
    connect(m_table, &QTableView::activated, m_edit, &QAction::trigger);
    connect(m_table, &common::TableView::menuRequested, this, &SavedList::showMenu);
    connect(&m_bar, &common::MessageBar::actionTriggered, this, [this] {
        m_bar.clear();
        if (const auto act = std::exchange(m_barAction, nullptr))
            act();
    });
    connect(m_fault, &common::MessageBar::actionTriggered, this, &SavedList::openFile);
    update();
}

SavedList::~SavedList() { m_settings.set(settings::keys::savedColumns, m_table->saveColumns()); }

void SavedList::makeActions()
{
    const auto add
        = [this](const QString &text, const QString &icon, const QKeySequence &keys, void (SavedList::*slot)()) {
              QAction *action = common::addTableAction(m_table, text, icon, keys);
              connect(action, &QAction::triggered, this, slot);
              return action;
          };
    m_launch = add(tr("&Launch"), u"media-playback-start"_s, u"Ctrl+Return"_s, &SavedList::launch);
    m_edit = add(tr("&Open in New run…"), u"document-edit"_s, u"Ctrl+E"_s, &SavedList::edit);
    m_rename = add(tr("Re&name…"), u"edit-rename"_s, Qt::Key_F2, &SavedList::rename);
    m_duplicate = add(tr("&Duplicate"), u"edit-copy"_s, u"Ctrl+D"_s, &SavedList::duplicate);
    m_export = add(tr("E&xport…"), u"document-export"_s, {}, &SavedList::exportSelected);
    m_import = add(tr("&Import…"), u"document-import"_s, {}, &SavedList::importFiles);
    m_openFile = add(tr("Open &file"), u"document-open"_s, {}, &SavedList::openFile);
    m_remove = add(tr("Re&move"), u"edit-delete"_s, Qt::Key_Delete, &SavedList::remove);
}

QList<QAction *> SavedList::toolBarActions() const { return {m_launch, m_edit, m_import}; }

void SavedList::setFilter(const QString &text)
{
    m_filter->setText(text);
    update();
}

void SavedList::setLive(bool live)
{
    m_live = live;
    update();
}

void SavedList::clearSelection() { m_table->clearSelection(); }

void SavedList::setNow(qint64 now) { m_model->setNow(now); }

const SavedConfig *SavedList::selected() const
{
    const QModelIndexList rows = m_table->selectedRowIndexes();
    return rows.size() == 1 ? m_library.find(rows.first().data(models::IdRole).toString()) : nullptr;
}

void SavedList::update()
{
    if (!m_filter->words().isEmpty() && m_model->rowCount() > 0)
        m_empty->setContent(u"edit-find"_s, tr("No saved configuration matches the filter."));
    else
        m_empty->setContent(
            u"document-save"_s, tr("Nothing saved yet. “Save…” in the last step of New run… keeps a run here."));
    const SavedConfig *config = selected();
    const bool readable = config && config->readable();
    m_launch->setEnabled(readable && m_live);
    for (QAction *action : {m_edit, m_duplicate, m_export})
        action->setEnabled(readable);
    for (QAction *action : {m_rename, m_openFile, m_remove})
        action->setEnabled(config);
    showFault(config);
}

void SavedList::showFault(const SavedConfig *config)
{
    if (!config || config->readable())
        return m_fault->clear();
    const QString todo = tr("Mend the file; until then Slipway leaves it as it is.");
    if (m_fault->isHidden() || m_fault->title() != config->trouble)
        m_fault->showMessage(common::MessageBar::Severity::Error, config->trouble, todo, {}, tr("Open file"));
}

void SavedList::showMenu(const QPoint &at)
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addActions({m_launch, m_edit});
    menu->addSeparator();
    menu->addActions({m_rename, m_duplicate, m_export, m_import, m_openFile});
    menu->addSeparator();
    menu->addAction(m_remove);
    menu->popup(at);
}

void SavedList::say(const core::Result<void> &result, const QString &attempted)
{
    if (!result)
        m_bar.showError(common::errorText(result.error(), attempted));
}

void SavedList::launch()
{
    if (const SavedConfig *config = selected())
        Q_EMIT launchRequested(config->file.config, config->name);
}

void SavedList::edit()
{
    if (const SavedConfig *config = selected())
        Q_EMIT editRequested(config->file.config, tr("Filled from “%1”.").arg(config->name));
}

void SavedList::save(const recipe::RunConfig &config, const QString &suggestion)
{
    recipe::ConfigFile file;
    file.config = config;
    auto *dialog = new common::NameDialog(
        {tr("Save configuration"), tr("The run is kept under this name, with everything but secrets."), suggestion,
            tr("Save")},
        [this](const QString &name) {
            const SavedConfig *there = m_library.find(name);
            return there && !there->readable() ? there->trouble : QString();
        },
        window());
    connect(dialog, &common::NameDialog::named, this, [this, file](const QString &name) {
        if (!m_library.find(name))
            return write(name, file, IfTaken::Refuse);
        auto *box = new QMessageBox(QMessageBox::Question, tr("Save configuration"),
            tr("Replace the saved configuration %1?").arg(name), QMessageBox::Cancel, window());
        box->setAttribute(Qt::WA_DeleteOnClose);
        box->setInformativeText(tr("There is one of that name. What it says now is lost."));
        auto *replace = box->addButton(tr("Replace %1").arg(name), QMessageBox::DestructiveRole);
        box->setDefaultButton(QMessageBox::Cancel);
        connect(replace, &QPushButton::clicked, this, [this, name, file] { write(name, file, IfTaken::Replace); });
        box->open();
    });
    dialog->open();
}

/** Who saves looks at New run…, not at this page: what went wrong is said in a window of its own. */
void SavedList::write(const QString &name, const recipe::ConfigFile &file, IfTaken ifTaken)
{
    const auto written = m_library.save(name, file, ifTaken);
    if (written)
        return Q_EMIT saved(name);
    const common::ErrorText text = common::errorText(written.error(), tr("save %1").arg(name));
    auto *box
        = new QMessageBox(QMessageBox::Warning, tr("Save configuration"), text.title, QMessageBox::Close, window());
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setInformativeText(text.whatToDo);
    box->setDetailedText(text.details);
    box->open();
}

void SavedList::rename()
{
    const SavedConfig *config = selected();
    if (!config)
        return;
    const QString old = config->name;
    auto *dialog = new common::NameDialog(
        {tr("Rename configuration"), tr("New name of %1:").arg(old), old, tr("Rename")},
        [this, old](const QString &name) {
            return name != old && m_library.find(name) ? tr("Another configuration is called %1.").arg(name)
                                                       : QString();
        },
        this);
    connect(dialog, &common::NameDialog::named, this, [this, old](const QString &name) {
        if (name != old)
            say(m_library.rename(old, name), tr("rename %1").arg(old));
    });
    dialog->open();
}

void SavedList::duplicate()
{
    const SavedConfig *config = selected();
    if (!config)
        return;
    const QString name = config->name;
    if (const auto copy = m_library.duplicate(name); !copy)
        m_bar.showError(common::errorText(copy.error(), tr("duplicate %1").arg(name)));
}

void SavedList::exportSelected()
{
    const SavedConfig *config = selected();
    if (!config)
        return;
    auto *dialog = new QFileDialog(this, tr("Export configuration"), {}, tr("Run configurations (*.json)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(u"json"_s);
    dialog->selectFile(fileNameOf(config->name));
    connect(dialog, &QFileDialog::fileSelected, this, [this, name = config->name](const QString &path) {
        say(m_library.exportTo(name, path), tr("export %1").arg(name));
    });
    dialog->open();
}

void SavedList::importFiles()
{
    auto *dialog = new QFileDialog(this, tr("Import configuration"), {}, tr("Run configurations (*.json)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFiles);
    connect(dialog, &QFileDialog::filesSelected, this, [this](const QStringList &paths) {
        for (const QString &path : paths)
            importAs(path, {});
    });
    dialog->open();
}

void SavedList::importAs(const QString &path, const QString &as)
{
    const auto name = m_library.importFrom(path, as);
    if (name && !as.isEmpty())
        return m_bar.showMessage(common::MessageBar::Severity::Info, tr("Imported as %1.").arg(*name));
    if (name)
        return;
    QString button;
    if (name.error().kind == core::ErrorKind::Conflict) {
        const QString free = m_library.importName(path);
        button = tr("Import as %1").arg(free);
        m_barAction = [this, path, free] { importAs(path, free); };
    }
    m_bar.showError(common::errorText(name.error(), tr("import %1").arg(path)), button);
}

void SavedList::openFile()
{
    const SavedConfig *config = selected();
    if (config && !QDesktopServices::openUrl(QUrl::fromLocalFile(config->path)))
        m_bar.showMessage(common::MessageBar::Severity::Warning, tr("No program here opens %1.").arg(config->path),
            tr("It is a text file; any editor will do."));
}

void SavedList::remove()
{
    const SavedConfig *config = selected();
    if (!config)
        return;
    m_removed = config->name;
    if (const auto removed = m_library.remove(QString(m_removed)); !removed)
        return m_bar.showError(common::errorText(removed.error(), tr("remove %1").arg(m_removed)));
    m_barAction = [this] { undoRemove(); };
    m_bar.showMessage(
        common::MessageBar::Severity::Info, tr("%1 is no longer kept.").arg(m_removed), {}, {}, tr("Undo"));
}

void SavedList::undoRemove() { say(m_library.undoRemove(m_removed), tr("bring %1 back").arg(m_removed)); }

} // namespace runs
