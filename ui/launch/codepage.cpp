#include "launch/codepage.h"

#include "code/advice.h"
#include "code/refsmodel.h"
#include "code/words.h"
#include "common/form.h"
#include "common/tablecombo.h"
#include "common/theme.h"
#include "git/url.h"
#include "launch/codeadvice.h"
#include "recipe/startcommand.h"

#include <QCheckBox>
#include <QDateTime>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QRadioButton>
#include <QScopedValueRollback>
#include <QSignalBlocker>
#include <QVBoxLayout>

namespace launch {

using namespace recipe;
using common::grid;

namespace {

constexpr int typingMs = 400;

qint64 now() { return QDateTime::currentSecsSinceEpoch(); }

} // namespace

CodePage::CodePage(QWidget *parent, const QProcessEnvironment &environment)
    : StepPage(tr("Code"), tr("Which code runs, and what happens to it before the command."), parent)
    , m_look(environment)
    , m_refs(new code::RefsModel(this))
    , m_advice(new CodeAdvice(m_look, this))
    , m_line(new QPlainTextEdit(this))
{
    m_line->setReadOnly(true);
    m_line->setTabChangesFocus(true);
    m_line->setFont(common::monospaceFont());
    m_line->setFixedHeight(9 * grid);
    auto *lineForm = new common::Form(this);
    lineForm->addField(tr("Start line"), m_line, tr("What the container runs, made of this step and Command."));
    body()->addWidget(makeChoices());
    body()->addWidget(m_fields = makeFields());
    body()->addWidget(m_advice);
    body()->addSpacing(grid);
    body()->addWidget(lineForm);
    body()->addStretch();
    m_pinSoon.setSingleShot(true);
    m_pinSoon.setInterval(typingMs);
    m_nothing->setChecked(true);
    m_pull->setChecked(true);
    connectFields();
    sourceChosen();
}

QWidget *CodePage::makeChoices()
{
    auto *choices = new QWidget(this);
    auto *layout = new QVBoxLayout(choices);
    layout->setContentsMargins(0, 0, 0, grid);
    m_nothing = new QRadioButton(tr("Nothing: run it as it is"), choices);
    m_present = new QRadioButton(tr("Code that lies in the image or a mounted folder"), choices);
    m_clone = new QRadioButton(tr("Clone a repository at start"), choices);
    for (QRadioButton *choice : {m_nothing, m_present, m_clone})
        layout->addWidget(choice);
    return choices;
}

QWidget *CodePage::makeFields()
{
    auto *fields = new QWidget(this);
    auto *clone = new common::Form(fields);
    m_url = new QLineEdit(clone);
    m_url->setPlaceholderText(QStringLiteral("https://github.com/team/training_repo.git"));
    clone->addField(tr("Repository"), m_url, tr("The container clones it, with the keys that it has itself."));
    m_cloneFields = clone;

    auto *form = new common::Form(fields);
    m_folder = new QComboBox(form);
    m_folder->setEditable(true);
    m_folder->setInsertPolicy(QComboBox::NoInsert);
    m_folder->lineEdit()->setPlaceholderText(QStringLiteral("/workspace/training_repo"));
    m_state = form->addField(tr("Folder"), m_folder, tr("The path in the container."));
    m_folder->lineEdit()->setAccessibleName(tr("Folder"));
    m_checkout = new common::TableCombo(form);
    m_checkout->setTable(m_refs);
    m_checkout->lineEdit()->setPlaceholderText(tr("leave it where it is"));
    form->addField(tr("Check out"), m_checkout);
    m_checkout->lineEdit()->setAccessibleName(tr("Check out"));
    form->addField(common::buttonRow(tr("Look at the server"), m_ask, m_server, form));
    m_pin = new QCheckBox(tr("Pin to the commit it has now"), form);
    m_pinned = form->addField(m_pin);
    m_updateFields = makeUpdate();

    auto *layout = new QVBoxLayout(fields);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    for (QWidget *part : {m_cloneFields, static_cast<QWidget *>(form), m_updateFields})
        layout->addWidget(part);
    return fields;
}

QWidget *CodePage::makeUpdate()
{
    auto *form = new common::Form(this);
    auto *choices = new QWidget(form);
    auto *row = common::rowOf(choices);
    m_pull = new QRadioButton(tr("git pull"), choices);
    m_fetch = new QRadioButton(tr("git fetch"), choices);
    m_asIs = new QRadioButton(tr("not at all"), choices);
    for (QRadioButton *choice : {m_pull, m_fetch, m_asIs})
        row->addWidget(choice);
    row->addStretch();
    m_updateHint = form->addField(tr("Bring up to date"), choices, tr("first"));
    return form;
}

void CodePage::connectFields()
{
    for (QRadioButton *choice : {m_nothing, m_present, m_clone, m_pull, m_fetch, m_asIs}) {
        connect(choice, &QRadioButton::toggled, this, [this](bool on) {
            if (!on)
                return;
            sourceChosen();
            sourceEdited();
        });
    }
    connect(m_url, &QLineEdit::textChanged, this, &CodePage::urlEdited);
    // Not while it is typed: half an address may be another server's.
    connect(m_url, &QLineEdit::editingFinished, this, [this] {
        const QString url = serverUrl();
        if (m_look.server().url != url && git::urlProblem(url).isEmpty())
            m_look.askServer(url);
    });
    connect(m_folder, &QComboBox::currentTextChanged, this, &CodePage::sourceEdited);
    connect(m_checkout, &QComboBox::currentTextChanged, this, &CodePage::sourceEdited);
    connect(m_ask, &QPushButton::clicked, this, [this] { m_look.askServer(serverUrl()); });
    connect(m_pin, &QCheckBox::toggled, this, &CodePage::pinToggled);
    connect(&m_pinSoon, &QTimer::timeout, this, &CodePage::resolve);
    connect(m_advice, &CodeAdvice::configOffered, this, &CodePage::configOffered);
    connect(m_advice, &CodeAdvice::warningsChanged, this, &CodePage::ownFindingsChanged);
    connect(&m_look, &code::CodeLook::changed, this, &CodePage::showLook);
}

// ---- the step

CodeStep::Update CodePage::update() const
{
    if (m_pull->isChecked())
        return CodeStep::Update::Pull;
    return m_fetch->isChecked() ? CodeStep::Update::Fetch : CodeStep::Update::None;
}

CodeStep CodePage::step() const
{
    CodeStep step;
    if (m_nothing->isChecked())
        return step;
    step.folder = m_folder->currentText().trimmed();
    step.update = update();
    step.checkout = m_checkout->currentText().trimmed();
    if (m_pin->isChecked())
        step.commit = m_commit;
    if (m_clone->isChecked()) {
        step.source = CodeStep::Source::Clone;
        step.url = m_url->text().trimmed();
    }
    return step;
}

void CodePage::store(RunConfig &config) const { config.code = step(); }

QStringList CodePage::inputProblems() const
{
    if (m_nothing->isChecked())
        return {};
    QStringList problems;
    if (m_folder->currentText().trimmed().isEmpty())
        problems += m_clone->isChecked() ? tr("Say into which folder of the container the repository is cloned.")
                                         : tr("Say in which folder of the container git is to run.");
    if (m_pin->isChecked() && m_commit.isEmpty())
        problems += m_pinTrouble.isEmpty() ? tr("The commit to pin to is being looked up.")
                                           : tr("There is no commit to pin to: name another one, or do not pin.");
    return problems;
}

void CodePage::fill(const RunConfig &config)
{
    const QScopedValueRollback filling(m_filling, true);
    const CodeStep &code = config.code;
    stopPinning();
    m_pinTrouble.clear();
    m_advice->forget();
    m_proposed.clear();
    m_unpulled = false;
    const bool clone = code.source == CodeStep::Source::Clone;
    (code.folder.isEmpty() ? m_nothing : clone ? m_clone : m_present)->setChecked(true);
    m_url->setText(clone ? code.url : QString());
    m_folder->setEditText(code.folder);
    m_checkout->setEditText(code.checkout);
    using Update = CodeStep::Update;
    (code.update == Update::Pull ? m_pull : code.update == Update::Fetch ? m_fetch : m_asIs)->setChecked(true);
    m_commit = code.commit;
    m_pin->setChecked(!code.commit.isEmpty());
    sourceChosen();
}

void CodePage::refresh(const RunConfig &config)
{
    m_config = config;
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
    }
    const QStringList words = startCommand(config);
    m_line->setPlainText(words.isEmpty() ? tr("the image's own command") : shellJoin(words));
    lookAt();
    showLook();
}

