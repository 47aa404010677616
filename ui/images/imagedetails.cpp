#include "images/imagedetails.h"

#include "common/emptystate.h"
#include "common/errortext.h"
#include "common/form.h"
#include "common/tableview.h"
#include "common/theme.h"
#include "images/detailstext.h"
#include "images/layersmodel.h"
#include "models/tablefilter.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollBar>
#include <QSplitter>
#include <QStackedLayout>
#include <QTextBrowser>
#include <QUrl>
#include <QVBoxLayout>

namespace images {

using namespace Qt::StringLiterals;

ImageDetails::ImageDetails(const Parts &parts, QWidget *parent)
    : QWidget(parent)
    , m_parts(parts)
    , m_loader(new DetailsLoader(parts.engine, parts.inventory, this))
    , m_stack(new QStackedLayout(this))
    , m_content(new QWidget)
    , m_hint(new common::EmptyState)
    , m_head(new QWidget)
    , m_title(new QLabel)
    , m_says(common::mutedLabel({}, m_head))
    , m_pull(new QPushButton(QIcon::fromTheme(u"download"_s), tr("Pull…")))
    , m_newer(new QPushButton(tr("Check for a newer image")))
    , m_text(new QTextBrowser)
    , m_layers(new LayersModel(this))
    , m_sorted(new models::TableFilter(this))
    , m_layerTable(new common::TableView)
    , m_splitter(new QSplitter(Qt::Horizontal))
{
    m_hint->setContent(u"package"_s, tr("Select an image to see what is in it."));
    m_text->setAccessibleName(tr("Image details"));
    m_text->setFrameShape(QFrame::NoFrame);
    m_text->setOpenLinks(false);
    m_text->document()->setDocumentMargin(common::grid);
    buildHead();
    buildLayers();
    m_splitter->addWidget(m_text);
    m_splitter->addWidget(m_layerTable);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->setSizes({500, 500});
    auto *layout = new QVBoxLayout(m_content);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_head);
    layout->addWidget(m_splitter, 1);
    m_stack->addWidget(m_hint);
    m_stack->addWidget(m_content);

    connect(m_text, &QTextBrowser::anchorClicked, this, &ImageDetails::follow);
    connect(m_loader, &DetailsLoader::changed, this, [this] {
        if (std::exchange(m_failed, false))
            m_says->clear();
        fill();
        fillLayers();
        tellSizes();
    });
    connect(m_loader, &DetailsLoader::failed, this, &ImageDetails::showFailure);
    connect(&parts.inventory, &inventory::Inventory::imagesChanged, this, [this] {
        fill();
        fillLayers(); // names of those that share
    });
    connect(&parts.inventory, &inventory::Inventory::containersChanged, this, &ImageDetails::fill);
    connect(&parts.inventory, &inventory::Inventory::linkChanged, this, [this] {
        if (isVisible() && m_parts.inventory.link() == inventory::Inventory::Link::Live)
            m_loader->show(m_id); // what failed
    });
    fill();
}

ImageDetails::~ImageDetails() { m_parts.settings.set(settings::keys::imageLayerColumns, m_layerTable->saveColumns()); }

void ImageDetails::buildHead()
{
    m_title->setFont(common::headingFont(font(), 0));
    m_title->setTextFormat(Qt::PlainText);
    m_title->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_title->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Preferred);
    m_says->setTextFormat(Qt::PlainText);
    m_says->setWordWrap(false); // one line, whatever it says: nothing below it moves
    m_says->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    for (QPushButton *button : {m_pull, m_newer})
        button->setAccessibleName(button->text());
    m_newer->setToolTip(tr("Asks the image's registry whether the name stands for another image by now"));
    auto *line = new QHBoxLayout(m_head);
    line->setContentsMargins(common::grid, common::grid / 2, common::grid, common::grid / 2);
    line->setSpacing(common::grid);
    line->addWidget(m_title);
    line->addWidget(m_says, 1);
    line->addWidget(m_pull);
    line->addWidget(m_newer);
    QSizePolicy keepsRoom = m_pull->sizePolicy();
    keepsRoom.setRetainSizeWhenHidden(true);
    m_pull->setSizePolicy(keepsRoom);
    connect(m_newer, &QPushButton::clicked, this, &ImageDetails::checkNewer);
    connect(m_pull, &QPushButton::clicked, this, [this] { Q_EMIT pullRequested(m_reference); });
}

void ImageDetails::buildLayers()
{
    m_sorted->setSourceModel(m_layers);
    m_layerTable->setAccessibleName(tr("Layers"));
    m_layerTable->setTypicalCells({u"100"_s, u"10.5 GiB"_s, u"100 %"_s, u"pytorch:24.05"_s});
    m_layerTable->setModel(m_sorted);
    m_layerTable->setSelectionMode(QAbstractItemView::SingleSelection);
    auto *none = new common::EmptyState(m_layerTable);
    none->setContent(u"view-list-details"_s, tr("Its layers are not known yet."));
    m_layerTable->setEmptyState(none);
    // What makes it big is asked more often than how it was built.
    if (!m_layerTable->restoreColumns(m_parts.settings.value(settings::keys::imageLayerColumns)))
        m_layerTable->sortByColumn(int(LayerColumn::Size), Qt::DescendingOrder);
}

