#include "launch/steppage.h"

#include "common/form.h"
#include "common/theme.h"
#include "launch/findingline.h"

#include <QLabel>
#include <QLayout>
#include <QVBoxLayout>

namespace launch {

using namespace recipe;

StepPage::StepPage(const QString &title, const QString &sentence, QWidget *parent)
    : QWidget(parent)
    , m_title(title)
    , m_body(new QVBoxLayout(this))
    , m_findings(new QWidget(this))
{
    auto *heading = new QLabel(title, this);
    heading->setFont(common::headingFont(font()));
    m_body->setContentsMargins(3 * common::grid, 2 * common::grid, 3 * common::grid, 2 * common::grid);
    m_body->addWidget(heading);
    m_body->addWidget(common::mutedLabel(sentence, this));
    m_body->addSpacing(common::grid);
    auto *lines = new QVBoxLayout(m_findings);
    lines->setContentsMargins(3 * common::grid, common::grid, 3 * common::grid, common::grid);
    lines->setSpacing(common::grid / 2);
    m_findings->hide();
}

void StepPage::showFindings(const QList<StepFinding> &findings)
{
    if (findings == m_shown)
        return;
    m_shown = findings;
    qDeleteAll(m_findings->findChildren<FindingLine *>());
    for (const StepFinding &finding : findings) {
        auto *line = new FindingLine(finding, m_findings);
        connect(line, &FindingLine::fixWanted, this, &StepPage::fixWanted);
        m_findings->layout()->addWidget(line);
    }
    m_findings->setVisible(!findings.isEmpty());
}

void StepPage::load(const RunConfig &config)
{
    m_loading = true;
    fill(config);
    m_loading = false;
}

void StepPage::tellEdited()
{
    if (!m_loading)
        Q_EMIT edited();
}

} // namespace launch
