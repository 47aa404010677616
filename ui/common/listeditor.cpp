#include "common/listeditor.h"

#include "common/form.h"

#include <QCheckBox>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

namespace common {

namespace {

constexpr int removeWidth = 4 * grid;
constexpr int leastWidth = 10 * grid; ///< of a field

/** As wide as its words, in every row alike. */
int checkWidth(const QString &title) { return std::max(12 * grid, QCheckBox(title).sizeHint().width()); }

/** The line edit of a text or folder field. */
QLineEdit *editOf(QWidget *field)
{
    auto *edit = qobject_cast<QLineEdit *>(field);
    return edit ? edit : field->findChild<QLineEdit *>();
}

QString valueOf(QWidget *field)
{
    if (const auto *check = qobject_cast<QCheckBox *>(field))
        return check->isChecked() ? QStringLiteral("1") : QString();
    return editOf(field)->text();
}

void addToLine(QHBoxLayout *layout, QWidget *widget, const ListEditor::Column &column)
{
    if (column.kind == ListEditor::Kind::Check) {
        widget->setFixedWidth(checkWidth(column.title));
    } else {
        // Titles and fields share the width in the same way: as their columns want it, whatever they say.
        widget->setSizePolicy(QSizePolicy::Ignored, widget->sizePolicy().verticalPolicy());
        widget->setMinimumWidth(leastWidth);
    }
    layout->addWidget(widget, column.kind == ListEditor::Kind::Check ? 0 : column.stretch);
}

} // namespace

ListEditor::ListEditor(const QList<Column> &columns, const QString &add, QWidget *parent)
    : QWidget(parent)
    , m_columns(columns)
    , m_titles(new QWidget(this))
    , m_lines(new QVBoxLayout)
    , m_add(new QPushButton(QIcon::fromTheme(QStringLiteral("list-add")), add, this))
{
    auto *titles = new QHBoxLayout(m_titles);
    titles->setContentsMargins(0, 0, 0, 0);
    titles->setSpacing(grid);
    for (const Column &column : m_columns) {
        // A check box carries its title itself.
        auto *label = mutedLabel(column.kind == Kind::Check ? QString() : column.title, m_titles);
        label->setWordWrap(false);
        addToLine(titles, label, column);
    }
    auto *remove = new QWidget(m_titles); // above the buttons
    remove->setFixedWidth(removeWidth);
    titles->addWidget(remove);
    m_lines->setSpacing(grid);
    m_add->setAccessibleName(plainLabel(add));
    m_add->setAutoDefault(false);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(grid / 2);
    layout->addWidget(m_titles);
    layout->addLayout(m_lines);
    layout->addSpacing(grid / 2);
    layout->addWidget(m_add, 0, Qt::AlignLeft);
    setFocusProxy(m_add);
    connect(m_add, &QPushButton::clicked, this, [this] {
        addRow();
        Q_EMIT changed();
    });
    showTitles();
}

QList<QStringList> ListEditor::rows() const
{
    QList<QStringList> result;
    for (const Row &row : m_rows) {
        QStringList values;
        for (QWidget *field : row.fields)
            values += valueOf(field);
        result += values;
    }
    return result;
}

void ListEditor::setRows(const QList<QStringList> &rows)
{
    for (const Row &row : std::exchange(m_rows, {}))
        delete row.line;
    for (const QStringList &values : rows)
        insertRow(values);
    showTitles();
}

void ListEditor::addRow(const QStringList &values)
{
    insertRow(values);
    showTitles();
    QWidget *first = m_rows.last().fields.first();
    if (QLineEdit *edit = editOf(first))
        edit->setFocus(Qt::OtherFocusReason);
}

void ListEditor::setNote(int row, const QString &text, Tone tone)
{
    QLabel *label = m_rows[row].note;
    label->setText(text);
    label->setVisible(!text.isEmpty());
    QPalette own;
    own.setColor(QPalette::WindowText, toneColor(tone, palette()));
    label->setPalette(own);
}

QString ListEditor::note(int row) const { return m_rows[row].note->text(); }

void ListEditor::insertRow(const QStringList &values)
{
    Row row;
    row.line = new QWidget(this);
    auto *column = new QVBoxLayout(row.line);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(grid / 2);
    auto *line = new QHBoxLayout;
    line->setSpacing(grid);
    for (int i = 0; i < m_columns.size(); ++i) {
        QWidget *field = makeField(m_columns[i], values.value(i), row.line);
        (editOf(field) ? editOf(field) : field)->setAccessibleDescription(tr("Row %1").arg(m_rows.size() + 1));
        addToLine(line, field, m_columns[i]);
        row.fields += field;
    }
    auto *remove = new QToolButton(row.line);
    remove->setText(tr("Remove"));
    remove->setToolTip(tr("Remove this row"));
    remove->setIcon(QIcon::fromTheme(QStringLiteral("edit-delete-remove")));
    remove->setToolButtonStyle(remove->icon().isNull() ? Qt::ToolButtonTextOnly : Qt::ToolButtonIconOnly);
    remove->setAutoRaise(true);
    remove->setFixedWidth(removeWidth);
    line->addWidget(remove);
    column->addLayout(line);
    row.note = new QLabel(row.line);
    row.note->setWordWrap(true);
    row.note->hide();
    column->addWidget(row.note);
    m_lines->addWidget(row.line);
    m_rows += row;
    connect(remove, &QToolButton::clicked, this, [this, line = row.line] { removeRow(line); });
}

QWidget *ListEditor::makeField(const Column &column, const QString &value, QWidget *line)
{
    if (column.kind == Kind::Check) {
        auto *check = new QCheckBox(column.title, line);
        check->setChecked(!value.isEmpty());
        connect(check, &QCheckBox::toggled, this, &ListEditor::changed);
        return check;
    }
    auto *edit = new QLineEdit(value, line);
    edit->setPlaceholderText(column.placeholder);
    edit->setAccessibleName(column.title);
    connect(edit, &QLineEdit::textChanged, this, &ListEditor::changed);
    return column.kind == Kind::Folder ? withPicker(edit, line) : edit;
}

/** The field and a button that opens the desktop's folder dialog. */
QWidget *ListEditor::withPicker(QLineEdit *edit, QWidget *line)
{
    auto *both = new QWidget(line);
    auto *choose = new QToolButton(both);
    choose->setText(tr("Choose a folder…"));
    choose->setToolTip(choose->text());
    choose->setIcon(QIcon::fromTheme(QStringLiteral("folder-open")));
    choose->setToolButtonStyle(choose->icon().isNull() ? Qt::ToolButtonTextOnly : Qt::ToolButtonIconOnly);
    auto *layout = new QHBoxLayout(both);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(grid / 2);
    layout->addWidget(edit, 1);
    layout->addWidget(choose);
    both->setFocusProxy(edit);
    connect(choose, &QToolButton::clicked, edit, [edit] {
        auto *dialog = new QFileDialog(edit->window(), tr("Choose a folder"), edit->text());
        dialog->setFileMode(QFileDialog::Directory);
        dialog->setOption(QFileDialog::ShowDirsOnly);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        connect(dialog, &QFileDialog::fileSelected, edit, &QLineEdit::setText);
        dialog->open();
    });
    return both;
}

void ListEditor::removeRow(QWidget *line)
{
    m_rows.removeIf([line](const Row &row) { return row.line == line; });
    line->hide();
    line->deleteLater(); // the click comes from inside it
    showTitles();
    m_add->setFocus(Qt::OtherFocusReason);
    Q_EMIT changed();
}

void ListEditor::showTitles() { m_titles->setVisible(!m_rows.isEmpty()); }

} // namespace common
