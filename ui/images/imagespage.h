#pragma once

#include "images/imageactions.h"
#include "inventory/operations.h"
#include "settings/settings.h"

#include <QTimer>
#include <QWidget>

class QSplitter;
class QTabWidget;

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

class ImageDetails;

/**
 * The images page. The person wants to know which images are here, how big they are, who needs them, what is in one,
 * to run one, and to remove one without breaking a container. Below the table there are tabs: the details, and what the
 * window adds. They are always there and as high, so that a selection moves nothing. Owned by the main window.
 */
class ImagesPage : public QWidget
{
    Q_OBJECT
public:
    struct Parts
    {
        inventory::Inventory &inventory;
        inventory::Operations &operations;
        settings::Settings &settings;
    };

    explicit ImagesPage(const Parts &parts, QWidget *parent = nullptr);
    ~ImagesPage() override;

    /** Once the page's signals are connected: what nobody would do is not offered. */
    QList<QAction *> toolBarActions();
    /** Beside the details; the page becomes the widget's parent. */
    void addPanelTab(QWidget *tab, const QString &title);
    /** Brings such a tab to the front. */
    void showPanelTab(QWidget *tab);
    void setFilter(const QString &text);
    /** The window is in sight: ages move only then. */
    void setWatched(bool watched);

Q_SIGNALS:
    void runRequested(const QString &reference);
    /** Empty: the person is to say which. */
    void pullRequested(const QString &reference);
    void pushRequested(const QString &reference);
    /** Another name for the image of that name or id. */
    void tagRequested(const QString &reference);
    void buildRequested();
    void accountsRequested();

private:
    void buildTable();
    void perform(ImageActions::Which which);
    QList<inventory::Image> selectedImages() const;
    void selectionChanged();
    void updateActions();
    void updateLink();
    void confirmRemove();

    Parts m_parts;
    models::ImagesModel *m_model;
    models::TableFilter *m_filter;
    common::MessageBar *m_linkBar; ///< the daemon does not answer
    common::MessageBar *m_bar; ///< an action failed
    common::TableView *m_table;
    common::EmptyState *m_empty;
    ImageActions *m_actions;
    QTabWidget *m_tabs;
    ImageDetails *m_details;
    QSplitter *m_splitter;
    QTimer m_minute;
};

} // namespace images
