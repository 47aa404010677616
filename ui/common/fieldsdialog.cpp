#include "common/fieldsdialog.h"

#include "common/form.h"
#include "common/theme.h"

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
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    QPushButton *go = buttons->addButton(button, QDialogButtonBox::AcceptRole);
    go->setAccessibleName(plainLabel(button));
    go->setDefault(true);
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(text);
    layout->addWidget(form);
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

} // namespace common
