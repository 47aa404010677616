#include "launch/codepage.h"

#include "common/form.h"
#include "common/theme.h"
#include "recipe/startcommand.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QRadioButton>
#include <QSignalBlocker>
#include <QVBoxLayout>

namespace launch {

using namespace recipe;

CodePage::CodePage(QWidget *parent)
    : StepPage(tr("Code"), tr("What happens to the code before the command runs."), parent)
    , m_nothing(new QRadioButton(tr("Nothing: run it as it is"), this))
    , m_update(new QRadioButton(tr("Bring a git folder up to date first"), this))
    , m_folder(new QComboBox(this))
    , m_pull(new QCheckBox(tr("git pull"), this))
    , m_checkout(new QLineEdit(this))
    , m_line(new QPlainTextEdit(this))
{
    m_folder->setEditable(true);
    m_folder->setInsertPolicy(QComboBox::NoInsert);
    m_folder->lineEdit()->setPlaceholderText(QStringLiteral("/workspace/training_repo"));
    m_checkout->setPlaceholderText(tr("leave it where it is"));
    m_line->setReadOnly(true);
    m_line->setTabChangesFocus(true);
    m_line->setFont(common::monospaceFont());
    m_line->setFixedHeight(12 * common::grid);

    auto *form = new common::Form(this);
    form->addField(tr("Folder"), m_folder, tr("The working copy's path in the container, of the image or of a mount."));
    m_folder->lineEdit()->setAccessibleName(tr("Folder"));
    form->addField(m_pull);
    form->addField(tr("Check out"), m_checkout,
        tr("A branch, tag or commit. git runs in the container: with a mount, the host's folder changes."));
    m_fields = form;
    auto *lineForm = new common::Form(this);
    lineForm->addField(tr("Start line"), m_line, tr("What the container runs, made of this step and Command."));

    body()->addWidget(m_nothing);
    body()->addWidget(m_update);
    body()->addWidget(m_fields);
    body()->addSpacing(2 * common::grid);
    body()->addWidget(lineForm);
    body()->addStretch();

    connect(m_update, &QRadioButton::toggled, this, [this](bool on) {
        m_fields->setEnabled(on);
        tellEdited();
    });
    connect(m_folder, &QComboBox::currentTextChanged, this, &CodePage::tellEdited);
    connect(m_pull, &QCheckBox::toggled, this, &CodePage::tellEdited);
    connect(m_checkout, &QLineEdit::textChanged, this, &CodePage::tellEdited);
    m_nothing->setChecked(true);
    m_fields->setEnabled(false);
    m_pull->setChecked(true);
}

void CodePage::store(RunConfig &config) const
{
    config.code = {};
    if (!m_update->isChecked())
        return;
    config.code.folder = m_folder->currentText().trimmed();
    config.code.update = m_pull->isChecked() ? CodeStep::Update::Pull : CodeStep::Update::None;
    config.code.checkout = m_checkout->text().trimmed();
}

QStringList CodePage::inputProblems() const
{
    if (m_update->isChecked() && m_folder->currentText().trimmed().isEmpty())
        return {tr("Say in which folder of the container git is to run.")};
    return {};
}

void CodePage::refresh(const RunConfig &config)
{
    const QSignalBlocker blocker(m_folder);
    const QString typed = m_folder->currentText();
    const int cursor = m_folder->lineEdit()->cursorPosition();
    m_folder->clear();
    for (const Mount &mount : config.mounts) {
        if (!mount.target.isEmpty())
            m_folder->addItem(mount.target);
    }
    m_folder->setEditText(typed);
    m_folder->lineEdit()->setCursorPosition(cursor);
    const QStringList words = startCommand(config);
    m_line->setPlainText(words.isEmpty() ? tr("the image's own command") : shellJoin(words));
}

void CodePage::fill(const RunConfig &config)
{
    const bool update = !config.code.folder.isEmpty();
    (update ? m_update : m_nothing)->setChecked(true);
    m_fields->setEnabled(update);
    m_folder->setEditText(config.code.folder);
    m_pull->setChecked(config.code.update == CodeStep::Update::Pull);
    m_checkout->setText(config.code.checkout);
}

} // namespace launch
