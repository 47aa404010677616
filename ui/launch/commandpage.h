#pragma once

#include "launch/steppage.h"

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QRadioButton;

namespace common {
class ListEditor;
}

namespace launch {

/** The person wants: to paste the line they train with, as it is, and to set a few variables for it. */
class CommandPage : public StepPage
{
    Q_OBJECT
public:
    explicit CommandPage(QWidget *parent = nullptr);

    void store(recipe::RunConfig &config) const override;
    QStringList inputProblems() const override;

protected:
    void fill(const recipe::RunConfig &config) override;

private:
    void enableFields();
    void showShellHint();

    QRadioButton *m_asWords;
    QRadioButton *m_asScript;
    QPlainTextEdit *m_words;
    QLabel *m_shellHint;
    QPlainTextEdit *m_script;
    QComboBox *m_shell;
    QLineEdit *m_workingDir;
    QLineEdit *m_user;
    QCheckBox *m_replaceEntrypoint;
    QLineEdit *m_entrypoint;
    common::ListEditor *m_env;
};

} // namespace launch
