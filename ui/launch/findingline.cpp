#include "launch/findingline.h"

#include "common/theme.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

namespace launch {

namespace {

constexpr int iconSize = 2 * common::grid;

QString iconName(bool error)
{
    return error ? QStringLiteral("dialog-error-symbolic") : QStringLiteral("dialog-warning-symbolic");
}

common::Tone toneOf(bool error) { return error ? common::Tone::Failed : common::Tone::Warning; }

} // namespace

QIcon findingIcon(bool error, const QPalette &palette, qreal devicePixelRatio)
{
    const QColor selected = palette.color(QPalette::HighlightedText);
    QIcon icon(
        common::tintedIcon(iconName(error), common::toneColor(toneOf(error), palette), iconSize, devicePixelRatio));
    icon.addPixmap(common::tintedIcon(iconName(error), selected, iconSize, devicePixelRatio), QIcon::Selected);
    return icon;
}

QWidget *fixButtons(const QList<Fix> &fixes, const std::function<void(const Fix &)> &pressed, QWidget *parent)
{
    if (fixes.isEmpty())
        return nullptr;
    auto *row = new QWidget(parent);
    auto *layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(common::grid);
    for (const Fix &fix : fixes) {
        auto *button = new QPushButton(QString(fix.label).replace(u'&', QStringLiteral("&&")), row);
        button->setAccessibleName(fix.label);
        button->setAutoDefault(false);
        // Queued: the click takes away the line that the button stands on.
        QObject::connect(
            button, &QPushButton::clicked, row, [pressed, fix] { pressed(fix); }, Qt::QueuedConnection);
        layout->addWidget(button);
    }
    return row;
}

FindingLine::FindingLine(const StepFinding &finding, QWidget *parent)
    : QWidget(parent)
    , m_error(finding.error)
    , m_icon(new QLabel(this))
    , m_text(new QLabel(finding.text, this))
{
    m_text->setWordWrap(true);
    m_text->setTextFormat(Qt::PlainText);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_icon, 0, Qt::AlignTop);
    layout->addWidget(m_text, 1);
    if (QWidget *buttons = fixButtons(
            finding.fixes, [this](const Fix &fix) { Q_EMIT fixWanted(fix); }, this))
        layout->addWidget(buttons, 0, Qt::AlignTop);
    color();
}

void FindingLine::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        color();
}

void FindingLine::color()
{
    const QColor tone = common::toneColor(toneOf(m_error), palette());
    m_icon->setPixmap(common::tintedIcon(iconName(m_error), tone, iconSize, devicePixelRatioF()));
    QPalette own;
    own.setColor(QPalette::WindowText, tone);
    m_text->setPalette(own);
}

} // namespace launch
