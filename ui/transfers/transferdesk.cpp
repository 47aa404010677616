#include "transfers/transferdesk.h"

#include "common/errortext.h"
#include "common/namedialog.h"
#include "docker/registry.h"
#include "transfers/pulldialog.h"
#include "transfers/pushdialog.h"
#include "transfers/transferspanel.h"

#include <algorithm>

namespace transfers {

using docker::ImageReference;

TransferDesk::TransferDesk(const Parts &parts, QWidget *window)
    : QObject(window)
    , m_parts(parts)
    , m_window(window)
    , m_panel(new TransfersPanel(parts.transfers, parts.settings, window))
{
    m_panel->hide();
    connect(m_panel, &TransfersPanel::pullRequested, this, [this] { pull({}); });
    connect(m_panel, &TransfersPanel::runRequested, this, &TransferDesk::runRequested);
}

void TransferDesk::pull(const QString &reference)
{
    auto *dialog = new PullDialog({m_parts.inventory, m_parts.transfers}, reference, m_window);
    connect(dialog, &PullDialog::pullRequested, this, [this](const ImageReference &image, const QString &platform) {
        m_panel->select(m_parts.transfers.pull(image, platform));
        Q_EMIT panelWanted();
    });
    dialog->open();
}

void TransferDesk::push(const QString &reference)
{
    auto *dialog = new PushDialog({m_parts.inventory, m_parts.transfers}, reference, m_window);
    connect(dialog, &PushDialog::pushRequested, this, [this](const QString &local, const ImageReference &target) {
        m_panel->select(m_parts.transfers.push(local, target));
        Q_EMIT panelWanted();
    });
    dialog->open();
}

QString TransferDesk::faultOfName(const QString &name, const QString &imageId) const
{
    const auto wanted = ImageReference::parse(name);
    if (!wanted)
        return faultOf(name);
    if (!wanted->digest.isEmpty())
        return tr("A digest is no name: choose a tag.");
    for (const inventory::Image &image : m_parts.inventory.images()) {
        if (image.repository.isEmpty() || ImageReference::parse(image.reference()) != wanted)
            continue;
        // Docker would move the name without a word, and the other image might be left without any.
        return image.id == imageId ? tr("It has this name already.")
                                   : tr("Another image here has this name. Choose another, or remove that one first.");
    }
    return {};
}

void TransferDesk::tag(const QString &reference)
{
    const auto &images = m_parts.inventory.images();
    const auto found = std::find_if(images.begin(), images.end(),
        [&](const inventory::Image &image) { return image.reference() == reference || image.id == reference; });
    const QString id = found == images.end() ? QString() : found->id;
    const bool named = found != images.end() && !found->repository.isEmpty();
    const common::NameDialog::Texts texts{tr("Add tag"),
        tr("Another name for %1:").arg(named ? reference : id.mid(7, 12)), named ? reference : QString(), tr("Add")};
    auto *dialog = new common::NameDialog(
        texts, [this, id](const QString &name) { return faultOfName(name, id); }, m_window);
    connect(dialog, &common::NameDialog::named, this, [this, reference](const QString &name) {
        docker::tagImage(m_parts.engine, reference, *ImageReference::parse(name))
            .then(this, [this, name](const core::Result<void> &result) {
                if (result)
                    return;
                m_panel->showError(common::errorText(result.error(), tr("add the name %1").arg(name)));
                Q_EMIT panelWanted();
            });
    });
    dialog->open();
}

} // namespace transfers
