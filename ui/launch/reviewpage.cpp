#include "launch/reviewpage.h"

#include "common/form.h"
#include "common/theme.h"
#include "dockerline/dockerline.h"
#include "launch/findingline.h"

#include <QClipboard>
#include <QEvent>
#include <QFontMetrics>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTextOption>
#include <QVBoxLayout>

namespace launch {

using namespace recipe;
using namespace dockerline;

namespace {

/** Keeps Enter to itself: it shall open a finding's step and not press the dialog's Launch as well. */
class FindingList : public QListWidget
{
public:
    using QListWidget::QListWidget;

protected:
    void keyPressEvent(QKeyEvent *event) override
    {
        QListWidget::keyPressEvent(event);
        if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
            event->accept();
    }
};

} // namespace

ReviewPage::ReviewPage(QWidget *parent)
    : StepPage(tr("Review"), tr("Exactly what will be launched, as the line you would type."), parent)
    , m_line(new QPlainTextEdit(this))
    , m_note(common::mutedLabel({}, this))
    , m_allGood(new QLabel(tr("Nothing stands out. Ready to launch."), this))
    , m_findings(new FindingList(this))
{
    m_line->setReadOnly(true);
    m_line->setFont(common::monospaceFont());
    m_line->setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    m_line->setTabChangesFocus(true);
    m_line->setAccessibleName(tr("docker run line"));
    m_line->setMinimumHeight(16 * common::grid);

    auto *copy = new QPushButton(QIcon::fromTheme(QStringLiteral("edit-copy")), tr("Copy"), this);
    copy->setAccessibleName(copy->text());
    copy->setAutoDefault(false);
    auto *title = new QLabel(tr("docker run line"), this);
    title->setFont(common::headingFont(font(), 0));
    title->setBuddy(m_line);
    auto *top = new QHBoxLayout;
    top->addWidget(title, 1);
    top->addWidget(copy);
    auto *findingsTitle = new QLabel(tr("Before you launch"), this);
    findingsTitle->setFont(title->font());
    m_findings->setAccessibleName(findingsTitle->text());
    m_findings->setWordWrap(true);
    m_findings->setMaximumHeight(14 * common::grid);

    body()->addLayout(top);
    body()->addWidget(m_line, 1);
    body()->addWidget(m_note);
    m_note->hide();
    body()->addSpacing(common::grid);
    body()->addWidget(findingsTitle);
    body()->addWidget(m_allGood);
    body()->addWidget(m_findings);

    connect(
        copy, &QPushButton::clicked, this, [this] { QGuiApplication::clipboard()->setText(m_line->toPlainText()); });
    const auto go = [this](const QListWidgetItem *item) { Q_EMIT stepWanted(m_all[m_findings->row(item)].step); };
    connect(m_findings, &QListWidget::itemClicked, this, go);
    connect(m_findings, &QListWidget::itemActivated, this, go);
    listFindings();
}

void ReviewPage::refresh(const RunConfig &config)
{
    const QString line = dockerRunLine(config);
    if (line != m_line->toPlainText())
        m_line->setPlainText(line);
}

void ReviewPage::setNote(const QString &note)
{
    m_note->setText(note);
    m_note->setVisible(!note.isEmpty());
}

void ReviewPage::setAllFindings(const QList<StepFinding> &findings)
{
    if (findings == m_all)
        return;
    m_all = findings;
    listFindings();
}

void ReviewPage::changeEvent(QEvent *event)
{
    StepPage::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        listFindings();
}

void ReviewPage::listFindings()
{
    m_findings->clear();
    for (const StepFinding &finding : m_all) {
        auto *item
            = new QListWidgetItem(findingIcon(finding.error, palette(), devicePixelRatioF()), finding.text, m_findings);
        item->setToolTip(tr("Go to this step"));
    }
    m_allGood->setVisible(m_all.isEmpty());
    m_findings->setVisible(!m_all.isEmpty());
}

} // namespace launch
