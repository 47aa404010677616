#pragma once

#include <QByteArray>
#include <QList>
#include <QString>

/**
 * Escape sequences of a terminal (ECMA-48, xterm's ctlseqs) in a log line. Pure functions; a line keeps its colours as
 * bytes and is only read when it is painted.
 */
namespace logs {

/** A colour as the program asked for it; what it looks like is the view's business. */
struct Color
{
    enum class Kind : quint8 { Default, Indexed, Rgb };
    Kind kind = Kind::Default;
    quint32 value = 0; ///< Indexed: 0 to 255 (xterm's palette); Rgb: 0xrrggbb

    bool operator==(const Color &) const = default;
};

enum Attribute : quint8 { Bold = 1, Dim = 2, Italic = 4, Underline = 8, Inverse = 16, StrikeOut = 32 };

/** How text looks: SGR's state. */
struct Style
{
    Color foreground;
    Color background;
    quint8 attributes = 0; ///< of Attribute

    bool operator==(const Style &) const = default;
    bool isDefault() const { return *this == Style(); }
};

/** Applies the parameters of an SGR sequence: the "1;31" of ESC[1;31m. What it does not know is ignored. */
void applySgr(QByteArrayView parameters, Style &style);

/** The sequence that makes exactly this style out of any other. */
QByteArray sgr(const Style &style);

/** An escape sequence at the front of some bytes. */
struct Escape
{
    qsizetype length = 0; ///< in bytes, with the ESC; 0: it is cut, more is to come
    char final = 0; ///< of a control sequence (CSI): 'm' of ESC[1m; 0 for all other kinds
    QByteArrayView parameters; ///< of a control sequence, with a leading '?' if it has one

    bool isSgr() const;
};

/** bytes begin with ESC. One that is not ended within 4 KiB or its line is as long as the ESC alone. */
Escape parseEscape(QByteArrayView bytes);

/** A part of a line that does not look plain. */
struct Span
{
    qsizetype begin = 0; ///< in the text, UTF-16 units
    qsizetype length = 0;
    Style style;

    bool operator==(const Span &) const = default;
};

/** A line as it is painted. */
struct StyledLine
{
    QString text;
    QList<Span> spans; ///< in order, only where the style is not the default
};

/** A stored line as it is shown: tabs as blanks up to the next 8th column, control characters left out. */
StyledLine decode(QByteArrayView line);

/** The line without escape sequences and control characters but tabs, for a file or another program. */
QByteArray withoutEscapes(QByteArrayView line);

} // namespace logs
