#pragma once

#include "common/errortext.h"
#include "containers/containerpanel.h"
#include "inventory/gpustate.h"
#include "inventory/livefigures.h"
#include "inventory/operations.h"
#include "recipe/runconfig.h"
#include "settings/settings.h"

#include <QTimer>
#include <QWidget>

class QAction;
class QSplitter;

namespace common {
class EmptyState;
class MessageBar;
class TableView;
} // namespace common

namespace models {
class ContainersModel;
class TableFilter;
} // namespace models

namespace containers {

class ContainerActions;

/**
 * The containers page. The person wants to see what runs, for how long and on which GPUs, why something ended, to watch
 * its output, and to stop or remove it without remembering names. Shows the inventory, asks Operations to act, and says
 * what it needs from other pages. Owned by the main window.
 */
class ContainersPage : public QWidget
{
    Q_OBJECT
public:
    struct Parts
    {
        docker::Engine &engine;
        inventory::Inventory &inventory;
        inventory::LiveFigures &figures;
        inventory::Operations &operations;
        inventory::GpuState &gpus;
        settings::Settings &settings;
    };

    ContainersPage(const Parts &parts, QWidget *parent = nullptr);
    ~ContainersPage() override;

    QList<QAction *> toolBarActions() const;
    void setFilter(const QString &text);
    void setConsoleFactory(ContainerPanel::ConsoleFactory factory);
    ContainerPanel *panel() const { return m_panel; }
    /** Selects that container's row, as soon as it is there, and shows its log. name: of a new one. */
    void select(const QString &id, const QString &name = {});
    /** Something worth knowing that is no failure, in the page's bar. */
    void showNote(const QString &title, const QString &details);
    /** Says duplicateRequested() with what that container was started with. */
    void duplicate(const QString &id);
    /** The window is in sight: live figures and ages run only then. */
    void setWatched(bool watched);

Q_SIGNALS:
    void newRunRequested();
    /** note: what of the container could not be taken over, in a sentence; may be empty. */
    void duplicateRequested(const recipe::RunConfig &config, const QString &note);
    /** The first rows are on the screen. */
    void rowsPainted(int rows);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    QStringList selectedIds() const;
    QStringList idsInSight() const;
    void selectionChanged();
    void updateActions();
    bool isProtected(const QString &id) const;
    void moveAges();
    void updateSight();
    void started(const QString &id);
    void updateLink();
    void updateEmptyState();
    void inventoryChanged();
    void rename();
    void askNewName(const QString &id, const QString &typed, const QString &fault);
    void remove();
    void copyLine();
    void withConfig(const QString &id, const QString &attempted,
        const std::function<void(const recipe::RunConfig &, const QString &)> &use);
    void showFailure(inventory::Action action, const QString &id, const QString &name, const core::Error &error);

    Parts m_parts;
    models::ContainersModel *m_model;
    models::TableFilter *m_filter;
    common::MessageBar *m_linkBar; ///< the daemon does not answer
    common::MessageBar *m_bar; ///< an action failed
    common::TableView *m_table;
    common::EmptyState *m_empty;
    ContainerPanel *m_panel;
    QSplitter *m_splitter;
    ContainerActions *m_actions;
    QTimer m_ages;
    QString m_wanted; ///< selected as soon as its row is there
    QList<common::ErrorText> m_failures; ///< of the actions since the last one was asked for
    QString m_failed; ///< the container of the only one of them
    bool m_watched = false;
    bool m_painted = false;
};

} // namespace containers
