#pragma once

#include "logs/feed.h"
#include "logs/gpuwatch.h"
#include "logs/logview.h"

#include <QLabel>
#include <QPushButton>
#include <QWidget>

namespace common {
class MessageBar;
}

namespace logs {

/**
 * One container's log with its controls, named `Log of NAME` for accessibility: the view, Follow, the count of new
 * lines while paused, Copy, Save…; above it, what a GPU failure that the log tells of means and the way out. Belongs to
 * whoever shows it; the feed is another's and outlives it.
 */
class LogConsole : public QWidget
{
    Q_OBJECT
public:
    LogConsole(Feed &feed, const QString &containerName, QWidget *parent = nullptr);

    void setContainerName(const QString &name);
    LogView *view() const { return m_view; }
    /** What the log said of its GPUs was before. */
    void containerStarted() { m_gpus->startOver(); }
    /** Nothing can be done with it any more. */
    void containerRemoved();

Q_SIGNALS:
    void startAgainRequested();
    void duplicateRequested();

private:
    QWidget *makeBar();
    void showNewLines(qint64 lines);
    void showGpuFailure();
    void showState();
    void copy();
    void chooseFile();
    void save(const QString &path);
    void showMessage(const QString &text);

    Feed &m_feed;
    QString m_name;
    LogView *m_view;
    GpuWatch *m_gpus;
    common::MessageBar *m_failure; ///< of its GPUs
    bool m_removed = false; ///< the container
    QPushButton *m_follow;
    QPushButton *m_newLines;
    QLabel *m_state; ///< of the log; empty while all is well
    QLabel *m_message; ///< of the last copy or save
    QPushButton *m_cancel; ///< while saving
    QPushButton *m_copy;
    QPushButton *m_save;
};

} // namespace logs
