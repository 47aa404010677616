#pragma once

#include "common/statedelegate.h"
#include "inventory/inventory.h"
#include "runs/history.h"
#include "settings/settings.h"

#include <QWidget>
#include <optional>

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

class RunsModel;

/** All launches, and what can be done with those selected. Owned by the page. */
class RunList : public QWidget
{
    Q_OBJECT
public:
    struct Parts
    {
        History &history;
        inventory::Inventory &inventory;
        settings::Settings &settings;
        QString host; ///< as Record::host has it
        common::StateDelegate::Look look; ///< of a state, by models::StateRole
    };

    /** bar: where it says what went wrong. Parts and bar must outlive the list. */
    RunList(const Parts &parts, common::MessageBar &bar, QWidget *parent = nullptr);
    ~RunList() override;

    QList<QAction *> toolBarActions() const;
    void setFilter(const QString &text);
    /** Ages are counted from here (Unix seconds). */
    void setNow(qint64 now);
    QList<Record> selected() const;
    void clearSelection();
    /** How many runs there are, whatever the filter hides; nothing before the history was read. */
    std::optional<int> count() const;
    /** A row tells its age in seconds. */
    bool countsSeconds(qint64 now) const;

Q_SIGNALS:
    /** Others are selected, or what is known of one has changed. */
    void selectionChanged();
    void countChanged();
    void launchRequested(const recipe::RunConfig &config);
    void editRequested(const recipe::RunConfig &config, const QString &note);
    void containerRequested(const QString &id);

private:
    void makeActions();
    void update();
    void showMenu(const QPoint &at);
    recipe::RunConfig againOf(const Record &record, QString *why) const;

    void runAgain();
    void edit();
    void compare();
    void showContainer();
    void copyLine();
    void forget();

    History &m_history;
    inventory::Inventory &m_inventory;
    settings::Settings &m_settings;
    common::MessageBar &m_bar;
    RunsModel *m_model;
    models::TableFilter *m_filter;
    common::TableView *m_table;
    common::EmptyState *m_empty;
    QAction *m_again;
    QAction *m_edit;
    QAction *m_compare;
    QAction *m_showContainer;
    QAction *m_copy;
    QAction *m_forget;
};

} // namespace runs
