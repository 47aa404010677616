#include "images/imagespage.h"

#include "common/emptystate.h"
#include "common/errortext.h"
#include "common/messagebar.h"
#include "common/statedelegate.h"
#include "common/tableview.h"
#include "images/archivebars.h"
#include "images/imagedetails.h"
#include "images/removeimagesdialog.h"
#include "images/savedusers.h"
#include "models/imagesmodel.h"
#include "models/tablefilter.h"

#include <QApplication>
#include <QClipboard>
#include <QDateTime>
#include <QMenu>
#include <QMetaMethod>
#include <QSplitter>
#include <QTabWidget>
#include <QVBoxLayout>
#include <algorithm>

namespace images {

using inventory::Image;
using inventory::ImageColumn;
using inventory::Inventory;
using namespace Qt::StringLiterals;

ImagesPage::ImagesPage(const Parts &parts, QWidget *parent)
    : QWidget(parent)
    , m_parts(parts)
    , m_model(new models::ImagesModel(parts.inventory, this))
    , m_filter(new models::TableFilter(this))
    , m_linkBar(new common::MessageBar)
    , m_bar(new common::MessageBar)
    , m_archives(new ArchiveBars(parts.engine.endpoint(), parts.settings))
    , m_table(new common::TableView)
    , m_empty(new common::EmptyState(m_table))
    , m_actions(new ImageActions(m_table))
    , m_tabs(new QTabWidget)
    , m_details(new ImageDetails({parts.engine, parts.inventory, parts.settings, parts.credentials}))
    , m_splitter(new QSplitter(Qt::Vertical))
{
    buildTable();
    m_tabs->setDocumentMode(true);
    m_tabs->setAccessibleName(tr("Image panel"));
    addPanelTab(m_details, tr("Details"));
    m_splitter->addWidget(m_table);
    // What is said of archives stands at the bottom, where it moves neither rows nor tabs.
    auto *lower = new QWidget;
    auto *lowerLayout = new QVBoxLayout(lower);
    lowerLayout->setContentsMargins(0, 0, 0, 0);
    lowerLayout->setSpacing(0);
    lowerLayout->addWidget(m_tabs, 1);
    lowerLayout->addWidget(m_archives);
    m_splitter->addWidget(lower);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->setStretchFactor(0, 1);
    m_splitter->setStretchFactor(1, 1);
    m_splitter->setSizes({300, 300});
    m_splitter->restoreState(parts.settings.value(settings::keys::imageSplitter));

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_linkBar);
    layout->addWidget(m_bar);
    layout->addWidget(m_splitter, 1);

    m_minute.setInterval(60 * 1000);
    connect(&m_minute, &QTimer::timeout, this, [this] { m_model->setNow(QDateTime::currentSecsSinceEpoch()); });
    connect(m_actions, &ImageActions::requested, this, &ImagesPage::perform);
    connect(&parts.inventory, &Inventory::imagesChanged, this, &ImagesPage::updateLink);
    connect(&parts.inventory, &Inventory::linkChanged, this, &ImagesPage::updateLink);
    connect(m_linkBar, &common::MessageBar::actionTriggered, &parts.inventory, &Inventory::retry);
    connect(&parts.operations, &inventory::Operations::imageFailed, this, &ImagesPage::showFailure);
    connect(&parts.inventory, &Inventory::imagesChanged, this, &ImagesPage::updateSavedUsers);
    connect(&parts.library, &runs::Library::changed, this, &ImagesPage::updateSavedUsers);
    connect(m_details, &ImageDetails::pullRequested, this, &ImagesPage::pullRequested);
    connect(m_details, &ImageDetails::containerRequested, this, &ImagesPage::containerRequested);
    connect(m_details, &ImageDetails::savedRequested, this, &ImagesPage::savedRequested);
    connect(m_details, &ImageDetails::sizesKnown, this, [this](const QString &id, qint64 own, qint64 shared) {
        m_own.insert(id, own);
        m_model->setOwnSize(id, own, shared);
    });
    connect(m_archives, &ArchiveBars::loaded, this, [this](const QStringList &names) {
        m_wanted = names;
        selectWanted();
    });
    connect(&parts.inventory, &Inventory::imagesChanged, this, &ImagesPage::updateProtected);
    connect(&parts.inventory, &Inventory::imagesChanged, this, &ImagesPage::selectWanted);
    connect(&parts.inventory, &Inventory::imagesChanged, this, [this](const inventory::ListChange &change) {
        if (change.added == 0 && change.removed.isEmpty())
            return;
        m_own.clear();
        m_model->forgetOwnSizes();
        m_details->tellSizes(); // those of the image shown are asked anew already
    });
    connect(&parts.protection, &settings::Protection::changed, this, &ImagesPage::updateProtected);
    updateSavedUsers();
    updateProtected();
    updateLink();
}

