#include "gpus/gpustrip.h"

#include "common/theme.h"

#include <QEvent>
#include <QLabel>
#include <QPainter>
#include <algorithm>

namespace gpus {

using common::grid;

namespace {

/** Cells wider than this would only spread their text apart. */
constexpr int widestCell = 60 * grid;

} // namespace

GpuStrip::GpuStrip(QWidget *parent)
    : QFrame(parent)
    , m_stalled(new QLabel(this))
{
    setAccessibleName(tr("GPU strip"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    m_stalled->hide();
    hide();
}

void GpuStrip::setCells(const QList<GpuCell> &cells)
{
    const bool fewer = m_cells.size() != cells.size();
    while (m_cells.size() > cells.size())
        delete m_cells.takeLast();
    while (m_cells.size() < cells.size())
        addCell();
    for (qsizetype i = 0; i < cells.size(); ++i)
        m_cells[i]->setCell(cells[i]);
    if (fewer) {
        setVisible(!cells.isEmpty() || !stalledText().isEmpty());
        place();
    }
}

void GpuStrip::addCell()
{
    auto *cell = new GpuCellButton(this);
    const int number = int(m_cells.size());
    m_cells += cell;
    // One stop of the Tab key for all of them; the arrows go from one to the next.
    cell->setFocusPolicy(number == 0 ? Qt::StrongFocus : Qt::ClickFocus);
    connect(cell, &GpuCellButton::clicked, this, [this, cell] { Q_EMIT gpuRequested(cell->cell().uuid); });
    connect(cell, &GpuCellButton::stepWanted, this, [this, number](int direction) { focus(number + direction); });
    cell->setStale(!stalledText().isEmpty());
    cell->show();
}

void GpuStrip::focus(int cell)
{
    if (cell >= 0 && cell < m_cells.size())
        m_cells[cell]->setFocus(Qt::OtherFocusReason);
}

void GpuStrip::setStalled(int seconds)
{
    const QString text = seconds > 0 ? tr("GPUs: no answer for %1 s").arg(seconds) : QString();
    if (text == stalledText())
        return;
    m_stalled->setText(text);
    m_stalled->setVisible(!text.isEmpty());
    color();
    for (GpuCellButton *cell : m_cells)
        cell->setStale(!text.isEmpty());
    setVisible(!m_cells.isEmpty() || !text.isEmpty());
    place();
}

void GpuStrip::color()
{
    QPalette own;
    own.setColor(QPalette::WindowText, common::toneColor(common::Tone::Warning, palette()));
    m_stalled->setPalette(own);
}

QString GpuStrip::stalledText() const { return m_stalled->text(); }

/** One row while its cells can say in short who is on a GPU, else two. */
int GpuStrip::columns() const
{
    const int count = std::max(int(m_cells.size()), 1);
    const int fitting = cellArea().width() / GpuCellButton::widthFor(CellDetail::Short, font());
    if (count <= fitting || count <= 4)
        return count;
    return (count + 1) / 2;
}

QRect GpuStrip::cellArea() const
{
    const int left = m_stalled->text().isEmpty() ? 0 : m_stalled->sizeHint().width() + 2 * grid;
    return {left, 1, std::max(width() - left, 1), std::max(height() - 1, 1)};
}

void GpuStrip::place()
{
    const QRect area = cellArea();
    const int perRow = columns();
    const int rows = (int(m_cells.size()) + perRow - 1) / perRow;
    if (std::max(rows, 1) != m_rows) {
        m_rows = std::max(rows, 1);
        updateGeometry();
    }
    const int height = GpuCellButton::heightFor(font());
    const int width = std::min(area.width() / perRow, widestCell);
    CellDetail detail = CellDetail::All;
    while (detail < CellDetail::Least && GpuCellButton::widthFor(detail, font()) > width)
        detail = CellDetail(int(detail) + 1);
    m_stalled->setGeometry(grid, 1, area.left() - grid, height);
    for (int i = 0; i < int(m_cells.size()); ++i) {
        // Divided anew for each, so that what is left over does not gather at the end.
        const int column = i % perRow;
        const int left = width == widestCell ? column * width : area.width() * column / perRow;
        const int right = width == widestCell ? left + width : area.width() * (column + 1) / perRow;
        m_cells[i]->setDetail(detail);
        m_cells[i]->setGeometry(area.left() + left, area.top() + i / perRow * height, right - left, height);
    }
    update();
}

QSize GpuStrip::sizeHint() const { return {80 * grid, m_rows * GpuCellButton::heightFor(font()) + 1}; }

QSize GpuStrip::minimumSizeHint() const { return {20 * grid, sizeHint().height()}; }

void GpuStrip::resizeEvent(QResizeEvent *event)
{
    QFrame::resizeEvent(event);
    place();
}

void GpuStrip::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    QColor line = palette().color(QPalette::Mid);
    painter.setPen(line);
    painter.drawLine(0, 0, width() - 1, 0);
    line.setAlphaF(0.5F);
    painter.setPen(line);
    for (const GpuCellButton *cell : m_cells) {
        if (cell->x() > 0)
            painter.drawLine(cell->x(), cell->y() + 6, cell->x(), cell->geometry().bottom() - 6);
    }
}

void GpuStrip::changeEvent(QEvent *event)
{
    QFrame::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        color();
    if (event->type() == QEvent::FontChange) {
        updateGeometry();
        place();
    }
}

} // namespace gpus
