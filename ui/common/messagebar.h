#pragma once

#include "common/errortext.h"

#include <QFrame>
#include <QTimer>

class QLabel;
class QPlainTextEdit;
class QPushButton;
class QToolButton;

namespace common {

/**
 * A bar on the page it concerns: what happened, what to do, the daemon's words behind Details, one optional action.
 * Hidden until shown; closing it hides it. Never modal. Owned by its page.
 */
class MessageBar : public QFrame
{
    Q_OBJECT
public:
    enum class Severity { Info, Warning, Error };

    explicit MessageBar(QWidget *parent = nullptr);

    /** action: the button's text, empty for none. */
    void showMessage(Severity severity, const QString &title, const QString &whatToDo = {}, const QString &details = {},
        const QString &action = {});
    void showError(const ErrorText &text, const QString &action = {});
    /** What went well: goes by itself after some seconds, unless the mouse is on it or its details are open. */
    void showNote(const QString &title, const QString &whatToDo = {}, const QString &details = {});
    /** Hides it without dismissed(). */
    void clear();

    QString title() const;
    QString whatToDo() const;

Q_SIGNALS:
    void actionTriggered();
    /** The person closed it. */
    void dismissed();

protected:
    void changeEvent(QEvent *event) override;

private:
    void color();

    Severity m_severity = Severity::Info;
    QTimer m_over; ///< of a note
    QLabel *m_icon;
    QLabel *m_title;
    QLabel *m_whatToDo;
    QPlainTextEdit *m_details;
    QToolButton *m_showDetails;
    QPushButton *m_action;
    QToolButton *m_close;
};

} // namespace common
