#pragma once

#include "logs/feed.h"
#include "logs/logview.h"

#include <QLabel>
#include <QPushButton>
#include <QWidget>

namespace logs {

/**
 * One container's log with its controls, named `Log of NAME` for accessibility: the view, Follow, the count of new
 * lines while paused, Copy, Save…. Belongs to whoever shows it; the feed is another's and outlives it.
 */
class LogConsole : public QWidget
{
    Q_OBJECT
public:
    LogConsole(Feed &feed, const QString &containerName, QWidget *parent = nullptr);

    void setContainerName(const QString &name);
    LogView *view() const { return m_view; }

private:
    QWidget *makeBar();
    void showNewLines(qint64 lines);
    void showState();
    void copy();
    void chooseFile();
    void save(const QString &path);
    void showMessage(const QString &text);

    Feed &m_feed;
    QString m_name;
    LogView *m_view;
    QPushButton *m_follow;
    QPushButton *m_newLines;
    QLabel *m_state; ///< of the log; empty while all is well
    QLabel *m_message; ///< of the last copy or save
    QPushButton *m_cancel; ///< while saving
    QPushButton *m_copy;
    QPushButton *m_save;
};

} // namespace logs
