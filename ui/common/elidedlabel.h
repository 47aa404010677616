#pragma once

#include <QLabel>

namespace common {

/**
 * One line of plain text that never asks for width: what does not fit is cut in its middle, and is in the tool tip and
 * in the menu's Copy. For names and digests beside what must not move. text() is always the whole.
 */
class ElidedLabel : public QLabel
{
    Q_OBJECT
public:
    explicit ElidedLabel(QWidget *parent = nullptr);

    /** What is drawn now. */
    QString shown() const;
    QSize minimumSizeHint() const override;

protected:
    bool event(QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
};

} // namespace common