ImagesPage::~ImagesPage()
{
    m_parts.settings.set(settings::keys::imageColumns, m_table->saveColumns());
    m_parts.settings.set(settings::keys::imageSplitter, m_splitter->saveState());
}

void ImagesPage::buildTable()
{
    m_filter->setSourceModel(m_model);
    m_table->setAccessibleName(u"Images"_s);
    m_table->setTypicalCells({u"nvcr.io/nvidia/pytorch-training"_s, u"24.05-py3-devel"_s});
    m_table->setModel(m_filter);
    m_table->setEmptyState(m_empty);
    m_table->setItemDelegateForColumn(int(ImageColumn::Repository),
        new common::StateDelegate(
            [this](const QModelIndex &index) -> common::CellLook {
                const Image &image = m_model->at(m_filter->mapToSource(index).row());
                return {m_locked.contains(image.key()) ? u"object-locked-symbolic"_s : QString(),
                    image.repository.isEmpty() ? common::Tone::Muted : common::Tone::Plain};
            },
            m_table));
    if (!m_table->restoreColumns(m_parts.settings.value(settings::keys::imageColumns)))
        m_table->sortByColumn(int(ImageColumn::Created), Qt::DescendingOrder);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &ImagesPage::selectionChanged);
    connect(m_table, &QTableView::activated, this, [this] { perform(ImageActions::Run); });
    connect(m_table, &common::TableView::menuRequested, this, [this](const QPoint &at) {
        toolBarActions(); // what is offered is known by now
        auto *menu = new QMenu(this);
        menu->setAttribute(Qt::WA_DeleteOnClose);
        m_actions->addTo(menu);
        menu->popup(at);
    });
}

// ---- what is offered

QList<QAction *> ImagesPage::toolBarActions()
{
    const auto offer = [this](ImageActions::Which which, const QMetaMethod &signal) {
        m_actions->setOffered(which, isSignalConnected(signal));
    };
    offer(ImageActions::Pull, QMetaMethod::fromSignal(&ImagesPage::pullRequested));
    offer(ImageActions::PullAgain, QMetaMethod::fromSignal(&ImagesPage::pullRequested));
    offer(ImageActions::Build, QMetaMethod::fromSignal(&ImagesPage::buildRequested));
    offer(ImageActions::Push, QMetaMethod::fromSignal(&ImagesPage::pushRequested));
    offer(ImageActions::Tag, QMetaMethod::fromSignal(&ImagesPage::tagRequested));
    offer(ImageActions::Accounts, QMetaMethod::fromSignal(&ImagesPage::accountsRequested));
    m_details->setPullOffered(isSignalConnected(QMetaMethod::fromSignal(&ImagesPage::pullRequested)));
    return m_actions->toolBarActions();
}

