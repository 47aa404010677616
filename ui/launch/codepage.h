#pragma once

#include "launch/steppage.h"

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QRadioButton;

namespace launch {

/** The person wants: to train the newest state of a branch (or one exact commit) without logging in and pulling first.
 */
class CodePage : public StepPage
{
    Q_OBJECT
public:
    explicit CodePage(QWidget *parent = nullptr);

    void store(recipe::RunConfig &config) const override;
    QStringList inputProblems() const override;
    void refresh(const recipe::RunConfig &config) override;

protected:
    void fill(const recipe::RunConfig &config) override;

private:
    QRadioButton *m_nothing;
    QRadioButton *m_update;
    QWidget *m_fields;
    QComboBox *m_folder;
    QCheckBox *m_pull;
    QLineEdit *m_checkout;
    QPlainTextEdit *m_line;
};

} // namespace launch
