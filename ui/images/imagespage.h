#pragma once

#include "inventory/operations.h"
#include "settings/settings.h"

#include <QTimer>
#include <QWidget>

class QAction;

namespace common {
class EmptyState;
class MessageBar;
class TableView;
} // namespace common

namespace models {
class ImagesModel;
class TableFilter;
} // namespace models

namespace images {

/**
 * The images page. The person wants to know which images are here, how big they are, which containers hold them, to
 * run one, and to remove one without breaking a container. Owned by the main window.
 */
class ImagesPage : public QWidget
{
    Q_OBJECT
public:
    ImagesPage(inventory::Inventory &inventory, inventory::Operations &operations, settings::Settings &settings,
        QWidget *parent = nullptr);
    ~ImagesPage() override;

    QList<QAction *> toolBarActions() const;
    void setFilter(const QString &text);
    /** The window is in sight: ages move only then. */
    void setWatched(bool watched);

Q_SIGNALS:
    void runRequested(const QString &reference);

private:
    QList<inventory::Image> selectedImages() const;
    void updateActions();
    void updateLink();
    void confirmRemove();

    inventory::Inventory &m_inventory;
    inventory::Operations &m_operations;
    settings::Settings &m_settings;
    models::ImagesModel *m_model;
    models::TableFilter *m_filter;
    common::MessageBar *m_linkBar; ///< the daemon does not answer
    common::MessageBar *m_bar; ///< an action failed
    common::TableView *m_table;
    common::EmptyState *m_empty;
    QAction *m_run;
    QAction *m_remove;
    QAction *m_copy;
    QTimer m_minute;
};

} // namespace images