// ---- what the person does

void CodePage::sourceChosen()
{
    m_fields->setVisible(!m_nothing->isChecked());
    m_cloneFields->setVisible(m_clone->isChecked());
    m_updateFields->setVisible(m_present->isChecked());
}

/** The address, and with it the folder that git would name after it, as long as that is not another one. */
void CodePage::urlEdited()
{
    const QString folder = m_folder->currentText();
    const QString name = git::repositoryName(m_url->text().trimmed());
    if (!m_filling && !name.isEmpty() && (folder.isEmpty() || folder == m_proposed)) {
        // Outside of what is mounted, where it would stay and be in the way of the next start.
        m_proposed = QStringLiteral("/workspace/") + name;
        if (placeInContainer(m_config, m_proposed))
            m_proposed = QStringLiteral("/code/") + name;
        m_folder->setEditText(m_proposed);
    }
    sourceEdited();
}

/** What is pinned to was looked up for something else. */
void CodePage::sourceEdited()
{
    if (m_filling)
        return;
    if (m_pin->isChecked())
        resolveSoon(typingMs);
    tellEdited();
}

void CodePage::pinToggled(bool on)
{
    if (m_filling)
        return;
    if (on && m_pull->isChecked()) { // recipe::pin() says why
        m_unpulled = true;
        m_fetch->setChecked(true);
    } else if (!on && m_unpulled) {
        m_unpulled = false;
        if (m_fetch->isChecked())
            m_pull->setChecked(true);
    }
    if (on)
        resolveSoon(0);
    else
        stopPinning();
    tellEdited();
}