void ImagesPage::perform(ImageActions::Which which)
{
    const QList<Image> selected = selectedImages();
    const QString reference = selected.size() == 1 ? selected.first().reference() : QString();
    switch (which) {
    case ImageActions::Run:
        if (!reference.isEmpty())
            Q_EMIT runRequested(reference);
        break;
    case ImageActions::Pull:
        Q_EMIT pullRequested({});
        break;
    case ImageActions::PullAgain:
        Q_EMIT pullRequested(reference);
        break;
    case ImageActions::Build:
        Q_EMIT buildRequested();
        break;
    case ImageActions::Remove:
        confirmRemove();
        break;
    case ImageActions::Push:
        Q_EMIT pushRequested(reference);
        break;
    case ImageActions::Tag:
        Q_EMIT tagRequested(reference);
        break;
    case ImageActions::Protect:
    case ImageActions::Unprotect:
        protect(which == ImageActions::Protect);
        break;
    case ImageActions::Save:
        save();
        break;
    case ImageActions::Load:
        m_archives->load();
        break;
    case ImageActions::Accounts:
        Q_EMIT accountsRequested();
        break;
    case ImageActions::Copy: {
        QStringList names;
        for (const Image &image : selected)
            names.append(image.reference());
        QApplication::clipboard()->setText(names.join(u'\n'));
        break;
    }
    }
}

void ImagesPage::addPanelTab(QWidget *tab, const QString &title) { m_tabs->addTab(tab, title); }

void ImagesPage::showPanelTab(QWidget *tab)
{
    if (m_tabs->indexOf(tab) >= 0)
        m_tabs->setCurrentWidget(tab);
}

void ImagesPage::setFilter(const QString &text)
{
    m_filter->setText(text);
    updateLink();
}

void ImagesPage::setWatched(bool watched)
{
    if (watched) {
        m_model->setNow(QDateTime::currentSecsSinceEpoch());
        m_minute.start();
    } else {
        m_minute.stop();
    }
}

QList<Image> ImagesPage::selectedImages() const
{
    QList<Image> selected;
    for (const QModelIndex &index : m_table->selectedRowIndexes())
        selected.append(m_model->at(m_filter->mapToSource(index).row()));
    return selected;
}

void ImagesPage::selectionChanged()
{
    const QList<Image> selected = selectedImages();
    const bool one = selected.size() == 1;
    m_details->show(one ? selected.first().id : QString(), one ? selected.first().reference() : QString());
    updateActions();
}

