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
    QStringList running;
    bool allInspected = true;
    QString onlyName;
    int volumes = 0;
    for (const QString &id : std::as_const(m_ids)) {
        const Container *container = m_inventory.container(id);
        if (!container)
            continue; // went by itself
        left.append(id);
        onlyName = container->name;
        if (container->running())
            running.append(id);
        volumes += container->anonymousVolumes;
        allInspected = allInspected && container->inspected;
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
    m_running = running;
    QString warning = u"Their files and logs are deleted for good; mounted folders and named volumes stay."_s;
    if (left.size() == 1)
        warning.replace("Their"_L1, "Its"_L1);
    if (!running.isEmpty())
        warning.prepend(left.size() == 1 ? u"It is running and will be killed first. "_s
                                         : u"%1 of them run and will be killed first. "_s.arg(running.size()));
    if (!allInspected)
        warning += u" Whether they have anonymous volumes is being asked; those stay unless you tick a box here."_s;
    m_warning->setText(warning);
    m_volumes->setVisible(volumes > 0);
    m_volumes->setText(volumes == 1 ? u"Also remove 1 anonymous volume and what is in it"_s
                                    : u"Also remove %1 anonymous volumes and what is in them"_s.arg(volumes));
}

void RemoveDialog::confirm()
{
    const bool volumes = m_volumes->isVisible() && m_volumes->isChecked();
    // Copies: what the removal does to the list comes back to refresh() before it is done.
    const QStringList running = m_running;
    QStringList ended = m_ids;
    ended.removeIf([&running](const QString &id) { return running.contains(id); });
    if (!ended.isEmpty())
        Q_EMIT confirmed(ended, {false, volumes});
    if (!running.isEmpty())
        Q_EMIT confirmed(running, {true, volumes});
    accept();
}

} // namespace containers
