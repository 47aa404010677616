#include "launch/optionspanel.h"

#include "common/choiceedit.h"
#include "common/finderfield.h"
#include "common/form.h"
#include "common/theme.h"

#include <QCheckBox>
#include <QEvent>
#include <QFileDialog>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

namespace launch {

using namespace recipe;

using common::grid;

namespace {

constexpr int nameWidth = 25 * grid;
constexpr std::pair newestApi{1, 99};

QString stepTitle(WizardStep step)
{
    switch (step) {
    case WizardStep::Image:
        return OptionsPanel::tr("Image");
    case WizardStep::Gpus:
        return OptionsPanel::tr("GPUs");
    case WizardStep::Mounts:
        return OptionsPanel::tr("Mounts");
    case WizardStep::Command:
        return OptionsPanel::tr("Command");
    default:
        return {};
    }
}

QString dashed(const QString &name) { return QStringLiteral("--") + name; }

} // namespace

WizardStep stepOfOption(const DockerOption &option)
{
    static const QList<std::pair<QLatin1String, WizardStep>> steps{{QLatin1String("platform"), WizardStep::Image},
        {QLatin1String("gpus"), WizardStep::Gpus}, {QLatin1String("volume"), WizardStep::Mounts},
        {QLatin1String("mount"), WizardStep::Mounts}, {QLatin1String("env"), WizardStep::Command},
        {QLatin1String("entrypoint"), WizardStep::Command}, {QLatin1String("workdir"), WizardStep::Command},
        {QLatin1String("user"), WizardStep::Command}};
    for (const auto &[name, step] : steps) {
        if (name == option.name)
            return step;
    }
    return WizardStep::Resources;
}

OptionsPanel::OptionsPanel(QWidget *parent)
    : QWidget(parent)
    , m_lines(new QVBoxLayout)
    , m_finder(new common::FinderField(this))
{
    auto *heading = new QLabel(tr("More options"), this);
    heading->setFont(common::headingFont(font(), 0));
    m_lines->setSpacing(grid * 3 / 2);
    m_finder->setPlaceholderText(tr("Add an option…"));
    m_finder->setAccessibleName(tr("Add an option…"));
    m_finder->setAccessibleDescription(tr("Search by name or by what it does"));
    QList<common::FinderField::Entry> entries;
    for (const DockerOption &option : dockerOptions()) {
        if (option.group == OptionGroup::Windows)
            continue;
        QString note;
        if (option.typed) {
            const WizardStep step = stepOfOption(option);
            note = step == WizardStep::Resources ? tr("above on this step") : tr("on the %1 step").arg(stepTitle(step));
        }
        QString words = groupTitle(option.group);
        if (option.shorthand)
            words += QStringLiteral(" -") + QLatin1Char(option.shorthand);
        entries += {option.name, dashed(option.name), option.about, note, words};
    }
    m_finder->setEntries(entries);

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 2 * grid, 0, 0);
    layout->setSpacing(grid);
    layout->addWidget(heading);
    layout->addLayout(m_lines);
    layout->addWidget(m_finder);
    layout->addWidget(common::mutedLabel(
        tr("Every other option of docker run: search “capability”, “health”, “swap” or a name."), this));
    connect(m_finder, &common::FinderField::chosen, this, &OptionsPanel::choose);
    connect(&m_files, &dockerline::NamedFiles::arrived, this, &OptionsPanel::filesArrived);
}

void OptionsPanel::setOptions(const QList<Option> &options)
{
    for (const Row &row : std::exchange(m_rows, {}))
        delete row.line;
    for (const Option &option : options)
        addRow(option.name, option.value, option.value.isEmpty());
}

QList<Option> OptionsPanel::options() const
{
    QList<Option> result;
    for (const Row &row : m_rows) {
        const QString value = valueOf(row);
        if ((!value.isEmpty() || row.mayBeEmpty) && row.fault->text().isEmpty())
            result += {row.name, value};
    }
    return result;
}

