#include "containers/removedialog.h"

#include "common/theme.h"

#include <QCheckBox>
#include <QDateTime>
#include <QDialogButtonBox>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

namespace containers {

using inventory::Container;
using namespace Qt::StringLiterals;

RemoveDialog::RemoveDialog(const inventory::Inventory &inventory, const QStringList &ids, QWidget *parent)
    : QDialog(parent)
    , m_inventory(inventory)
    , m_ids(ids)
    , m_question(new QLabel)
    , m_list(new QLabel)
    , m_warning(new QLabel)
    , m_volumes(new QCheckBox)
    , m_remove(new QPushButton(QIcon::fromTheme(u"edit-delete"_s), {}))
{
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(u"Remove containers"_s);
    setModal(true);

    m_question->setFont(common::headingFont(font(), 1));
    m_list->setTextFormat(Qt::PlainText);
    m_list->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    m_list->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_list->setMargin(common::grid);
    auto *scroll = new QScrollArea;
    scroll->setWidget(m_list);
    scroll->setWidgetResizable(true);
    scroll->setMinimumWidth(480);
    scroll->setMaximumHeight(280);
    m_warning->setWordWrap(true);

    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
    buttons->addButton(m_remove, QDialogButtonBox::AcceptRole);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_remove, &QPushButton::clicked, this, &RemoveDialog::confirm);

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(2 * common::grid, 2 * common::grid, 2 * common::grid, 2 * common::grid);
    layout->setSpacing(common::grid);
    for (QWidget *widget : QList<QWidget *>{m_question, scroll, m_warning, m_volumes})
        layout->addWidget(widget);
    layout->addSpacing(common::grid);
    layout->addWidget(buttons);

    connect(&inventory, &inventory::Inventory::containersChanged, this, &RemoveDialog::refresh);
    refresh();
    // Enter must not remove.
    buttons->button(QDialogButtonBox::Cancel)->setDefault(true);
    buttons->button(QDialogButtonBox::Cancel)->setFocus();
}

void RemoveDialog::refresh()
{
    const qint64 now = QDateTime::currentSecsSinceEpoch();
    QStringList lines;
    QStringList left;
    QString onlyName;
    int running = 0;
    int volumes = 0;
    for (const QString &id : std::as_const(m_ids)) {
        const Container *container = m_inventory.container(id);
        if (!container)
            continue; // went by itself
        left.append(id);
        onlyName = container->name;
        running += container->running() ? 1 : 0;
        volumes += container->anonymousVolumes;
        lines.append(
            u"%1  –  %2  –  %3"_s.arg(container->name, inventory::stateText(*container, now), container->image));
    }
    m_ids = left;
    if (left.isEmpty()) {
        reject();
        return;
    }
    const QString what = left.size() == 1 ? onlyName : u"%1 containers"_s.arg(left.size());
    m_question->setText(u"Remove %1?"_s.arg(what));
    m_remove->setText(u"Remove %1"_s.arg(what));
    m_list->setText(lines.join(u'\n'));
    m_force = running > 0;
    QString warning = u"Their files and logs are deleted for good; mounted folders and named volumes stay."_s;
    if (left.size() == 1)
        warning.replace("Their"_L1, "Its"_L1);
    if (m_force)
        warning.prepend(left.size() == 1 ? u"It is running and will be killed first. "_s
                                         : u"%1 of them run and will be killed first. "_s.arg(running));
    m_warning->setText(warning);
    m_volumes->setVisible(volumes > 0);
    m_volumes->setText(volumes == 1 ? u"Also remove 1 anonymous volume and what is in it"_s
                                    : u"Also remove %1 anonymous volumes and what is in them"_s.arg(volumes));
}

void RemoveDialog::confirm()
{
    // A copy: what the removal does to the list comes back to refresh() before it is done.
    const QStringList ids = m_ids;
    Q_EMIT confirmed(ids, {m_force, m_volumes->isVisible() && m_volumes->isChecked()});
    accept();
}

} // namespace containers
