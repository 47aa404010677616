#include "cleanup/confirmdialog.h"

#include "common/theme.h"
#include "core/units.h"

#include <QCheckBox>
#include <QDialogButtonBox>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QVBoxLayout>

namespace cleanup {

using common::grid;
using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype namesShown = 5;

QString namesText(const QStringList &names)
{
    const QString text = names.mid(0, namesShown).join(u"; "_s);
    return names.size() <= namesShown ? text : u"%1 and %2 more"_s.arg(text).arg(names.size() - namesShown);
}

QString warning(const QList<Candidate> &items)
{
    const auto any = [&items](Kind kind) {
        return std::any_of(items.begin(), items.end(), [kind](const Candidate &item) { return item.kind == kind; });
    };
    QStringList sentences;
    if (any(Kind::StoppedContainer)) {
        sentences.append(u"What was written inside the containers and their logs are deleted for good."_s);
        sentences.append(any(Kind::UnusedVolume)
                ? u"Folders that were mounted in them stay, and so do volumes that are not in this list."_s
                : u"Folders and volumes that were mounted in them stay."_s);
    }
    QStringList careful;
    for (const Candidate &item : items) {
        if (item.isImage() && item.verdict == Verdict::Careful)
            careful.append(item.name);
    }
    if (!careful.isEmpty())
        sentences.append(u"Needed, or maybe the only copy: %1."_s.arg(namesText(careful)));
    sentences.append(u"What comes into use before its turn is left alone."_s);
    return sentences.join(u' ');
}

/** What the box adds to what goes. */
QString volumesText(const QList<Candidate> &items)
{
    QStringList names;
    for (const Candidate &item : items) {
        if (item.stern)
            names.append(item.size > 0 ? u"%1 (%2)"_s.arg(item.name, core::bytesText(item.size)) : item.name);
    }
    const QString what = names.size() == 1 ? u"1 volume with a name and all data in it"_s
                                           : u"%1 volumes with a name and all data in them"_s.arg(names.size());
    return u"Also delete %1, for good: %2"_s.arg(what, namesText(names));
}

} // namespace

QString listText(const QList<Candidate> &items, bool namedVolumesStay)
{
    QStringList lines;
    for (int kind = 0; kind < kindCount; ++kind) {
        QStringList part;
        for (const Candidate &item : items) {
            if (item.kind != Kind(kind))
                continue;
            QString line = u"    "_s + item.name;
            if (item.size >= 0)
                line += u"  –  "_s + core::bytesText(item.size);
            line += u"  –  "_s + item.reason;
            if (item.stern && namedVolumesStay)
                line += u"  –  stays unless the box below is ticked"_s;
            part.append(line);
        }
        if (!part.isEmpty())
            lines += QStringList{countText(Kind(kind), part.size())} + part;
    }
    return lines.join(u'\n');
}

ConfirmDialog::ConfirmDialog(const QList<Candidate> &items, const Shared &shared, QWidget *parent)
    : QDialog(parent)
    , m_items(items)
    , m_shared(shared)
    , m_question(new QLabel)
    , m_list(new QPlainTextEdit)
    , m_words(new QLabel)
    , m_volumes(new QCheckBox)
    , m_remove(new QPushButton(QIcon::fromTheme(u"edit-delete"_s), {}))
{
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(u"Clean up"_s);
    setModal(true);
    m_question->setFont(common::headingFont(font(), 1));
    m_list->setReadOnly(true);
    m_list->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_list->setAccessibleName(u"What will be removed"_s);
    m_words->setTextFormat(Qt::PlainText);
    m_words->setWordWrap(true);
    m_volumes->setVisible(std::any_of(items.begin(), items.end(), [](const Candidate &item) { return item.stern; }));
    m_volumes->setText(volumesText(items).replace(u'&', u"&&"_s));

    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
    buttons->addButton(m_remove, QDialogButtonBox::AcceptRole);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_volumes, &QCheckBox::toggled, this, &ConfirmDialog::showGoing);
    connect(m_remove, &QPushButton::clicked, this, [this] {
        Q_EMIT confirmed(going());
        accept();
    });
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(2 * grid, 2 * grid, 2 * grid, 2 * grid);
    layout->setSpacing(grid);
    layout->addWidget(m_question);
    layout->addWidget(m_list, 1);
    layout->addWidget(m_words);
    layout->addWidget(m_volumes);
    layout->addSpacing(grid);
    layout->addWidget(buttons);
    resize(96 * grid, 60 * grid);
    showGoing();
    // Enter must not remove.
    buttons->button(QDialogButtonBox::Cancel)->setDefault(true);
    buttons->button(QDialogButtonBox::Cancel)->setFocus();
}

QList<Candidate> ConfirmDialog::going() const
{
    QList<Candidate> items = m_items;
    if (!m_volumes->isChecked())
        items.removeIf([](const Candidate &item) { return item.stern; });
    return items;
}

void ConfirmDialog::showGoing()
{
    const QList<Candidate> items = going();
    const bool some = !items.isEmpty();
    // Where only such volumes were chosen, the button says what it would do and the words why it cannot yet.
    QString what = removeText(totalOf(some ? items : m_items, m_shared));
    what.chop(1); // its …
    m_question->setText(what + u'?');
    m_remove->setText(what);
    m_remove->setEnabled(some);
    const int at = m_list->verticalScrollBar()->value();
    m_list->setPlainText(listText(m_items, !m_volumes->isChecked()));
    m_list->verticalScrollBar()->setValue(at);
    m_words->setText(some ? warning(items) : u"Nothing goes unless the box is ticked."_s);
}

} // namespace cleanup
