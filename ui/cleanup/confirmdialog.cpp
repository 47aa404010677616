#include "cleanup/confirmdialog.h"

#include "common/theme.h"
#include "core/units.h"

#include <QCheckBox>
#include <QDialogButtonBox>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace cleanup {

using common::grid;
using namespace Qt::StringLiterals;

namespace {

QString warning(const QList<Candidate> &items)
{
    const auto count = [&items](auto fits) { return int(std::count_if(items.begin(), items.end(), fits)); };
    QStringList sentences;
    if (count([](const Candidate &item) { return item.kind == Kind::StoppedContainer; }) > 0)
        sentences.append(
            u"What was written inside the containers and their logs are deleted for good; mounted folders and volumes stay."_s);
    const int careful = count([](const Candidate &item) { return item.isImage() && item.verdict == Verdict::Careful; });
    if (careful > 0)
        sentences.append(careful == 1 ? u"One of the images is needed or is nowhere else: see above."_s
                                      : u"%1 of the images are needed or are nowhere else: see above."_s.arg(careful));
    sentences.append(u"What comes into use before its turn is left alone."_s);
    return sentences.join(u' ');
}

} // namespace

QString listText(const QList<Candidate> &items)
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
            part.append(line + u"  –  "_s + item.reason);
        }
        if (!part.isEmpty())
            lines += QStringList{countText(Kind(kind), part.size())} + part;
    }
    return lines.join(u'\n');
}

ConfirmDialog::ConfirmDialog(const QList<Candidate> &items, const Total &total, QWidget *parent)
    : QDialog(parent)
    , m_volumes(new QCheckBox)
    , m_remove(new QPushButton(QIcon::fromTheme(u"edit-delete"_s), {}))
{
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(u"Clean up"_s);
    setModal(true);
    QString what = removeText(total);
    what.chop(1); // its …
    auto *question = new QLabel(what + u'?');
    question->setFont(common::headingFont(font(), 1));
    auto *list = new QPlainTextEdit(listText(items));
    list->setReadOnly(true);
    list->setLineWrapMode(QPlainTextEdit::NoWrap);
    list->setAccessibleName(u"What will be removed"_s);
    auto *words = new QLabel(warning(items));
    words->setWordWrap(true);
    const auto named = std::count_if(items.begin(), items.end(), [](const Candidate &item) { return item.stern; });
    m_volumes->setVisible(named > 0);
    m_volumes->setText(named == 1 ? u"Also delete 1 volume with a name and all data in it, for good"_s
                                  : u"Also delete %1 volumes with a name and all data in them, for good"_s.arg(named));
    m_remove->setText(what);

    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
    buttons->addButton(m_remove, QDialogButtonBox::AcceptRole);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_volumes, &QCheckBox::toggled, this, &ConfirmDialog::updateButton);
    connect(m_remove, &QPushButton::clicked, this, [this] {
        Q_EMIT confirmed();
        accept();
    });
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(2 * grid, 2 * grid, 2 * grid, 2 * grid);
    layout->setSpacing(grid);
    layout->addWidget(question);
    layout->addWidget(list, 1);
    layout->addWidget(words);
    layout->addWidget(m_volumes);
    layout->addSpacing(grid);
    layout->addWidget(buttons);
    resize(96 * grid, 60 * grid);
    updateButton();
    // Enter must not remove.
    buttons->button(QDialogButtonBox::Cancel)->setDefault(true);
    buttons->button(QDialogButtonBox::Cancel)->setFocus();
}

void ConfirmDialog::updateButton() { m_remove->setEnabled(m_volumes->isHidden() || m_volumes->isChecked()); }

} // namespace cleanup
