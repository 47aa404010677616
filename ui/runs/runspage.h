#pragma once

#include "runs/library.h"
#include "runs/runlist.h"

#include <QTimer>
#include <QWidget>

class QSplitter;

namespace runs {

class RunPanel;
class SavedList;

/**
 * The runs page. The person wants: to launch again what they launched yesterday, to know what became of last night's
 * runs, what they did differently the time it worked, and to keep, name and hand on a recipe. Above the saved
 * configurations, below all launches. Owned by the main window.
 */
class RunsPage : public QWidget
{
    Q_OBJECT
public:
    RunsPage(Library &library, const RunList::Parts &parts, QWidget *parent = nullptr);
    ~RunsPage() override;

    QList<QAction *> toolBarActions() const;
    void setFilter(const QString &text);
    /** How many runs there are; nothing before the history was read. */
    std::optional<int> count() const { return m_runs->count(); }
    /** The window is in sight: ages move only then. */
    void setWatched(bool watched);
    /** A launch of the page is doing this; empty: it is over. */
    void showLaunching(const QString &text);
    void showLaunchFailure(const recipe::RunConfig &config, const QString &configName, const core::Error &error);
    /** A signInRequested() went well: what was refused is launched anew. */
    void signedIn(const QString &registry);
    /** Asks for a name and keeps the configuration under it. */
    void save(const recipe::RunConfig &config, const QString &suggestion);

Q_SIGNALS:
    /** What save() asked for is on the disk. */
    void saved(const QString &name);
    void countChanged();
    /** Now, without a look at it. configName: empty for a run that is launched again. */
    void launchRequested(const recipe::RunConfig &config, const QString &configName);
    /** In the wizard, to look at and change. */
    void editRequested(const recipe::RunConfig &config, const QString &note);
    void containerRequested(const QString &id);
    void launchCancelled();
    /** The image's registry wants another account. Only while somebody listens there is a button for it. */
    void signInRequested(const QString &image);

private:
    void moveAges();
    void showTrouble();
    void showSelected();

    settings::Settings &m_settings;
    inventory::Inventory &m_inventory;
    History &m_history;
    common::MessageBar *m_trouble; ///< the history's file
    common::MessageBar *m_launching; ///< a launch of the page, or why it failed
    recipe::RunConfig m_failed; ///< what could not be launched; no image: a launch is under way
    QString m_failedName; ///< of the saved configuration; empty: none
    bool m_signInHelps = false; ///< that it was refused by a registry
    common::MessageBar *m_bar; ///< an action failed, or can be undone
    SavedList *m_saved;
    RunList *m_runs;
    RunPanel *m_panel;
    QSplitter *m_splitter;
    QTimer m_ages;
};

} // namespace runs
