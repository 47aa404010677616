#pragma once

#include "docker/engine.h"
#include "inventory/inventory.h"
#include "settings/settings.h"
#include "transfers/transfers.h"

#include <QObject>

class QWidget;

namespace transfers {

class TransfersPanel;

/**
 * Where images are pulled, pushed and named from: opens the dialogs, does what they ask for, and has the panel that
 * shows it. Owned by the main window.
 */
class TransferDesk : public QObject
{
    Q_OBJECT
public:
    struct Parts
    {
        docker::Engine &engine;
        const inventory::Inventory &inventory;
        Transfers &transfers;
        settings::Settings &settings;
    };

    /** window: what the dialogs are dialogs of. */
    TransferDesk(const Parts &parts, QWidget *window);

    /** Whoever shows it becomes its parent. */
    TransfersPanel *panel() { return m_panel; }

    /** Asks which; reference: to begin with. */
    void pull(const QString &reference);
    void push(const QString &reference);
    /** Asks for one more name for the image of that name or id. */
    void tag(const QString &reference);

Q_SIGNALS:
    /** The panel has something to show: what has begun, or why a name could not be given. */
    void panelWanted();
    void runRequested(const QString &reference);

private:
    QString faultOfName(const QString &name, const QString &imageId) const;

    Parts m_parts;
    QWidget *m_window;
    TransfersPanel *m_panel;
};

} // namespace transfers
