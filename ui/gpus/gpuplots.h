#pragma once

#include "gpu/history.h"

#include <QWidget>

class QLabel;
class QCPGraph;
class QCustomPlot;

namespace gpus {

/** One GPU's line in the plots. */
struct PlotLine
{
    QString uuid;
    QString label; ///< "0"
    qint64 memoryTotal = gpu::unknown; ///< bytes

    bool operator==(const PlotLine &) const = default;
};

/**
 * Utilisation and memory of some GPUs over the last 30 minutes, side by side. A line has at most one point a pixel, the
 * mean of what falls on it; a plot is painted anew only when a pixel's time has passed or something else changed, and
 * not while hidden. QCustomPlot's only home. Owned by the GPUs page.
 */
class GpuPlots : public QWidget
{
    Q_OBJECT
public:
    /** history must outlive the plots. */
    explicit GpuPlots(const gpu::History &history, QWidget *parent = nullptr);

    /** Which GPUs; in the colours of their places in `all`. */
    void setLines(const QList<PlotLine> &lines, const QList<PlotLine> &all);
    /** A sample was taken at that time (Snapshot::taken). */
    void advance(qint64 now);
    /** How often a plot was painted anew, for tests and measurements. */
    int replots() const { return m_replots; }

    QSize sizeHint() const override;

protected:
    void showEvent(QShowEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    QCustomPlot *makePlot(const QString &title, QLabel **heading);
    qint64 pixelTime() const;
    void color();
    void replot();
    void nameLines();

    const gpu::History &m_history;
    QCustomPlot *m_utilisation;
    QCustomPlot *m_memory;
    QLabel *m_legend;
    QList<PlotLine> m_lines;
    QList<int> m_colors; ///< of each line, as an index
    qint64 m_now = 0; ///< monotonic ms
    qint64 m_painted = -1; ///< the pixel's time that the plots show, in pixels since the machine started
    int m_replots = 0;
};

/**
 * The mean of each step of `step` ms of one GPU's figure, as (ms before now, value): NaN where nothing is known, so
 * that the line has a gap. Steps begin at multiples of `step`: a line does not wobble as time goes on.
 */
QList<std::pair<double, double>> steps(const gpu::History &history, const QString &uuid, qint64 now, qint64 step,
    double (*value)(const gpu::HistoryPoint &));

} // namespace gpus
