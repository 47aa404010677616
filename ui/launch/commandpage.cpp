#include "launch/commandpage.h"

#include "common/form.h"
#include "common/listeditor.h"
#include "common/theme.h"
#include "dockerline/fields.h"
#include "recipe/startcommand.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QRadioButton>
#include <QVBoxLayout>

namespace launch {

using namespace recipe;
using namespace dockerline;

namespace {

enum Field { Name, Value, Inherit, Ask };

QPlainTextEdit *editor(const QString &name, const QString &placeholder, int height, QWidget *parent)
{
    auto *edit = new QPlainTextEdit(parent);
    edit->setAccessibleName(name);
    edit->setPlaceholderText(placeholder);
    edit->setFont(common::monospaceFont());
    edit->setTabChangesFocus(true);
    edit->setMinimumHeight(height);
    edit->setMaximumHeight(height);
    return edit;
}

} // namespace

CommandPage::CommandPage(QWidget *parent)
    : StepPage(tr("Command"), tr("What runs in the container. Left empty, the image's own command runs."), parent)
    , m_asWords(new QRadioButton(tr("Command"), this))
    , m_asScript(new QRadioButton(tr("Shell script"), this))
    , m_words(editor(tr("Command"), QStringLiteral("python3 train.py --epochs 20"), 7 * common::grid, this))
    , m_shellHint(common::mutedLabel({}, this))
    , m_script(editor(tr("Shell script"),
          QStringLiteral("export PYTHONPATH=/workspace && python3 /workspace/training_repo/train.py"),
          14 * common::grid, this))
    , m_shell(new QComboBox(this))
    , m_workingDir(new QLineEdit(this))
    , m_user(new QLineEdit(this))
    , m_replaceEntrypoint(new QCheckBox(tr("Replace the image's entry point"), this))
    , m_entrypoint(new QLineEdit(this))
{
    using Kind = common::ListEditor::Kind;
    m_env = new common::ListEditor(
        {{tr("Variable"), QStringLiteral("PYTHONPATH"), Kind::Text, 2}, {tr("Value"), {}, Kind::Text, 3},
            {tr("Inherit"), {}, Kind::Check}, {tr("Ask at launch"), {}, Kind::Check}},
        tr("Add variable"), this);
    m_shell->addItems({QStringLiteral("bash"), QStringLiteral("sh")});
    m_shell->setEditable(true);
    m_shell->setInsertPolicy(QComboBox::NoInsert);
    m_workingDir->setPlaceholderText(tr("the image's own"));
    m_user->setPlaceholderText(tr("the image's own; otherwise name, or 1000:1000"));
    m_entrypoint->setAccessibleName(m_replaceEntrypoint->text());
    m_entrypoint->setPlaceholderText(tr("none"));

    body()->addWidget(m_asWords);
    body()->addWidget(m_words);
    body()->addWidget(m_shellHint);
    body()->addWidget(m_asScript);
    body()->addWidget(m_script);
    body()->addSpacing(common::grid);
    auto *form = new common::Form(this);
    form->addField(tr("Shell"), m_shell, tr("Runs the script, and the git commands of Code."));
    m_shell->lineEdit()->setAccessibleName(tr("Shell"));
    form->addField(tr("Working directory"), m_workingDir);
    form->addField(tr("Environment"), m_env, tr("Inherit passes on the value of the environment Slipway runs in."));
    form->addField(tr("User"), m_user);
    form->addField(m_replaceEntrypoint);
    form->addField(m_entrypoint);
    body()->addWidget(form);
    body()->addStretch();

    for (QRadioButton *button : {m_asWords, m_asScript})
        connect(button, &QRadioButton::toggled, this, &CommandPage::enableFields);
    connect(m_asScript, &QRadioButton::toggled, this, &CommandPage::tellEdited);
    connect(m_replaceEntrypoint, &QCheckBox::toggled, this, &CommandPage::enableFields);
    connect(m_replaceEntrypoint, &QCheckBox::toggled, this, &CommandPage::tellEdited);
    for (QPlainTextEdit *edit : {m_words, m_script})
        connect(edit, &QPlainTextEdit::textChanged, this, &CommandPage::tellEdited);
    for (QLineEdit *edit : {m_workingDir, m_user, m_entrypoint})
        connect(edit, &QLineEdit::textChanged, this, &CommandPage::tellEdited);
    connect(m_shell, &QComboBox::currentTextChanged, this, &CommandPage::tellEdited);
    connect(m_env, &common::ListEditor::changed, this, &CommandPage::tellEdited);
    connect(m_words, &QPlainTextEdit::textChanged, this, &CommandPage::showShellHint);
    m_asWords->setChecked(true);
    enableFields();
}

void CommandPage::enableFields()
{
    m_words->setEnabled(m_asWords->isChecked());
    m_script->setEnabled(m_asScript->isChecked());
    m_entrypoint->setVisible(m_replaceEntrypoint->isChecked());
    showShellHint();
}

/** A pasted line often needs a shell; as a command its "&&" would be one more argument of the program. */
void CommandPage::showShellHint()
{
    static const QStringList operators{QStringLiteral("&&"), QStringLiteral("||"), QStringLiteral("|"),
        QStringLiteral(";"), QStringLiteral(">"), QStringLiteral(">>"), QStringLiteral("<"), QStringLiteral("&")};
    QString found;
    for (const QString &word : shellSplit(m_words->toPlainText()).value_or(QStringList())) {
        if (found.isEmpty() && (operators.contains(word) || word.startsWith(u'$')))
            found = word;
    }
    m_shellHint->setText(tr("“%1” means something only to a shell: choose Shell script for that.").arg(found));
    m_shellHint->setVisible(m_asWords->isChecked() && !found.isEmpty());
}

void CommandPage::store(RunConfig &config) const
{
    config.useShell = m_asScript->isChecked();
    if (const auto words = shellSplit(m_words->toPlainText()))
        config.command = *words;
    config.script = m_script->toPlainText();
    config.shell = m_shell->currentText().trimmed();
    config.workingDir = m_workingDir->text().trimmed();
    config.user = m_user->text().trimmed();
    config.entrypoint.reset();
    if (m_replaceEntrypoint->isChecked())
        config.entrypoint = m_entrypoint->text();
    config.env.clear();
    for (const QStringList &row : m_env->rows()) {
        if (row[Name].isEmpty() && row[Value].isEmpty())
            continue;
        EnvVar variable{row[Name].trimmed(), row[Value]};
        variable.secret = !row[Ask].isEmpty();
        if (variable.secret || !row[Inherit].isEmpty())
            variable.value.reset();
        config.env += variable;
    }
}

QStringList CommandPage::inputProblems() const
{
    if (m_asWords->isChecked() && !shellSplit(m_words->toPlainText()))
        return {tr("The command has a quote that is not closed.")};
    return {};
}

void CommandPage::fill(const RunConfig &config)
{
    (config.useShell ? m_asScript : m_asWords)->setChecked(true);
    m_words->setPlainText(shellJoin(config.command));
    m_script->setPlainText(config.script);
    m_shell->setEditText(config.shell);
    m_workingDir->setText(config.workingDir);
    m_user->setText(config.user);
    m_replaceEntrypoint->setChecked(config.entrypoint.has_value());
    m_entrypoint->setText(config.entrypoint.value_or(QString()));
    QList<QStringList> rows;
    for (const EnvVar &variable : config.env)
        rows += {variable.name, variable.value.value_or(QString()),
            variable.value || variable.secret ? QString() : QStringLiteral("1"),
            variable.secret ? QStringLiteral("1") : QString()};
    m_env->setRows(rows);
    enableFields();
}

} // namespace launch
