#pragma once

#include "runs/library.h"
#include "settings/settings.h"

#include <QWidget>
#include <functional>

class QAction;

namespace common {
class EmptyState;
class MessageBar;
class TableView;
} // namespace common

namespace models {
class TableFilter;
}

namespace runs {

class ConfigsModel;

/** The saved configurations and all that can be done with one. Owned by the page. */
class SavedList : public QWidget
{
    Q_OBJECT
public:
    /** bar: where it says what went wrong, and offers to undo. All three must outlive the list. */
    SavedList(Library &library, settings::Settings &settings, common::MessageBar &bar, QWidget *parent = nullptr);
    ~SavedList() override;

    QList<QAction *> toolBarActions() const;
    void setFilter(const QString &text);
    /** Whether Docker answers: launching needs it. */
    void setLive(bool live);
    /** Ages are counted from here (Unix seconds). */
    void setNow(qint64 now);
    void clearSelection();
    /** Asks for a name and keeps the configuration under it. */
    void save(const recipe::RunConfig &config, const QString &suggestion);

Q_SIGNALS:
    /** What save() asked for is on the disk. */
    void saved(const QString &name);
    /** One is selected. */
    void chosen();
    void launchRequested(const recipe::RunConfig &config, const QString &configName);
    void editRequested(const recipe::RunConfig &config, const QString &note);

private:
    void makeActions();
    void update();
    void showFault(const SavedConfig *config);
    void showMenu(const QPoint &at);
    void say(const core::Result<void> &result, const QString &attempted);
    void write(const QString &name, const recipe::ConfigFile &file, IfTaken ifTaken);
    const SavedConfig *selected() const;

    void launch();
    void edit();
    void rename();
    void duplicate();
    void exportSelected();
    void importFiles();
    void importAs(const QString &path, const QString &as);
    void openFile();
    void remove();
    void undoRemove();

    Library &m_library;
    settings::Settings &m_settings;
    common::MessageBar &m_bar;
    ConfigsModel *m_model;
    models::TableFilter *m_filter;
    common::TableView *m_table;
    common::EmptyState *m_empty;
    common::MessageBar *m_fault; ///< beneath the table: what is wrong with the file that is selected
    std::function<void()> m_barAction; ///< what the bar's button does
    QString m_removed; ///< what Undo brings back
    bool m_live = false;
    QAction *m_launch;
    QAction *m_edit;
    QAction *m_rename;
    QAction *m_duplicate;
    QAction *m_export;
    QAction *m_import;
    QAction *m_openFile;
    QAction *m_remove;
};

} // namespace runs