void CodePage::resolveSoon(int ms)
{
    stopPinning();
    m_commit.clear();
    m_pinTrouble.clear();
    m_pinSoon.start(ms);
}

void CodePage::stopPinning()
{
    m_pinSoon.stop();
    m_pinning.abort();
    m_asked = {};
}

void CodePage::resolve()
{
    if (!m_pin->isChecked())
        return;
    const code::WorkingCopy &copy = m_look.workingCopy();
    if (m_present->isChecked() && copy.looking && !copy.repository)
        return; // showLook() comes here again
    const CodeStep asked = step();
    stopPinning();
    m_asked = asked;
    m_pinning = m_look.commitOf(asked).then(this, [this, asked](const core::Result<QString> &commit) {
        if (!commit && commit.error().kind == core::ErrorKind::Aborted)
            return;
        m_asked = {};
        CodeStep now = step();
        now.commit = asked.commit;
        if (!m_pin->isChecked() || now != asked)
            return;
        m_commit = commit ? *commit : QString();
        m_pinTrouble = commit ? QString() : commit.error().message;
        showPin();
        tellEdited();
    });
}

void CodePage::showEvent(QShowEvent *event)
{
    StepPage::showEvent(event);
    m_look.lookAgain();
}

// ---- what is known

void CodePage::setHostIsLocal(bool local)
{
    m_hostIsLocal = local;
    lookAt();
    showLook();
}

void CodePage::setRunningUses(const QList<CodeUse> &uses)
{
    m_uses = uses;
    showAdvice();
}

QString CodePage::serverUrl() const
{
    if (m_clone->isChecked())
        return m_url->text().trimmed();
    const auto &repository = m_look.workingCopy().repository;
    const auto remote = repository ? repository->mainRemote() : std::nullopt;
    return remote ? remote->url : QString();
}

void CodePage::lookAt()
{
    const auto place = placeInContainer(m_config, m_config.code.folder);
    m_look.setFolder(m_present->isChecked() && m_hostIsLocal && place ? place->hostFolder : QString());
    m_look.keepServer(serverUrl());
}

void CodePage::showLook()
{
    const code::WorkingCopy &copy = m_look.workingCopy();
    const QString state = code::lookText(copy);
    common::Form::setHint(m_state, state.isEmpty() ? tr("The path in the container.") : state);
    m_refs->setRefs(m_look.refs(), now());
    const bool wanted = m_pin->isChecked() && m_commit.isEmpty() && m_pinTrouble.isEmpty();
    if (wanted && !copy.looking && !m_pinSoon.isActive() && m_asked != step())
        resolve();
    showServer();
    showPin();
    showAdvice();
}

void CodePage::showServer()
{
    const code::ServerRefs &server = m_look.server();
    const QString url = serverUrl();
    const bool can = git::urlProblem(url).isEmpty();
    m_ask->parentWidget()->setVisible(can || m_clone->isChecked());
    m_ask->setEnabled(can && !server.asking);
    m_ask->setText(server.trouble.isEmpty() ? tr("Look at the server") : tr("Try again"));
    m_ask->setAccessibleName(m_ask->text());
    m_server->setText(code::serverText(server, can ? url : QString()));
}

void CodePage::showPin()
{
    QString says;
    if (m_pin->isChecked()) {
        const auto &repository = m_look.workingCopy().repository;
        QString name = m_checkout->currentText().trimmed();
        if (name.isEmpty() && m_present->isChecked() && repository)
            name = repository->branch;
        says = !m_commit.isEmpty()    ? code::pinText(name, m_commit, m_look.refs(), now())
            : !m_pinTrouble.isEmpty() ? m_pinTrouble
                                      : tr("Looking for the commit…");
    }
    common::Form::setHint(m_pinned, says);
    common::Form::setHint(m_updateHint, code::updateText(update()));
}

void CodePage::showAdvice()
{
    const code::WorkingCopy &copy = m_look.workingCopy();
    m_advice->tell({copy, m_config, m_uses, m_present->isChecked()});
}

QList<StepFinding> CodePage::ownFindings() const
{
    QList<StepFinding> findings;
    for (const QString &text : m_advice->warnings())
        findings += {WizardStep::Code, false, text, QStringLiteral("code.folder"), m_advice->fixes()};
    return findings;
}

/** The advice has a button of its own for that, which says what it does. */
void CodePage::showFindings(const QList<StepFinding> &findings)
{
    QList<StepFinding> here = findings;
    for (StepFinding &finding : here)
        finding.fixes.removeIf([](const Fix &fix) { return fix.kind == Fix::Kind::Worktree; });
    StepPage::showFindings(here);
}

void CodePage::makeWorktree() { m_advice->makeWorktree(); }

} // namespace launch
