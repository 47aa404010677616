#include "runs/runpanel.h"

#include "common/form.h"
#include "common/theme.h"
#include "core/units.h"

#include <QDateTime>
#include <QFormLayout>
#include <QLabel>
#include <QLocale>
#include <QPlainTextEdit>
#include <QTextOption>
#include <QVBoxLayout>

namespace runs {

namespace {

QString timeText(qint64 seconds)
{
    return QLocale().toString(QDateTime::fromSecsSinceEpoch(seconds), QStringLiteral("ddd d MMM yyyy HH:mm:ss"));
}

QString timesText(const Record &record, qint64 now)
{
    if (record.started <= 0)
        return record.created > 0 ? RunPanel::tr("asked for at %1").arg(timeText(record.created)) : QString();
    QString text = timeText(record.started);
    if (record.finished > 0)
        text += QStringLiteral(" – ") + timeText(record.finished);
    if (const qint64 seconds = duration(record, now); seconds >= 0)
        text += RunPanel::tr(" (%1)").arg(core::durationText(seconds));
    return text;
}

QString imageText(const Record &record)
{
    if (!record.imageDigest.isEmpty())
        return RunPanel::tr("%1, that is %2").arg(record.image, record.imageDigest);
    if (!record.imageId.isEmpty())
        return RunPanel::tr("%1, that is %2 (it never was in a registry)").arg(record.image, record.imageId);
    return record.image;
}

QString commitsText(const Record &record)
{
    QStringList texts;
    for (const Commit &commit : record.commits)
        texts += RunPanel::tr("%1, in %2").arg(commitText(commit), commit.folder);
    return texts.join(u'\n');
}

} // namespace

RunPanel::RunPanel(QWidget *parent)
    : QWidget(parent)
    , m_form(new QFormLayout)
    , m_title(new QLabel(this))
    , m_none(common::mutedLabel({}, this))
    , m_line(new QPlainTextEdit(this))
{
    m_title->setFont(common::headingFont(font(), 1));
    m_title->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_form->setLabelAlignment(Qt::AlignRight | Qt::AlignTop);
    m_form->setHorizontalSpacing(2 * common::grid);
    m_end = addFact(tr("How it went"));
    m_times = addFact(tr("When"));
    m_image = addFact(tr("Image"));
    m_commits = addFact(tr("Commit"));
    m_gpus = addFact(tr("GPUs"));
    m_log = addFact(tr("Log"));
    m_line->setReadOnly(true);
    m_line->setFont(common::monospaceFont());
    m_line->setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    m_line->setTabChangesFocus(true);
    m_line->setAccessibleName(tr("docker run line"));
    m_line->setMinimumHeight(7 * common::grid);
    m_line->setMaximumHeight(16 * common::grid);

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(2 * common::grid, common::grid, 2 * common::grid, common::grid);
    layout->addWidget(m_none);
    layout->addWidget(m_title);
    layout->addLayout(m_form);
    layout->addWidget(m_line, 1);
    layout->addStretch();
}

QLabel *RunPanel::addFact(const QString &label)
{
    auto *fact = new QLabel(this);
    fact->setWordWrap(true);
    fact->setTextInteractionFlags(Qt::TextSelectableByMouse);
    fact->setAccessibleName(label);
    m_form->addRow(label, fact);
    return fact;
}

void RunPanel::setFact(QLabel *fact, const QString &text)
{
    if (fact->text() != text)
        fact->setText(text);
    m_form->setRowVisible(fact, !text.isEmpty());
}

void RunPanel::show(const Record &record, qint64 now)
{
    m_none->hide();
    m_title->show();
    m_line->show();
    m_title->setText(title(record));
    setFact(m_end, endSentence(record));
    setFact(m_times, timesText(record, now));
    setFact(m_image, imageText(record));
    setFact(m_commits, commitsText(record));
    setFact(m_gpus, record.gpus.join(QStringLiteral(", ")));
    setFact(m_log, record.logFile);
    if (m_line->toPlainText() != record.line)
        m_line->setPlainText(record.line);
}

void RunPanel::showNone(const QString &sentence)
{
    for (QLabel *fact : {m_end, m_times, m_image, m_commits, m_gpus, m_log})
        setFact(fact, {});
    m_title->hide();
    m_line->hide();
    m_none->setText(sentence);
    m_none->show();
}

} // namespace runs
