#pragma once

#include "common/theme.h"

#include <QLabel>

namespace common {

/**
 * What stands below a field: quiet, or with the icon and colour of a fault, which follow light and dark. Knows no field.
 * Owned by its form.
 */
class Hint : public QLabel
{
    Q_OBJECT
public:
    explicit Hint(QWidget *parent = nullptr);

    Tone tone() const { return m_tone; }
    void setTone(Tone tone);

protected:
    void changeEvent(QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    void color();

    Tone m_tone = Tone::Muted;
    bool m_coloring = false;
};

} // namespace common
