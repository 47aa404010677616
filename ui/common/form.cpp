#include "common/form.h"

#include "common/hint.h"
#include "common/theme.h"

#include <QAbstractSpinBox>
#include <QComboBox>
#include <QEvent>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPointer>
#include <QPushButton>
#include <QScrollArea>
#include <QTimer>

namespace common {

namespace {

/** Hands the wheel on to the page while a field has no focus. Owned by the page. */
class WheelFilter : public QObject
{
public:
    using QObject::QObject;

    bool eventFilter(QObject *watched, QEvent *event) override
    {
        const auto *field = qobject_cast<QWidget *>(watched);
        if (event->type() != QEvent::Wheel || !field || field->hasFocus())
            return false;
        event->ignore(); // the page scrolls
        return true;
    }
};

} // namespace

QString plainLabel(QString label) { return label.remove(u'&'); }

void bringIntoSight(QWidget *widget)
{
    widget->setFocus(Qt::OtherFocusReason);
    for (QWidget *around = widget->parentWidget(); around; around = around->parentWidget()) {
        auto *scroll = qobject_cast<QScrollArea *>(around);
        if (!scroll)
            continue;
        // What is new has its place once the layouts, one inside the other, have been through.
        QTimer::singleShot(50, widget, [scroll = QPointer(scroll), widget] {
            if (scroll)
                scroll->ensureWidgetVisible(widget, 0, 12 * grid);
        });
    }
}

QLabel *mutedLabel(const QString &text, QWidget *parent)
{
    auto *label = new QLabel(text, parent);
    label->setWordWrap(true);
    // PlaceholderText is the palette's muted text in both schemes.
    label->setForegroundRole(QPalette::PlaceholderText);
    return label;
}

Form::Form(QWidget *parent)
    : QWidget(parent)
    , m_grid(new QGridLayout(this))
{
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setHorizontalSpacing(2 * grid);
    m_grid->setVerticalSpacing(grid);
    m_grid->setColumnStretch(1, 1);
    m_grid->setColumnMinimumWidth(0, 15 * grid);
}

QLabel *Form::addField(const QString &label, QWidget *field, const QString &hint)
{
    auto *text = new QLabel(label, this);
    text->setBuddy(field);
    field->setAccessibleName(plainLabel(label));
    const int row = m_grid->rowCount();
    m_grid->addWidget(text, row, 0, Qt::AlignRight | Qt::AlignTop);
    m_grid->addWidget(field, row, 1);
    // The label's first line level with the field's text.
    const int drop = std::max(0, (field->sizeHint().height() - text->sizeHint().height()) / 2);
    text->setContentsMargins(0, std::min(drop, grid), 0, 0);
    return addHint(hint);
}

QLabel *Form::addField(QWidget *field, const QString &hint)
{
    m_grid->addWidget(field, m_grid->rowCount(), 1);
    return addHint(hint);
}

void Form::addWide(QWidget *widget) { m_grid->addWidget(widget, m_grid->rowCount(), 0, 1, 2); }

void Form::addHeading(const QString &text)
{
    auto *label = new QLabel(text, this);
    label->setFont(headingFont(font(), 0));
    const int row = m_grid->rowCount();
    if (row > 1)
        label->setContentsMargins(0, 2 * grid, 0, 0);
    m_grid->addWidget(label, row, 0, 1, 2);
}

void Form::addStretch() { m_grid->setRowStretch(m_grid->rowCount(), 1); }

void Form::setHint(QLabel *hint, const QString &text)
{
    hint->setText(text);
    hint->setVisible(!text.isEmpty());
}

QLabel *Form::addHint(const QString &text)
{
    auto *hint = new Hint(this);
    hint->setText(text);
    hint->setVisible(!text.isEmpty());
    m_grid->addWidget(hint, m_grid->rowCount(), 1);
    return hint;
}

void keepWheelFromFields(QWidget *page)
{
    auto *filter = new WheelFilter(page);
    for (QWidget *field : page->findChildren<QWidget *>()) {
        if (qobject_cast<QComboBox *>(field) || qobject_cast<QAbstractSpinBox *>(field)) {
            field->setFocusPolicy(Qt::StrongFocus);
            field->installEventFilter(filter);
        }
    }
}

QHBoxLayout *rowOf(QWidget *row)
{
    auto *layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(2 * grid);
    return layout;
}

QWidget *buttonRow(const QString &text, QPushButton *&button, QLabel *&says, QWidget *parent)
{
    auto *row = new QWidget(parent);
    button = new QPushButton(text, row);
    button->setAccessibleName(text);
    button->setAutoDefault(false);
    says = mutedLabel({}, row);
    QHBoxLayout *layout = rowOf(row);
    layout->addWidget(button, 0, Qt::AlignTop);
    layout->addWidget(says, 1);
    return row;
}

} // namespace common
