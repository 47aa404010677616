#include "gpus/gpucellbutton.h"

#include "common/theme.h"
#include "core/units.h"

#include <QKeyEvent>
#include <QPainter>
#include <algorithm>

namespace gpus {

using common::grid;
using common::Tone;
using namespace Qt::StringLiterals;

namespace {

constexpr int cellMargin = 5; ///< left and right: eight cells of a row of 1280 still say who is on them
constexpr int barHeight = 3;
constexpr int barGap = 2;
constexpr int markSize = 12;

/** Columns keep their places whatever the figures are. */
int titleWidth(const QFontMetrics &metrics, CellDetail detail)
{
    return metrics.horizontalAdvance(detail >= CellDetail::Short ? u"00"_s : u"GPU 00"_s) + grid;
}

int percentWidth(const QFontMetrics &metrics) { return metrics.horizontalAdvance(u"100 %"_s) + grid; }

int memoryWidth(const QFontMetrics &metrics) { return metrics.horizontalAdvance(u"000/000 GiB"_s) + grid; }

QFont bold(QFont font)
{
    font.setBold(true);
    return font;
}

Tone toneOf(GpuCell::State state)
{
    switch (state) {
    case GpuCell::State::Free:
        return Tone::Running;
    case GpuCell::State::Used:
        break;
    case GpuCell::State::Idle:
        return Tone::Warning;
    case GpuCell::State::Lost:
        return Tone::Failed;
    case GpuCell::State::Asleep:
        return Tone::Muted;
    }
    return Tone::Plain;
}

QString iconOf(GpuCell::State state)
{
    switch (state) {
    case GpuCell::State::Lost:
        return u"dialog-error-symbolic"_s;
    case GpuCell::State::Idle:
        return u"dialog-warning-symbolic"_s;
    default:
        return {};
    }
}

} // namespace

GpuCellButton::GpuCellButton(QWidget *parent)
    : QAbstractButton(parent)
{
    setFocusPolicy(Qt::ClickFocus);
    setCursor(Qt::PointingHandCursor);
}

void GpuCellButton::setCell(const GpuCell &cell)
{
    if (cell == m_cell)
        return;
    m_cell = cell;
    setAccessibleName(cell.text());
    setAccessibleDescription(cell.toolTip);
    setToolTip(cell.toolTip);
    update();
}

void GpuCellButton::setDetail(CellDetail detail)
{
    if (detail == m_detail)
        return;
    m_detail = detail;
    update();
}

void GpuCellButton::setStale(bool stale)
{
    if (stale == m_stale)
        return;
    m_stale = stale;
    update();
}

int GpuCellButton::widthFor(CellDetail detail, const QFont &font)
{
    const QFontMetrics metrics(font);
    int width
        = 2 * cellMargin + titleWidth(QFontMetrics(bold(font)), detail) + metrics.horizontalAdvance(u"free 100 GiB"_s);
    if (detail <= CellDetail::Short)
        width += percentWidth(metrics);
    if (detail <= CellDetail::All)
        width += memoryWidth(metrics);
    return width;
}

int GpuCellButton::heightFor(const QFont &font) { return QFontMetrics(font).height() + 2 * barHeight + barGap + 12; }

QSize GpuCellButton::sizeHint() const { return {widthFor(m_detail, font()), heightFor(font())}; }

void GpuCellButton::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    if (underMouse() || isDown())
        painter.fillRect(rect(), common::toneBackground(Tone::Accent, palette()));
    const QRect inner = rect().adjusted(cellMargin, 4, -cellMargin, -4);
    paintText(painter, QRect(inner.left(), inner.top(), inner.width(), fontMetrics().height()));

    const Tone barTone = m_stale ? Tone::Muted : Tone::Accent;
    const int bars = inner.bottom() + 1 - 2 * barHeight - barGap;
    paintBar(painter, {inner.left(), bars, inner.width(), barHeight}, m_cell.utilisation / 100.0,
        common::toneColor(barTone, palette()));
    const double memory = m_cell.memoryTotal > 0 && m_cell.memoryUsed >= 0
        ? double(m_cell.memoryUsed) / double(m_cell.memoryTotal)
        : -1;
    const Tone memoryTone = m_stale            ? Tone::Muted
        : m_cell.state == GpuCell::State::Idle ? Tone::Warning
                                               : Tone::Running;
    paintBar(painter, {inner.left(), bars + barHeight + barGap, inner.width(), barHeight}, memory,
        common::toneColor(memoryTone, palette()));
    if (hasFocus()) {
        painter.setPen(palette().color(QPalette::Highlight));
        painter.drawRect(rect().adjusted(1, 1, -2, -2));
    }
}

void GpuCellButton::paintText(QPainter &painter, const QRect &rect) const
{
    const QColor plain = common::toneColor(m_stale ? Tone::Muted : Tone::Plain, palette());
    QRect rest = rect;
    const auto column = [&](const QString &text, int width) {
        painter.drawText(rest, Qt::AlignLeft | Qt::AlignVCenter, text);
        rest.setLeft(rest.left() + width);
    };
    painter.setPen(plain);
    painter.setFont(bold(font()));
    column(m_detail >= CellDetail::Short ? m_cell.number : m_cell.title, titleWidth(painter.fontMetrics(), m_detail));
    painter.setFont(font());
    const QFontMetrics metrics = fontMetrics();
    if (m_detail <= CellDetail::Short && m_cell.utilisation >= 0)
        column(core::percentText(m_cell.utilisation), percentWidth(metrics));
    if (m_detail <= CellDetail::All && m_cell.memoryTotal >= 0)
        column(m_cell.memoryText(), memoryWidth(metrics));

    const QColor color = m_stale ? plain : common::toneColor(toneOf(m_cell.state), palette());
    if (const QString icon = iconOf(m_cell.state); !icon.isEmpty()) {
        painter.drawPixmap(rest.left(), rest.center().y() - markSize / 2,
            common::tintedIcon(icon, color, markSize, devicePixelRatioF()));
        rest.setLeft(rest.left() + markSize + 4);
    }
    painter.setPen(color);
    painter.drawText(
        rest, Qt::AlignLeft | Qt::AlignVCenter, metrics.elidedText(m_cell.who, Qt::ElideRight, rest.width()));
}

/** share: 0 … 1; below 0 it is not known, and nothing is drawn where the bar would be. */
void GpuCellButton::paintBar(QPainter &painter, const QRect &rect, double share, const QColor &color) const
{
    if (share < 0)
        return;
    QColor ground = palette().color(QPalette::Mid);
    ground.setAlphaF(0.45F);
    painter.fillRect(rect, ground);
    QRect part = rect;
    part.setWidth(int(rect.width() * std::min(share, 1.0) + 0.5));
    painter.fillRect(part, color);
}

void GpuCellButton::keyPressEvent(QKeyEvent *event)
{
    switch (event->key()) {
    case Qt::Key_Left:
    case Qt::Key_Up:
        return Q_EMIT stepWanted(-1);
    case Qt::Key_Right:
    case Qt::Key_Down:
        return Q_EMIT stepWanted(1);
    case Qt::Key_Return:
    case Qt::Key_Enter:
        return click();
    default:
        QAbstractButton::keyPressEvent(event);
    }
}

void GpuCellButton::enterEvent(QEnterEvent *event)
{
    QAbstractButton::enterEvent(event);
    update();
}

void GpuCellButton::leaveEvent(QEvent *event)
{
    QAbstractButton::leaveEvent(event);
    update();
}

} // namespace gpus