void ImageDetails::show(const QString &id, const QString &reference)
{
    if (id == m_id && reference == m_reference)
        return;
    forgetCheck();
    m_says->clear();
    m_id = id;
    m_reference = reference;
    if (isVisible())
        m_loader->show(id);
    fill();
    fillLayers();
}

void ImageDetails::setSavedUsers(const QHash<QString, QStringList> &saved)
{
    m_saved = saved;
    fill();
}

void ImageDetails::tellSizes()
{
    if (const Details *details = m_loader->details(); details && details->sharingKnown)
        Q_EMIT sizesKnown(details->id, details->sizes.own, details->sizes.shared);
}

void ImageDetails::fill()
{
    if (!isVisible())
        return;
    const DetailsText text{m_parts.inventory, m_id, m_saved, m_loader->details()};
    const QList<inventory::Image> rows = text.rows();
    m_stack->setCurrentWidget(rows.isEmpty() ? static_cast<QWidget *>(m_hint) : m_content);
    if (rows.isEmpty())
        return;
    const bool named = m_reference != m_id;
    m_title->setText(named ? m_reference : imageName(m_parts.inventory, m_id));
    m_newer->setEnabled(named && !m_check && m_parts.inventory.link() == inventory::Inventory::Link::Live);
    const QString html = text.html(palette());
    if (html == m_html) // what is selected in it stays
        return;
    m_html = html;
    const int scrolled = m_shownId == m_id ? m_text->verticalScrollBar()->value() : 0;
    m_text->setHtml(html);
    m_text->verticalScrollBar()->setValue(scrolled);
    m_shownId = m_id;
}

void ImageDetails::fillLayers()
{
    const Details *details = m_loader->details();
    QHash<QString, QString> names;
    if (details) {
        for (const QString &id : details->sizes.sharedWith)
            names.insert(id, imageName(m_parts.inventory, id));
    }
    m_layers->setLayers(details ? details->layers : QList<Layer>(), names, details && details->sharingKnown);
}

void ImageDetails::showFailure(const core::Error &error)
{
    m_failed = error.kind != core::ErrorKind::Aborted;
    if (m_failed)
        m_says->setText(common::errorText(error, tr("ask for the details")).title);
}

void ImageDetails::follow(const QUrl &link)
{
    const QString target = link.path(QUrl::FullyDecoded);
    if (link.scheme() == QLatin1String(containerScheme))
        Q_EMIT containerRequested(target);
    else if (link.scheme() == QLatin1String(savedScheme))
        Q_EMIT savedRequested(target);
}

// ---- a newer one

void ImageDetails::checkNewer()
{
    forgetCheck();
    const DetailsText text{m_parts.inventory, m_id, {}, nullptr};
    const QList<inventory::Image> rows = text.rows();
    if (rows.isEmpty())
        return;
    m_says->setText(tr("Asking the registry…"));
    m_newer->setEnabled(false);
    m_check = new NewerCheck(m_parts.engine, m_parts.credentials, m_reference, rows.first().digests, this);
    connect(m_check, &NewerCheck::finished, this, &ImageDetails::showNewer);
    m_check->start();
}

void ImageDetails::showNewer(const core::Result<Newer> &result)
{
    forgetCheck();
    m_newer->setEnabled(true);
    if (!result) {
        m_says->setText(common::errorText(result.error(), tr("ask the registry")).title);
        m_says->setToolTip(result.error().message);
        return;
    }
    switch (*result) {
    case Newer::UpToDate:
        m_says->setText(tr("It is up to date: the registry has the same."));
        break;
    case Newer::There:
        m_says->setText(tr("The registry has a newer one under this name."));
        m_pull->setVisible(m_pullOffered);
        break;
    case Newer::NotFromRegistry:
        m_says->setText(tr("It did not come from a registry under this name."));
        m_says->setToolTip(tr("It was built or loaded here: there is nothing to compare with."));
        break;
    }
}

void ImageDetails::forgetCheck()
{
    m_pull->hide();
    m_says->setToolTip({});
    if (!m_check)
        return;
    disconnect(m_check, nullptr, this, nullptr);
    m_check->abort();
    m_check->deleteLater();
    m_check.clear();
}

// ---- only what is seen is asked for

void ImageDetails::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    m_loader->show(m_id);
    fill();
    fillLayers();
}

void ImageDetails::hideEvent(QHideEvent *event)
{
    QWidget::hideEvent(event);
    m_loader->show({});
}

void ImageDetails::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        fill();
}

} // namespace images
