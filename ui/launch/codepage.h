#pragma once

#include "code/codelook.h"
#include "launch/codeuse.h"
#include "launch/steppage.h"

#include <QProcessEnvironment>
#include <QTimer>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;
class QRadioButton;

namespace code {
class RefsModel;
}
namespace common {
class TableCombo;
}

namespace launch {

class CodeAdvice;

/**
 * The person wants: "my code lies in a folder that I mount, run branch dev of it", "clone this repository", or one
 * exact commit, without logging in and pulling first; and to see before the launch what would go wrong. Where Docker is
 * on this machine the page looks at the working copy, never waiting for it.
 */
class CodePage : public StepPage
{
    Q_OBJECT
public:
    /** environment: what git finds the person's settings and keys by. */
    explicit CodePage(
        QWidget *parent = nullptr, const QProcessEnvironment &environment = QProcessEnvironment::systemEnvironment());

    void store(recipe::RunConfig &config) const override;
    QStringList inputProblems() const override;
    void refresh(const recipe::RunConfig &config) override;
    QList<StepFinding> ownFindings() const override;
    void showFindings(const QList<StepFinding> &findings) override;

    /** False when Docker runs on another machine: its folders cannot be looked at. */
    void setHostIsLocal(bool local);
    /** What running containers use. */
    void setRunningUses(const QList<launch::CodeUse> &uses);
    /** Mends with Fix::Kind::Worktree: configOffered() follows, or a warning. */
    void makeWorktree();

Q_SIGNALS:
    /** The whole run, changed by more than this page's part. note: what happened. */
    void configOffered(const recipe::RunConfig &config, const QString &note);

protected:
    void fill(const recipe::RunConfig &config) override;
    void showEvent(QShowEvent *event) override;

private:
    QWidget *makeChoices();
    QWidget *makeFields();
    QWidget *makeUpdate();
    void connectFields();
    void sourceChosen();
    void urlEdited();
    void sourceEdited();
    void pinToggled(bool on);
    void resolveSoon(int ms);
    void stopPinning();
    void resolve();
    void lookAt();
    void showLook();
    void showServer();
    void showPin();
    void showAdvice();
    recipe::CodeStep step() const;
    recipe::CodeStep::Update update() const;
    QString serverUrl() const;

    code::CodeLook m_look;
    code::RefsModel *m_refs;
    CodeAdvice *m_advice;
    recipe::RunConfig m_config; ///< the whole run, as last told
    QList<CodeUse> m_uses;
    QTimer m_pinSoon;
    core::Aborter m_pinning;
    recipe::CodeStep m_asked; ///< what m_pinning asks for
    QString m_commit; ///< what is pinned to; empty while it is looked up
    QString m_pinTrouble;
    QString m_proposed; ///< the folder that was made of the address
    bool m_hostIsLocal = true;
    bool m_filling = false;
    bool m_unpulled = false; ///< the pin put a fetch in a pull's place

    QRadioButton *m_nothing;
    QRadioButton *m_present;
    QRadioButton *m_clone;
    QWidget *m_fields;
    QWidget *m_cloneFields;
    QWidget *m_updateFields;
    QLineEdit *m_url;
    QComboBox *m_folder;
    QLabel *m_state;
    common::TableCombo *m_checkout;
    QPushButton *m_ask;
    QLabel *m_server;
    QCheckBox *m_pin;
    QLabel *m_pinned;
    QRadioButton *m_pull;
    QRadioButton *m_fetch;
    QRadioButton *m_asIs;
    QLabel *m_updateHint;
    QPlainTextEdit *m_line;
};

} // namespace launch
