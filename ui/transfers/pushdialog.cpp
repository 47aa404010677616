#include "transfers/pushdialog.h"

#include "common/form.h"
#include "common/hint.h"
#include "common/theme.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>
#include <algorithm>

namespace transfers {

using docker::ImageReference;
using namespace Qt::StringLiterals;

PushDialog::PushDialog(const Parts &parts, const QString &local, QWidget *parent)
    : QDialog(parent)
    , m_parts(parts)
    , m_local(new QComboBox)
    , m_target(new QLineEdit(local))
    , m_push(new QPushButton(QIcon::fromTheme(u"cloud-upload"_s), tr("Push")))
{
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Push image"));
    setAccessibleName(windowTitle());
    for (const inventory::Image &image : parts.inventory.images()) {
        if (!image.repository.isEmpty())
            m_local->addItem(image.reference());
    }
    if (m_local->findText(local) < 0 && !local.isEmpty())
        m_local->insertItem(0, local);
    m_local->setCurrentText(local);
    if (local.isEmpty())
        m_target->setText(m_local->currentText());
    auto *form = new common::Form;
    form->addField(tr("&Image"), m_local);
    m_says = form->addField(tr("Push &as"), m_target, u" "_s);
    m_accountSays = common::mutedLabel(u" "_s, form);
    form->addField(m_accountSays);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
    buttons->addButton(m_push, QDialogButtonBox::AcceptRole);
    m_push->setAccessibleName(m_push->text());
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(2 * common::grid, 2 * common::grid, 2 * common::grid, 2 * common::grid);
    layout->addWidget(form);
    layout->addStretch(1);
    layout->addWidget(buttons);
    m_push->setDefault(true); // now that it is a dialog's

    m_settled.setSingleShot(true);
    m_settled.setInterval(400);
    connect(&m_settled, &QTimer::timeout, this, &PushDialog::askAccount);
    connect(buttons, &QDialogButtonBox::accepted, this, &PushDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_local, &QComboBox::currentTextChanged, this, [this](const QString &text) {
        if (!m_target->isModified())
            m_target->setText(text);
        reconsider();
    });
    connect(m_target, &QLineEdit::textChanged, this, &PushDialog::reconsider);
    m_target->setFocus();
    resize(74 * common::grid, sizeHint().height());
    reconsider();
    askAccount();
}

std::optional<ImageReference> PushDialog::target() const { return ImageReference::parse(m_target->text().trimmed()); }

QString PushDialog::faultOfTarget() const
{
    const auto name = target();
    if (!name)
        return tr("Not an image's name: [registry/]name[:tag].");
    if (!name->digest.isEmpty() || name->tag.isEmpty())
        return tr("An image is pushed under a tag, not under a digest.");
    if (name->registry == "docker.io"_L1 && name->path.startsWith("library/"_L1))
        return tr("Docker Hub wants your user name before it: USER/%1. Other registries want theirs: "
                  "registry.example/%1.")
            .arg(name->text());
    for (const inventory::Image &image : m_parts.inventory.images()) {
        const auto other = ImageReference::parse(image.reference());
        if (other && *other == *name && !image.repository.isEmpty()) {
            // Docker would move the name without a word, and the other image might be left without any.
            const auto &images = m_parts.inventory.images();
            const auto local = std::find_if(images.begin(), images.end(),
                [this](const inventory::Image &i) { return i.reference() == m_local->currentText(); });
            if (local != images.end() && local->id != image.id)
                return tr("Another image here has this name. Choose another tag, or remove that name first.");
        }
    }
    return {};
}

void PushDialog::reconsider()
{
    const QString fault = m_target->text().trimmed().isEmpty() ? u" "_s : faultOfTarget();
    m_push->setEnabled(fault.isEmpty() && !m_local->currentText().isEmpty());
    QString says = fault;
    if (fault.isEmpty()) {
        const auto local = ImageReference::parse(m_local->currentText());
        says = tr("Goes to %1.").arg(target()->registry == "docker.io"_L1 ? u"Docker Hub"_s : target()->registry);
        if (!local || *local != *target())
            says += u' ' + tr("The image gets this name here, too.");
    }
    common::Form::setHint(m_says, says);
    qobject_cast<common::Hint *>(m_says)->setTone(
        fault.trimmed().isEmpty() ? common::Tone::Muted : common::Tone::Failed);
    if (const auto name = target(); !name || name->registry != m_registry) {
        m_accountSays->setText(u" "_s);
        m_settled.start();
    }
    fit();
}

/** Wrapped texts come and go: the dialog grows for them, and stays so, that nothing jumps twice. */
void PushDialog::fit()
{
    layout()->activate();
    resize(width(), std::max(height(), layout()->totalHeightForWidth(width())));
}

void PushDialog::askAccount()
{
    const auto name = target();
    if (!name)
        return;
    const QString registry = m_registry = name->registry;
    m_parts.transfers.account(registry).then(this, [this, registry](const core::Result<QString> &account) {
        if (registry != m_registry)
            return;
        if (!account)
            m_accountSays->setText(tr("Whether there is an account cannot be told: %1").arg(account.error().message));
        else if (account->isEmpty())
            m_accountSays->setText(tr("Nobody is signed in there: most registries take pushes of accounts only."));
        else
            m_accountSays->setText(tr("As %1.").arg(*account));
        fit();
    });
}

void PushDialog::accept()
{
    if (!m_push->isEnabled())
        return;
    Q_EMIT pushRequested(m_local->currentText(), *target());
    QDialog::accept();
}

} // namespace transfers
