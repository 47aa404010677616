#include "launch/imagepage.h"

#include "common/emptystate.h"
#include "common/form.h"
#include "common/tableview.h"
#include "common/theme.h"
#include "core/units.h"

#include <QDateTime>
#include <QFrame>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSortFilterProxyModel>
#include <QStandardItemModel>
#include <QVBoxLayout>

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
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setAccessibleName(tr("Images of this machine"));
    m_table->setFrameShape(QFrame::StyledPanel);
    m_table->setMinimumHeight(20 * common::grid);
    m_table->horizontalHeader()->setStretchLastSection(false);
    m_table->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
    auto *empty = new common::EmptyState;
    empty->setContent(QStringLiteral("edit-find"), tr("No image of this machine has such a name."));
    m_table->setEmptyState(empty);

    m_image->setPlaceholderText(tr("Type to search, or give any image's name"));
    m_image->setClearButtonEnabled(true);
    m_platform->setPlaceholderText(tr("Docker's choice; otherwise for example linux/amd64"));

    auto *form = new common::Form(this);
    form->addField(tr("Image"), m_image);
    auto *more = new common::Form(this);
    more->addField(tr("Platform"), m_platform);
    body()->addWidget(sampleCard());
    body()->addSpacing(common::grid);
    body()->addWidget(form);
    body()->addWidget(m_table, 1);
    body()->addWidget(more);

    connect(m_image, &QLineEdit::textChanged, this, [this](const QString &text) {
        if (!m_choosing)
            m_filter->setFilterFixedString(text.trimmed());
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

QWidget *ImagePage::sampleCard()
{
    auto *card = new QFrame(this);
    card->setFrameShape(QFrame::StyledPanel);
    card->setAutoFillBackground(true);
    card->setBackgroundRole(QPalette::Base);
    auto *text
        = new QLabel(tr("New here? Sample training is a small real run that needs no GPU and no network."), card);
    text->setWordWrap(true);
    auto *use = new QPushButton(tr("Sample training"), card);
    use->setAccessibleName(use->text());
    use->setToolTip(tr("Fills in every step"));
    use->setAutoDefault(false);
    auto *layout = new QHBoxLayout(card);
    layout->setContentsMargins(common::grid * 3 / 2, common::grid, common::grid, common::grid);
    layout->addWidget(text, 1);
    layout->addWidget(use);
    connect(use, &QPushButton::clicked, this, &ImagePage::sampleWanted);
    return card;
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
}

} // namespace launch
