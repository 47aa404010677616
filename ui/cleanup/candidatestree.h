#pragma once

#include "cleanup/candidate.h"

#include <QTreeView>

class QAction;

namespace cleanup {

/**
 * The tree of what can go, with check boxes; each reason with an icon that says whether something is lost. Its menu
 * ticks and locks what is selected. Asks for locks by signal. Owned by the page.
 */
class CandidatesTree : public QTreeView
{
    Q_OBJECT
public:
    explicit CandidatesTree(QWidget *parent = nullptr);

    void setModel(QAbstractItemModel *model) override;
    /** Widths and order of the columns. */
    QByteArray saveColumns() const;
    void restoreColumns(const QByteArray &state);

Q_SIGNALS:
    void protectRequested(const QList<cleanup::Candidate> &items);
    void unprotectRequested(const QList<cleanup::Candidate> &items);

protected:
    void contextMenuEvent(QContextMenuEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    QModelIndexList selectedItems() const;
    QList<Candidate> selectedCandidates() const;
    void tickSelected(Qt::CheckState state);
    void fitColumns();

    QAction *m_tick;
    QAction *m_untick;
    QAction *m_protect;
    QAction *m_unprotect;
    QAction *m_copy;
    bool m_fitting = false; ///< widths change by themselves now
    bool m_fitted = false; ///< the person has chosen widths, now or before
};

} // namespace cleanup
