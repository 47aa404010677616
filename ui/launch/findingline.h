#pragma once

#include "launch/finding.h"

#include <QIcon>
#include <QWidget>
#include <functional>

class QLabel;
class QPalette;

namespace launch {

/** The mark of an error or a warning, also readable on a selected row. */
QIcon findingIcon(bool error, const QPalette &palette, qreal devicePixelRatio);

/** A button for each fix, in a row; pressed(fix) when one is clicked. Null when there are none. */
QWidget *fixButtons(const QList<Fix> &fixes, const std::function<void(const Fix &)> &pressed, QWidget *parent);

/** One finding on its page: mark and sentence in its colour, in light and dark, and the buttons that mend it. */
class FindingLine : public QWidget
{
    Q_OBJECT
public:
    FindingLine(const StepFinding &finding, QWidget *parent);

Q_SIGNALS:
    void fixWanted(const launch::Fix &fix);

protected:
    void changeEvent(QEvent *event) override;

private:
    void color();

    bool m_error;
    QLabel *m_icon;
    QLabel *m_text;
};

} // namespace launch