void ImagesPage::selectWanted()
{
    QItemSelection found;
    for (int row = 0; row < m_filter->rowCount() && !m_wanted.isEmpty(); ++row) {
        const QModelIndex index = m_filter->index(row, 0);
        const Image &image = m_model->at(m_filter->mapToSource(index).row());
        if (m_wanted.contains(image.reference()) || m_wanted.contains(image.id))
            found.select(index, index);
    }
    if (found.isEmpty())
        return;
    m_wanted.clear();
    m_table->selectionModel()->setCurrentIndex(found.first().topLeft(), QItemSelectionModel::NoUpdate);
    m_table->selectionModel()->select(found, QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
    m_table->scrollTo(found.first().topLeft());
}

void ImagesPage::updateActions()
{
    const QList<Image> selected = selectedImages();
    const auto named = std::count_if(
        selected.begin(), selected.end(), [](const Image &image) { return !image.repository.isEmpty(); });
    m_actions->setSelection(int(selected.size()), int(named), m_parts.inventory.link() == Inventory::Link::Live);
    const auto locked = std::count_if(
        selected.begin(), selected.end(), [this](const Image &image) { return m_locked.contains(image.key()); });
    m_actions->setProtected(int(locked), int(selected.size()));
}

void ImagesPage::updateLink()
{
    const bool lost = m_parts.inventory.link() == Inventory::Link::Lost;
    m_table->setStale(lost && m_parts.inventory.imagesKnown());
    if (lost)
        m_linkBar->showError(common::errorText(*m_parts.inventory.trouble(), u"reach Docker"_s), u"Try now"_s);
    else
        m_linkBar->clear();
    if (!m_filter->words().isEmpty() && m_model->rowCount() > 0)
        m_empty->setContent(u"edit-find"_s, u"No image matches the filter."_s);
    else if (m_parts.inventory.imagesKnown())
        m_empty->setContent(
            u"folder-pictures"_s, u"No images here yet. The sample training in New run… brings its own."_s);
    else
        m_empty->setContent(u"network-server"_s, lost ? u"Docker does not answer."_s : u"Asking Docker…"_s);
    updateActions();
}

void ImagesPage::updateSavedUsers()
{
    m_saved = savedUsers(m_parts.inventory.images(), m_parts.library.configs());
    m_model->setSavedUsers(m_saved);
    m_details->setSavedUsers(m_saved);
}

void ImagesPage::updateProtected()
{
    m_locked.clear();
    for (const Image &image : m_parts.inventory.images()) {
        if (m_parts.protection.containsAny(settings::Lockable::Image, {image.id, image.reference()}))
            m_locked.insert(image.key());
    }
    m_model->setProtected(m_locked);
    updateActions();
}

// ---- what is done to images

/** With all its names: one that stays under another name is not lost. */
void ImagesPage::protect(bool on)
{
    QStringList keys;
    for (const Image &chosen : selectedImages()) {
        keys.append(chosen.id);
        for (const Image &image : m_parts.inventory.images()) {
            if (image.id == chosen.id)
                keys.append(image.reference());
        }
    }
    if (on)
        m_parts.protection.protect(settings::Lockable::Image, keys);
    else
        m_parts.protection.unprotect(settings::Lockable::Image, keys);
}

void ImagesPage::confirmRemove()
{
    const QList<Image> selected = selectedImages();
    if (selected.isEmpty())
        return;
    // What they were built on by the classic builder is not in the table: it is asked for, to be shown as well.
    docker::imageNodes(m_parts.engine)
        .then(this, [this, selected](const core::Result<QList<docker::ImageNode>> &nodes) {
            if (!nodes)
                return m_bar->showError(common::errorText(nodes.error(), tr("list what would go")));
            Removal removal = removalOf(selected, m_parts.inventory.images(), m_saved, m_locked, m_own);
            QSet<QString> kept;
            for (const inventory::Container &container : m_parts.inventory.containers())
                kept.insert(container.imageId);
            for (const docker::ImageNode &node : *nodes) {
                if (m_parts.protection.contains(settings::Lockable::Image, node.id))
                    kept.insert(node.id);
            }
            addSteps(removal, *nodes, kept);
            openRemoval(removal);
        });
}

void ImagesPage::openRemoval(const Removal &removal)
{
    if (const auto *open = findChild<RemoveImagesDialog *>(); open && open->isVisible())
        return; // asked for twice before the first answer came
    auto *dialog = new RemoveImagesDialog(removal, this);
    connect(dialog, &RemoveImagesDialog::unprotectRequested, this, [this] {
        protect(false);
        confirmRemove();
    });
    connect(
        dialog, &RemoveImagesDialog::confirmed, this, [this](const QStringList &references, const QStringList &rest) {
            m_failures.clear();
            m_bar->clear();
            m_parts.operations.removeImages(references, rest);
        });
    dialog->open();
}

void ImagesPage::showFailure(const QString &reference, const core::Error &error)
{
    const common::ErrorText text = common::errorText(error, tr("remove %1").arg(reference));
    m_failures.append(text.title);
    if (m_failures.size() == 1)
        m_bar->showError(text);
    else // one bar for all of them: none hides another
        m_bar->showError({tr("%1 images could not be removed.").arg(m_failures.size()), tr("Details names each."),
            m_failures.join(u'\n')});
}

void ImagesPage::save()
{
    QStringList names;
    QHash<QString, qint64> sizes; // of each image once, whatever names it has
    for (const Image &image : selectedImages()) {
        names.append(image.reference());
        sizes.insert(image.id, image.size);
    }
    if (names.isEmpty())
        return;
    qint64 all = 0;
    qint64 largest = 0;
    for (const qint64 size : std::as_const(sizes)) {
        all += size;
        largest = std::max(largest, size);
    }
    // Layers that several of them have are written once: more than the largest may not be needed.
    m_archives->save(names, all, largest);
}

} // namespace images
