#include "common/namedialog.h"

#include "common/form.h"
#include "common/theme.h"

#include <QDialogButtonBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace common {

NameDialog::NameDialog(const Texts &texts, Judge judge, QWidget *parent)
    : QDialog(parent)
    , m_judge(std::move(judge))
    , m_name(new QLineEdit(texts.name, this))
    , m_fault(new QLabel(this))
    , m_ok(new QPushButton(texts.button, this))
{
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(texts.title);
    auto *question = new QLabel(texts.question, this);
    question->setWordWrap(true);
    question->setBuddy(m_name);
    m_name->setAccessibleName(tr("Name"));
    m_name->selectAll();
    m_fault->setWordWrap(true);
    m_fault->setMinimumHeight(2 * fontMetrics().lineSpacing()); // the buttons stay where they are when it speaks
    m_fault->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    QPalette colors = palette();
    colors.setColor(QPalette::WindowText, toneColor(Tone::Failed, palette()));
    m_fault->setPalette(colors);
    m_ok->setAccessibleName(plainLabel(texts.button));
    m_ok->setDefault(true);

    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    buttons->addButton(m_ok, QDialogButtonBox::AcceptRole);
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(question);
    layout->addWidget(m_name);
    layout->addWidget(m_fault);
    layout->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::accepted, this, &NameDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &NameDialog::reject);
    connect(m_name, &QLineEdit::textChanged, this, &NameDialog::reconsider);
    resize(50 * grid, sizeHint().height());
    reconsider();
}

QString NameDialog::name() const { return m_name->text().trimmed(); }

void NameDialog::reconsider()
{
    const QString fault = name().isEmpty() ? QString() : m_judge(name());
    m_fault->setText(fault);
    m_ok->setEnabled(!name().isEmpty() && fault.isEmpty());
}

void NameDialog::accept()
{
    if (!m_ok->isEnabled())
        return;
    Q_EMIT named(name());
    QDialog::accept();
}

} // namespace common
