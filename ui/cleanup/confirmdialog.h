#pragma once

#include "cleanup/candidate.h"

#include <QDialog>

class QCheckBox;
class QPushButton;

namespace cleanup {

/**
 * Asks before anything goes: every single thing by its name, with what is lost, and a box of its own for volumes that
 * somebody named. Removes nothing itself; deletes itself when closed.
 */
class ConfirmDialog : public QDialog
{
    Q_OBJECT
public:
    ConfirmDialog(const QList<Candidate> &items, const Total &total, QWidget *parent);

Q_SIGNALS:
    void confirmed();

private:
    void updateButton();

    QCheckBox *m_volumes; ///< hidden where no volume has a name
    QPushButton *m_remove;
};

/** One line each, under a heading for each kind. */
QString listText(const QList<Candidate> &items);

} // namespace cleanup
