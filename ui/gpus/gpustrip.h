#pragma once

#include "gpus/gpucellbutton.h"

#include <QFrame>

class QLabel;

namespace gpus {

/**
 * The slim bar at the foot of the window, always in sight: one cell for each GPU in equal widths, in one row or two. Is
 * not there when there is no GPU. Knows nothing of where the figures come from; owned by the main window.
 */
class GpuStrip : public QFrame
{
    Q_OBJECT
public:
    explicit GpuStrip(QWidget *parent = nullptr);

    /** Repaints what changed. */
    void setCells(const QList<GpuCell> &cells);
    /** The driver has not answered for so many seconds; 0: it does. */
    void setStalled(int seconds);

    const QList<GpuCellButton *> &cells() const { return m_cells; }
    /** "no answer for 10 s"; empty while it answers. */
    QString stalledText() const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void gpuRequested(const QString &uuid);

protected:
    void resizeEvent(QResizeEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    int columns() const;
    QRect cellArea() const;
    void addCell();
    void place();
    void color();
    void focus(int cell);

    QList<GpuCellButton *> m_cells;
    QLabel *m_stalled;
    int m_rows = 1;
};

} // namespace gpus
