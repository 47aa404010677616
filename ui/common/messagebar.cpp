#include "common/messagebar.h"

#include "common/theme.h"

#include <QAccessible>
#include <QEvent>
#include <QGridLayout>
#include <QIcon>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QToolButton>

namespace common {

namespace {

constexpr int iconSize = 2 * grid;
constexpr int noteTime = 12 * 1000; ///< ms, enough to read two lines twice

QLabel *textLabel(QWidget *parent)
{
    auto *label = new QLabel(parent);
    label->setWordWrap(true);
    label->setTextFormat(Qt::PlainText);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    label->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    return label;
}

Tone toneOf(MessageBar::Severity severity)
{
    switch (severity) {
    case MessageBar::Severity::Error:
        return Tone::Failed;
    case MessageBar::Severity::Warning:
        return Tone::Warning;
    case MessageBar::Severity::Info:
        break;
    }
    return Tone::Accent;
}

QString iconOf(MessageBar::Severity severity)
{
    switch (severity) {
    case MessageBar::Severity::Error:
        return QStringLiteral("dialog-error-symbolic");
    case MessageBar::Severity::Warning:
        return QStringLiteral("dialog-warning-symbolic");
    case MessageBar::Severity::Info:
        break;
    }
    return QStringLiteral("dialog-information-symbolic");
}

} // namespace

MessageBar::MessageBar(QWidget *parent)
    : QFrame(parent)
    , m_icon(new QLabel(this))
    , m_title(textLabel(this))
    , m_whatToDo(textLabel(this))
    , m_details(new QPlainTextEdit(this))
    , m_showDetails(new QToolButton(this))
    , m_action(new QPushButton(this))
    , m_close(new QToolButton(this))
{
    setAutoFillBackground(true);
    setFrameShape(QFrame::StyledPanel);
    QFont bold = font();
    bold.setBold(true);
    m_title->setFont(bold);

    m_details->setReadOnly(true);
    m_details->setFont(monospaceFont());
    m_details->setAccessibleName(tr("Docker's own words"));
    m_details->setFixedHeight(10 * grid);
    m_details->setTabChangesFocus(true);
    m_details->hide();
    m_showDetails->setText(tr("Details"));
    m_showDetails->setCheckable(true);
    m_showDetails->setAutoRaise(true);
    m_close->setText(tr("Close"));
    m_close->setToolTip(tr("Close"));
    m_close->setToolButtonStyle(Qt::ToolButtonIconOnly);
    m_close->setAutoRaise(true);

    auto *layout = new QGridLayout(this);
    layout->setContentsMargins(grid + grid / 2, grid, grid, grid);
    layout->setVerticalSpacing(grid / 2);
    layout->addWidget(m_icon, 0, 0, Qt::AlignTop);
    layout->addWidget(m_title, 0, 1);
    layout->addWidget(m_whatToDo, 1, 1);
    layout->addWidget(m_action, 0, 2, 2, 1, Qt::AlignVCenter);
    layout->addWidget(m_showDetails, 0, 3, 2, 1, Qt::AlignVCenter);
    layout->addWidget(m_close, 0, 4, 2, 1, Qt::AlignVCenter);
    layout->addWidget(m_details, 2, 1, 1, 4);
    layout->setColumnStretch(1, 1);

    connect(m_showDetails, &QToolButton::toggled, m_details, &QWidget::setVisible);
    connect(m_action, &QPushButton::clicked, this, &MessageBar::actionTriggered);
    connect(m_close, &QToolButton::clicked, this, [this] {
        clear();
        Q_EMIT dismissed();
    });
    m_over.setParent(this);
    m_over.setInterval(noteTime);
    connect(&m_over, &QTimer::timeout, this, [this] {
        if (!underMouse() && m_details->isHidden())
            clear();
    });
    hide();
}

void MessageBar::showMessage(
    Severity severity, const QString &title, const QString &whatToDo, const QString &details, const QString &action)
{
    m_over.stop();
    m_severity = severity;
    m_title->setText(title);
    m_whatToDo->setText(whatToDo);
    m_whatToDo->setVisible(!whatToDo.isEmpty());
    m_details->setPlainText(details);
    m_showDetails->setVisible(!details.isEmpty());
    m_showDetails->setChecked(false);
    m_action->setText(action);
    m_action->setAccessibleName(action);
    m_action->setVisible(!action.isEmpty());
    setAccessibleName(title);
    setAccessibleDescription(whatToDo);
    color();
    show();
    QAccessibleEvent alert(this, QAccessible::Alert);
    QAccessible::updateAccessibility(&alert);
}

void MessageBar::showError(const ErrorText &text, const QString &action)
{
    showMessage(Severity::Error, text.title, text.whatToDo, text.details, action);
}

void MessageBar::showNote(const QString &title, const QString &whatToDo, const QString &details)
{
    showMessage(Severity::Info, title, whatToDo, details);
    m_over.start();
}

void MessageBar::clear()
{
    m_over.stop();
    hide();
}

QString MessageBar::title() const { return m_title->text(); }

QString MessageBar::whatToDo() const { return m_whatToDo->text(); }

void MessageBar::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::ApplicationPaletteChange)
        color();
    QFrame::changeEvent(event);
}

void MessageBar::color()
{
    const Tone tone = toneOf(m_severity);
    // Only the one role: the others go on following the application.
    QPalette own;
    own.setColor(QPalette::Window, toneBackground(tone, parentWidget() ? parentWidget()->palette() : palette()));
    setPalette(own);
    m_close->setIcon(tintedIcon(
        QStringLiteral("window-close-symbolic"), palette().color(QPalette::WindowText), iconSize, devicePixelRatioF()));
    m_icon->setPixmap(tintedIcon(iconOf(m_severity), toneColor(tone, palette()), iconSize, devicePixelRatioF()));
}

} // namespace common
