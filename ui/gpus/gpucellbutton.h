#pragma once

#include "gpus/gpucell.h"

#include <QAbstractButton>

namespace gpus {

/** How much of a cell is written out: with less room, parts go in this order. The bars stay. */
enum class CellDetail {
    All, ///< "GPU 0  97 %  40/80 GiB  resnet-7"
    NoMemory, ///< "GPU 0  97 %  resnet-7"
    Short, ///< "0  97 %  resnet-7"
    Least, ///< "0  resnet-7"
};

/**
 * One GPU in the strip: a line of text over two bars, the GPU's utilisation and its memory. A button, so that mouse,
 * keyboard and screen readers reach it. Paints only; the strip decides where it stands and how much it says.
 */
class GpuCellButton : public QAbstractButton
{
    Q_OBJECT
public:
    explicit GpuCellButton(QWidget *parent);

    /** Repaints when something changed. */
    void setCell(const GpuCell &cell);
    const GpuCell &cell() const { return m_cell; }
    void setDetail(CellDetail detail);
    CellDetail detail() const { return m_detail; }
    /** The figures are old: grey. */
    void setStale(bool stale);

    /** What a cell of that detail needs to be read with figures of any size and some of a name. */
    static int widthFor(CellDetail detail, const QFont &font);
    static int heightFor(const QFont &font);

    QSize sizeHint() const override;

Q_SIGNALS:
    /** An arrow key: the next cell shall have the keyboard (−1 or 1). */
    void stepWanted(int direction);

protected:
    void paintEvent(QPaintEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void enterEvent(QEnterEvent *event) override;
    void leaveEvent(QEvent *event) override;

private:
    void paintText(QPainter &painter, const QRect &rect) const;
    void paintBar(QPainter &painter, const QRect &rect, double share, const QColor &color) const;

    GpuCell m_cell;
    CellDetail m_detail = CellDetail::All;
    bool m_stale = false;
};

} // namespace gpus
