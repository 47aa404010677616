#include "images/removeimagesdialog.h"

#include "common/theme.h"
#include "core/units.h"

#include <QDialogButtonBox>
#include <QIcon>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>
#include <algorithm>

namespace images {

using namespace Qt::StringLiterals;

namespace {

QString whatOf(const Removal &removal)
{
    const qsizetype asked = removal.references().size();
    if (asked > 1)
        return QObject::tr("%1 images").arg(asked);
    const auto line = std::find_if(removal.lines.begin(), removal.lines.end(),
        [](const Removal::Line &one) { return !one.locked && !one.refused(); });
    return (line == removal.lines.end() ? removal.lines.first() : *line).text.section(u"  –  "_s, 0, 0);
}

QString listOf(const Removal &removal)
{
    QStringList lines;
    for (const Removal::Line &line : removal.lines) {
        if (line.refused())
            lines.append(u"%1  –  %2"_s.arg(line.reference, QObject::tr("stays")));
        else
            lines.append(line.text);
        if (!line.saved.isEmpty())
            lines.append(
                u"      "_s + QObject::tr("needed by the saved configuration %1").arg(line.saved.join(u", "_s)));
        if (!line.containers.isEmpty())
            lines.append(u"      "_s + QObject::tr("used by the container %1").arg(line.containers.join(u", "_s)));
    }
    for (const QString &step : removal.steps) {
        inventory::Image image;
        image.id = step;
        lines.append(QObject::tr("untagged %1  –  only a step of what goes").arg(image.shortId()));
    }
    return lines.join(u'\n');
}

QString explanation(const Removal &removal)
{
    QStringList sentences;
    if (removal.hasLocked())
        sentences.append(QObject::tr("What is protected is not removed: choose Unprotect first."));
    if (removal.refused())
        sentences.append(QObject::tr("Docker removes no image that a container uses: remove the container first."));
    if (removal.references().isEmpty())
        return sentences.join(u' ');
    if (removal.images() > 0)
        sentences.append(QObject::tr("What is removed must be pulled, loaded or built again. Layers that other images "
                                     "have too stay."));
    else
        sentences.append(QObject::tr("No image goes: each keeps another name, or others are built on it."));
    return sentences.join(u' ');
}

} // namespace

RemoveImagesDialog::RemoveImagesDialog(const Removal &removal, QWidget *parent)
    : QDialog(parent)
{
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Remove images"));
    setModal(true);
    const QString what = whatOf(removal);
    auto *question = new QLabel(tr("Remove %1?").arg(what));
    question->setFont(common::headingFont(font(), 1));
    question->setTextFormat(Qt::PlainText);
    question->setWordWrap(true);
    auto *list = new QLabel(listOf(removal));
    list->setTextFormat(Qt::PlainText);
    list->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    list->setTextInteractionFlags(Qt::TextSelectableByMouse);
    list->setWordWrap(true);
    list->setMargin(common::grid);
    auto *scroll = new QScrollArea;
    scroll->setWidget(list);
    scroll->setWidgetResizable(true);
    scroll->setMinimumSize(560, 80);
    scroll->setMaximumHeight(280);
    auto *says = new QLabel(explanation(removal));
    says->setWordWrap(true);

    auto *remove = new QPushButton(QIcon::fromTheme(u"edit-delete"_s), tr("Remove %1").arg(what));
    remove->setAccessibleName(remove->text());
    remove->setAutoDefault(false); // Enter must not remove
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
    buttons->addButton(remove, QDialogButtonBox::AcceptRole);
    if (removal.hasLocked()) {
        auto *unprotect = new QPushButton(QIcon::fromTheme(u"object-unlocked"_s), tr("Unprotect"));
        unprotect->setAccessibleName(unprotect->text());
        unprotect->setAutoDefault(false);
        unprotect->setToolTip(tr("Asks again, with what was protected"));
        buttons->addButton(unprotect, QDialogButtonBox::ActionRole);
        connect(unprotect, &QPushButton::clicked, this, [this] {
            reject();
            Q_EMIT unprotectRequested();
        });
    }
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    remove->setEnabled(!removal.references().isEmpty());
    connect(remove, &QPushButton::clicked, this, [this, references = removal.references(), rest = removal.rest] {
        Q_EMIT confirmed(references, rest);
        accept();
    });

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(2 * common::grid, 2 * common::grid, 2 * common::grid, 2 * common::grid);
    layout->setSpacing(common::grid);
    for (QWidget *widget : QList<QWidget *>{question, scroll, says})
        layout->addWidget(widget);
    layout->addSpacing(common::grid);
    layout->addWidget(buttons);
    buttons->button(QDialogButtonBox::Cancel)->setDefault(true);
    buttons->button(QDialogButtonBox::Cancel)->setFocus();
}

} // namespace images
