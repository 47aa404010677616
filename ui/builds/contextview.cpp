#include "builds/contextview.h"

#include "common/form.h"
#include "common/theme.h"
#include "core/offload.h"
#include "core/units.h"

#include <QGridLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QVBoxLayout>

namespace builds {

using namespace Qt::StringLiterals;

namespace {

/** From here on a part is worth a line, and a whole context a word of warning. */
constexpr qint64 bigPart = 10LL * 1024 * 1024;
constexpr qint64 bigContext = 500LL * 1024 * 1024;
constexpr qsizetype shownParts = 4;

} // namespace

ContextView::ContextView(QWidget *parent)
    : QWidget(parent)
    , m_sentence(new QLabel)
    , m_trouble(new QLabel)
    , m_parts(new QWidget)
    , m_grid(new QGridLayout(m_parts))
{
    m_sentence->setWordWrap(true);
    m_trouble->setWordWrap(true);
    m_trouble->hide();
    m_parts->hide();
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setColumnStretch(0, 1);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_sentence);
    layout->addWidget(m_trouble);
    layout->addWidget(m_parts);
    count({}, {});
    connect(&m_scan, &contexts::ContextScan::progressed, this, [this](qint64 files, qint64 bytes) {
        m_sentence->setText(
            tr("Counting: %1 in %2 files so far…").arg(core::bytesText(bytes), QLocale().toString(files)));
    });
    connect(&m_scan, &contexts::ContextScan::finished, this, &ContextView::show);
}

void ContextView::count(const QString &context, const QString &dockerfile)
{
    m_context = context;
    m_dockerfile = dockerfile;
    m_trouble->hide();
    clearParts();
    if (context.isEmpty()) {
        m_scan.abort();
        m_sentence->setText(tr("Choose a folder to see what would be sent."));
        return;
    }
    m_sentence->setText(tr("Counting…"));
    m_scan.start(context, dockerfile);
}

void ContextView::show(const core::Result<contexts::ContextSummary> &result)
{
    QStringList troubles;
    if (!result) {
        m_sentence->setText(tr("What would be sent is not known."));
        troubles.append(result.error().message);
    } else {
        const QString what
            = tr("%1 in %2 files will be sent to the daemon, or what is new of them.")
                  .arg(core::bytesText(result->bytes), QLocale().toString(result->files + result->links));
        m_sentence->setText(result->bytes < bigContext
                ? what
                : what + u' ' + tr("That is a lot: what the image does not need should be in .dockerignore."));
        if (const QString sentence = contexts::unreadableSentence(*result); !sentence.isEmpty())
            troubles.append(sentence);
        if (result->special > 0)
            troubles.append(tr("Left out: “%1”%2, which is no file.")
                                .arg(result->firstSpecial,
                                    result->special > 1 ? tr(" and %1 more").arg(result->special - 1) : QString()));
        showParts(*result);
    }
    m_trouble->setText(troubles.join(u'\n'));
    m_trouble->setVisible(!troubles.isEmpty());
}

void ContextView::clearParts()
{
    while (QLayoutItem *item = m_grid->takeAt(0)) {
        item->widget()->hide();
        item->widget()->deleteLater();
        delete item;
    }
    m_parts->hide();
}

void ContextView::showParts(const contexts::ContextSummary &summary)
{
    clearParts();
    int row = 0;
    for (const contexts::ContextPart &part : summary.biggest) {
        if (part.bytes < bigPart || row == shownParts)
            break;
        auto *name = new QLabel(part.folder ? QString(part.path + u'/') : part.path);
        name->setTextFormat(Qt::PlainText);
        auto *size = new QLabel(core::bytesText(part.bytes));
        auto *button = new QPushButton(tr("Add to .dockerignore"));
        button->setAccessibleName(button->text());
        button->setAccessibleDescription(part.path);
        connect(button, &QPushButton::clicked, this, [this, path = part.path] { ignore(path); });
        m_grid->addWidget(name, row, 0);
        m_grid->addWidget(size, row, 1, Qt::AlignRight);
        m_grid->addWidget(button, row, 2);
        ++row;
    }
    m_parts->setVisible(row > 0);
}

void ContextView::ignore(const QString &path)
{
    core::offload(this, [context = m_context, dockerfile = m_dockerfile, path] {
        return contexts::addIgnoreLine(contexts::ignoreFilePath(context, dockerfile), contexts::ignoreLine(path));
    }).then(this, [this](const core::Result<void> &added) {
        if (added) {
            count(m_context, m_dockerfile);
            return Q_EMIT ignored();
        }
        m_trouble->setText(tr("The .dockerignore could not be written: %1").arg(added.error().message));
        m_trouble->show();
    });
}

} // namespace builds
