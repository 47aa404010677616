#pragma once

#include "images/imageactions.h"
#include "images/removal.h"
#include "inventory/operations.h"
#include "runs/library.h"
#include "settings/protection.h"
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

class ArchiveBars;
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
        docker::Engine &engine;
        inventory::Inventory &inventory;
        inventory::Operations &operations;
        runs::Library &library;
        settings::Protection &protection;
        settings::Settings &settings;
        docker::CredentialSource credentials{}; ///< for asking registries; none: as nobody
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
    void containerRequested(const QString &id);
    /** A saved configuration of that name. */
    void savedRequested(const QString &name);

private:
    void buildTable();
    void perform(ImageActions::Which which);
    QList<inventory::Image> selectedImages() const;
    void selectionChanged();
    void updateActions();
    void updateLink();
    void updateSavedUsers();
    void updateProtected();
    void protect(bool on);
    void confirmRemove();
    void openRemoval(const Removal &removal);
    void showFailure(const QString &reference, const core::Error &error);
    void save();
    void selectWanted();

    Parts m_parts;
    models::ImagesModel *m_model;
    models::TableFilter *m_filter;
    common::MessageBar *m_linkBar; ///< the daemon does not answer
    common::MessageBar *m_bar; ///< an action failed
    ArchiveBars *m_archives;
    common::TableView *m_table;
    common::EmptyState *m_empty;
    ImageActions *m_actions;
    QTabWidget *m_tabs;
    ImageDetails *m_details;
    QSplitter *m_splitter;
    QHash<QString, QStringList> m_saved; ///< configurations that need an image, by row key
    QStringList m_failures; ///< of what was last confirmed
    QStringList m_wanted; ///< names or ids to be selected as soon as they are there
    QSet<QString> m_locked; ///< protected rows, by key
    QHash<QString, qint64> m_own; ///< bytes of an image that no other has, by id; as far as known
    QTimer m_minute;
};

} // namespace images
