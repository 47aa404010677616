#pragma once

#include "launch/finding.h"
#include "launch/steppage.h"

class QLabel;
class QListWidget;
class QListWidgetItem;
class QPlainTextEdit;

namespace launch {

/** The person wants: to see the line they would have typed, to trust it, and to be told what is wrong and where. */
class ReviewPage : public StepPage
{
    Q_OBJECT
public:
    explicit ReviewPage(QWidget *parent = nullptr);

    void store(recipe::RunConfig &) const override { }
    void refresh(const recipe::RunConfig &config) override;
    /** A sentence under the line about what it says only in numbers; empty: none. */
    void setNote(const QString &note);
    /** What will happen, a sentence each. */
    void setWords(const QStringList &words);
    /** Of all steps. */
    void setAllFindings(const QList<StepFinding> &findings);

Q_SIGNALS:
    /** A finding was chosen: show its step. */
    void stepWanted(launch::WizardStep step);

protected:
    void fill(const recipe::RunConfig &) override { }
    void changeEvent(QEvent *event) override;

private:
    void addFindings();
    void addWords();
    void listFindings();
    void addButtons(QListWidgetItem *item, const QList<Fix> &fixes);

    QPlainTextEdit *m_line;
    QLabel *m_note;
    QLabel *m_wordsTitle;
    QLabel *m_words;
    QLabel *m_allGood;
    QListWidget *m_findings;
    QList<StepFinding> m_all;
};

} // namespace launch
