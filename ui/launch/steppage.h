#pragma once

#include "launch/finding.h"
#include "recipe/runconfig.h"

#include <QWidget>

class QVBoxLayout;

namespace launch {

/**
 * One step of the wizard: widgets that edit a part of a RunConfig. What is typed stays in the widgets, valid or not;
 * store() writes what can be understood, inputProblems() names the rest. Owned by the wizard.
 */
class StepPage : public QWidget
{
    Q_OBJECT
public:
    StepPage(const QString &title, const QString &sentence, QWidget *parent);

    QString title() const { return m_title; }

    /** Fills the widgets. Silent: no edited(). */
    void load(const recipe::RunConfig &config);
    /** Writes this page's part, and nothing else. */
    virtual void store(recipe::RunConfig &config) const = 0;
    /** What is typed here and cannot be understood, one sentence each; empty when store() wrote everything. */
    virtual QStringList inputProblems() const { return {}; }
    /** Another page's part may have changed: show what depends on it. */
    virtual void refresh(const recipe::RunConfig &) { }
    /** What only this page knows to be suspicious, beside what check() says. */
    virtual QList<StepFinding> ownFindings() const { return {}; }
    /** What is wrong or suspicious on this page. */
    virtual void showFindings(const QList<StepFinding> &findings);
    /** Where it says so; hidden while it has nothing to say. Stands below the page, outside of what scrolls: lines that
     * come and go must not move the fields under the pointer. */
    QWidget *foot() const { return m_findings; }

Q_SIGNALS:
    /** The person changed something. */
    void edited();
    void ownFindingsChanged();
    /** A button beside a finding was pressed. */
    void fixWanted(const launch::Fix &fix);

protected:
    /** load() without its silence. */
    virtual void fill(const recipe::RunConfig &config) = 0;
    QVBoxLayout *body() const { return m_body; }
    /** To be connected to the widgets' own signals. */
    void tellEdited();

private:
    QString m_title;
    QVBoxLayout *m_body;
    QWidget *m_findings;
    QList<StepFinding> m_shown;
    bool m_loading = false;
};

} // namespace launch
