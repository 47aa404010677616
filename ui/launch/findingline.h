#pragma once

#include "launch/finding.h"

#include <QIcon>
#include <QWidget>

class QLabel;
class QPalette;

namespace launch {

/** The mark of an error or a warning, also readable on a selected row. */
QIcon findingIcon(bool error, const QPalette &palette, qreal devicePixelRatio);

/** One finding on its page: mark and sentence in its colour, in light and dark. */
class FindingLine : public QWidget
{
    Q_OBJECT
public:
    FindingLine(const StepFinding &finding, QWidget *parent);

protected:
    void changeEvent(QEvent *event) override;

private:
    void color();

    bool m_error;
    QLabel *m_icon;
    QLabel *m_text;
};

} // namespace launch
