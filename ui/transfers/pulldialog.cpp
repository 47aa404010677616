#include "transfers/pulldialog.h"

#include "common/choiceedit.h"
#include "common/form.h"
#include "common/hint.h"
#include "common/tableview.h"
#include "common/theme.h"
#include "core/units.h"
#include "models/tablefilter.h"

#include <QDialogButtonBox>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QRegularExpression>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

namespace transfers {

using docker::ImageReference;
using namespace Qt::StringLiterals;

QString originText(const ImageReference &image)
{
    const QString where = image.registry == "docker.io"_L1 ? u"Docker Hub"_s : image.registry;
    return PullDialog::tr("Comes from %1, as %2")
        .arg(where, image.path + (image.digest.isEmpty() ? u":"_s + image.tag : u"@"_s + image.digest));
}

QString faultOf(const QString &reference)
{
    if (reference.contains(u"://"_s))
        return PullDialog::tr("Without http:// or https://: registry.example/name:tag.");
    if (reference.contains(u' '))
        return PullDialog::tr("An image's name has no blanks.");
    const qsizetype last = reference.lastIndexOf(u'/') + 1;
    const QString untagged = reference.left(last) + reference.mid(last).section(u':', 0, 0);
    if (untagged.contains(QRegularExpression(u"[A-Z]"_s)))
        return PullDialog::tr("An image's name is in lower case; only its tag may have capitals.");
    if (reference.endsWith(u':') || reference.endsWith(u'@'))
        return PullDialog::tr("What comes after the “%1”?").arg(reference.back());
    return PullDialog::tr("Not an image's name: [registry/]name[:tag].");
}

PullDialog::PullDialog(const Parts &parts, const QString &reference, QWidget *parent)
    : QDialog(parent)
    , m_parts(parts)
    , m_known(new KnownImagesModel(knownImages(), this))
    , m_filter(new models::TableFilter(this))
    , m_reference(new QLineEdit(reference))
    , m_find(new QLineEdit)
    , m_table(new common::TableView)
    , m_unfold(new QToolButton)
    , m_platform(new common::ChoiceEdit({{QString(), tr("As the machine that runs Docker")},
                                            {u"linux/amd64"_s, u"linux/amd64"_s}, {u"linux/arm64"_s, u"linux/arm64"_s}},
          u"linux/arm64/v8"_s))
    , m_pull(new QPushButton(QIcon::fromTheme(u"download"_s), tr("Pull")))
{
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Pull image"));
    setAccessibleName(windowTitle());
    m_reference->setPlaceholderText(u"nvcr.io/nvidia/pytorch:24.05-py3"_s);
    m_reference->setClearButtonEnabled(true);
    auto *form = new common::Form;
    m_says = form->addField(tr("&Image"), m_reference, u" "_s);
    m_roomSays = form->addField(buildPlatform(), u" "_s);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
    buttons->addButton(m_pull, QDialogButtonBox::AcceptRole);
    m_pull->setAccessibleName(m_pull->text());
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(2 * common::grid, 2 * common::grid, 2 * common::grid, 2 * common::grid);
    layout->setSpacing(common::grid);
    layout->addWidget(form);
    layout->addWidget(buildKnown(), 1);
    layout->addWidget(buttons);
    m_pull->setDefault(true); // now that it is a dialog's

    connect(buttons, &QDialogButtonBox::accepted, this, &PullDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_reference, &QLineEdit::textChanged, this, &PullDialog::reconsider);
    connect(&parts.inventory, &inventory::Inventory::imagesChanged, this, &PullDialog::reconsider);
    parts.transfers.room().then(this, [this](const core::Result<Room> &room) {
        if (room)
            m_room = *room;
        tellRoom();
    });
    resize(130 * common::grid, 64 * common::grid);
    m_reference->setFocus();
    m_reference->selectAll();
    reconsider();
}

QWidget *PullDialog::buildKnown()
{
    auto *known = new QWidget;
    auto *heading = new QLabel(tr("Well-known images"));
    heading->setFont(common::headingFont(font(), 0));
    m_find->setAccessibleName(tr("Find"));
    m_find->setPlaceholderText(tr("Find"));
    m_find->setClearButtonEnabled(true);
    m_find->setMaximumWidth(32 * common::grid);
    auto *top = new QHBoxLayout;
    top->addWidget(heading, 1);
    top->addWidget(m_find);
    m_filter->setSourceModel(m_known);
    m_table->setAccessibleName(heading->text());
    m_table->setTypicalCells({u"nvcr.io/nvidia/tensorflow:25.01-tf2-py3"_s, QString(), u"~ 10 GiB"_s});
    m_table->setModel(m_filter);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->horizontalHeader()->setStretchLastSection(false);
    m_table->horizontalHeader()->setSectionResizeMode(int(KnownColumn::What), QHeaderView::Stretch);
    auto *layout = new QVBoxLayout(known);
    layout->setContentsMargins(0, common::grid, 0, 0);
    layout->addLayout(top);
    layout->addWidget(m_table, 1);
    connect(m_find, &QLineEdit::textChanged, m_filter, &models::TableFilter::setText);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, [this] {
        if (const QModelIndexList rows = m_table->selectedRowIndexes(); rows.size() == 1)
            m_reference->setText(m_known->at(m_filter->mapToSource(rows.first()).row()).reference);
    });
    connect(m_table, &QTableView::activated, this, &PullDialog::accept);
    return known;
}