QStringList OptionsPanel::problems() const
{
    QStringList result;
    for (const Row &row : m_rows) {
        const QString fault = row.fault->text();
        if (!fault.isEmpty())
            result += fault.contains(dashed(row.name)) ? fault : tr("%1: %2").arg(dashed(row.name), fault);
    }
    return result;
}

/** A new row with the cursor in it, the row that is there, or the step that has its fields. */
void OptionsPanel::choose(const QString &name)
{
    const DockerOption *option = dockerOption(name);
    if (option->typed)
        return Q_EMIT editedElsewhere(stepOfOption(*option), name);
    for (const Row &row : std::as_const(m_rows)) {
        if (row.name == name && !option->list)
            return common::bringIntoSight(row.editor);
    }
    addRow(name, option->flag() ? QStringLiteral("true") : QString(), false);
    common::bringIntoSight(m_rows.last().editor);
    Q_EMIT changed();
}

void OptionsPanel::addRow(const QString &name, const QString &value, bool mayBeEmpty)
{
    Row row{dockerOption(name), name, new QWidget(this), nullptr, nullptr, mayBeEmpty};
    auto *label = new QLabel(dashed(name), row.line);
    label->setFont(common::monospaceFont());
    label->setFixedWidth(nameWidth);
    row.editor = makeEditor(row.option, value, row.line);
    label->setBuddy(row.editor);
    auto *removeButton = new QToolButton(row.line);
    removeButton->setText(tr("Remove %1").arg(dashed(name)));
    removeButton->setToolTip(removeButton->text());
    removeButton->setIcon(QIcon::fromTheme(QStringLiteral("edit-delete-remove")));
    removeButton->setToolButtonStyle(removeButton->icon().isNull() ? Qt::ToolButtonTextOnly : Qt::ToolButtonIconOnly);
    removeButton->setAutoRaise(true);
    auto *about = common::mutedLabel(row.option ? QString(row.option->about) : QString(), row.line);
    about->setVisible(!about->text().isEmpty());
    row.fault = new QLabel(row.line);
    row.fault->setWordWrap(true);
    row.fault->setTextFormat(Qt::PlainText);
    row.fault->hide();

    auto *layout = new QGridLayout(row.line);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setHorizontalSpacing(grid);
    layout->setVerticalSpacing(grid / 4);
    layout->setColumnStretch(1, 1);
    layout->addWidget(label, 0, 0);
    layout->addWidget(row.editor, 0, 1);
    layout->addWidget(removeButton, 0, 2);
    layout->addWidget(about, 1, 1, 1, 2);
    layout->addWidget(row.fault, 2, 1, 1, 2);
    m_lines->addWidget(row.line);
    row.line->show(); // at once, so that it can have the focus
    m_rows += row;
    judge(row);
    colorFaults();
    connect(removeButton, &QToolButton::clicked, this, [this, line = row.line] { remove(line); });
}

QWidget *OptionsPanel::makeEditor(const DockerOption *option, const QString &value, QWidget *line)
{
    const QString name = dashed(option ? QString(option->name) : QString());
    const bool flagged = value == u"true" || value == u"false";
    if (option && option->flag() && flagged) {
        auto *check = new QCheckBox(tr("On"), line);
        check->setChecked(value == u"true");
        check->setAccessibleName(name);
        connect(check, &QCheckBox::toggled, this, [this] { edited(); });
        return check;
    }
    const QString hint = option ? QString(option->hint) : QString();
    if (option && option->kind == OptionKind::Choice) {
        QList<QPair<QString, QString>> choices;
        for (const QString &choice : hint.split(u'|'))
            choices += {choice, choice};
        if (value.isEmpty())
            choices.prepend({QString(), tr("Choose…")});
        auto *edit = new common::ChoiceEdit(choices, tr("another value"), line);
        edit->setLabel(name);
        edit->setValue(value);
        connect(edit, &common::ChoiceEdit::changed, this, [this] { edited(); });
        return edit;
    }
    if (option && option->kind == OptionKind::File)
        return makeFileEditor(name, value, line);
    auto *edit = new QLineEdit(value, line);
    edit->setPlaceholderText(hint);
    edit->setAccessibleName(name);
    connect(edit, &QLineEdit::textChanged, this, [this] { edited(); });
    return edit;
}

