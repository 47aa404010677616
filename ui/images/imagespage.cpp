#include "images/imagespage.h"

#include "common/emptystate.h"
#include "common/errortext.h"
#include "common/messagebar.h"
#include "common/tableview.h"
#include "core/units.h"
#include "models/imagesmodel.h"
#include "models/tablefilter.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QDateTime>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>
#include <QVBoxLayout>
#include <algorithm>

namespace images {

using inventory::Image;
using inventory::ImageColumn;
using inventory::Inventory;
using namespace Qt::StringLiterals;

ImagesPage::ImagesPage(
    Inventory &inventory, inventory::Operations &operations, settings::Settings &settings, QWidget *parent)
    : QWidget(parent)
    , m_inventory(inventory)
    , m_operations(operations)
    , m_settings(settings)
    , m_model(new models::ImagesModel(inventory, this))
    , m_filter(new models::TableFilter(this))
    , m_linkBar(new common::MessageBar)
    , m_bar(new common::MessageBar)
    , m_table(new common::TableView)
    , m_empty(new common::EmptyState(m_table))
    , m_run(common::addTableAction(m_table, u"R&un…"_s, u"media-playback-start"_s, QKeySequence(u"Ctrl+Return"_s)))
    , m_remove(common::addTableAction(m_table, u"Re&move…"_s, u"edit-delete"_s, QKeySequence(Qt::Key_Delete)))
    , m_copy(common::addTableAction(m_table, u"&Copy name"_s, u"edit-copy"_s, QKeySequence(u"Ctrl+Shift+C"_s)))
{
    m_filter->setSourceModel(m_model);
    m_table->setAccessibleName(u"Images"_s);
    m_table->setTypicalCells({u"nvcr.io/nvidia/pytorch-training"_s, u"24.05-py3-devel"_s});
    m_table->setModel(m_filter);
    m_table->setEmptyState(m_empty);
    if (!m_table->restoreColumns(settings.value(settings::keys::imageColumns)))
        m_table->sortByColumn(int(ImageColumn::Created), Qt::DescendingOrder);

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_linkBar);
    layout->addWidget(m_bar);
    layout->addWidget(m_table, 1);

    m_minute.setInterval(60 * 1000);
    connect(&m_minute, &QTimer::timeout, this, [this] { m_model->setNow(QDateTime::currentSecsSinceEpoch()); });

    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &ImagesPage::updateActions);
    connect(m_table, &QTableView::activated, m_run, &QAction::trigger);
    connect(m_table, &common::TableView::menuRequested, this, [this](const QPoint &at) {
        auto *menu = new QMenu(this);
        menu->setAttribute(Qt::WA_DeleteOnClose);
        menu->addActions({m_run, m_copy, m_remove});
        menu->popup(at);
    });
    connect(&inventory, &Inventory::imagesChanged, this, &ImagesPage::updateLink);
    connect(&inventory, &Inventory::linkChanged, this, &ImagesPage::updateLink);
    connect(m_linkBar, &common::MessageBar::actionTriggered, &inventory, &Inventory::retry);
    connect(&operations, &inventory::Operations::imageFailed, this,
        [this](const QString &reference, const core::Error &error) {
            m_bar->showError(common::errorText(error, u"remove %1"_s.arg(reference)));
        });
    connect(m_run, &QAction::triggered, this, [this] {
        if (const auto selected = selectedImages(); selected.size() == 1)
            Q_EMIT runRequested(selected.first().reference());
    });
    connect(m_copy, &QAction::triggered, this, [this] {
        QStringList names;
        for (const Image &image : selectedImages())
            names.append(image.reference());
        QApplication::clipboard()->setText(names.join(u'\n'));
    });
    connect(m_remove, &QAction::triggered, this, &ImagesPage::confirmRemove);
    updateLink();
}

ImagesPage::~ImagesPage() { m_settings.set(settings::keys::imageColumns, m_table->saveColumns()); }

QList<QAction *> ImagesPage::toolBarActions() const { return {m_run, m_copy, m_remove}; }

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

void ImagesPage::updateActions()
{
    const qsizetype selected = selectedImages().size();
    const bool live = m_inventory.link() == Inventory::Link::Live;
    m_run->setEnabled(live && selected == 1);
    m_remove->setEnabled(live && selected > 0);
    m_copy->setEnabled(selected > 0);
}

void ImagesPage::updateLink()
{
    const bool lost = m_inventory.link() == Inventory::Link::Lost;
    m_table->setStale(lost && m_inventory.imagesKnown());
    if (lost)
        m_linkBar->showError(common::errorText(*m_inventory.trouble(), u"reach Docker"_s), u"Try now"_s);
    else
        m_linkBar->clear();
    if (!m_filter->words().isEmpty() && m_model->rowCount() > 0)
        m_empty->setContent(u"edit-find"_s, u"No image matches the filter."_s);
    else if (m_inventory.imagesKnown())
        m_empty->setContent(
            u"folder-pictures"_s, u"No images here yet. The sample training in New run… brings its own."_s);
    else
        m_empty->setContent(u"network-server"_s, lost ? u"Docker does not answer."_s : u"Asking Docker…"_s);
    updateActions();
}

void ImagesPage::confirmRemove()
{
    const QList<Image> selected = selectedImages();
    if (selected.isEmpty())
        return;
    QStringList references;
    QStringList lines;
    bool used = false;
    for (const Image &image : selected) {
        references.append(image.reference());
        QString line
            = u"%1  –  %2"_s.arg(image.repository.isEmpty() ? u"untagged %1"_s.arg(image.shortId()) : image.reference(),
                core::bytesText(image.size));
        if (!image.usedBy.isEmpty()) {
            used = true;
            line += u"  –  used by %1"_s.arg(image.usedBy.join(", "_L1));
        }
        lines.append(line);
    }
    const QString what
        = references.size() == 1 ? lines.first().section(u"  –  "_s, 0, 0) : u"%1 images"_s.arg(references.size());
    auto *box = new QMessageBox(
        QMessageBox::Question, u"Remove images"_s, u"Remove %1?"_s.arg(what), QMessageBox::Cancel, this);
    box->setAttribute(Qt::WA_DeleteOnClose);
    QString text = lines.join(u'\n')
        + u"\n\nAn image with several names only loses the name shown here. What is removed must be pulled, loaded or built again."_s;
    if (used)
        text += u"\nDocker refuses to remove an image that a container still uses."_s;
    box->setInformativeText(text);
    auto *remove = box->addButton(u"Remove %1"_s.arg(what), QMessageBox::DestructiveRole);
    box->setDefaultButton(QMessageBox::Cancel);
    connect(remove, &QPushButton::clicked, this, [this, references] { m_operations.removeImages(references); });
    box->open();
}

} // namespace images
