#include "launch/stepsview.h"

#include "common/form.h"
#include "common/theme.h"
#include "launch/findingline.h"
#include "launch/steppage.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QListWidget>
#include <QScopedValueRollback>
#include <QScrollArea>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace launch {

using common::grid;

StepsView::StepsView(QWidget *parent)
    : QWidget(parent)
    , m_list(new QListWidget(this))
    , m_stack(new QStackedWidget(this))
{
    m_list->setAccessibleName(tr("Steps"));
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setIconSize(QSize(2 * grid, 2 * grid));
    auto *side = new QWidget(this);
    side->setAutoFillBackground(true);
    side->setBackgroundRole(QPalette::Base);
    side->setFixedWidth(20 * grid);
    auto *sideLayout = new QVBoxLayout(side);
    sideLayout->setContentsMargins(grid, grid, grid, grid);
    sideLayout->addWidget(m_list);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(side);
    layout->addWidget(m_stack, 1);

    connect(m_list, &QListWidget::currentRowChanged, m_stack, &QStackedWidget::setCurrentIndex);
    connect(m_list, &QListWidget::itemClicked, this, [this] { showStep(step()); });
    connect(
        m_list, &QListWidget::currentItemChanged, this, [this](const QListWidgetItem *, const QListWidgetItem *left) {
            if (left)
                m_seen[size_t(m_list->row(left))] = true;
            mark();
            Q_EMIT stepChanged(!m_jumping);
        });
    connect(m_stack, &QStackedWidget::currentChanged, this, &StepsView::panelChanged);
}

void StepsView::addPage(StepPage *page)
{
    m_pages += page;
    auto *scroll = new QScrollArea(this);
    scroll->setWidget(page);
    common::keepWheelFromFields(page);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto *cell = new QWidget(this);
    auto *column = new QVBoxLayout(cell);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(scroll, 1);
    column->addWidget(page->foot());
    m_stack->addWidget(cell);
    auto *item = new QListWidgetItem(page->title(), m_list);
    item->setSizeHint(QSize(0, 5 * grid));
}

void StepsView::showStep(WizardStep step)
{
    const QScopedValueRollback jumping(m_jumping, true);
    m_list->setCurrentRow(int(step));
    m_stack->setCurrentIndex(int(step)); // from a panel back to the same step
}

void StepsView::back() { m_list->setCurrentRow(m_list->currentRow() - 1); }

void StepsView::next() { m_list->setCurrentRow(m_list->currentRow() + 1); }

WizardStep StepsView::step() const { return WizardStep(m_list->currentRow()); }

void StepsView::showPanel(QWidget *panel)
{
    if (m_stack->indexOf(panel) < 0)
        m_stack->addWidget(panel);
    m_stack->setCurrentWidget(panel);
    panel->setFocus();
}

bool StepsView::showsPanel() const { return m_stack->currentIndex() >= m_pages.size(); }

void StepsView::setPagesEnabled(bool on) { m_stack->setEnabled(on); }

void StepsView::setFindings(const QList<StepFinding> &findings)
{
    m_findings = findings;
    mark();
}

void StepsView::setSeen(WizardStep step) { m_seen[size_t(step)] = true; }

void StepsView::setAllSeen(bool seen) { m_seen.fill(seen); }

void StepsView::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        mark();
}

void StepsView::mark()
{
    QPixmap blank(2 * grid, 2 * grid);
    blank.fill(Qt::transparent);
    for (qsizetype i = 0; i < m_pages.size(); ++i) {
        QList<StepFinding> here;
        if (m_seen[size_t(i)]) {
            for (const StepFinding &finding : m_findings) {
                if (int(finding.step) == i)
                    here += finding;
            }
        }
        m_pages[i]->showFindings(here);
        QListWidgetItem *item = m_list->item(int(i));
        item->setIcon(here.isEmpty() ? QIcon(blank) : findingIcon(here.first().error, palette(), devicePixelRatioF()));
        const QString text = here.isEmpty() ? QString() : here.first().text;
        item->setToolTip(text);
        item->setData(Qt::AccessibleDescriptionRole, text);
    }
}

} // namespace launch
