#pragma once

#include "docker/registryauth.h"
#include "images/detailsloader.h"
#include "images/newercheck.h"
#include "settings/settings.h"

#include <QPointer>
#include <QWidget>

class QLabel;
class QPushButton;
class QSplitter;
class QStackedLayout;
class QTextBrowser;
class QUrl;

namespace common {
class EmptyState;
class TableView;
} // namespace common

namespace models {
class TableFilter;
}

namespace images {

class LayersModel;

/**
 * The tab that tells what the selected image is: its facts beside its layers, and on demand whether its registry has a
 * newer one. Asks the daemon only while it is seen. Owned by the images page.
 */
class ImageDetails : public QWidget
{
    Q_OBJECT
public:
    struct Parts
    {
        docker::Engine &engine;
        inventory::Inventory &inventory;
        settings::Settings &settings;
        docker::CredentialSource credentials;
    };

    explicit ImageDetails(const Parts &parts, QWidget *parent = nullptr);
    ~ImageDetails() override;

    /** reference: of the row. Both empty: nothing, or more than one, is selected. */
    void show(const QString &id, const QString &reference);
    /** Configurations that need an image, by row key. */
    void setSavedUsers(const QHash<QString, QStringList> &saved);
    /** sizesKnown() once more, if they are. */
    void tellSizes();
    /** Whether "Pull…" may be offered. */
    void setPullOffered(bool offered) { m_pullOffered = offered; }

Q_SIGNALS:
    void pullRequested(const QString &reference);
    void containerRequested(const QString &id);
    void savedRequested(const QString &name);
    /** It was found out how much of an image is its own. */
    void sizesKnown(const QString &id, qint64 own, qint64 shared);

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void buildHead();
    void buildLayers();
    void fill();
    void fillLayers();
    void showFailure(const core::Error &error);
    void follow(const QUrl &link);
    void checkNewer();
    void showNewer(const core::Result<Newer> &result);
    void forgetCheck();

    Parts m_parts;
    DetailsLoader *m_loader;
    QString m_id;
    QString m_reference;
    QHash<QString, QStringList> m_saved;
    bool m_pullOffered = false;
    QPointer<NewerCheck> m_check; ///< child, while it runs
    QString m_shownId; ///< what the text is of: its scroll position is kept
    QString m_html;
    bool m_failed = false; ///< m_says tells that the details did not come
    QStackedLayout *m_stack;
    QWidget *m_content;
    common::EmptyState *m_hint;
    QWidget *m_head;
    QLabel *m_title;
    QLabel *m_says; ///< what came of asking the registry, or what went wrong
    QPushButton *m_pull;
    QPushButton *m_newer;
    QTextBrowser *m_text;
    LayersModel *m_layers;
    models::TableFilter *m_sorted;
    common::TableView *m_layerTable;
    QSplitter *m_splitter;
};

} // namespace images
