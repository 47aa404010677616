#include "launch/wizardbuttons.h"

#include "common/form.h"
#include "common/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>

namespace launch {

using common::grid;

WizardButtons::WizardButtons(QWidget *parent)
    : QWidget(parent)
    , m_progress(new QProgressBar(this))
    , m_text(new QLabel(this))
{
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(2 * grid, grid * 3 / 2, 2 * grid, grid * 3 / 2);
    m_startOver = addButton(tr("Start over"), &WizardButtons::startOver);
    m_startOver->setFlat(true);
    m_progress->setRange(0, 0);
    m_progress->setTextVisible(false);
    m_progress->setFixedWidth(12 * grid);
    m_progress->setAccessibleName(tr("Launching"));
    layout->addWidget(m_progress);
    m_text->setWordWrap(true);
    layout->addWidget(m_text, 1);
    m_save = addButton(tr("Save…"), &WizardButtons::save);
    m_launchMore = addButton(tr("Launch and open another"), &WizardButtons::launchMore);
    m_back = addButton(tr("&Back"), &WizardButtons::back);
    m_next = addButton(tr("&Next"), &WizardButtons::next);
    m_launch = addButton(tr("&Launch"), &WizardButtons::launch);
    m_launch->setIcon(QIcon::fromTheme(QStringLiteral("media-playback-start")));
    addButton(tr("Cancel"), &WizardButtons::cancel);
}

QPushButton *WizardButtons::addButton(const QString &text, void (WizardButtons::*clicked)())
{
    auto *button = new QPushButton(text, this);
    button->setAccessibleName(common::plainLabel(text));
    button->setAutoDefault(false);
    layout()->addWidget(button);
    connect(button, &QPushButton::clicked, this, clicked);
    return button;
}

void WizardButtons::setState(const State &state)
{
    m_back->setEnabled(!state.first && !state.busy);
    m_next->setEnabled(!state.last && !state.busy);
    m_launch->setEnabled(state.canLaunch);
    m_launch->setToolTip(state.missing.isEmpty() ? tr("Launch it (Ctrl+Return)") : state.missing);
    m_progress->setVisible(state.busy);
    m_startOver->setVisible(!state.busy);
    m_save->setVisible(state.last && !state.busy && state.canSave);
    m_launchMore->setVisible(state.last && !state.busy);
    m_launchMore->setEnabled(state.canLaunch);
    // Enter goes on, and launches where there is nothing to go on to.
    (m_next->isEnabled() ? m_next : m_launch)->setDefault(true);
    if (!state.busy)
        m_text->setText(state.last ? QString() : state.missing); // Review lists it already
}

void WizardButtons::setProgress(const QString &text) { m_text->setText(text); }

} // namespace launch