/** The path and a button that opens the desktop's file dialog. */
QWidget *OptionsPanel::makeFileEditor(const QString &name, const QString &value, QWidget *line)
{
    auto *both = new QWidget(line);
    auto *edit = new QLineEdit(value, both);
    edit->setPlaceholderText(tr("a file of this machine"));
    edit->setAccessibleName(name);
    auto *browse = new QToolButton(both);
    browse->setText(tr("Choose a file…"));
    browse->setToolTip(browse->text());
    browse->setIcon(QIcon::fromTheme(QStringLiteral("document-open")));
    browse->setToolButtonStyle(browse->icon().isNull() ? Qt::ToolButtonTextOnly : Qt::ToolButtonIconOnly);
    auto *layout = new QHBoxLayout(both);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(grid / 2);
    layout->addWidget(edit, 1);
    layout->addWidget(browse);
    both->setFocusProxy(edit);
    connect(edit, &QLineEdit::textChanged, this, [this] { edited(); });
    connect(browse, &QToolButton::clicked, edit, [edit] {
        auto *dialog = new QFileDialog(edit->window(), tr("Choose a file"), edit->text());
        dialog->setFileMode(QFileDialog::ExistingFile);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        connect(dialog, &QFileDialog::fileSelected, edit, &QLineEdit::setText);
        dialog->open();
    });
    return both;
}

QString OptionsPanel::valueOf(const Row &row)
{
    if (const auto *check = qobject_cast<QCheckBox *>(row.editor))
        return check->isChecked() ? QStringLiteral("true") : QStringLiteral("false");
    if (const auto *choice = qobject_cast<common::ChoiceEdit *>(row.editor))
        return choice->value();
    if (const auto *edit = qobject_cast<QLineEdit *>(row.editor))
        return edit->text();
    return row.editor->findChild<QLineEdit *>()->text();
}

/** What Docker's client would say of it; nothing of what is still to be typed. */
QString OptionsPanel::faultOf(const Row &row)
{
    if (!row.option)
        return tr("docker run has no option %1.").arg(dashed(row.name));
    const QString value = valueOf(row);
    if (value.isEmpty())
        return {};
    RunConfig scratch;
    ShellContext context;
    context.api = newestApi; // the launch knows the daemon's
    bool waiting = false;
    context.readFile = [this, &waiting](const QString &path) {
        auto content = m_files.content(path);
        waiting = m_files.awaited().contains(path);
        return content;
    };
    const QString fault = row.option->read(scratch, value, context);
    return waiting ? QString() : fault; // nothing is wrong before the file is read
}

void OptionsPanel::filesArrived()
{
    const QStringList before = problems();
    m_files.begin();
    for (const Row &row : std::as_const(m_rows))
        judge(row);
    if (problems() != before)
        Q_EMIT changed();
}

void OptionsPanel::remove(QWidget *line)
{
    m_rows.removeIf([line](const Row &row) { return row.line == line; });
    line->hide();
    line->deleteLater(); // the click comes from inside it
    m_finder->setFocus(Qt::OtherFocusReason);
    Q_EMIT changed();
}

void OptionsPanel::edited()
{
    m_files.begin();
    for (const Row &row : std::as_const(m_rows))
        judge(row);
    Q_EMIT changed();
}

/** Once for each edit and not when asked: some values name files, which are read. */
void OptionsPanel::judge(const Row &row)
{
    const QString fault = faultOf(row);
    row.fault->setText(fault);
    row.fault->setVisible(!fault.isEmpty());
}

void OptionsPanel::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        colorFaults();
}

void OptionsPanel::colorFaults()
{
    QPalette own;
    own.setColor(QPalette::WindowText, common::toneColor(common::Tone::Failed, palette()));
    for (const Row &row : std::as_const(m_rows))
        row.fault->setPalette(own);
}

} // namespace launch
