#pragma once

#include <QWidget>

class QLabel;
class QProgressBar;
class QPushButton;

namespace launch {

/** The wizard's foot: what stands in the way of the launch, and the buttons to go on. Owned by the wizard. */
class WizardButtons : public QWidget
{
    Q_OBJECT
public:
    struct State
    {
        bool first = true; ///< no step before it
        bool last = false; ///< Review
        bool busy = false;
        bool canLaunch = false;
        bool canSave = false;
        QString missing; ///< why it cannot be launched
    };

    explicit WizardButtons(QWidget *parent = nullptr);

    void setState(const State &state);
    /** What the launch is doing, while busy. */
    void setProgress(const QString &text);

Q_SIGNALS:
    void startOver();
    void save();
    void launchMore();
    void back();
    void next();
    void launch();
    void cancel();

private:
    QPushButton *addButton(const QString &text, void (WizardButtons::*clicked)());

    QPushButton *m_startOver;
    QProgressBar *m_progress;
    QLabel *m_text;
    QPushButton *m_save;
    QPushButton *m_launchMore;
    QPushButton *m_back;
    QPushButton *m_next;
    QPushButton *m_launch;
};

} // namespace launch
