#include "common/hint.h"

#include <QApplication>
#include <QEvent>
#include <QPainter>
#include <algorithm>

namespace common {

namespace {
constexpr int iconSize = 2 * grid;
}

Hint::Hint(QWidget *parent)
    : QLabel(parent)
{
    setWordWrap(true);
    setTone(Tone::Muted);
}

void Hint::setTone(Tone tone)
{
    m_tone = tone;
    const bool loud = tone == Tone::Failed || tone == Tone::Warning;
    setContentsMargins(loud ? iconSize + grid / 2 : 0, 0, 0, 0);
    color();
}

void Hint::changeEvent(QEvent *event)
{
    QLabel::changeEvent(event);
    // A palette of its own follows light and dark only when it is made anew.
    if (event->type() == QEvent::PaletteChange && !m_coloring)
        color();
}

void Hint::color()
{
    m_coloring = true;
    QPalette own;
    if (m_tone != Tone::Muted)
        own.setColor(QPalette::WindowText, toneColor(m_tone, QApplication::palette()));
    setPalette(own);
    // PlaceholderText is the palette's muted text in both schemes.
    setForegroundRole(m_tone == Tone::Muted ? QPalette::PlaceholderText : QPalette::WindowText);
    m_coloring = false;
}

void Hint::paintEvent(QPaintEvent *event)
{
    QLabel::paintEvent(event);
    if (contentsMargins().left() == 0)
        return;
    const QString name = m_tone == Tone::Failed ? QStringLiteral("dialog-error-symbolic")
                                                : QStringLiteral("dialog-warning-symbolic");
    const int drop = std::max(0, (fontMetrics().height() - iconSize) / 2);
    QPainter(this).drawPixmap(
        0, drop, tintedIcon(name, palette().color(QPalette::WindowText), iconSize, devicePixelRatio()));
}

} // namespace common
