#include "images/imagedetails.h"

#include "common/theme.h"
#include "core/units.h"

#include <QDateTime>
#include <QFormLayout>
#include <QLabel>
#include <QLocale>
#include <QVBoxLayout>

namespace images {

using inventory::Image;
using namespace Qt::StringLiterals;

ImageDetails::ImageDetails(const inventory::Inventory &inventory, QWidget *parent)
    : QScrollArea(parent)
    , m_inventory(inventory)
    , m_hint(new QLabel(tr("Select an image to see what it is.")))
    , m_names(new QLabel)
    , m_size(new QLabel)
    , m_created(new QLabel)
    , m_users(new QLabel)
    , m_facts(new QWidget)
    , m_form(new QFormLayout(m_facts))
{
    setFrameShape(NoFrame);
    setWidgetResizable(true);
    auto *content = new QWidget;
    auto *layout = new QVBoxLayout(content);
    layout->setContentsMargins(2 * common::grid, common::grid, 2 * common::grid, common::grid);
    layout->addWidget(m_hint);
    layout->addWidget(m_facts);
    layout->addStretch(1);
    m_form->setContentsMargins(0, 0, 0, 0);
    m_form->setHorizontalSpacing(2 * common::grid);
    const auto row = [this](const QString &title, QLabel *value) {
        value->setTextFormat(Qt::PlainText);
        value->setTextInteractionFlags(Qt::TextSelectableByMouse);
        value->setWordWrap(true);
        m_form->addRow(title, value);
    };
    row(tr("Names"), m_names);
    row(tr("Size"), m_size);
    row(tr("Created"), m_created);
    row(tr("Used by"), m_users);
    setWidget(content);
    connect(&inventory, &inventory::Inventory::imagesChanged, this, &ImageDetails::fill);
    fill();
}

void ImageDetails::show(const QString &id)
{
    m_id = id;
    fill();
}

void ImageDetails::fill()
{
    QStringList names;
    Image found;
    for (const Image &image : m_inventory.images()) {
        if (image.id != m_id)
            continue;
        found = image;
        names.append(image.reference());
    }
    const bool any = !found.id.isEmpty();
    m_hint->setVisible(!any);
    m_facts->setVisible(any);
    if (!any)
        return;
    m_names->setText(names.join(u'\n'));
    m_size->setText(core::bytesText(found.size));
    m_created->setText(found.created > 0
            ? QLocale::system().toString(QDateTime::fromSecsSinceEpoch(found.created), QLocale::LongFormat)
            : core::noValue());
    m_users->setText(found.usedBy.isEmpty() ? core::noValue() : found.usedBy.join(", "_L1));
}

} // namespace images
