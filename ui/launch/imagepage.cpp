#include "launch/imagepage.h"

#include "common/emptystate.h"
#include "common/form.h"
#include "common/tableview.h"
#include "common/theme.h"
#include "core/units.h"
#include "dockerline/dockerline.h"
#include "dockerline/pastedline.h"

#include <QClipboard>
#include <QDateTime>
#include <QEvent>
#include <QFrame>
#include <QGridLayout>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSortFilterProxyModel>
#include <QStandardItemModel>
#include <QTimer>
#include <QVBoxLayout>
#include <algorithm>
#include <utility>

namespace launch {

using namespace recipe;

namespace {

constexpr int sortRole = Qt::UserRole + 1;

QStandardItem *cell(const QString &text, const QVariant &sort, Qt::Alignment alignment = Qt::AlignLeft)
{
    auto *item = new QStandardItem(text);
    item->setData(sort, sortRole);
    item->setTextAlignment(alignment | Qt::AlignVCenter);
    item->setEditable(false);
    return item;
}

} // namespace

ImagePage::ImagePage(QWidget *parent)
    : StepPage(tr("Image"), tr("What the run starts from: the programs and libraries it finds inside."), parent)
    , m_image(new QLineEdit(this))
    , m_table(new common::TableView(this))
    , m_model(new QStandardItemModel(0, 3, this))
    , m_filter(new QSortFilterProxyModel(this))
    , m_platform(new QLineEdit(this))
{
    m_model->setHorizontalHeaderLabels({tr("Name"), tr("Size"), tr("Created")});
    m_model->setHeaderData(1, Qt::Horizontal, int(Qt::AlignRight | Qt::AlignVCenter), Qt::TextAlignmentRole);
    m_filter->setSourceModel(m_model);
    m_filter->setSortRole(sortRole);
    m_filter->setFilterCaseSensitivity(Qt::CaseInsensitive);
    m_table->setModel(m_filter);
    m_table->sortByColumn(0, Qt::AscendingOrder); // a model that comes later is not sorted by itself
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setAccessibleName(tr("Images of this machine"));
    m_table->setFrameShape(QFrame::StyledPanel);
    m_table->setMinimumHeight(20 * common::grid);
    m_table->horizontalHeader()->setStretchLastSection(false);
    m_table->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_empty = new common::EmptyState;
    m_table->setEmptyState(m_empty);
    showEmptyState();

    m_image->setPlaceholderText(tr("Type to search, or give any image's name"));
    m_image->setClearButtonEnabled(true);
    m_platform->setPlaceholderText(tr("Docker's choice; otherwise for example linux/amd64"));

    auto *form = new common::Form(this);
    form->addField(tr("Image"), m_image);
    auto *more = new common::Form(this);
    more->addField(tr("Platform"), m_platform);
    body()->addWidget(startCard());
    body()->addSpacing(common::grid);
    body()->addWidget(form);
    body()->addWidget(m_table, 1);
    body()->addWidget(more);

    connect(m_image, &QLineEdit::textChanged, this, [this](const QString &text) {
        if (!m_choosing) { // what is typed takes the place of what was chosen
            m_table->setCurrentIndex({});
            m_filter->setFilterFixedString(text.trimmed());
        }
        tellEdited();
    });
    connect(m_platform, &QLineEdit::textChanged, this, &ImagePage::tellEdited);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &ImagePage::choose);
    connect(m_table, &QTableView::clicked, this, &ImagePage::choose);
    // Not activated(): Enter goes on by the dialog's default button.
    connect(m_table, &QTableView::doubleClicked, this, [this](const QModelIndex &index) {
        choose(index);
        Q_EMIT chosen();
    });
}

/** Where a run can start from besides an image: the sample, and a line somebody else wrote. */
QWidget *ImagePage::startCard()
{
    auto *card = new QFrame(this);
    card->setFrameShape(QFrame::StyledPanel);
    card->setAutoFillBackground(true);
    card->setBackgroundRole(QPalette::Base);
    const auto button = [card](const QString &text) {
        auto *result = new QPushButton(text, card);
        result->setAccessibleName(text);
        result->setAutoDefault(false);
        return result;
    };
    auto *text
        = new QLabel(tr("New here? Sample training is a small real run that needs no GPU and no network."), card);
    text->setWordWrap(true);
    QPushButton *use = button(tr("Sample training"));
    use->setToolTip(tr("Fills in every step"));
    m_pasteText = new QLabel(card);
    m_pasteText->setWordWrap(true);
    m_useIt = button(tr("Use it"));
    m_notNow = button(tr("Not now"));
    m_notNow->setFlat(true);
    QPushButton *paste = button(tr("Paste a docker run line…"));
    paste->setToolTip(tr("Reads it and fills in every step"));

    auto *offer = new QHBoxLayout;
    offer->addWidget(m_pasteText, 1);
    offer->addWidget(m_useIt);
    offer->addWidget(m_notNow);
    auto *layout = new QGridLayout(card);
    layout->setContentsMargins(common::grid * 3 / 2, common::grid, common::grid, common::grid);
    layout->setColumnStretch(0, 1);
    layout->addWidget(text, 0, 0);
    layout->addWidget(use, 0, 1);
    layout->addLayout(offer, 1, 0);
    layout->addWidget(paste, 1, 1);
    connect(use, &QPushButton::clicked, this, &ImagePage::sampleWanted);
    connect(paste, &QPushButton::clicked, this, [this] { Q_EMIT pasteWanted({}); });
    connect(m_useIt, &QPushButton::clicked, this, [this] {
        const QString line = m_offered;
        endOffer();
        Q_EMIT pasteWanted(line);
    });
    connect(m_notNow, &QPushButton::clicked, this, &ImagePage::endOffer);
    connect(QGuiApplication::clipboard(), &QClipboard::dataChanged, this, &ImagePage::lookSoon);
    endOffer();
    return card;
}