QWidget *PullDialog::buildPlatform()
{
    auto *row = new QWidget;
    m_unfold->setText(tr("Other platform"));
    m_unfold->setAccessibleName(m_unfold->text());
    m_unfold->setCheckable(true);
    m_unfold->setAutoRaise(true);
    m_unfold->setArrowType(Qt::RightArrow);
    m_unfold->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_platform->setLabel(tr("Platform"));
    m_platform->hide();
    connect(m_unfold, &QToolButton::toggled, this, [this](bool unfolded) {
        m_unfold->setArrowType(unfolded ? Qt::DownArrow : Qt::RightArrow);
        m_platform->setVisible(unfolded);
    });
    QHBoxLayout *layout = common::rowOf(row);
    layout->addWidget(m_unfold);
    layout->addWidget(m_platform, 1);
    layout->addStretch();
    return row;
}

std::optional<ImageReference> PullDialog::reference() const
{
    auto image = ImageReference::parse(m_reference->text().trimmed());
    if (image && image->path != image->path.toLower()) // a registry's name may have capitals, an account's not
        image.reset();
    return image;
}

const KnownImage *PullDialog::known() const
{
    const QString text = m_reference->text().trimmed();
    const auto found = std::ranges::find(m_known->images(), text, &KnownImage::reference);
    return found == m_known->images().end() ? nullptr : &*found;
}

void PullDialog::reconsider()
{
    const QString typed = m_reference->text().trimmed();
    const auto image = reference();
    QString says = typed.isEmpty() ? tr("Without a tag it is :latest. Without a registry it is Docker Hub's.")
        : image                    ? originText(*image) + u'.'
                                   : faultOf(typed);
    bool wrong = !typed.isEmpty() && !image;
    if (image) {
        for (const inventory::Image &here : m_parts.inventory.images()) {
            const auto name = ImageReference::parse(here.reference());
            if (name && name->registry == image->registry && name->path == image->path && name->tag == image->tag
                && image->digest.isEmpty()) {
                says += u' ' + tr("It is here already: this looks whether there is a newer one.");
                break;
            }
        }
    }
    common::Form::setHint(m_says, says);
    qobject_cast<common::Hint *>(m_says)->setTone(wrong ? common::Tone::Failed : common::Tone::Muted);
    m_pull->setEnabled(image.has_value());
    tellRoom();
}

void PullDialog::tellRoom()
{
    QStringList parts;
    const KnownImage *image = known();
    if (image)
        parts += tr("Roughly %1 to download, and two to three times as much on the disk.")
                     .arg(core::bytesText(image->download));
    if (m_room.free >= 0)
        parts += tr("%1 are free on the disk with %2.").arg(core::bytesText(m_room.free), m_room.folder);
    if (image && m_room.free >= 0 && 2 * image->download > m_room.free)
        parts += tr("That is likely too little.");
    common::Form::setHint(m_roomSays, parts.isEmpty() ? u" "_s : parts.join(u' '));
}

void PullDialog::accept()
{
    const auto image = reference();
    if (!image)
        return;
    Q_EMIT pullRequested(*image, m_unfold->isChecked() ? m_platform->value() : QString());
    QDialog::accept();
}

} // namespace transfers
