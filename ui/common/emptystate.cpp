#include "common/emptystate.h"

#include "common/theme.h"

#include <QEvent>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace common {

namespace {
constexpr int iconSize = 6 * grid;
}

EmptyState::EmptyState(QWidget *parent)
    : QWidget(parent)
    , m_icon(new QLabel(this))
    , m_sentence(new QLabel(this))
    , m_button(new QPushButton(this))
{
    m_sentence->setWordWrap(true);
    m_sentence->setAlignment(Qt::AlignCenter);
    auto *layout = new QVBoxLayout(this);
    layout->setSpacing(2 * grid);
    layout->addStretch();
    layout->addWidget(m_icon, 0, Qt::AlignHCenter);
    layout->addWidget(m_sentence); // unaligned: only so does a wrapping label get its height
    layout->addWidget(m_button, 0, Qt::AlignHCenter);
    layout->addStretch();
    m_button->hide();
    connect(m_button, &QPushButton::clicked, this, &EmptyState::buttonClicked);
}

void EmptyState::setContent(const QString &icon, const QString &sentence, const QString &button)
{
    m_iconName = icon;
    m_sentence->setText(sentence);
    setAccessibleName(sentence);
    m_button->setText(button);
    QString name = button;
    m_button->setAccessibleName(name.remove(u'&'));
    m_button->setVisible(!button.isEmpty());
    color();
}

QString EmptyState::sentence() const { return m_sentence->text(); }

void EmptyState::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::PaletteChange)
        color();
    QWidget::changeEvent(event);
}

void EmptyState::color()
{
    if (m_iconName.isEmpty())
        return;
    m_icon->setPixmap(tintedIcon(m_iconName, toneColor(Tone::Muted, palette()), iconSize, devicePixelRatioF()));
}

} // namespace common
