#include "logs/logconsole.h"

#include "common/messagebar.h"
#include "logs/savejob.h"

#include <QFileDialog>
#include <QHBoxLayout>
#include <QIcon>
#include <QLocale>
#include <QVBoxLayout>

namespace logs {

using namespace Qt::StringLiterals;

LogConsole::LogConsole(Feed &feed, const QString &containerName, QWidget *parent)
    : QWidget(parent)
    , m_feed(feed)
    , m_view(new LogView(this))
    , m_gpus(new GpuWatch(feed.document(), this))
    , m_failure(new common::MessageBar(this))
    , m_follow(new QPushButton(tr("Follow"), this))
    , m_newLines(new QPushButton(this))
    , m_state(new QLabel(this))
    , m_message(new QLabel(this))
    , m_cancel(new QPushButton(tr("Cancel"), this))
    , m_copy(new QPushButton(tr("Copy"), this))
    , m_save(new QPushButton(tr("Save…"), this))
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(makeBar());
    layout->addWidget(m_failure);
    layout->addWidget(m_view, 1);
    setFocusProxy(m_view);
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->setDocument(&feed.document());
    connect(m_view, &LogView::followingChanged, this, [this](bool on) {
        m_follow->setChecked(on);
        showNewLines(m_view->newLines());
    });
    connect(m_view, &LogView::newLinesChanged, this, &LogConsole::showNewLines);
    connect(m_view, &LogView::copiedInPart, this, [this] {
        showMessage(
            tr("Too much for the clipboard: only the beginning was copied. Save… writes all lines that are loaded."));
    });
    connect(&feed, &Feed::stateChanged, this, &LogConsole::showState);
    connect(m_gpus, &GpuWatch::changed, this, &LogConsole::showGpuFailure);
    connect(m_failure, &common::MessageBar::actionTriggered, this, [this] {
        if (m_gpus->failure()->help == inventory::GpuFailure::Help::StartAgain)
            Q_EMIT startAgainRequested();
        else
            Q_EMIT duplicateRequested();
    });
    setContainerName(containerName);
    showNewLines(0);
    showState();
    showGpuFailure();
}

QWidget *LogConsole::makeBar()
{
    m_follow->setCheckable(true);
    m_follow->setChecked(true);
    m_follow->setIcon(QIcon::fromTheme(u"go-bottom"_s));
    m_follow->setToolTip(tr("Stay at the end of the log (End)"));
    m_copy->setIcon(QIcon::fromTheme(u"edit-copy"_s));
    m_copy->setToolTip(tr("Copy what is selected, or all lines that are loaded"));
    m_save->setIcon(QIcon::fromTheme(u"document-save"_s));
    m_save->setToolTip(tr("Save the lines that are loaded as text"));
    m_cancel->setToolTip(tr("Stop saving; no file is written"));
    m_cancel->hide();
    for (QPushButton *button : {m_follow, m_copy, m_save, m_cancel})
        button->setAccessibleName(button->text());
    for (QLabel *label : {m_state, m_message})
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_message->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred); // a long path must not widen the window
    connect(m_follow, &QPushButton::clicked, m_view, &LogView::setFollowing);
    connect(m_newLines, &QPushButton::clicked, m_view, [this] { m_view->setFollowing(true); });
    connect(m_copy, &QPushButton::clicked, this, &LogConsole::copy);
    connect(m_save, &QPushButton::clicked, this, &LogConsole::chooseFile);

    auto *bar = new QWidget(this);
    auto *layout = new QHBoxLayout(bar);
    layout->setContentsMargins(8, 4, 8, 4);
    layout->setSpacing(8);
    layout->addWidget(m_follow);
    layout->addWidget(m_newLines);
    layout->addWidget(m_state);
    layout->addWidget(m_message, 1);
    layout->addWidget(m_cancel);
    layout->addWidget(m_copy);
    layout->addWidget(m_save);
    return bar;
}

void LogConsole::setContainerName(const QString &name)
{
    m_name = name;
    setAccessibleName(tr("Log of %1").arg(name));
    m_view->setAccessibleName(accessibleName());
}

void LogConsole::showNewLines(qint64 lines)
{
    m_newLines->setVisible(!m_view->isFollowing());
    const QString text = lines == 0 ? tr("No new lines")
        : lines == 1                ? tr("1 new line")
                                    : tr("%1 new lines").arg(QLocale().toString(lines));
    m_newLines->setText(text);
    m_newLines->setAccessibleName(text);
}

void LogConsole::showGpuFailure()
{
    if (!m_gpus->failure())
        return m_failure->clear();
    using Help = inventory::GpuFailure::Help;
    const inventory::GpuFailure &failure = *m_gpus->failure();
    const auto button = [&] {
        if (m_removed || failure.help == Help::None)
            return QString();
        return failure.help == Help::StartAgain ? tr("Start again") : tr("Duplicate as new run…");
    };
    m_failure->showMessage(common::MessageBar::Severity::Warning, failure.what, failure.whatToDo, {}, button());
}

void LogConsole::containerRemoved()
{
    m_removed = true;
    if (m_failure->isVisibleTo(this)) // else the person closed it
        showGpuFailure();
}

void LogConsole::showState()
{
    const auto words = [this] {
        switch (m_feed.state()) {
        case Feed::State::Opening:
            return tr("Opening…");
        case Feed::State::Lost:
            return m_feed.error().httpStatus == 0 ? tr("Connection to Docker lost, trying again…")
                                                  : tr("Docker cannot give the log now, trying again…");
        case Feed::State::Failed:
            return tr("The log cannot be read: %1").arg(m_feed.error().message);
        case Feed::State::Idle:
        case Feed::State::Live:
        case Feed::State::Ended:
            break;
        }
        return QString();
    };
    m_state->setText(words());
    m_state->setVisible(!m_state->text().isEmpty());
    m_view->setEmptyText(m_feed.state() == Feed::State::Ended ? tr("No output.") : tr("No output yet."));
}

void LogConsole::showMessage(const QString &text)
{
    m_message->setText(text);
    m_message->setToolTip(text);
}

void LogConsole::copy()
{
    showMessage({});
    if (m_view->hasSelection()) {
        m_view->copy();
        return;
    }
    m_view->selectAll();
    m_view->copy();
}

void LogConsole::chooseFile()
{
    auto *dialog = new QFileDialog(this, tr("Save log"), m_name + u".log"_s, tr("Text (*.log *.txt);;All files (*)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    connect(dialog, &QFileDialog::fileSelected, this, &LogConsole::save);
    dialog->open();
}

void LogConsole::save(const QString &path)
{
    auto *job = new SaveJob(m_feed.document(), path, SaveJob::Colors::Strip, this);
    m_save->setEnabled(false);
    m_cancel->show();
    connect(m_cancel, &QPushButton::clicked, job, &SaveJob::abort);
    connect(job, &SaveJob::progressed, this, [this](qint64 done, qint64 all) {
        if (done < all)
            showMessage(tr("Saving… %1 %").arg(done * 100 / all));
    });
    connect(job, &SaveJob::finished, this, [this, job, path](const core::Result<void> &result) {
        job->deleteLater();
        m_save->setEnabled(true);
        m_cancel->hide();
        if (result)
            showMessage(tr("Saved as %1").arg(path));
        else if (result.error().kind == core::ErrorKind::Aborted)
            showMessage(tr("Not saved"));
        else
            showMessage(tr("Could not save %1: %2").arg(path, result.error().message));
    });
    job->start();
}

} // namespace logs
