#pragma once

#include "inventory/container.h"

#include <QAction>
#include <QList>
#include <QObject>

class QMenu;

namespace containers {

/**
 * The actions on containers, each with its text, icon and shortcut, enabled as the selection allows. Says what is
 * wanted; does nothing itself. Owned by the containers page.
 */
class ContainerActions : public QObject
{
    Q_OBJECT
public:
    /** Shortcuts work while `table` has the focus, and nowhere else: in a log the same keys mean other things. */
    explicit ContainerActions(QWidget *table);

    /** Enables what at least one of the selected containers allows; `live`: the daemon answers. */
    void setSelection(const QList<const inventory::Container *> &selected, bool live);
    /** Of the selection, whether some are protected and some not: also without a daemon. */
    void setLocks(bool someProtected, bool someNot);

    /** Those worth a place in the tool bar. */
    QList<QAction *> toolBarActions() const;
    void addTo(QMenu *menu) const;

Q_SIGNALS:
    /** Start, Stop, Restart, Kill, Pause or Unpause of the selection. */
    void actionRequested(inventory::Action action);
    void renameRequested();
    void removeRequested();
    void copyLineRequested();
    void duplicateRequested();
    void protectRequested(bool on);

private:
    struct Entry
    {
        QAction *action;
        std::optional<inventory::Action> does; ///< nothing for the two that only read
        bool oneOnly;
    };
    QAction *add(const QString &text, const QString &icon, const QKeySequence &shortcut,
        std::optional<inventory::Action> does, bool oneOnly);

    QWidget *m_table;
    QList<Entry> m_entries;
    QAction *m_protect;
    QAction *m_unprotect;
};

} // namespace containers
