#include "gpus/gpuplots.h"

#include "common/theme.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <qcustomplot.h>

namespace gpus {

using common::grid;

namespace {

constexpr double minute = 60 * 1000;
constexpr double gibibyte = 1024.0 * 1024 * 1024;
constexpr int mostLegend = 16;

/** Apart from one another also for most colour-blind people, and from both backgrounds; then dashed. */
constexpr std::array<QRgb, 8> lightLines{
    0x1b6ac0, 0xc2410c, 0x15803d, 0x9333ea, 0x0e7490, 0xbe185d, 0x854d0e, 0x475569};
constexpr std::array<QRgb, 8> darkLines{0x74b3f0, 0xfb923c, 0x4ade80, 0xc084fc, 0x22d3ee, 0xf472b6, 0xfacc15, 0xa8b3c2};

QColor lineColor(int line, const QPalette &palette)
{
    const auto &colors = common::schemeOf(palette) == common::Scheme::Dark ? darkLines : lightLines;
    return colors[size_t(line) % colors.size()];
}

double utilisationOf(const gpu::HistoryPoint &point)
{
    return point.utilisation < 0 ? std::numeric_limits<double>::quiet_NaN() : point.utilisation;
}

double memoryOf(const gpu::HistoryPoint &point)
{
    return point.memoryUsed < 0 ? std::numeric_limits<double>::quiet_NaN() : double(point.memoryUsed) / gibibyte;
}

void colorAxis(QCPAxis *axis, const QPalette &palette, const QFont &font)
{
    const QColor muted = common::toneColor(common::Tone::Muted, palette);
    QColor line = palette.color(QPalette::Mid);
    axis->setBasePen(line);
    axis->setTickPen(line);
    axis->setSubTicks(false);
    axis->setTickLabelColor(muted);
    axis->setTickLabelFont(font);
    line.setAlphaF(0.4F);
    axis->grid()->setPen(QPen(line, 0));
    axis->grid()->setZeroLinePen(Qt::NoPen);
}

} // namespace

QList<std::pair<double, double>> steps(const gpu::History &history, const QString &uuid, qint64 now, qint64 step,
    double (*value)(const gpu::HistoryPoint &))
{
    QList<std::pair<double, double>> line;
    qint64 current = -1;
    double sum = 0;
    int count = 0;
    bool unknown = false;
    const auto close = [&] {
        if (current < 0)
            return;
        const double mean = unknown || count == 0 ? std::numeric_limits<double>::quiet_NaN() : sum / count;
        line.append({double(current * step + step / 2 - now), mean});
    };
    history.forEach(uuid, [&](const gpu::HistoryPoint &point) {
        const qint64 place = point.time / step;
        if (place != current) {
            close();
            // Nobody sampled for a while: 15 s is three times the slowest pace while something is known.
            if (current >= 0 && (place - current) * step > std::max<qint64>(2 * step, 15'000))
                line.append({double((current + 1) * step - now), std::numeric_limits<double>::quiet_NaN()});
            current = place;
            sum = 0;
            count = 0;
            unknown = false;
        }
        const double v = value(point);
        unknown = unknown || std::isnan(v);
        sum += v;
        ++count;
    });
    close();
    return line;
}

GpuPlots::GpuPlots(const gpu::History &history, QWidget *parent)
    : QWidget(parent)
    , m_history(history)
    , m_legend(new QLabel(this))
{
    QLabel *left = nullptr;
    QLabel *right = nullptr;
    m_utilisation = makePlot(tr("Utilisation, %"), &left);
    m_memory = makePlot(tr("Memory, GiB"), &right);
    m_legend->setTextFormat(Qt::RichText);

    auto *leftSide = new QVBoxLayout;
    leftSide->setSpacing(0);
    leftSide->addWidget(left);
    leftSide->addWidget(m_utilisation, 1);
    auto *rightHead = new QHBoxLayout;
    rightHead->addWidget(right, 1);
    rightHead->addWidget(m_legend);
    auto *rightSide = new QVBoxLayout;
    rightSide->setSpacing(0);
    rightSide->addLayout(rightHead);
    rightSide->addWidget(m_memory, 1);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(grid, grid / 2, grid, grid / 2);
    layout->setSpacing(2 * grid);
    layout->addLayout(leftSide, 1);
    layout->addLayout(rightSide, 1);
    color();
}

QCustomPlot *GpuPlots::makePlot(const QString &title, QLabel **heading)
{
    *heading = new QLabel(title, this);
    (*heading)->setFont(common::headingFont(font(), 0));
    auto *plot = new QCustomPlot(this);
    plot->setAccessibleName(tr("%1, over the last 30 minutes").arg(title));
    plot->setFocusPolicy(Qt::NoFocus);
    plot->setNoAntialiasingOnDrag(true);
    plot->axisRect()->setAutoMargins(QCP::msAll);
    plot->axisRect()->setMinimumMargins(QMargins(5 * grid, grid, 3 * grid, 0));
    plot->xAxis->setRange(-double(gpu::History::span), 0);
    plot->yAxis->setRange(0, 104); // room for a line at 100 and for its label
    QSharedPointer<QCPAxisTickerText> ago(new QCPAxisTickerText);
    for (int minutes = 30; minutes > 0; minutes -= 10)
        ago->addTick(-minutes * minute, tr("%1 min ago").arg(minutes));
    ago->addTick(0, tr("now"));
    plot->xAxis->setTicker(ago);
    plot->yAxis->setNumberFormat(QStringLiteral("gb"));
    plot->yAxis->ticker()->setTickCount(4);
    return plot;
}

void GpuPlots::setLines(const QList<PlotLine> &lines, const QList<PlotLine> &all)
{
    QList<int> colors;
    for (const PlotLine &line : lines)
        colors += int(std::max<qsizetype>(all.indexOf(line), 0));
    if (lines == m_lines && colors == m_colors)
        return;
    m_lines = lines;
    m_colors = colors;
    m_painted = -1;
    double total = 0;
    for (const PlotLine &line : lines)
        total = std::max(total, double(line.memoryTotal) / gibibyte);
    m_memory->yAxis->setRange(0, (total > 0 ? total : 1) * 1.04);
    for (QCustomPlot *plot : {m_utilisation, m_memory}) {
        plot->clearGraphs();
        for (qsizetype i = 0; i < lines.size(); ++i)
            plot->addGraph();
    }
    color();
}

void GpuPlots::advance(qint64 now)
{
    m_now = now;
    if (isVisible() && now / pixelTime() != m_painted)
        replot();
}

/** How many ms one pixel of a plot is wide; whole seconds, because nothing is sampled more often. */
qint64 GpuPlots::pixelTime() const
{
    const int pixels = std::max(m_utilisation->axisRect()->width(), 50);
    return std::max<qint64>((gpu::History::span / pixels + 999) / 1000, 1) * 1000;
}

void GpuPlots::replot()
{
    const qint64 step = pixelTime();
    m_painted = m_now / step;
    const auto fill = [&](QCPGraph *graph, const QString &uuid, double (*value)(const gpu::HistoryPoint &)) {
        QVector<QCPGraphData> points;
        const auto line = steps(m_history, uuid, m_now, step, value);
        points.reserve(line.size());
        for (const auto &[time, v] : line)
            points.append(QCPGraphData(std::min(time, 0.0), v));
        graph->data()->set(points, true);
    };
    for (qsizetype i = 0; i < m_lines.size(); ++i) {
        fill(m_utilisation->graph(int(i)), m_lines[i].uuid, utilisationOf);
        fill(m_memory->graph(int(i)), m_lines[i].uuid, memoryOf);
    }
    for (QCustomPlot *plot : {m_utilisation, m_memory})
        plot->replot(QCustomPlot::rpQueuedReplot);
    ++m_replots;
}

void GpuPlots::nameLines()
{
    QStringList names;
    for (qsizetype i = 0; i < m_lines.size() && i < mostLegend; ++i) {
        const QString mark = m_colors[i] < int(lightLines.size()) ? QStringLiteral("━") : QStringLiteral("╍");
        names += QStringLiteral("<span style=\"color:%1\">%2</span>&nbsp;%3")
                     .arg(lineColor(m_colors[i], palette()).name(), mark, m_lines[i].label.toHtmlEscaped());
    }
    // More than this stand close, or they would run into the heading in a window of ordinary width.
    constexpr qsizetype mostApart = 8;
    m_legend->setText(names.join(names.size() > mostApart ? QStringLiteral(" ") : QStringLiteral(" &nbsp;")));
}

void GpuPlots::color()
{
    QFont small = font();
    if (small.pointSizeF() > 8)
        small.setPointSizeF(small.pointSizeF() - 1);
    for (QCustomPlot *plot : {m_utilisation, m_memory}) {
        plot->setBackground(palette().color(QPalette::Window));
        plot->axisRect()->setBackground(palette().color(QPalette::Base));
        for (QCPAxis *axis : {plot->xAxis, plot->yAxis})
            colorAxis(axis, palette(), small);
        for (int i = 0; i < plot->graphCount(); ++i) {
            QPen pen(lineColor(m_colors[i], palette()), 1.5);
            if (m_colors[i] >= int(lightLines.size()))
                pen.setStyle(Qt::DashLine);
            plot->graph(i)->setPen(pen);
        }
    }
    nameLines();
    if (isVisible())
        replot();
}

QSize GpuPlots::sizeHint() const { return {80 * grid, 22 * grid}; }

void GpuPlots::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    replot();
}

void GpuPlots::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    m_painted = -1;
    if (isVisible())
        replot();
}

void GpuPlots::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        color();
}

} // namespace gpus
