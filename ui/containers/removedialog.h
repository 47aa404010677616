#pragma once

#include "inventory/inventory.h"

#include <QDialog>

class QCheckBox;
class QLabel;
class QPushButton;

namespace containers {

/**
 * Asks before containers go: which ones, in which state, that running ones are killed first, and whether their
 * anonymous volumes go too. Follows the inventory while it is open. Removes nothing itself; deletes itself when closed.
 */
class RemoveDialog : public QDialog
{
    Q_OBJECT
public:
    RemoveDialog(const inventory::Inventory &inventory, const QStringList &ids, QWidget *parent);

Q_SIGNALS:
    /** Exactly the containers shown, and as shown: those that run with force, the others, if any, in a signal without.
     */
    void confirmed(const QStringList &ids, docker::RemoveOptions options);

private:
    void refresh();
    void confirm();

    const inventory::Inventory &m_inventory;
    QStringList m_ids;
    QStringList m_running; ///< those of m_ids that were shown as running
    QLabel *m_question;
    QLabel *m_list;
    QLabel *m_warning;
    QCheckBox *m_volumes;
    QPushButton *m_remove;
};

} // namespace containers
