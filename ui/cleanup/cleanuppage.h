#pragma once

#include "cleanup/advice.h"
#include "cleanup/candidates.h"
#include "cleanup/cleanupjob.h"
#include "cleanup/diskspace.h"

#include <QPointer>
#include <QTimer>
#include <QWidget>

class QLabel;
class QProgressBar;
class QPushButton;
class QStackedWidget;

namespace common {
class EmptyState;
class MessageBar;
} // namespace common

namespace cleanup {

class CandidatesFilter;
class CandidatesModel;
class CandidatesTree;
class DiskPicture;

/**
 * The page Clean up. The person wants their disk back and is afraid of prune with closed eyes: they see what would go
 * and why it is safe or not, tick, and have exactly that go. Owned by the main window.
 */
class CleanupPage : public QWidget
{
    Q_OBJECT
public:
    /** What it works with; all outlive it. */
    struct Parts
    {
        docker::Engine &engine;
        inventory::Inventory &inventory;
        Candidates &candidates;
        settings::Protection &protection;
        settings::Settings &settings;
    };
    explicit CleanupPage(const Parts &parts, QWidget *parent = nullptr);
    ~CleanupPage() override;

    void setFilter(const QString &text);
    /** The page is in sight: only then anything is asked for. */
    void setWatched(bool watched);

private:
    QWidget *makeTop();
    QWidget *makeCommands();
    QWidget *makeBottom();
    void connectParts();
    void showCandidates();
    void showTicks();
    void showLink();
    void showSizes();
    void showEmptyState();
    void askRoom();
    void tick(Command command);
    void lock(const QList<Candidate> &items, bool on);
    void confirm();
    void run(const QList<Candidate> &items);
    void finished(const Report &report);
    Shared shared() const;

    Parts m_parts;
    CandidatesModel *m_model;
    CandidatesFilter *m_filter;
    common::MessageBar *m_linkBar; ///< the daemon does not answer
    common::MessageBar *m_bar; ///< something failed
    common::MessageBar *m_report; ///< of the last clean-up; what went well goes by itself
    DiskPicture *m_picture;
    QPushButton *m_compute;
    QLabel *m_computed;
    QLabel *m_hint;
    QStackedWidget *m_stack; ///< the tree, or what stands in its place
    CandidatesTree *m_tree;
    common::EmptyState *m_empty;
    QLabel *m_ticked;
    QProgressBar *m_progress;
    QPushButton *m_cancel;
    QPushButton *m_remove;
    QList<QPushButton *> m_commands;
    QPointer<CleanupJob> m_job;
    transfers::DiskRoom m_disk;
    transfers::Room m_room;
    qint64 m_freeBefore = -1;
    bool m_watched = false;
    QTimer m_minute;
};

} // namespace cleanup
