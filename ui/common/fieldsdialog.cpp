#include "common/fieldsdialog.h"

#include "common/form.h"
#include "common/theme.h"

#include <QCheckBox>
#include <QDialogButtonBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace common {

FieldsDialog::FieldsDialog(
    const QString &title, const QString &sentence, const QList<Field> &fields, const QString &button, QWidget *parent)
    : QDialog(parent)
    , m_fields(fields)
{
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(title);
    setAccessibleName(title);
    auto *text = new QLabel(sentence, this);
    text->setWordWrap(true);
    auto *form = new Form(this);
    for (const Field &field : fields) {
        auto *edit = new QLineEdit(field.value, this);
        if (field.secret)
            edit->setEchoMode(QLineEdit::Password);
        form->addField(field.name, edit, field.hint);
        m_edits += edit;
    }
    m_offer = new QCheckBox(this);
    m_offer->hide();
    m_offerHint = form->addField(m_offer);
    QWidget *notice = buttonRow({}, m_noticeButton, m_notice, this);
    notice->hide();
    connect(m_noticeButton, &QPushButton::clicked, this, &FieldsDialog::noticePressed);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    QPushButton *go = buttons->addButton(button, QDialogButtonBox::AcceptRole);
    go->setAccessibleName(plainLabel(button));
    go->setDefault(true);
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(text);
    layout->addWidget(form);
    layout->addWidget(notice);
    layout->addStretch();
    layout->addWidget(buttons);

    const auto reconsider = [this, go] {
        bool ready = true;
        for (qsizetype i = 0; i < m_fields.size(); ++i)
            ready = ready && (!m_fields[i].needed || !m_edits[i]->text().isEmpty());
        go->setEnabled(ready);
    };
    for (QLineEdit *edit : std::as_const(m_edits))
        connect(edit, &QLineEdit::textChanged, this, reconsider);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(buttons, &QDialogButtonBox::accepted, this, [this] {
        QStringList values;
        for (const QLineEdit *edit : std::as_const(m_edits))
            values += edit->text();
        Q_EMIT filled(values);
        accept();
    });
    reconsider();
    resize(60 * grid, sizeHint().height());
}

void FieldsDialog::offer(const QString &label, const QString &hint, bool checked)
{
    m_offer->setText(label);
    m_offer->setAccessibleName(plainLabel(label));
    m_offer->setChecked(checked);
    m_offer->show();
    Form::setHint(m_offerHint, hint);
}

void FieldsDialog::takeOffer() { m_offer->setChecked(true); }

bool FieldsDialog::offerTaken() const { return m_offer->isChecked(); }

void FieldsDialog::suggest(int field, const QString &value)
{
    if (m_edits[field]->text().isEmpty())
        m_edits[field]->setText(value);
}

void FieldsDialog::setNotice(const QString &sentence, const QString &button)
{
    m_notice->setText(sentence);
    m_noticeButton->setText(button);
    m_noticeButton->setAccessibleName(plainLabel(button));
    m_noticeButton->setAutoDefault(false);
    m_notice->parentWidget()->setVisible(!sentence.isEmpty());
}

} // namespace common
