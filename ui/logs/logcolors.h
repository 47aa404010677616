#pragma once

#include "logs/ansi.h"

#include <QColor>
#include <QHash>
#include <QPalette>

namespace logs {

/**
 * The colours of a log under one palette: text of every colour a program can ask for has a contrast of at least 4.5
 * to what it stands on. Owned by a LogView, made anew when its palette changes.
 */
class LogColors
{
public:
    explicit LogColors(const QPalette &palette);

    struct Pair
    {
        QColor text;
        QColor background; ///< invalid: the view's own
    };
    Pair pair(const Style &style) const;
    QColor base() const { return m_base; }
    QColor standardError() const; ///< the bar beside its lines
    QColor note() const; ///< Slipway's own words

private:
    QColor color(const Color &color) const;
    QColor readable(QColor text, const QColor &on) const;

    QColor m_base;
    QColor m_text;
    bool m_dark;
    mutable QHash<quint64, QColor> m_readable; ///< by both colours
};

} // namespace logs
