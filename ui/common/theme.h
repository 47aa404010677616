#pragma once

#include <QColor>
#include <QFont>
#include <QIcon>
#include <QObject>
#include <QPalette>
#include <QPixmap>

class QApplication;
class QDBusVariant;

namespace common {

/** The eight-pixel grid: distances are multiples of it, or half of it within one control. */
inline constexpr int grid = 8;

enum class Scheme { Light, Dark };

/** What a colour says. Never the only sign: a word and an icon stand beside it. */
enum class Tone { Plain, Running, Finished, Failed, Warning, Muted, Accent };

/** Light or dark, by the palette's window colour. */
Scheme schemeOf(const QPalette &palette);
/** Slipway's own palette. */
QPalette paletteFor(Scheme scheme);
/** A text colour with a contrast of at least 4.5:1 on the palette's Base, AlternateBase and Window. */
QColor toneColor(Tone tone, const QPalette &palette);
/** A quiet background of that tone, on which Text and toneColor() stay readable. */
QColor toneBackground(Tone tone, const QPalette &palette);
/** WCAG 2.1 contrast, 1 … 21. Both colours opaque. */
double contrast(const QColor &a, const QColor &b);

/** The desktop's fixed font at the size of the desktop's ordinary font. */
QFont monospaceFont();
/** The theme's icon in one colour, `size` pixels wide (device independent); a round dot where the theme has none. */
QPixmap tintedIcon(const QString &name, const QColor &color, int size, qreal devicePixelRatio);
/** Where text is to stand out: the font, bold, `steps` points larger. */
QFont headingFont(const QFont &font, int steps = 2);

/**
 * Gives the application its style, palette and icon theme, and keeps them in step with the desktop (through its
 * settings portal, asked without waiting). SLIPWAY_THEME=light|dark overrules it. Owned by main(), made once, before
 * any widget.
 */
class Theme : public QObject
{
    Q_OBJECT
public:
    explicit Theme(QApplication &application);

    Scheme scheme() const { return m_scheme; }
    void setScheme(Scheme scheme);

private Q_SLOTS:
    void desktopSettingChanged(const QString &group, const QString &key, const QDBusVariant &value);

private:
    void askDesktop();
    void takePreference(const QVariant &value);

    QApplication &m_application;
    Scheme m_scheme = Scheme::Light;
};

} // namespace common
