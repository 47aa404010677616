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
#include <QStyledItemDelegate>
#include <QTextOption>
#include <QVBoxLayout>
#include <algorithm>

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

constexpr int buttonsWidth = Qt::UserRole; ///< of a finding's row, in pixels

/** Leaves room for the buttons that stand at the right end of a row. */
class FindingDelegate : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        // As wide as the list: the buttons stand at its edge, and the text wraps before them.
        QStyleOptionViewItem wide(option);
        if (const auto *view = qobject_cast<const QListView *>(option.widget))
            wide.rect.setWidth(view->viewport()->width());
        const QSize size = QStyledItemDelegate::sizeHint(wide, index);
        return {wide.rect.width(), std::max(size.height(), index.data(buttonsHeight).toInt())};
    }

    /** Qt places a row's widget as if it edited the text: here it is the whole row. */
    void updateEditorGeometry(QWidget *widget, const QStyleOptionViewItem &option, const QModelIndex &) const override
    {
        widget->setGeometry(option.rect);
    }

    static constexpr int buttonsHeight = buttonsWidth + 1;

protected:
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override
    {
        QStyledItemDelegate::initStyleOption(option, index);
        option->rect.setWidth(std::max(0, option->rect.width() - index.data(buttonsWidth).toInt()));
    }
};

/** A list as high as what it says, up to a limit. */
void fitHeight(QListWidget *list)
{
    list->setSizeAdjustPolicy(QAbstractScrollArea::AdjustToContents);
    list->setMinimumHeight(6 * common::grid);
    list->setMaximumHeight(24 * common::grid);
}

} // namespace

ReviewPage::ReviewPage(QWidget *parent)
    : StepPage(tr("Review"), tr("Exactly what will be launched, as the line you would type."), parent)
    , m_line(new QPlainTextEdit(this))
    , m_note(common::mutedLabel({}, this))
    , m_words(new QLabel(this))
    , m_allGood(new QLabel(tr("Nothing stands out. Ready to launch."), this))
    , m_findings(new FindingList(this))
{
    m_line->setReadOnly(true);
    m_line->setFont(common::monospaceFont());
    m_line->setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    m_line->setTabChangesFocus(true);
    m_line->setAccessibleName(tr("docker run line"));
    m_line->setMinimumHeight(12 * common::grid);
    m_line->setMaximumHeight(16 * common::grid);

    auto *copy = new QPushButton(QIcon::fromTheme(QStringLiteral("edit-copy")), tr("Copy"), this);
    copy->setAccessibleName(copy->text());
    copy->setAutoDefault(false);
    auto *title = new QLabel(tr("docker run line"), this);
    title->setFont(common::headingFont(font(), 0));
    title->setBuddy(m_line);
    auto *top = new QHBoxLayout;
    top->addWidget(title, 1);
    top->addWidget(copy);

    body()->addLayout(top);
    body()->addWidget(m_line);
    body()->addWidget(m_note);
    m_note->hide();
    addFindings();
    addWords();
    body()->addStretch();

    connect(
        copy, &QPushButton::clicked, this, [this] { QGuiApplication::clipboard()->setText(m_line->toPlainText()); });
    listFindings();
}

/** Before the words: this is what may have to be done yet. */
void ReviewPage::addFindings()
{
    auto *findingsTitle = new QLabel(tr("Before you launch"), this);
    findingsTitle->setFont(common::headingFont(font(), 0));
    m_findings->setAccessibleName(findingsTitle->text());
    m_findings->setWordWrap(true);
    m_findings->setItemDelegate(new FindingDelegate(m_findings));
    m_findings->setResizeMode(QListView::Adjust);
    m_findings->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    fitHeight(m_findings);
    body()->addSpacing(common::grid);
    body()->addWidget(findingsTitle);
    body()->addWidget(m_allGood);
    body()->addWidget(m_findings);
    const auto go = [this](const QListWidgetItem *item) { Q_EMIT stepWanted(m_all[m_findings->row(item)].step); };
    connect(m_findings, &QListWidget::itemClicked, this, go);
    connect(m_findings, &QListWidget::itemActivated, this, go);
}

void ReviewPage::addWords()
{
    m_wordsTitle = new QLabel(tr("What will happen"), this);
    m_wordsTitle->setFont(common::headingFont(font(), 0));
    m_words->setWordWrap(true);
    m_words->setTextFormat(Qt::PlainText);
    m_words->setAccessibleName(m_wordsTitle->text());
    body()->addSpacing(common::grid);
    body()->addWidget(m_wordsTitle);
    body()->addWidget(m_words);
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

void ReviewPage::setWords(const QStringList &words)
{
    QStringList lines;
    for (const QString &word : words)
        lines += QStringLiteral("•  ") + word;
    m_words->setText(lines.join(u'\n'));
    m_wordsTitle->setVisible(!words.isEmpty());
    m_words->setVisible(!words.isEmpty());
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

void ReviewPage::addButtons(QListWidgetItem *item, const QList<Fix> &fixes)
{
    if (fixes.isEmpty())
        return;
    auto *row = new QWidget(m_findings);
    auto *layout = new QHBoxLayout(row);
    layout->setContentsMargins(common::grid, common::grid / 2, common::grid, common::grid / 2);
    layout->addStretch();
    layout->addWidget(fixButtons(
        fixes, [this](const Fix &fix) { Q_EMIT fixWanted(fix); }, row));
    item->setData(buttonsWidth, layout->sizeHint().width());
    item->setData(FindingDelegate::buttonsHeight, layout->sizeHint().height());
    m_findings->setItemWidget(item, row);
}

void ReviewPage::listFindings()
{
    m_findings->clear();
    for (const StepFinding &finding : m_all) {
        auto *item
            = new QListWidgetItem(findingIcon(finding.error, palette(), devicePixelRatioF()), finding.text, m_findings);
        item->setToolTip(tr("Go to this step"));
        addButtons(item, finding.fixes);
    }
    m_allGood->setVisible(m_all.isEmpty());
    m_findings->setVisible(!m_all.isEmpty());
}

} // namespace launch
