#pragma once

#include "code/codelook.h"
#include "launch/codeuse.h"
#include "launch/problem.h"

#include <QWidget>

class QLabel;
class QPushButton;

namespace launch {

/**
 * What a person is advised before a run uses a working copy: its warnings, a worktree for this run alone, the
 * configuration that lies beside the code. Owned by the Code page, which shows the warnings.
 */
class CodeAdvice : public QWidget
{
    Q_OBJECT
public:
    /** look must outlive it. */
    CodeAdvice(code::CodeLook &look, QWidget *parent);

    /** What the advice depends on. */
    struct Facts
    {
        code::WorkingCopy copy;
        recipe::RunConfig config;
        QList<CodeUse> uses; ///< of running containers
        bool present = false; ///< the code lies there
    };
    void tell(const Facts &facts);
    /** Another run is looked at: what failed before is no news. */
    void forget();

    const QStringList &warnings() const { return m_warnings; }
    /** What mends them. */
    QList<Fix> fixes() const;
    /** configOffered() follows, or a warning. */
    void makeWorktree();

Q_SIGNALS:
    void warningsChanged();
    /** The whole run. note: what happened. */
    void configOffered(const recipe::RunConfig &config, const QString &note);

private:
    bool canMakeWorktree() const;
    void showAll();
    void showBrought();
    void useBrought();

    code::CodeLook &m_look;
    Facts m_facts;
    QStringList m_warnings;
    QString m_trouble; ///< why there is no worktree
    bool m_making = false;
    QWidget *m_worktree;
    QPushButton *m_make;
    QLabel *m_worktreeSays;
    QWidget *m_brought;
    QPushButton *m_use;
    QLabel *m_broughtSays;
};

} // namespace launch
