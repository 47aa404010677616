#pragma once

#include "cleanup/candidate.h"

#include <QDialog>

class QCheckBox;
class QLabel;
class QPlainTextEdit;
class QPushButton;

namespace cleanup {

/**
 * Asks before anything goes: every single thing by its name, with what is lost, and a box of its own for volumes that
 * somebody named: without its tick they stay, and the rest goes. Removes nothing itself; deletes itself when closed.
 */
class ConfirmDialog : public QDialog
{
    Q_OBJECT
public:
    ConfirmDialog(const QList<Candidate> &items, const Shared &shared, QWidget *parent);

Q_SIGNALS:
    /** Exactly what the button counted. */
    void confirmed(const QList<cleanup::Candidate> &items);

private:
    QList<Candidate> going() const;
    void showGoing();

    QList<Candidate> m_items;
    Shared m_shared;
    QLabel *m_question;
    QPlainTextEdit *m_list;
    QLabel *m_words;
    QCheckBox *m_volumes; ///< hidden where no volume has a name
    QPushButton *m_remove;
};

/** One line each, under a heading for each kind. */
QString listText(const QList<Candidate> &items, bool namedVolumesStay = false);

} // namespace cleanup
