#pragma once

#include <QAction>
#include <QList>
#include <QObject>

class QMenu;

namespace common {
class TableView;
}

namespace images {

/**
 * The actions on images, each with its text, icon and shortcut, enabled as the selection allows. What nobody does for
 * the page is not offered. Says what is wanted; does nothing itself. Owned by the images page.
 */
class ImageActions : public QObject
{
    Q_OBJECT
public:
    enum Which { Run, Pull, PullAgain, Build, Remove, Push, Tag, Save, Load, Accounts, Copy, Protect, Unprotect };

    /** Shortcuts work while `table` has the focus. */
    explicit ImageActions(common::TableView *table);

    /** Before toolBarActions(): one that nobody would do. */
    void setOffered(Which which, bool offered);
    /** selected: rows, of which so many have a name; live: the daemon answers. */
    void setSelection(int selected, int named, bool live);
    /** How many of the selected rows are protected; asks nobody. */
    void setProtected(int locked, int selected);

    /** Those worth a place in the tool bar; the rest in the menu behind the last. */
    QList<QAction *> toolBarActions();
    void addTo(QMenu *menu);

Q_SIGNALS:
    void requested(images::ImageActions::Which which);

private:
    /** What an action needs to be of use. */
    enum class Needs { Nothing, Daemon, One, OneNamed, Some };
    struct Entry
    {
        Which which;
        QAction *action;
        Needs needs;
        bool offered = true;
    };
    Entry &entry(Which which);
    QList<QAction *> offered(const QList<Which> &wanted);

    common::TableView *m_table;
    QList<Entry> m_entries;
    QAction *m_more = nullptr;
};

} // namespace images
