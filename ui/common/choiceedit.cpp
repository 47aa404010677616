#include "common/choiceedit.h"

#include <QComboBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QLineEdit>

namespace common {

ChoiceEdit::ChoiceEdit(const QList<QPair<QString, QString>> &choices, const QString &other, QWidget *parent)
    : QWidget(parent)
    , m_choices(new QComboBox(this))
    , m_other(new QLineEdit(this))
{
    for (const auto &[value, label] : choices)
        m_choices->addItem(label, value);
    m_choices->addItem(tr("Other…"));
    m_other->setPlaceholderText(other);
    m_other->hide();
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_choices);
    layout->addWidget(m_other, 1);
    layout->addStretch();
    setFocusProxy(m_choices);
    // Over a page that scrolls, the wheel must not change what it passes.
    m_choices->setFocusPolicy(Qt::StrongFocus);
    m_choices->installEventFilter(this);
    connect(m_choices, &QComboBox::currentIndexChanged, this, [this] {
        m_other->setVisible(m_choices->currentIndex() == m_choices->count() - 1);
        Q_EMIT changed();
    });
    connect(m_other, &QLineEdit::textChanged, this, &ChoiceEdit::changed);
}

QString ChoiceEdit::value() const
{
    const bool other = m_choices->currentIndex() == m_choices->count() - 1;
    return other ? m_other->text().trimmed() : m_choices->currentData().toString();
}

void ChoiceEdit::setValue(const QString &value)
{
    // "Other…" has no data, which would equal an empty value.
    for (int i = 0; i < m_choices->count() - 1; ++i) {
        if (m_choices->itemData(i).toString() == value) {
            m_other->clear();
            m_choices->setCurrentIndex(i);
            return;
        }
    }
    m_other->setText(value);
    m_choices->setCurrentIndex(m_choices->count() - 1);
}

bool ChoiceEdit::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::Wheel && !m_choices->hasFocus()) {
        event->ignore();
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

void ChoiceEdit::setLabel(const QString &label)
{
    setAccessibleName(label);
    m_choices->setAccessibleName(label);
    m_other->setAccessibleName(label);
}

} // namespace common
