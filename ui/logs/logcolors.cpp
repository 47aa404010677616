#include "logs/logcolors.h"

#include "common/theme.h"

#include <array>

namespace logs {

using common::contrast;

namespace {

constexpr double enough = 4.5;
constexpr qsizetype mostRemembered = 4096;

// black, red, green, yellow, blue, magenta, cyan, white, and the bright ones
constexpr std::array<QRgb, 16> onLight = {0x1f2328, 0xb3261e, 0x116329, 0x7a5200, 0x0b57d0, 0x8430ce, 0x0b6a75,
    0x59636e, 0x57606a, 0xcf222e, 0x1a7f37, 0x8a5a00, 0x1f6feb, 0xa33bc2, 0x007a85, 0x424a53};
constexpr std::array<QRgb, 16> onDark = {0x8b949e, 0xff7b72, 0x56d364, 0xe3b341, 0x79b8ff, 0xd2a8ff, 0x56d4dd, 0xd0d7de,
    0x9aa4af, 0xffa198, 0x7ee787, 0xf2cc60, 0xa5d6ff, 0xe2c5ff, 0x8be9f0, 0xffffff};
// Backgrounds are what the programs expect them to be: xterm's order in softer tones.
constexpr std::array<QRgb, 16> asBackground = {0x24292f, 0xc93c37, 0x347d39, 0xbf8700, 0x316dca, 0x8256d0, 0x1b7c83,
    0xd0d7de, 0x57606a, 0xff7b72, 0x56d364, 0xe3b341, 0x79b8ff, 0xd2a8ff, 0x56d4dd, 0xffffff};

/** 16 to 255 of xterm's palette: a cube of 6 × 6 × 6 and 24 greys. */
QColor indexed(quint32 n)
{
    if (n >= 232) {
        const int grey = 8 + 10 * int(n - 232);
        return {grey, grey, grey};
    }
    static constexpr std::array levels = {0, 95, 135, 175, 215, 255};
    n -= 16;
    return {levels[n / 36], levels[n / 6 % 6], levels[n % 6]};
}

} // namespace

LogColors::LogColors(const QPalette &palette)
    : m_base(palette.color(QPalette::Base))
    , m_text(palette.color(QPalette::Text))
    , m_dark(contrast(Qt::white, m_base) > contrast(Qt::black, m_base))
{
}

QColor LogColors::color(const Color &color) const
{
    if (color.kind == Color::Kind::Rgb)
        return QColor::fromRgb(QRgb(color.value));
    if (color.value < 16)
        return QColor::fromRgb((m_dark ? onDark : onLight)[color.value]);
    return indexed(color.value);
}

LogColors::Pair LogColors::pair(const Style &style) const
{
    QColor text = style.foreground.kind == Color::Kind::Default ? m_text : color(style.foreground);
    QColor background;
    if (style.background.kind == Color::Kind::Indexed && style.background.value < 16)
        background = QColor::fromRgb(asBackground[style.background.value]);
    else if (style.background.kind != Color::Kind::Default)
        background = color(style.background);
    if (style.attributes & Inverse) {
        const QColor former = text;
        text = background.isValid() ? background : m_base;
        background = former;
    }
    const QColor &on = background.isValid() ? background : m_base;
    if (style.attributes & Dim)
        text = QColor::fromRgbF((text.redF() * 2 + on.redF()) / 3, (text.greenF() * 2 + on.greenF()) / 3,
            (text.blueF() * 2 + on.blueF()) / 3);
    return {readable(text, on), background};
}

/** The text's colour, moved towards white or black as far as it must be. */
QColor LogColors::readable(QColor text, const QColor &on) const
{
    if (contrast(text, on) >= enough)
        return text;
    const quint64 key = (quint64(text.rgb()) << 32) | on.rgb();
    if (const auto it = m_readable.constFind(key); it != m_readable.cend())
        return *it;
    const QColor goal = contrast(Qt::white, on) > contrast(Qt::black, on) ? Qt::white : Qt::black;
    for (int i = 0; i < 20 && contrast(text, on) < enough; ++i)
        text = QColor::fromRgbF(text.redF() * 0.85f + goal.redF() * 0.15f,
            text.greenF() * 0.85f + goal.greenF() * 0.15f, text.blueF() * 0.85f + goal.blueF() * 0.15f);
    if (contrast(text, on) < enough)
        text = goal;
    if (m_readable.size() >= mostRemembered)
        m_readable.clear();
    m_readable.insert(key, text);
    return text;
}

QColor LogColors::standardError() const { return QColor::fromRgb((m_dark ? onDark : onLight)[1]); }

QColor LogColors::note() const { return readable(QColor::fromRgb((m_dark ? onDark : onLight)[4]), m_base); }

} // namespace logs
