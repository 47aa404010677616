#pragma once

#include "launch/finding.h"

#include <QWidget>
#include <array>

class QListWidget;
class QStackedWidget;

namespace launch {

class StepPage;

/**
 * The wizard's steps in a list and the page of the chosen one beside it, or a panel in the pages' place. Marks the
 * steps where something is to be mended, but only where the person has been: a fresh dialog does not begin with
 * complaints. Owned by the wizard.
 */
class StepsView : public QWidget
{
    Q_OBJECT
public:
    explicit StepsView(QWidget *parent = nullptr);

    /** In the order of WizardStep. */
    void addPage(StepPage *page);
    /** Leads out of a panel, too. */
    void showStep(WizardStep step);
    void back();
    void next();
    WizardStep step() const;
    /** In place of the pages until a step is chosen; becomes a child of this view. */
    void showPanel(QWidget *panel);
    bool showsPanel() const;
    void setPagesEnabled(bool on);

    void setFindings(const QList<StepFinding> &findings);
    /** The person has edited this step; shows with the next setFindings(). */
    void setSeen(WizardStep step);
    void setAllSeen(bool seen);

Q_SIGNALS:
    /** chosen: by the person, not by showStep(). */
    void stepChanged(bool chosen);
    /** A panel may have come or gone. */
    void panelChanged();

protected:
    void changeEvent(QEvent *event) override;

private:
    void mark();

    QListWidget *m_list;
    QStackedWidget *m_stack;
    QList<StepPage *> m_pages;
    QList<StepFinding> m_findings;
    std::array<bool, wizardSteps> m_seen{}; ///< steps the person has edited or left
    bool m_jumping = false; ///< to a step that the person did not choose
};

} // namespace launch