bool ImagePage::event(QEvent *event)
{
    const bool handled = StepPage::event(event);
    if (event->type() == QEvent::WindowActivate || event->type() == QEvent::Show)
        lookSoon();
    if (event->type() == QEvent::Show)
        QTimer::singleShot(0, this, &ImagePage::revealImage); // once the table has its height
    return handled;
}

/** Once the events at hand are done: a window that is being shown is not the active one yet. */
void ImagePage::lookSoon()
{
    QTimer::singleShot(0, this, [this] {
        if (isVisible() && isActiveWindow())
            lookAtClipboard();
    });
}

/** Offers a line that somebody has just copied elsewhere; what was offered before and is gone is offered no more. */
void ImagePage::lookAtClipboard()
{
    const std::optional<QString> text = m_clipboard.changed(dockerline::longestLine);
    if (!text)
        return;
    if (!dockerline::beginsLikeDockerRun(*text) || text->trimmed() == dockerline::dockerRunLine(m_now))
        return endOffer();
    m_offered = *text;
    m_pasteText->setText(tr("The clipboard holds a docker run line."));
    m_pasteText->setToolTip(text->left(500));
    m_useIt->show();
    m_notNow->show();
}

void ImagePage::endOffer()
{
    m_offered.clear();
    m_pasteText->setText(tr("Have a docker run line? Paste it, then change what you like by clicking."));
    m_pasteText->setToolTip({});
    m_useIt->hide();
    m_notNow->hide();
}

void ImagePage::store(RunConfig &config) const
{
    config.image = m_image->text().trimmed();
    config.platform = m_platform->text().trimmed();
}

void ImagePage::setImages(const QList<ImageChoice> &images)
{
    if (m_known && images == m_images)
        return;
    m_known = true;
    m_images = images;
    m_choosing = true; // rows that come and go move the current one
    const qint64 now = QDateTime::currentSecsSinceEpoch();
    m_model->removeRows(0, m_model->rowCount());
    for (const ImageChoice &image : images) {
        m_model->appendRow(
            {cell(image.name, image.name.toLower()), cell(core::bytesText(image.size), image.size, Qt::AlignRight),
                cell(core::ageText(image.created, now), -image.created)});
    }
    m_choosing = false;
    showEmptyState();
    revealImage();
}

void ImagePage::showEmptyState()
{
    if (!m_known)
        m_empty->setContent(QStringLiteral("edit-find"), tr("Asking Docker for its images…"));
    else if (m_images.isEmpty())
        m_empty->setContent(QStringLiteral("package"),
            tr("There is no image on this machine yet. Type the name of one: it is pulled at the launch."));
    else
        m_empty->setContent(QStringLiteral("edit-find"),
            tr("No image of this machine has such a name; as it is typed it is pulled at the launch."));
}

std::optional<QStringList> ImagePage::imageNames() const
{
    if (!m_known)
        return std::nullopt;
    QStringList names;
    for (const ImageChoice &image : m_images)
        names << image.name << image.id;
    return names;
}

void ImagePage::choose(const QModelIndex &index)
{
    if (!index.isValid() || m_choosing)
        return;
    m_choosing = true;
    m_image->setText(index.siblingAtColumn(0).data().toString());
    m_choosing = false;
}

void ImagePage::fill(const RunConfig &config)
{
    m_choosing = true;
    m_filter->setFilterFixedString({});
    m_image->setText(config.image);
    m_platform->setText(config.platform);
    m_choosing = false;
    revealImage();
}

/** The list has the image that is named selected and in sight. */
void ImagePage::revealImage()
{
    const QString name = m_image->text().trimmed();
    const auto known = std::ranges::find_if(m_images, [&name](const ImageChoice &image) {
        return image.name == name || image.name == name + QStringLiteral(":latest") || image.id == name;
    });
    if (known == m_images.end())
        return;
    const QModelIndex row = m_filter->mapFromSource(m_model->index(int(known - m_images.begin()), 0));
    if (!row.isValid())
        return;
    const bool wasChoosing = std::exchange(m_choosing, true); // the name stays as it was given
    m_table->setCurrentIndex(row);
    m_table->scrollTo(row, QAbstractItemView::PositionAtCenter);
    m_choosing = wasChoosing;
}

} // namespace launch
